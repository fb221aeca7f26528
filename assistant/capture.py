"""The capture thread's work: the camera opened, read, lost and found again; and the slot for the newest frame."""

import logging
from collections import deque
from collections.abc import Callable
from threading import Condition, Event

from assistant.domain.ports import Camera
from assistant.domain.values import Frame
from assistant.errors import CameraError

log = logging.getLogger(__name__)

RETRY_S = (1.0, 2.0, 4.0, 8.0)
"""Pauses before a lost camera is tried again, seconds; the last one stays."""
WAKE_S = 0.2
"""How long the thread sleeps at most before it looks whether it should end, seconds."""


class Slot:
    """Holds the newest frame or nothing; what nobody took in time is overwritten and counted."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._frame: Frame | None = None
        self.dropped = 0

    def put(self, frame: Frame) -> None:
        """Leaves a frame, in place of one that nobody took."""
        with self._changed:
            self.dropped += self._frame is not None
            self._frame = frame
            self._changed.notify()

    def take(self, timeout_s: float) -> Frame | None:
        """Takes the frame; None when none came in time."""
        with self._changed:
            self._changed.wait_for(lambda: self._frame is not None, timeout_s)
            frame, self._frame = self._frame, None
            return frame


class Capture:
    """Keeps the newest frame of a camera in a slot, whatever happens to the camera.

    Args:
        camera: Opened, read and closed here and nowhere else.
        announce: Told the key of a phrase when the camera is lost (its error's) and when it is back ("camera_back").
        progress: Called at every turn, for the watchdog.
    """

    def __init__(self, camera: Camera, announce: Callable[[str], None], progress: Callable[[], None]) -> None:
        self._camera = camera
        self._announce = announce
        self._progress = progress
        self._times: deque[float] = deque(maxlen=30)
        self.slot = Slot()
        self.wanted = Event()
        """Set while the camera is meant to be on."""
        self.wanted.set()
        self.known = Event()
        """Set once it is known whether there is a picture."""
        self.ended = Event()
        """Set when a source that ends has ended."""
        self.state = "starting"
        """"starting", "ok", "off", "ended", or the phrase key of what is wrong."""

    @property
    def fps(self) -> float:
        """Frames a second, over the last thirty."""
        times = tuple(self._times)
        return (len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 and times[-1] > times[0] else 0.0

    def run(self, stop: Event) -> None:
        """Reads frames until stopped or ended."""
        failures = 0
        while not stop.is_set() and not self.ended.is_set():
            self._progress()
            if not self.wanted.is_set():
                self.state = "off"
                stop.wait(WAKE_S)
                continue
            try:
                self._camera.open()
                failures = self._read_all(stop, failures)
            except CameraError as error:
                failures += 1
                self._lose(error)
                self._pause(stop, RETRY_S[min(failures, len(RETRY_S)) - 1])
            finally:
                self._camera.close()
        self.known.set()

    def _read_all(self, stop: Event, failures: int) -> int:
        """Reads until the camera is unwanted, ended or the program stops; gives the failures left to count: none."""
        while not stop.is_set() and self.wanted.is_set():
            frame = self._camera.read()
            self._progress()
            if frame is None:
                self.state = "ended"
                self.ended.set()
                break
            if failures:
                self._announce("camera_back")
                failures = 0
            self.state = "ok"
            self._times.append(frame.at)
            self.slot.put(frame)
            self.known.set()
        return failures

    def _lose(self, error: CameraError) -> None:
        if self.state != error.phrase:
            log.warning("camera: %s", error)
            self._announce(error.phrase)
        self.state = error.phrase
        self.known.set()

    def _pause(self, stop: Event, seconds: float) -> None:
        waited = 0.0
        while waited < seconds and not stop.wait(WAKE_S):
            waited += WAKE_S
            self._progress()
