"""CSI cameras of a Raspberry Pi through picamera2 and libcamera."""

import os
import time
from typing import Any

from assistant.domain.values import Frame
from assistant.errors import CameraAbsent, CameraDenied, CameraLost

TIMEOUT_S = 3.0
"""How long the camera may give no frame before it counts as lost, seconds."""


class Picamera2Camera:
    """A camera on the ribbon cable.

    Args:
        width: Pixels; libcamera scales to it.
        height: Pixels.
        fps: Frames a second.
        number: Which camera on a ribbon cable, counted from 0.
    """

    name = "picamera2"

    def __init__(self, width: int = 640, height: int = 480, fps: float = 15.0, number: int = 0) -> None:
        self._settled = self._size = width, height
        self._fps = fps
        self._number = number
        self._camera: Any = None

    def resize(self, least: tuple[int, int] | None) -> bool:
        """Asks for pictures of another size at the next `open`."""
        before = self._size
        width, height = self._settled
        self._size = self._settled if least is None else (max(width, least[0]), max(height, least[1]))
        return self._size != before

    def open(self) -> None:
        """Starts the camera.

        Raises:
            CameraAbsent: picamera2 is not installed, or there is no such camera.
            CameraDenied: it is used by another program, or this user may not use it.
        """
        self.close()
        os.environ.setdefault("LIBCAMERA_LOG_LEVELS", "*:ERROR")
        try:
            from picamera2 import Picamera2
        except (ImportError, ValueError) as error:  # ValueError: its parts were built for another numpy.
            raise CameraAbsent(
                f"The package picamera2 is missing or does not fit: {error}.",
                "On Raspberry Pi OS: sudo apt install python3-picamera2, and a venv with --system-site-packages.",
            ) from error
        # libcamera finds webcams too; they are OpenCVCamera's.
        numbers = [found["Num"] for found in Picamera2.global_camera_info() if "usb" not in found["Id"]]
        if self._number >= len(numbers):
            raise CameraAbsent("There is no camera on the ribbon cable.", "Check the cable, then start again.")
        try:
            self._camera = Picamera2(numbers[self._number])
            # libcamera names formats by their order in a word: its BGR888 is red, green, blue in memory.
            main = {"size": self._size, "format": "BGR888"}
            self._camera.configure(
                self._camera.create_video_configuration(main=main, controls={"FrameRate": self._fps})
            )
            self._camera.start()
        except RuntimeError as error:
            self.close()
            raise CameraDenied(
                f"The camera cannot be used: {error}.", "Close other programs that use it; join the group video."
            ) from error

    def read(self) -> Frame | None:
        """Waits for the next frame; never None.

        Raises:
            CameraLost: none came within `TIMEOUT_S`, or it is not open.
        """
        if self._camera is None:
            raise CameraLost("The camera is not open.")
        try:
            pixels = self._camera.wait(self._camera.capture_array("main", wait=False), timeout=TIMEOUT_S)
        except (TimeoutError, RuntimeError) as error:
            raise CameraLost("The camera gives no picture any more.", "Check the ribbon cable.") from error
        return Frame(pixels, time.monotonic())

    def close(self) -> None:
        """Lets the camera go; harmless when it is not open."""
        if self._camera is not None:
            self._camera.close()
            self._camera = None
