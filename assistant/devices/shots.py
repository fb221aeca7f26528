"""Where a replay takes its pictures from: frames in memory, a picture, a folder, a video; each decoded when wanted."""

import logging
import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import cv2
import numpy as np

from assistant.devices.opencv_quiet import quiet
from assistant.devices.picture_header import format_of
from assistant.devices.pictures import SUFFIXES, open_file, read_picture, to_rgb
from assistant.domain.values import Pixels
from assistant.errors import PictureError

log = logging.getLogger(__name__)

VIDEO_SIGNATURES = (
    (0, b"RIFF"),  # AVI
    (0, b"\x1a\x45\xdf\xa3"),  # Matroska, WebM
    (4, b"ftyp"),  # MP4, MOV, 3GP
    (4, b"moov"),
    (4, b"mdat"),
    (4, b"wide"),
    (188, b"\x47"),  # MPEG transport stream, packets of 188 bytes
    (0, b"\0\0\x01\xba"),  # MPEG program stream
    (0, b"\0\0\x01\xb3"),  # MPEG video
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),  # ASF, WMV
    (0, b"OggS"),
    (0, b"FLV"),
)
"""How videos begin. FFmpeg alone would also draw text files, and follow playlists to the network."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a source, not decoded yet."""

    at: float
    """Media time: seconds since the first one."""
    decode: Callable[[], Pixels | None]
    """Gives uint8 (height, width, 3) RGB, or None when it cannot be read; called before the next shot is taken."""


def of_frames(frames: Sequence[Pixels], interval: float) -> Iterator[Shot]:
    """Frames in memory, `interval` seconds apart.

    Raises:
        ValueError: one is not uint8 (height, width, 3).
    """
    for index, pixels in enumerate(frames):
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
            raise ValueError(f"frame {index} is {pixels.dtype} {pixels.shape}, not uint8 (height, width, 3)")
        yield Shot(index * interval, partial(np.asarray, pixels))


def of_file(path: Path, interval: float) -> Iterator[Shot]:
    """A picture (one shot) or a video, told apart by content.

    Raises:
        PictureError: neither.
    """
    begins = beginning(path)
    if not begins or is_picture(begins):
        pixels = read_picture(path).pixels
        return iter([Shot(0.0, lambda: pixels)])
    if any(begins.startswith(signature, at) for at, signature in VIDEO_SIGNATURES):
        return of_video(path, interval)
    raise PictureError(f"{path} is neither a picture nor a video.", "Give a JPEG, PNG, MP4, MKV or AVI file.")


def beginning(path: Path) -> bytes:
    """The first bytes of a file, enough to tell what it is.

    Raises:
        PictureError: it cannot be opened or read.
    """
    with open_file(path) as file:
        try:
            return file.read(512)
        except OSError as error:
            raise PictureError(f"{path} cannot be read: {error.strerror}.") from error


def is_picture(begins: bytes) -> bool:
    """Whether a file that begins so is a picture, readable or not."""
    return format_of(begins) is not None


def of_folder(folder: Path, interval: float) -> Iterator[Shot]:
    """The pictures in a folder in the order of their names, `interval` seconds apart.

    One that cannot be read is logged and left out; its moment passes.

    Raises:
        PictureError: there is none, or the folder may not be read.
    """
    for index, path in enumerate(pictures_in(folder)):
        yield Shot(index * interval, partial(_pixels_or_none, path))


def pictures_in(folder: Path) -> list[Path]:
    """The picture files in a folder, known by their endings, in the order of their names (2 before 10).

    Raises:
        PictureError: there is none, or the folder may not be read.
    """
    try:
        paths = [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file()]
    except OSError as error:
        raise PictureError(f"The folder {folder} cannot be read: {error.strerror}.") from error
    if not paths:
        raise PictureError(f"There are no pictures in {folder}.", f"Known endings: {', '.join(sorted(SUFFIXES))}.")
    return sorted(paths, key=_natural)


def of_video(path: Path, interval: float) -> Iterator[Shot]:
    """The frames of a video at their own times; of one that is cut off, those before the cut.

    Args:
        path: The file.
        interval: Seconds between frames where the video does not tell.

    Raises:
        PictureError: not a video, or cut off before its first frame.
    """
    quiet()
    # FFmpeg alone: by default OpenCV would also take "clip01" for the first of numbered pictures.
    capture = cv2.VideoCapture(str(path.absolute()), cv2.CAP_FFMPEG)
    try:
        fps = capture.get(cv2.CAP_PROP_FPS)
        if math.isfinite(fps) and 0 < fps <= 1000:
            interval = 1 / fps
        at = None
        for at in _times(capture, interval):
            yield Shot(at, partial(_retrieved, capture))
        if at is None:
            raise PictureError(f"{path} is cut off or is no video.", "Copy it again, or convert it to MP4.")
        if capture.get(cv2.CAP_PROP_FRAME_COUNT) * interval > at + 1 + interval:
            log.warning("%s ends early, after %.1f seconds", path, at)
    finally:
        capture.release()


def _times(capture: cv2.VideoCapture, interval: float) -> Iterator[float]:
    """Grabs frame after frame, giving the media time of each, strictly rising from 0 s."""
    first = at = None
    while capture.grab():
        told = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        first = told if first is None else first
        since = told - first
        at = 0.0 if at is None else since if since > at else at + interval
        yield at


def _retrieved(capture: cv2.VideoCapture) -> Pixels | None:
    """The grabbed frame; None when it is damaged."""
    ok, pixels = capture.retrieve()
    return to_rgb(pixels) if ok else None


def _pixels_or_none(path: Path) -> Pixels | None:
    try:
        return read_picture(path).pixels
    except PictureError as error:
        log.warning("left out: %s", error)
        return None


def _natural(path: Path) -> list[tuple[int, int | str]]:
    """A key that sorts numbers by value and the rest by letter."""
    parts = re.findall(r"\d+|\D+", path.name.lower())
    return [(0, int(part)) if part.isdigit() else (1, part) for part in parts]
