"""The first camera that gives a frame."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from assistant.devices.opencv_camera import OpenCVCamera
from assistant.devices.picamera2_camera import Picamera2Camera
from assistant.domain.ports import Camera, Resizable
from assistant.domain.values import Frame
from assistant.errors import CameraAbsent, CameraDenied, CameraError, CameraLost

log = logging.getLogger(__name__)


class AutoCamera:
    """Takes the first camera that gives a frame: on the ribbon cable, then /dev/video0, 1, ...

    The search is made at each `open`, so that a camera that comes back under another number is found again; the name is
    then that of the camera which was taken.

    Args:
        width: Asked of the camera: pixels.
        height: Asked of the camera: pixels.
        fps: Asked of the camera: frames a second.
        candidates: What to try instead, in this order.
    """

    def __init__(
        self,
        width: int = 640,
        height: int = 480,
        fps: float = 15.0,
        candidates: Callable[[], Iterable[Camera]] | None = None,
    ) -> None:
        self._candidates = candidates or (lambda: _present(width, height, fps))
        self._camera: Camera | None = None
        self._first: Frame | None = None
        self._least: tuple[int, int] | None = None
        self.name = "auto"

    def resize(self, least: tuple[int, int] | None) -> bool:
        """Asks whatever camera is taken at the next `open`."""
        before, self._least = self._least, least
        return self._least != before

    def open(self) -> None:
        """Opens cameras until one gives a frame.

        Raises:
            CameraDenied: none did, and this user may not open one of them.
            CameraAbsent: none did.
        """
        self.close()
        denied: CameraDenied | None = None
        for camera in self._candidates():
            try:
                if isinstance(camera, Resizable):
                    camera.resize(self._least)
                camera.open()
                self._first = camera.read()
            except CameraError as error:
                log.debug("%s: %s", camera.name, error)
                denied = error if isinstance(error, CameraDenied) else denied
            if self._first is not None:
                self._camera = camera
                self.name = camera.name
                return
            camera.close()
        raise denied or CameraAbsent("No camera gives a picture.", "Plug one in, or set camera.source.")

    def read(self) -> Frame | None:
        """The next frame of the camera that was taken.

        Raises:
            CameraLost: as that camera does, or it is not open.
        """
        if self._camera is None:
            raise CameraLost("No camera is open.")
        first, self._first = self._first, None
        return first or self._camera.read()

    def close(self) -> None:
        """Lets the camera go; harmless when none is open."""
        if self._camera is not None:
            self._camera.close()
        self._camera = self._first = None


def _present(width: int, height: int, fps: float) -> Iterator[Camera]:
    """The cameras of this machine; a webcam has several nodes, some of which give no picture."""
    yield Picamera2Camera(width, height, fps)
    numbers = (re.fullmatch(r"video(\d+)", path.name) for path in Path("/dev").glob("video*"))
    for number in sorted(int(match[1]) for match in numbers if match):
        yield OpenCVCamera(number, width, height, fps)
