"""Where a replay takes its pictures from: frames in memory, a file, a folder of pictures; each decoded when wanted."""

import logging
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from assistant.devices.decoder import Decoder
from assistant.devices.file_kinds import is_picture, kind_of_file, shown
from assistant.devices.pictures import SUFFIXES, open_file
from assistant.devices.shot import Shot
from assistant.domain.values import Pixels
from assistant.errors import PictureError

log = logging.getLogger(__name__)


def of_frames(frames: Sequence[Pixels], interval: float) -> Iterator[Shot]:
    """Frames in memory, `interval` seconds apart.

    Raises:
        ValueError: one is not uint8 (height, width, 3).
    """
    for index, pixels in enumerate(frames):
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
            raise ValueError(f"frame {index} is {pixels.dtype} {pixels.shape}, not uint8 (height, width, 3)")
        yield Shot(index * interval, partial(np.asarray, pixels))


def holds_picture(path: Path) -> bool:
    """Whether a file is one picture, readable or not, and not a video.

    Raises:
        PictureError: it is neither, or it cannot be opened or read.
    """
    with open_file(path) as file:
        return is_picture(kind_of_file(file, shown(path)))


def of_folder(folder: Path, interval: float, decoder: Decoder) -> Iterator[Shot]:
    """The pictures in a folder in the order of their names, `interval` seconds apart.

    One that cannot be read is logged and left out; its moment passes.

    Raises:
        PictureError: there is none, or the folder may not be read.
    """
    for index, path in enumerate(pictures_in(folder)):
        yield Shot(index * interval, partial(_pixels_or_none, path, decoder))


def pictures_in(folder: Path) -> list[Path]:
    """The picture files in a folder, known by their endings, in the order of their names (2 before 10).

    Raises:
        PictureError: there is none, or the folder may not be read.
    """
    paths = [path for path in _children(folder) if _is_called_picture(path)]
    if not paths:
        raise PictureError(
            f"There are no pictures in {shown(folder)}.", f"Known endings: {', '.join(sorted(SUFFIXES))}."
        )
    return paths


def left_out_of(folder: Path) -> list[Path]:
    """What else lies in a folder, hidden files aside.

    Raises:
        PictureError: the folder may not be read.
    """
    return [path for path in _children(folder) if not _is_called_picture(path) and not path.name.startswith(".")]


def _children(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=_natural)
    except OSError as error:
        raise PictureError(f"The folder {shown(folder)} cannot be read: {error.strerror}.") from error


def _is_called_picture(path: Path) -> bool:
    return path.suffix.lower() in SUFFIXES and not path.is_dir()


def _pixels_or_none(path: Path, decoder: Decoder) -> Pixels | None:
    try:
        return decoder.picture(path).pixels
    except PictureError as error:
        log.warning("left out: %s", error)
        return None


def _natural(path: Path) -> list[tuple[int, int | str]]:
    """A key that sorts numbers by value and the rest by letter."""
    parts = re.findall(r"\d+|\D+", path.name.lower())
    return [(0, int(part)) if part.isdigit() else (1, part) for part in parts]
