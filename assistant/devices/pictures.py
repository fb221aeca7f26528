"""A picture file -> uint8 RGB, whatever is in it, with bounded memory and one clear sentence when it cannot be read.

Transparent parts are shown over white, as on paper; 16-bit values become 8 bits; the Exif orientation is applied; of an
animation the first picture counts. What is too large to be decoded whole is read reduced where the format allows it
(sequential JPEG) and refused otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray

from assistant.devices.opencv_quiet import quiet
from assistant.devices.picture_header import ORIENTATION_TAG, Header, read_header, tiff_tags
from assistant.domain.values import Pixels
from assistant.errors import PictureError

MAX_BYTES = 256 * 2**20
"""Largest file that is read."""
MAX_DECODED = 25_000_000
"""Most pixels that are decoded at once (24 megapixel cameras fit); larger ones are reduced or refused."""
MAX_REDUCED = 64 * MAX_DECODED
"""Most pixels of a picture that can be read reduced: a side can shrink to an eighth."""
SUFFIXES = frozenset({".jpg", ".jpeg", ".jpe", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"})
"""Endings by which pictures are found in a folder."""

_REDUCTIONS = {2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8}

_TURNS: dict[int, Callable[[NDArray[Any]], NDArray[Any]]] = {
    2: lambda pixels: pixels[:, ::-1],
    3: lambda pixels: pixels[::-1, ::-1],
    4: lambda pixels: pixels[::-1],
    5: lambda pixels: pixels.swapaxes(0, 1),
    6: lambda pixels: np.rot90(pixels, -1),
    7: lambda pixels: pixels[::-1, ::-1].swapaxes(0, 1),
    8: np.rot90,
}
"""What the Exif orientation asks for (Exif 2.32, section 4.6.4); 1 is upright."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture."""

    pixels: Pixels
    """uint8 (height, width, 3), RGB, upright; smaller than the original when that is huge."""
    width: int
    """Pixels of the upright original."""
    height: int


def read_picture(path: Path) -> Picture:
    """Reads a picture file.

    Raises:
        PictureError: missing, unreadable, empty, cut off, damaged, too large, or no picture.
    """
    with open_file(path) as file:
        try:
            data = file.read(MAX_BYTES + 1)
        except OSError as error:
            raise PictureError(f"{path} cannot be read: {error.strerror}.") from error
    if len(data) > MAX_BYTES:
        raise PictureError(f"{path} is larger than {MAX_BYTES >> 20} MB.", "Save a smaller copy of it.")
    return decode(data, str(path))


def open_file(path: Path) -> BinaryIO:
    """Opens a regular file for reading; never waits, as opening a pipe would.

    Raises:
        PictureError: missing, not a regular file, or not readable.
    """
    try:
        if path.is_dir():
            raise PictureError(f"{path} is a folder, not a file.")
        if path.exists() and not path.is_file():
            raise PictureError(f"{path} is not a regular file.")
        return path.open("rb")
    except FileNotFoundError as error:
        raise PictureError(f"There is no file {path}.", "Check how its name is written.") from error
    except PermissionError as error:
        raise PictureError(f"{path} may not be read by this user.", f"Allow it with: chmod a+r '{path}'.") from error
    except (OSError, ValueError) as error:
        raise PictureError(f"{path} cannot be opened: {error}.") from error


def decode(data: bytes, name: str) -> Picture:
    """Decodes the content of a picture file.

    Args:
        data: The whole file.
        name: How it is called in errors.

    Raises:
        PictureError: empty, cut off, damaged, too large, or no picture.
    """
    if not data:
        raise PictureError(f"{name} is empty.", "Copy it again from where it came from.")
    try:
        header = read_header(data)
        reduction = _reduction(header)
    except PictureError as error:
        raise PictureError(f"{name} {error.message}", error.remedy) from error
    pixels, orientation = _decode(data, name, header, reduction)
    upright = np.ascontiguousarray(_TURNS[orientation](pixels)) if orientation in _TURNS else pixels
    if reduction == 1:
        return Picture(upright, upright.shape[1], upright.shape[0])
    sides = (header.height, header.width) if orientation >= 5 else (header.width, header.height)
    return Picture(upright, *sides)


def to_rgb(pixels: NDArray[Any]) -> Pixels:
    """Grey, BGR or BGRA of 8 or 16 bits, as OpenCV gives it -> uint8 (height, width, 3) RGB, transparency over white.

    Raises:
        ValueError: another shape or kind of number.
    """
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (1, 3, 4)):
        raise ValueError(f"{pixels.dtype} {pixels.shape} is no picture")
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        return _uint8(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB))
    if pixels.shape[2] == 3:
        return _uint8(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB))
    return _over_white(pixels)


def _reduction(header: Header) -> int:
    """By how much each side is divided on reading: 1, 2, 4 or 8.

    Raises:
        PictureError: too large for bounded memory.
    """
    area = header.width * header.height
    if area <= MAX_DECODED:
        return 1
    if not header.reducible or area > MAX_REDUCED:
        limit = (MAX_REDUCED if header.reducible else MAX_DECODED) // 1_000_000
        raise PictureError(
            f"is too large, {header.width} by {header.height} pixels.", f"Save a copy of at most {limit} megapixels."
        )
    return next(divisor for divisor in (2, 4, 8) if area <= MAX_DECODED * divisor * divisor)


def _decode(data: bytes, name: str, header: Header, reduction: int) -> tuple[Pixels, int]:
    """uint8 (height, width, 3) RGB as stored, and the Exif orientation that is still to be applied (1 to 8)."""
    flags = cv2.IMREAD_UNCHANGED
    if header.format in ("jpeg", "tiff"):  # Unchanged, CMYK could not be told from colour with transparency.
        flags = _REDUCTIONS.get(reduction, cv2.IMREAD_COLOR) | cv2.IMREAD_IGNORE_ORIENTATION
    quiet()
    try:
        pixels, kinds, blocks = cv2.imdecodeWithMetadata(np.frombuffer(data, np.uint8), flags=flags)
        if pixels is None:
            raise PictureError(f"{name} is cut off or damaged.", "Copy it again from where it came from.")
        exif = {kind: block.tobytes() for kind, block in zip(kinds, blocks, strict=True)}
        return to_rgb(pixels), tiff_tags(exif.get(cv2.IMAGE_METADATA_EXIF, b"")).get(ORIENTATION_TAG, 1)
    except (cv2.error, ValueError) as error:
        raise PictureError(f"{name} cannot be decoded.", "Save it again as JPEG or PNG.") from error


def _over_white(pixels: NDArray[np.uint8]) -> Pixels:
    """uint8 (height, width, 4) BGRA -> RGB over white, a strip at a time to keep the memory small."""
    rgb = np.empty((*pixels.shape[:2], 3), np.uint8)
    for top in range(0, len(pixels), 256):
        strip = pixels[top : top + 256].astype(np.uint16)
        alpha = strip[:, :, 3:]
        rgb[top : top + 256] = (strip[:, :, 2::-1] * alpha + 255 * (255 - alpha) + 127) // 255
    return rgb


def _uint8(pixels: Any) -> Pixels:
    """The same array, known to be uint8."""
    return np.asarray(pixels, np.uint8)
