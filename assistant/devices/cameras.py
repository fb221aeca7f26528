"""A camera by the word in config.yaml or on the command line."""

from pathlib import Path
from typing import cast

from assistant.devices.opencv_camera import URL, OpenCVCamera
from assistant.devices.orientation import Degrees, Oriented
from assistant.devices.replay_camera import ReplayCamera
from assistant.domain.ports import Camera
from assistant.errors import PictureError
from assistant.plugins import resolve

KNOWN = {
    "auto": "assistant.devices.auto_camera:AutoCamera",
    "picamera2": "assistant.devices.picamera2_camera:Picamera2Camera",
}
"""Cameras with a name; installed ones (entry points in the group `assistant.cameras`) take the same keyword arguments
`width`, `height` and `fps`."""


def camera(
    source: str,
    width: int = 640,
    height: int = 480,
    fps: float = 15.0,
    rotate: Degrees = 0,
    mirror: bool = False,
    realtime: bool = False,
    loop: bool = False,
) -> Camera:
    """Makes the camera that a word stands for; nothing is opened yet.

    Args:
        source: "auto", "picamera2", the name of an installed camera, a number (0 is /dev/video0), the path of a device,
            the URL of a stream, or the path of a picture, a folder or a video.
        width: Asked of a live camera, which may give another: pixels.
        height: Asked of a live camera: pixels.
        fps: Asked of a live camera; the rate of a folder of pictures: frames a second.
        rotate: Degrees clockwise.
        mirror: Whether left and right are swapped after the turn.
        realtime: Whether pictures and videos are shown at their own pace.
        loop: Whether pictures and videos begin again at their end.

    Raises:
        UnknownName: a single word that is neither a camera nor a file.
        PictureError: a path at which there is nothing.
    """
    try:
        made = _live(source, width, height, fps) or _replay(source, realtime, fps, loop)
    except OSError as error:  # A name that is too long is that of no file.
        raise PictureError(f"{source[:50]} cannot be a file.", "Look at camera.source in the settings.") from error
    if made is None:
        made = cast(Camera, resolve("camera", source, KNOWN)(width=width, height=height, fps=fps))
    return Oriented(made, rotate, mirror) if rotate or mirror else made


def _live(source: str, width: int, height: int, fps: float) -> Camera | None:
    """A webcam or a stream, if the word means one."""
    if source.isascii() and source.isdigit():
        return OpenCVCamera(int(source), width, height, fps)
    if URL.fullmatch(source) or Path(source).is_char_device() or source.startswith("/dev/"):
        return OpenCVCamera(source, width, height, fps)
    return None


def _replay(source: str, realtime: bool, fps: float, loop: bool) -> Camera | None:
    """A file or a folder, if the word means one.

    Raises:
        PictureError: it looks like a path, and nothing is there.
    """
    if source in KNOWN:
        return None
    path = Path(source).expanduser()
    if path.exists():
        return ReplayCamera(path, realtime, fps, loop)
    if "://" in source:
        raise PictureError(f"The kind of address {source.partition('://')[0]} is not known.", "Use http or rtsp.")
    if "/" in source or "." in source:
        raise PictureError(f"There is no file {source}.", "Check how its name is written.")
    return None
