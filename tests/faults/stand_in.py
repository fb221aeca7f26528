"""A network camera that is told what to do while the program watches through it."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import count
from threading import Event
from time import monotonic

import cv2
import numpy as np
import pytest

from assistant.devices.demo_camera import DemoCamera
from assistant.domain.values import Pixels
from tests.devices.streams import jpeg, part

FPS = 8
"""Enough for every sense, and little work for the machine (frames a second)."""
LOOK_S = 0.02
SWAY_S = 3
"""After so long the portrait is where it was: the film has no seam."""


class StandIn:
    """An MJPEG camera of which everything can be changed while it runs.

    Args:
        film: What it shows, again and again.
    """

    url = ""
    """Where it is served."""

    def __init__(self, film: Sequence[bytes]) -> None:
        self.over = Event()
        self.connections = 0
        self.begin(film)

    def begin(self, film: Sequence[bytes]) -> None:
        """As it should be."""
        self.film = film
        self.fps: float = FPS
        self.frozen = False
        """The same JPEG again and again."""
        self.silent = False
        """The connection stays open, and nothing comes."""
        self.warms_s = 0.0
        """So long after each connection it shows darkness."""
        self.absent = False
        """Hangs up, on whoever is there and whoever comes."""

    def send(self, write: Callable[[bytes], object]) -> None:
        self.connections += 1
        begun, shown = monotonic(), self.film[0]
        for number in count():
            if self.absent or self.over.is_set():
                return
            if not self.silent:
                film = self.film if monotonic() - begun > self.warms_s else cover()
                shown = shown if self.frozen else film[number % len(film)]
                write(part(shown))
            self._wait()

    def _wait(self) -> None:
        """Until the next frame is due, or something is changed to the worse."""
        begun = monotonic()
        while monotonic() < begun + 1 / self.fps and not self.absent and not self.over.wait(LOOK_S):
            pass


@cache
def room(shade: int = 0) -> Sequence[bytes]:
    """An empty room with the noise of a sensor; `shade` grey levels lighter."""
    return [jpeg(frame) for frame in _rooms(shade)]


@cache
def cover(level: int = 4) -> Sequence[bytes]:
    """A covered lens: dark everywhere, with noise."""
    return [jpeg(np.clip(_noise(seed) + level, 0, 255).astype(np.uint8)) for seed in range(2 * FPS)]


@cache
def smile() -> Sequence[bytes]:
    """A portrait that sways and blinks in the middle of a room; she smiles."""
    pytest.importorskip("skimage", reason="the portrait is not installed")
    camera = DemoCamera()
    camera.open()
    return [jpeg(camera.draw(3 + index / FPS)) for index in range(FPS * SWAY_S)]


def _rooms(shade: int) -> Iterator[Pixels]:
    wall = np.linspace(60, 200, 640)[None, :, None] + shade
    cabinet = np.zeros((480, 640, 1))
    cv2.rectangle(cabinet[:, :, 0], (400, 250), (560, 480), -60.0, cv2.FILLED)
    for seed in range(2 * FPS):
        yield np.clip(wall + cabinet + _noise(seed), 0, 255).astype(np.uint8)


def _noise(seed: int) -> Pixels:
    return np.asarray(np.random.default_rng(seed).integers(0, 8, (480, 640, 3)), dtype=np.uint8)
