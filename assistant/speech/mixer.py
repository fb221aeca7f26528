"""Mixes one line of speech and any number of earcons into blocks of samples; knows no device and no clock."""

from collections import deque
from threading import Event, Lock

import numpy as np
from numpy.typing import NDArray

from assistant.domain.ports import Cancelled
from assistant.speech.earcons import Samples

FADE_S = 0.008
"""What is cancelled fades out in this time: at once for the ear, but without a click (seconds)."""
MAX_EARCONS = 16
"""So many sound at once at most."""


class AudioBuffer:
    """One sentence on its way to the ear: filled by the engine, emptied by the mixer.

    Args:
        rate: Samples a second that the mixer wants.
        cancelled: Ends it.
    """

    def __init__(self, rate: int, cancelled: Cancelled) -> None:
        self._rate = rate
        self._cancelled = cancelled
        self._chunks: deque[Samples] = deque()
        self._complete = False
        self.done = Event()
        """Set when its last sample was mixed, or when it was cancelled and has faded out."""

    def add(self, samples: Samples, rate: int) -> bool:
        """Appends sound.

        Args:
            samples: One channel, -1 to 1.
            rate: Its samples a second.

        Returns:
            False when it was cancelled, so that the engine need not go on.
        """
        if self._cancelled.is_set():
            return False
        if len(samples):
            self._chunks.append(resampled(samples, rate, self._rate))
        return True

    def complete(self) -> None:
        """No more sound will come."""
        self._complete = True

    def take(self, frames: int) -> Samples:
        """The next samples, as many as there are up to `frames`; sets `done` with the last ones."""
        if self._cancelled.is_set():
            return self._fade(frames)
        complete = self._complete
        block = self._next(frames)
        if complete and not self._chunks:
            self.done.set()
        return block

    def _next(self, frames: int) -> Samples:
        taken: list[Samples] = []
        while frames and self._chunks:
            chunk = self._chunks.popleft()
            if len(chunk) > frames:
                self._chunks.appendleft(chunk[frames:])
                chunk = chunk[:frames]
            taken.append(chunk)
            frames -= len(chunk)
        return np.concatenate(taken) if taken else np.zeros(0, np.float32)

    def _fade(self, frames: int) -> Samples:
        if self.done.is_set():
            return np.zeros(0, np.float32)
        self.done.set()
        block = self._next(min(frames, round(FADE_S * self._rate)))
        return (block * np.linspace(1, 0, len(block), dtype=np.float32)).astype(np.float32)


class Mixer:
    """Gives the sound of each moment; `mix` is called by the audio thread, everything else by any.

    Args:
        rate: Samples a second.
        channels: 1, or 2 for left and right.
        volume: 0 to 1, for everything.
    """

    def __init__(self, rate: int, channels: int, volume: float = 1.0) -> None:
        self.rate = rate
        self.channels = channels
        self.volume = volume
        self._line: AudioBuffer | None = None
        self._earcons: list[NDArray[np.float32]] = []
        self._lock = Lock()

    @property
    def quiet(self) -> bool:
        """Whether nothing is sounding."""
        with self._lock:
            return self._line is None and not self._earcons

    def speak(self, line: AudioBuffer | None) -> None:
        """Makes a line the one that sounds; None for no speech."""
        with self._lock:
            self._line = line

    def play(self, samples: Samples, pan: float = 0.0) -> None:
        """Mixes a short sound in, from the next block on.

        Args:
            samples: At the rate of the mixer.
            pan: -1 left, 0 middle, 1 right.
        """
        with self._lock:
            if len(self._earcons) < MAX_EARCONS:
                self._earcons.append(spread(samples, self.channels, pan))

    def mix(self, frames: int) -> NDArray[np.float32]:
        """The next block, float32 (frames, channels), -1 to 1."""
        block = np.zeros((frames, self.channels), np.float32)
        with self._lock:
            if self._line is not None:
                speech = self._line.take(frames)
                block[: len(speech)] += speech[:, np.newaxis]
                if self._line.done.is_set():
                    self._line = None
            for sound in self._earcons:
                block[: len(sound)] += sound[:frames]
            self._earcons = [sound[frames:] for sound in self._earcons if len(sound) > frames]
        return np.asarray(np.clip(block * self.volume, -1, 1), np.float32)


def spread(samples: Samples, channels: int, pan: float) -> NDArray[np.float32]:
    """One channel -> (n, channels), panned with constant power; unchanged in the middle and on one channel."""
    if channels == 1:
        return samples[:, np.newaxis]
    angle = (np.clip(pan, -1, 1) + 1) * np.pi / 4
    sides = np.array([np.cos(angle), np.sin(angle)]) * np.sqrt(2)
    return np.asarray(samples[:, np.newaxis] * sides, np.float32)


def resampled(samples: Samples, rate: int, wanted: int) -> Samples:
    """Another number of samples a second, by linear interpolation (speech has little above a quarter of its rate)."""
    if rate == wanted:
        return samples
    count = round(len(samples) * wanted / rate)
    return np.interp(np.arange(count) * rate / wanted, np.arange(len(samples)), samples).astype(np.float32)
