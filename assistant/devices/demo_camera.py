"""A camera for those who have none: two portraits from installed packages, moved through a made room.

The portraits come with scikit-image (Eileen Collins, NASA, public domain) and matplotlib (Grace Hopper, U.S. Navy,
public domain); extra `[demo]`. Nothing else of the program knows that it is a demo.
"""

from importlib.util import find_spec
from math import pi, sin
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

import cv2
import numpy as np

from assistant.devices.pictures import read_picture
from assistant.domain.values import Frame, Pixels
from assistant.errors import CameraAbsent

WIDTH, HEIGHT = 640, 480
FPS = 15
LENGTH_S = 21.0
NOISE = 8
"""Width of the noise in grey levels."""
BLINK_EVERY_S, BLINK_S = 2.7, 0.2
"""How often the portraits blink, and for how long: whoever never does is a picture, and is told as one (seconds)."""
COLLINS_EYES, HOPPER_EYES = ((156, 127), (205, 127)), ((163, 160), (230, 163))
"""In the scaled portraits, pixels."""
SCRIPT: tuple[tuple[float, str], ...] = (
    (7.0, "now"),
    (12.5, "now"),
    (15.5, "detail"),
    (20.0, "now"),
)
"""When the demo asks what, seconds after its start."""


class _Walk(NamedTuple):
    """One portrait's way through the room: comes in, stays swaying, goes out; seconds, and pixels of the frame."""

    portrait: Pixels
    blinking: Pixels
    """The same with its eyes closed."""
    comes_at: float
    goes_at: float
    from_x: float
    stays_x: float
    to_x: float

    def x(self, at: float) -> float | None:
        """Where its middle is at a time; None while it is not in the room."""
        if not self.comes_at <= at <= self.goes_at:
            return None
        coming = min(1.0, (at - self.comes_at) / 1.2)
        going = max(0.0, 1.0 - (self.goes_at - at) / 1.2)
        sway = 6 * sin(2 * pi * at / 3)
        return self.from_x + (self.stays_x - self.from_x) * coming + (self.to_x - self.stays_x) * going + sway


class DemoCamera:
    """Shows the demo once, in real time; a slow machine sees fewer frames of it."""

    name = "demo"
    live = False

    def __init__(self) -> None:
        self._walks: tuple[_Walk, ...] = ()
        self._started_at: float | None = None
        self._shown_at = 0.0

    def open(self) -> None:
        """Loads the portraits.

        Raises:
            CameraAbsent: the packages that carry them are not installed.
        """
        if not self._walks:
            collins, hopper = _portraits()
            off, beside = WIDTH + collins.shape[1] / 2, hopper.shape[1] / 2
            self._walks = (
                _Walk(collins, eyes_closed(collins, COLLINS_EYES), 1.0, 9.5, off, WIDTH * 0.5, off),
                _Walk(hopper, eyes_closed(hopper, HOPPER_EYES), 10.0, 19.0, -beside, WIDTH * 0.27, -beside),
                _Walk(collins, eyes_closed(collins, COLLINS_EYES), 13.5, 18.5, off, WIDTH * 0.75, off),
            )

    def read(self) -> Frame | None:
        """Waits for the time of the next frame; None after the last."""
        if self._started_at is None:
            self._started_at = monotonic()
        sleep(max(0.0, self._shown_at + 1 / FPS - self.seconds()))
        self._shown_at = self.seconds()
        if self._shown_at > LENGTH_S:
            return None
        return Frame(self.draw(self._shown_at), self._started_at + self._shown_at)

    def close(self) -> None:
        """Forgets the portraits."""
        self._walks = ()

    def seconds(self) -> float:
        """Since the first frame; 0 before it."""
        return 0.0 if self._started_at is None else monotonic() - self._started_at

    def draw(self, at: float) -> Pixels:
        """The room at a time.

        Args:
            at: Seconds after the start.

        Returns:
            uint8 (480, 640, 3), RGB, with the noise of a sensor.
        """
        room = _room()
        for walk in self._walks:
            x = walk.x(at)
            if x is not None:
                _paste(room, walk.blinking if at % BLINK_EVERY_S < BLINK_S else walk.portrait, round(x))
        noise = np.random.default_rng(round(at * FPS)).integers(0, NOISE + 1, room.shape, dtype=np.uint8)
        return np.asarray(cv2.add(room, noise), dtype=np.uint8)


def _portraits() -> tuple[Pixels, Pixels]:
    """Head and shoulders of both, uint8 RGB, about 400 pixels high."""
    collins = read_picture(_packaged("skimage", "data/astronaut.png")).pixels
    hopper = read_picture(_packaged("matplotlib", "mpl-data/sample_data/grace_hopper.jpg")).pixels
    return _scaled(collins[0:330, 75:375], 400), _scaled(hopper[0:480, 30:480], 400)


def _packaged(package: str, file: str) -> Path:
    """A file of an installed package, whose code need not work: what else it needs is not installed for the demo."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise CameraAbsent("The pictures for the demo are not installed.", 'Run: pip install "assistant[demo]".')
    return Path(found.submodule_search_locations[0]) / file


def _scaled(picture: Pixels, height: int) -> Pixels:
    width = round(picture.shape[1] * height / picture.shape[0])
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), dtype=np.uint8)


def eyes_closed(portrait: Pixels, eyes: tuple[tuple[int, int], tuple[int, int]]) -> Pixels:
    """The portrait with the colour of the cheeks over its eyes, whose middles are given in pixels."""
    (x, y), (other_x, _) = eyes
    apart = other_x - x
    cheek = portrait[y + apart // 2 : y + 2 * apart // 3, x : x + apart // 4].mean((0, 1))
    closed = portrait.copy()
    for eye in eyes:
        cv2.ellipse(closed, eye, (apart // 3, apart // 6), 0, 0, 360, cheek.tolist(), cv2.FILLED, cv2.LINE_AA)
    return closed


def _room() -> Pixels:
    """A wall that is lighter at the top, and a floor; uint8 RGB."""
    shade = np.linspace(190, 150, HEIGHT)[:, None, None] * np.array([1.0, 0.97, 0.9])
    room = np.broadcast_to(shade, (HEIGHT, WIDTH, 3)).astype(np.uint8).copy()
    room[int(HEIGHT * 0.9) :] = (110, 85, 65)
    return room


def _paste(room: Pixels, portrait: Pixels, x: int) -> None:
    """Puts a portrait with its middle at x, standing on the floor's edge, truncated by the edges of the room."""
    height, width = portrait.shape[:2]
    left = x - width // 2
    first, last = max(0, left), min(WIDTH, left + width)
    if first < last:
        room[HEIGHT - height :, first:last] = portrait[:, first - left : last - left]
