"""Short soft sounds, made by the program: what is said without words.

Rising means that something came or began, falling that it went or ended.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""One channel of sound, -1 to 1."""


@dataclass(frozen=True, slots=True)
class _Note:
    """One decaying tone."""

    hertz: float
    start_s: float
    length_s: float
    level: float = 0.25


_NOTES: dict[str, tuple[_Note, ...]] = {
    "click": (_Note(1800, 0.0, 0.025, 0.3),),
    "person": (_Note(523, 0.0, 0.10), _Note(784, 0.07, 0.14)),
    "gone": (_Note(784, 0.0, 0.10), _Note(523, 0.07, 0.14)),
    "neutral": (_Note(440, 0.0, 0.16, 0.18),),
    "camera_on": (_Note(392, 0.0, 0.10), _Note(523, 0.09, 0.10), _Note(659, 0.18, 0.16)),
    "camera_off": (_Note(659, 0.0, 0.10), _Note(523, 0.09, 0.10), _Note(392, 0.18, 0.16)),
    "fault": (_Note(233, 0.0, 0.14, 0.3), _Note(220, 0.16, 0.2, 0.3)),
    "tick": (_Note(1200, 0.0, 0.02, 0.12),),
    "beacon": (_Note(988, 0.0, 0.06, 0.2),),
    "light": (_Note(330, 0.0, 0.09, 0.2),),
    "notice": (_Note(587, 0.0, 0.06), _Note(698, 0.07, 0.08)),
}

NAMES = tuple(_NOTES)
"""All earcons."""

_ATTACK_S = 0.002


@cache
def earcon(name: str, rate: int, semitones: int = 0) -> Samples:
    """The samples of an earcon, read-only.

    Args:
        name: One of `NAMES`.
        rate: Samples a second.
        semitones: How much higher than usual.

    Raises:
        KeyError: there is no such earcon.
    """
    notes = _NOTES[name]
    sound = np.zeros(round(rate * max(note.start_s + note.length_s for note in notes)), np.float32)
    for note in notes:
        tone = _tone(note, rate, 2 ** (semitones / 12))
        start = round(rate * note.start_s)
        sound[start : start + len(tone)] += tone[: len(sound) - start]
    sound.setflags(write=False)
    return sound


def _tone(note: _Note, rate: int, higher: float) -> Samples:
    """A sine with a soft beginning, a decay and an end at zero."""
    time = np.arange(round(rate * note.length_s)) / rate
    attack = np.minimum(time / _ATTACK_S, 1.0)
    decay = np.exp(-4 * time / note.length_s) * (1 - time / note.length_s)
    return (note.level * attack * decay * np.sin(2 * np.pi * note.hertz * higher * time)).astype(np.float32)
