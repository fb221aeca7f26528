"""The capture thread's work: the camera opened, read, lost and found again; and the slot for the newest frame."""

import logging
from collections import deque
from collections.abc import Callable
from math import isfinite
from threading import Condition, Event

import numpy as np

from assistant.devices.standstill import Standstill
from assistant.domain.outages import Outages
from assistant.domain.ports import Camera, Resizable
from assistant.domain.values import Frame
from assistant.errors import CameraError, CameraFrozen, CameraLost, PictureError

log = logging.getLogger(__name__)

CLOSE = (1280, 960)
"""What a camera is asked for while it is looked closely, pixels across and down."""
CLOSER_S = 4.0
"""So long is waited for the first of these pictures, seconds; a webcam is opened again for them."""
WAKE_S = 0.2
"""How long the thread sleeps at most before it looks whether it should end, seconds."""


class Slot:
    """Holds the newest frame or nothing; what nobody took in time is overwritten and counted."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._frame: Frame | None = None
        self._resting = False
        self._newest: Frame | None = None
        self.dropped = 0

    def put(self, frame: Frame) -> None:
        """Leaves a frame, in place of one that nobody took."""
        with self._changed:
            self.dropped += self._frame is not None and not self._resting
            self._frame = self._newest = frame
            self._changed.notify_all()

    def take(self, timeout_s: float) -> Frame | None:
        """Takes the frame; None when none came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._frame is not None, timeout_s)
            frame, self._frame = self._frame, None
            self._resting = False
            return frame

    def rest(self, seconds: float, stop: Event) -> None:
        """Waits, or until stopped; what comes meanwhile is left aside on purpose, and not dropped."""
        if seconds:
            self._resting = True
            stop.wait(seconds)

    def newer(self, at: float, timeout_s: float) -> Frame | None:
        """The newest frame, without taking it, once it is newer than `at`; None when none came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._newest is not None and self._newest.at > at, timeout_s)
            return self._newest if self._newest is not None and self._newest.at > at else None


class Capture:
    """Keeps the newest frame of a camera in a slot, whatever happens to the camera.

    Args:
        camera: Opened, read and closed here and nowhere else. A live one must not give the same picture for ever
            (`standstill.py`); one with an attribute `live` that is False may.
        announce: Told the key of a phrase when the camera is lost and when it is back (`outages.py`).
        clock: Monotonic seconds.
    """

    FAULTLESS = frozenset({"starting", "ok", "off", "ended"})
    """States in which nothing is wrong."""

    def __init__(self, camera: Camera, announce: Callable[[str], None], clock: Callable[[], float]) -> None:
        self._camera = camera
        self._announce = announce
        self._clock = clock
        self._times: deque[float] = deque(maxlen=30)
        self._outages = Outages()
        self._standstill = Standstill() if getattr(camera, "live", True) else None
        self._closely = self._opened_closely = False
        self._closer = Event()
        self.slot = Slot()
        self.wanted = Event()
        """Set while the camera is meant to be on."""
        self.wanted.set()
        self.known = Event()
        """Set once it is known whether there is a picture."""
        self.ended = Event()
        """Set when a source that ends has ended."""
        self.state = "starting"
        """One of `FAULTLESS`, or the phrase key of what is wrong."""
        self.progressed_at = clock()
        """When it was last seen at work, for the watchdog; any thread may read it."""

    @property
    def fps(self) -> float:
        """Frames a second, over the last thirty."""
        times = tuple(self._times)
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 and times[-1] > times[0] else 0.0

    @property
    def losses(self) -> int:
        """How often the camera stopped giving pictures."""
        return self._outages.losses

    def look_closely(self, on: bool) -> None:
        """Asks for larger pictures, or no longer; from the answering thread, which waits until they come, or not."""
        self._closely = on
        if on and isinstance(self._camera, Resizable) and self.state == "ok":
            self._closer.wait(CLOSER_S)

    def run(self, stop: Event) -> None:
        """Reads frames until stopped or ended."""
        while not stop.is_set() and not self.ended.is_set():
            self.progressed_at = self._clock()
            if not self.wanted.is_set():
                self.state = "off"
                self._outages.switched_off()
                stop.wait(WAKE_S)
                continue
            try:
                self._resized()
                self._camera.open()
                self._read_all(stop)
            except PictureError:  # a file: trying again does not help
                raise
            except BaseException as error:  # noqa: BLE001 - a camera may be anybody's plugin
                self._closely = False  # a camera that cannot give larger pictures is asked for those it gave before
                self._lose(error)
                self._pause(stop, self._outages.pause_s)
            finally:
                self._close()
        self.known.set()

    def _read_all(self, stop: Event) -> None:
        """Reads until the camera is unwanted, ended or the program stops.

        Raises:
            CameraError: it gives no picture any more, or always the same, or what is none.
        """
        if self._standstill:
            self._standstill.begin()
        while not stop.is_set() and self.wanted.is_set() and not self._resized():
            frame = self._camera.read()
            self.progressed_at = self._clock()
            if frame is None:
                self.state = "ended"
                self.ended.set()
                break
            _check(frame)
            if self._standstill and self._standstill.observe(frame):
                raise CameraFrozen("The camera gives the same picture again and again.", "Start the camera again.")
            if self._standstill is None or not self._standstill.still:
                self._give(frame)

    def _resized(self) -> bool:
        """Whether the camera must be opened again, for pictures of another size."""
        if self._closely == self._opened_closely:
            return False
        self._opened_closely = self._closely
        self._closer.clear()
        again = isinstance(self._camera, Resizable) and self._camera.resize(CLOSE if self._closely else None)
        if self._closely and not again:
            self._closer.set()
        return again

    def _give(self, frame: Frame) -> None:
        news = self._outages.seen(self._clock())
        if news:
            self._announce(news)
        self.state = "ok"
        self._times.append(frame.at)
        self.slot.put(frame)
        self.known.set()
        if self._opened_closely:
            self._closer.set()

    def _lose(self, error: BaseException) -> None:
        """Takes in why there is no picture; what is no error of a camera is a mistake in its code."""
        cause = error.phrase if isinstance(error, CameraError) else CameraError.phrase
        if self.state != cause:
            log.warning("camera: %s", error, exc_info=None if isinstance(error, CameraError) else error)
        news = self._outages.lost(cause, self._clock())
        if news:
            self._announce(news)
        self.state = cause
        self.known.set()

    def _close(self) -> None:
        try:
            self._camera.close()
        except BaseException as error:  # of another package: a camera that cannot be closed is opened anew all the same
            log.warning("the camera could not be closed", exc_info=error)

    def _pause(self, stop: Event, seconds: float) -> None:
        waited = 0.0
        while waited < seconds and self.wanted.is_set() and not stop.wait(WAKE_S):
            waited += WAKE_S
            self.progressed_at = self._clock()


def _check(frame: Frame) -> None:
    """Refuses what is no frame.

    Raises:
        CameraLost: it is none.
    """
    pixels = getattr(frame, "pixels", None)
    right = isinstance(pixels, np.ndarray) and pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.shape[2] == 3
    if not (right and pixels is not None and pixels.size and isfinite(frame.at)):
        raise CameraLost("The camera gives what is no picture.")
