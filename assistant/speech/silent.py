"""Voice and sounds that nobody hears: they remember what there was. For tests, for dry runs, and as the last resort."""

from collections import deque
from time import monotonic, sleep

from assistant.domain.ports import Cancelled
from assistant.domain.values import Cue, Utterance

REMEMBERED = 1000
"""So many sentences and sounds are kept, so that months of running need no more memory than an hour."""
_LOOK_S = 0.005


class SilentVoice:
    """Says nothing, at once or in the time that speaking would take.

    Args:
        seconds_per_letter: How long a sentence takes; about 0.06 for a voice, 0 to return at once.
    """

    name = "silent"

    def __init__(self, *, seconds_per_letter: float = 0.0) -> None:
        self._seconds_per_letter = seconds_per_letter
        self._said: deque[Utterance] = deque(maxlen=REMEMBERED)

    @property
    def said(self) -> list[Utterance]:
        """What it would have said, wholly or in part, oldest first."""
        return list(self._said)

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        """Remembers the sentence; what was cancelled before it began is not said."""
        if cancelled.is_set():
            return
        self._said.append(utterance)
        end = monotonic() + self._seconds_per_letter * len(utterance.text)
        while monotonic() < end and not cancelled.is_set():
            sleep(_LOOK_S)

    def close(self) -> None:
        """Nothing to end."""


class SilentSounds:
    """Plays nothing."""

    def __init__(self) -> None:
        self._played: deque[Cue] = deque(maxlen=REMEMBERED)

    @property
    def played(self) -> list[Cue]:
        """What it would have played, oldest first."""
        return list(self._played)

    def play(self, cue: Cue) -> None:
        """Remembers the sound."""
        self._played.append(cue)
