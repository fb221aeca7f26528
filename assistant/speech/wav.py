"""A voice into a file: what would have been heard, in real timing, with the silence between."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from struct import Struct
from threading import Lock
from time import monotonic, sleep

import numpy as np
from numpy.typing import NDArray

from assistant.domain.ports import Cancelled
from assistant.domain.values import Cue, Utterance
from assistant.errors import SpeechError
from assistant.speech import espeak
from assistant.speech.earcons import Samples, earcon
from assistant.speech.mixer import FADE_S, resampled, spread
from assistant.speech.style import Style

RATE = 22050
_CHANNELS = 2
_HEADER = Struct("<4sI4s 4sIHHIIHH 4sI")
"""RIFF with uncompressed samples: http://soundfile.sapp.org/doc/WaveFormat/"""
_LOOK_S = 0.01


class WavVoice:
    """Writes sentences and short sounds into a stereo file of 16 bits that is whole after each of them.

    Args:
        path: The file; an old one is replaced.
        style: Gives how the voice speaks, before each sentence.
        clock: Seconds; the file begins when this is made.
        realtime: Whether `speak` takes as long as the sentence. Otherwise it returns at once, and a sentence begins
            at the clock's time, or when the one before ends.

    Raises:
        SpeechError: the file cannot be written.
    """

    name = "wav"

    def __init__(
        self,
        *,
        path: Path,
        style: Callable[[], Style] = Style,
        clock: Callable[[], float] = monotonic,
        realtime: bool = True,
    ) -> None:
        self._style = style
        self._clock = clock
        self._realtime = realtime
        self._began = clock()
        self._free_at = 0.0
        self._lock = Lock()
        try:
            self._file = path.open("w+b")
            self._write_header()
        except OSError as error:
            raise SpeechError(f"{path} cannot be written: {error.strerror}.") from error

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        """Writes the sentence; as much of it as was spoken when it is cancelled.

        Raises:
            SpeechError: espeak cannot make it, or the file cannot be written.
        """
        if cancelled.is_set() or not utterance.text.strip():
            return
        chunks: list[Samples] = []

        def receive(chunk: Samples) -> bool:
            chunks.append(chunk)
            return not cancelled.is_set()

        rate = espeak.sample_rate()
        espeak.synthesise(utterance, self._style(), receive)
        speech = resampled(np.concatenate(chunks or [np.zeros(0, np.float32)]), rate, RATE)
        start = max(self._now(), self._free_at)
        heard = self._wait(len(speech) / RATE, cancelled) if self._realtime else len(speech) / RATE
        self._mix(_cut(speech, round(heard * RATE)), start)
        self._free_at = start + heard

    def play(self, cue: Cue) -> None:
        """Mixes a short sound in at this moment; where the file cannot be written nothing happens."""
        with suppress(SpeechError):
            self._mix(earcon(cue.name, RATE, cue.semitones), self._now(), cue.pan)

    def close(self) -> None:
        """Closes the file."""
        with self._lock, suppress(OSError):  # what cannot be written now was refused before
            self._file.close()

    def _now(self) -> float:
        """Seconds since the beginning of the file."""
        return max(0.0, self._clock() - self._began)

    def _wait(self, seconds: float, cancelled: Cancelled) -> float:
        """Lets the sentence's time pass; gives how much of it did before it was cancelled."""
        began = self._clock()
        while (passed := self._clock() - began) < seconds and not cancelled.is_set():
            sleep(_LOOK_S)
        return min(passed, seconds)

    def _mix(self, samples: Samples, start_s: float, pan: float = 0.0) -> None:
        sound = spread(samples, _CHANNELS, pan) * np.float32(self._style().volume / 100)
        offset = _HEADER.size + round(start_s * RATE) * _CHANNELS * 2
        with self._lock:
            if self._file.closed:
                return
            try:
                self._write((sound.reshape(-1) * 32767).astype(np.float32), offset)
            except OSError as error:
                raise SpeechError(f"The sound file cannot be written: {error.strerror}.") from error

    def _write(self, mixed: NDArray[np.float32], offset: int) -> None:
        self._file.seek(offset)
        before = np.frombuffer(self._file.read(mixed.size * 2), "<i2")
        mixed[: len(before)] += before
        self._file.seek(offset)
        self._file.write(np.clip(mixed, -32768, 32767).astype("<i2").tobytes())
        self._write_header()

    def _write_header(self) -> None:
        """Writes the header with the present length, so that the file is whole at every moment."""
        size = max(0, self._file.seek(0, 2) - _HEADER.size)
        width = 2 * _CHANNELS
        self._file.seek(0)
        self._file.write(
            _HEADER.pack(
                b"RIFF", _HEADER.size - 8 + size, b"WAVE",
                b"fmt ", 16, 1, _CHANNELS, RATE, RATE * width, width, 16,
                b"data", size,
            )
        )  # fmt: skip
        self._file.flush()


def _cut(samples: Samples, count: int) -> Samples:
    """The first samples, faded out where something is cut off."""
    if count >= len(samples):
        return samples
    fade = min(count, round(FADE_S * RATE))
    head = samples[:count].copy()
    head[count - fade :] *= np.linspace(1, 0, fade, dtype=np.float32)
    return head
