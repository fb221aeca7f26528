"""Webcams (V4L2) and network streams through OpenCV."""

import os
import re
import time
from pathlib import Path

import cv2

from assistant.addresses import without_secrets
from assistant.devices.opencv_quiet import V4L_TIMEOUT_S, quiet
from assistant.devices.permission import remedy
from assistant.devices.pictures import to_rgb
from assistant.domain.values import Frame
from assistant.errors import CameraAbsent, CameraDenied, CameraLost, CameraSilent, CameraTooLarge

URL = re.compile(r"(?:https?|rtsps?|rtmp|tcp|udp)://\S+", re.IGNORECASE)
"""What is taken for a network stream; other protocols of FFmpeg are not offered."""
MOST_PIXELS = 4096 * 3072
"""Larger pictures are refused before the first of them is taken in."""
LOST_S = 6.0
"""A camera that gives no frame for so long is lost, seconds; a slow one has its time."""
RETRY_S = 0.02
"""Pause after a failed read, which OpenCV reports at once, seconds."""


class OpenCVCamera:
    """A webcam or a stream.

    Args:
        source: The number of a camera (0 is /dev/video0), the path of a device, or the URL of a stream.
        width: Asked of a webcam, which may give another: pixels.
        height: Asked of a webcam: pixels.
        fps: Asked of a webcam: frames a second.
        timeout_s: How long any camera may give no frame before it counts as lost, seconds; opening a stream may take
            no longer than `V4L_TIMEOUT_S` either, for which OpenCV itself holds a silent webcam.
    """

    def __init__(
        self,
        source: int | str,
        width: int = 640,
        height: int = 480,
        fps: float = 15.0,
        timeout_s: float = LOST_S,
    ) -> None:
        self._url = source if isinstance(source, str) and URL.fullmatch(source) else None
        self._device = Path(f"/dev/video{source}") if isinstance(source, int) else Path(source)
        self._size = width, height
        self._asked = {
            cv2.CAP_PROP_FOURCC: cv2.VideoWriter.fourcc(*"MJPG"),
            cv2.CAP_PROP_FRAME_WIDTH: width,
            cv2.CAP_PROP_FRAME_HEIGHT: height,
            cv2.CAP_PROP_FPS: fps,
            cv2.CAP_PROP_BUFFERSIZE: 1,  # The newest frame, not the oldest that waits.
        }
        self._timeout_s = timeout_s
        self._capture: cv2.VideoCapture | None = None
        self.name = without_secrets(self._url or str(self._device))

    def resize(self, least: tuple[int, int] | None) -> bool:
        """Asks a webcam for other pictures at the next `open`; a stream has what it has."""
        if self._url is not None:
            return False
        width, height = self._size if least is None else map(max, self._size, least)
        before = dict(self._asked)
        self._asked |= {cv2.CAP_PROP_FRAME_WIDTH: width, cv2.CAP_PROP_FRAME_HEIGHT: height}
        return self._asked != before

    def open(self) -> None:
        """Opens the device or connects to the stream, the latter within `timeout_s`.

        Raises:
            CameraAbsent: no such device, not a camera, or in use.
            CameraSilent: nothing answers at the URL, or nothing that gives pictures.
            CameraDenied: this user may not open the device.
            CameraTooLarge: its pictures have more than `MOST_PIXELS`.
        """
        self.close()
        quiet()
        capture = self._open_device() if self._url is None else self._open_stream(self._url)
        if not capture.isOpened():
            capture.release()
            problem = f"{self.name} is no camera that gives pictures."
            if self._url:
                raise CameraSilent(problem, "Check its address.")
            raise CameraAbsent(problem, "Close other programs that use it, or choose another one.")
        width, height = capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
        if width * height > MOST_PIXELS:
            capture.release()
            raise CameraTooLarge(
                f"The pictures of {self.name} are too large, {width:.0f}x{height:.0f}.", "Choose a smaller size in it."
            )
        self._capture = capture

    def read(self) -> Frame | None:
        """Waits for the next frame; never None, for a camera has no end.

        Raises:
            CameraLost: none came within `timeout_s`, the stream ended, the device was unplugged, or it is not open.
        """
        deadline = time.monotonic() + self._timeout_s
        while self._capture is not None and time.monotonic() < deadline:
            if self._capture.grab():
                at = time.monotonic()
                ok, pixels = self._capture.retrieve()
                if ok:
                    return Frame(to_rgb(pixels), at)
            elif self._gone():
                break
            time.sleep(RETRY_S)
        advice = "Check the network." if self._url else "Check its cable."
        raise CameraLost(f"The camera {self.name} gives no picture any more.", advice)

    def close(self) -> None:
        """Lets the device go; harmless when it is not open."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _open_stream(self, url: str) -> cv2.VideoCapture:
        opening, reading = (round(1000 * each) for each in (min(V4L_TIMEOUT_S, self._timeout_s), self._timeout_s))
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, opening, cv2.CAP_PROP_READ_TIMEOUT_MSEC, reading]
        return cv2.VideoCapture(url, cv2.CAP_FFMPEG, limits)

    def _open_device(self) -> cv2.VideoCapture:
        """Asks the kernel first, because OpenCV does not tell why it could not open a device."""
        try:
            os.close(os.open(self._device, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC))
        except PermissionError as error:
            raise CameraDenied(f"The camera {self._device} may not be used.", remedy(self._device)) from error
        except OSError as error:
            raise CameraAbsent(f"There is no camera {self._device}.", "Plug one in, or choose another one.") from error
        capture = cv2.VideoCapture(str(self._device), cv2.CAP_V4L2)
        for what, value in self._asked.items():
            capture.set(what, value)
        return capture

    def _gone(self) -> bool:
        """Whether a failed read is final: a stream that ended, a device that was unplugged."""
        return self._url is not None or not self._device.exists()
