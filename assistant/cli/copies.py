"""Writes annotated copies of pictures and videos: whole or not at all, never over what they are copies of."""

import os
from contextlib import suppress
from pathlib import Path
from secrets import token_hex
from types import TracebackType

import cv2
import numpy as np

from assistant.devices.file_kinds import shown
from assistant.devices.opencv_quiet import quiet
from assistant.devices.pictures import is_there
from assistant.domain.values import Pixels
from assistant.errors import PictureError

PICTURES = (".png", ".jpg", ".jpeg")
VIDEOS = {".mp4": "mp4v", ".avi": "MJPG"}
"""Codec by ending."""
LEAST_FPS, MOST_FPS = 10.0, 60.0
"""Bounds of a copy's rate; its frames are repeated or left out so that each is shown at its own time."""


def spare(source: Path, copy: Path) -> None:
    """Refuses a copy that would take the place of what it is a copy of, under whatever name.

    Raises:
        PictureError: both are the same file, or the copy is a picture in a folder that is looked at.
    """
    with suppress(OSError):
        if copy.samefile(source) or (source.is_dir() and copy.parent.samefile(source)):
            raise PictureError(f"{shown(copy)} is what is looked at.", "Give the copy another name.")


class Copy:
    """Writes annotated frames to one file; a picture keeps the last frame, a video all of them, each at its time.

    The file gets its name when it is whole and on the disk; until then, and when anything fails, the name holds what
    it held before.

    Args:
        path: Ends in .png, .jpg, .mp4 or .avi (Motion JPEG).

    Raises:
        PictureError: another ending, or there is something else than a file.
    """

    def __init__(self, path: Path) -> None:
        self._name = shown(path)
        self._suffix = path.suffix.lower()
        if self._suffix not in (*PICTURES, *VIDEOS):
            raise PictureError(f"{self._name} has an unknown ending.", f"Known: {', '.join((*PICTURES, *VIDEOS))}.")
        if is_there(path) and not path.is_file():
            raise PictureError(f"{self._name} is there already, and is no file.", "Give the copy another name.")
        self._path = path.resolve()  # What a link points to is written, not the link.
        self._draft = f".{token_hex(8)}{self._suffix}"
        self._folder = -1
        self._video: cv2.VideoWriter | None = None
        self._fps = LEAST_FPS
        self._written = 0
        self._began = 0.0
        self._last: Pixels | None = None

    def __enter__(self) -> "Copy":
        try:
            # Through its descriptor the folder has a name that FFmpeg can read, whatever it is called.
            self._folder = os.open(self._path.parent, os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError as error:
            raise self._failed(error.strerror) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self._last is not None:
                self._finish(self._last)
        except OSError as problem:
            raise self._failed(problem.strerror) from problem
        finally:
            self._close()

    def write(self, pixels: Pixels, at: float = 0.0) -> None:
        """Adds one frame.

        Args:
            pixels: uint8 (height, width, 3), RGB; a video keeps the size of its first.
            at: Its time, seconds, not before that of the last; the first two tell a video how fast it is.

        Raises:
            PictureError: the file cannot be written.
        """
        if self._suffix in VIDEOS:
            if self._last is None:
                self._began = at
            else:
                self._show(self._last, at)
        self._last = pixels

    def _show(self, pixels: Pixels, until: float) -> None:
        """Shows a frame from where the video has come to up to a time, in as many pictures as that takes."""
        if self._video is None:
            self._fps = min(MOST_FPS, max(LEAST_FPS, 1 / max(until - self._began, 1e-3)))
            self._video = self._opened(pixels)
        size = self._size
        frame = cv2.resize(_bgr(pixels), size) if pixels.shape[1::-1] != size else _bgr(pixels)
        while self._written < round((until - self._began) * self._fps):
            self._video.write(frame)
            self._written += 1

    def _opened(self, pixels: Pixels) -> cv2.VideoWriter:
        quiet()
        self._size = (pixels.shape[1], pixels.shape[0])
        video = cv2.VideoWriter(self._at, cv2.VideoWriter.fourcc(*VIDEOS[self._suffix]), self._fps, self._size)
        if not video.isOpened():
            raise self._failed("")
        return video

    @property
    def _at(self) -> str:
        """Where the draft is, in a name that is text."""
        return f"/proc/self/fd/{self._folder}/{self._draft}"

    def _finish(self, last: Pixels) -> None:
        """Writes what is left, and gives the draft its name once it is known to be whole."""
        if self._suffix in VIDEOS:
            self._show(last, self._began + (self._written + 1) / self._fps)
            self._check()
        else:
            _, data = cv2.imencode(self._suffix, _bgr(last))
            Path(self._at).write_bytes(data.tobytes())
        draft = os.open(self._at, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(draft)
        finally:
            os.close(draft)
        Path(self._at).replace(f"/proc/self/fd/{self._folder}/{self._path.name}")

    def _check(self) -> None:
        """OpenCV does not tell whether it could write: what was written is counted, and there must be room left.

        Raises:
            PictureError: it is less than it should be.
        """
        if self._video is not None:
            self._video.release()
        written = cv2.VideoCapture(self._at, cv2.CAP_FFMPEG)
        count = sum(1 for _ in iter(written.grab, False))
        written.release()
        disk = os.statvfs(self._at)
        if count < self._written or disk.f_bavail == 0 < disk.f_blocks:  # The index after the frames may lack then.
            raise self._failed("the disk may be full")

    def _close(self) -> None:
        """Takes the draft away, if it is still one."""
        if self._video is not None:
            self._video.release()
        Path(self._at).unlink(missing_ok=True)
        os.close(self._folder)

    def _failed(self, reason: str | None) -> PictureError:
        reason = reason or "check that the folder exists and may be used"
        return PictureError(f"{self._name} cannot be written: {reason}.")


def _bgr(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), dtype=np.uint8)
