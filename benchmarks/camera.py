"""How soon there are pictures again after a camera was away for a moment, when it had been away for long before."""

from collections.abc import Iterator
from threading import Event, Thread
from time import monotonic, sleep

import numpy as np

from assistant.capture import Capture
from assistant.domain.values import Frame
from assistant.errors import CameraLost
from benchmarks.rows import Row, row

OUTAGE_S = 14.0
WELL_S = 3.0
BLIP_S = 0.3
GOAL_S = 1.5
LIMIT_S = 60.0


class Moody:
    """A camera that is away when it is told to be."""

    name = "moody"

    def __init__(self) -> None:
        self.away = False

    def open(self) -> None:
        """Opens it, if it is there."""
        if self.away:
            raise CameraLost("It is away.")

    def read(self) -> Frame:
        """Noise, thirty times a second."""
        sleep(1 / 30)
        self.open()
        return Frame(np.random.default_rng().integers(0, 256, (48, 64, 3), dtype=np.uint8), monotonic())

    def close(self) -> None:
        """Nothing to let go."""


def measure() -> Iterator[Row]:
    """Seconds from the moment it goes away for `BLIP_S` to the next picture."""
    camera, stop = Moody(), Event()
    capture = Capture(camera, announce=lambda message: None, clock=monotonic)
    thread = Thread(target=capture.run, args=(stop,))
    thread.start()
    try:
        _picture(capture)
        _away(camera, OUTAGE_S)
        _picture(capture)
        sleep(WELL_S)
        begun = monotonic()
        _away(camera, BLIP_S)
        taken = _picture(capture) - begun
    finally:
        stop.set()
        thread.join()
    yield row("blip of the camera after an outage", "s", [taken], GOAL_S)


def _away(camera: Moody, seconds: float) -> None:
    camera.away = True
    sleep(seconds)
    camera.away = False


def _picture(capture: Capture) -> float:
    """Waits for a picture that is taken from now on; gives the time."""
    begun = monotonic()
    while monotonic() < begun + LIMIT_S:
        frame = capture.slot.take(0.1)
        if frame and frame.at >= begun:
            return frame.at
    raise TimeoutError("The camera gives no picture.")
