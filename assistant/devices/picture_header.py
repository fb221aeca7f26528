"""The size of a picture from its first bytes, so that a huge one is refused before it fills the memory.

Formats: PNG (ISO/IEC 15948), JPEG (ITU-T T.81, annex B), GIF89a, BMP, WebP (RFC 9649), TIFF 6.0.
"""

import struct
from collections.abc import Callable
from dataclasses import dataclass

from assistant.errors import PictureError

_SIGNATURES = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"BM": "bmp",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
}

ORIENTATION_TAG = 0x112
"""Tag of the orientation in Exif and TIFF, 1 to 8."""
_WIDTH_TAG, _HEIGHT_TAG = 0x100, 0x101
_FRAME_MARKERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_LONE_MARKERS = frozenset({0x01, *range(0xD0, 0xD9)})


@dataclass(frozen=True, slots=True)
class Header:
    """What a picture says about itself."""

    format: str
    """"png", "jpeg", "gif", "bmp", "webp" or "tiff"."""
    width: int
    """Pixels as stored, before any turning."""
    height: int
    reducible: bool = False
    """Whether the decoder can read it at a fraction of its size in a fraction of the memory."""


def read_header(data: bytes) -> Header:
    """Reads format and size.

    Args:
        data: The whole file.

    Raises:
        PictureError: no known format, or cut off within the header; the message completes "<name> ...".
    """
    kind = format_of(data)
    if kind is None:
        raise PictureError("is not a picture.", "Give a JPEG, PNG, WebP, GIF, BMP or TIFF file.")
    if kind == "heic":
        raise PictureError("is a HEIC or AVIF picture, which cannot be read here.", "Save it as JPEG or PNG.")
    try:
        header = _READERS[kind](data)
    except (struct.error, IndexError) as error:
        raise PictureError("is cut off.", "Copy it again from where it came from.") from error
    if header.width < 1 or header.height < 1:
        raise PictureError("has no pixels.", "Save it again as JPEG or PNG.")
    return header


def tiff_tags(block: bytes) -> dict[int, int]:
    """Whole numbers in the first directory of a TIFF file or an Exif block, by tag; what is damaged is left out."""
    order = {b"II": "<", b"MM": ">"}.get(block[:2])
    tags: dict[int, int] = {}
    if order is None:
        return tags
    try:
        (start,) = struct.unpack_from(order + "I", block, 4)
        (count,) = struct.unpack_from(order + "H", block, start)
        for index in range(count):
            tag, kind, values, number = struct.unpack_from(order + "HHII", block, start + 2 + 12 * index)
            if kind == 3 and values == 1:
                (number,) = struct.unpack_from(order + "H", block, start + 10 + 12 * index)
            if kind in (3, 4) and values == 1:
                tags[tag] = number
    except struct.error:
        pass  # The directory is cut off: what came before the cut counts.
    return tags


def format_of(beginning: bytes) -> str | None:
    """The name of the picture format, from at least the first 12 bytes of a file; None: not a picture.

    "heic" stands for HEIC and AVIF, which are recognised only to be refused by name.
    """
    if beginning[:4] == b"RIFF":
        return "webp" if beginning[8:12] == b"WEBP" else None
    if beginning[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        return "heic"
    return next((name for signature, name in _SIGNATURES.items() if beginning.startswith(signature)), None)


def _png(data: bytes) -> Header:
    """Walks all chunks to the last one, because libpng complains on stderr about a file that is cut off."""
    at = 8
    while data[at + 4 : at + 8] != b"IEND":
        (length,) = struct.unpack_from(">I", data, at)
        at += 12 + length
    return Header("png", *struct.unpack_from(">II", data, 16))


def _jpeg(data: bytes) -> Header:
    """Walks the segments up to the frame header, which carries the size."""
    at = 2
    while True:
        if data[at] != 0xFF:
            raise PictureError("is damaged.", "Copy it again from where it came from.")
        marker = data[at + 1]
        if marker == 0xFF or marker in _LONE_MARKERS:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in _FRAME_MARKERS:
            height, width = struct.unpack_from(">HH", data, at + 5)
            # Sequential pictures are decoded strip by strip; progressive ones need all their coefficients at once.
            return Header("jpeg", width, height, reducible=marker in (0xC0, 0xC1))
        (length,) = struct.unpack_from(">H", data, at + 2)
        at += 2 + length


def _bmp(data: bytes) -> Header:
    if struct.unpack_from("<I", data, 14)[0] == 12:
        return Header("bmp", *struct.unpack_from("<HH", data, 18))
    width, height = struct.unpack_from("<ii", data, 18)
    return Header("bmp", abs(width), abs(height))


def _webp(data: bytes) -> Header:
    kind = data[12:16]
    if kind == b"VP8X":
        width, height = (1 + int.from_bytes(data[at : at + 3], "little") for at in (24, 27))
    elif kind == b"VP8L":
        (bits,) = struct.unpack_from("<I", data, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    else:
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", data, 26))
    return Header("webp", width, height)


def _gif(data: bytes) -> Header:
    return Header("gif", *struct.unpack_from("<HH", data, 6))


def _tiff(data: bytes) -> Header:
    tags = tiff_tags(data)
    if not tags:
        raise PictureError("is cut off.", "Copy it again from where it came from.")
    return Header("tiff", tags.get(_WIDTH_TAG, 0), tags.get(_HEIGHT_TAG, 0))


_READERS: dict[str, Callable[[bytes], Header]] = {
    "png": _png,
    "jpeg": _jpeg,
    "gif": _gif,
    "bmp": _bmp,
    "webp": _webp,
    "tiff": _tiff,
}
