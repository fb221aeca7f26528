"""Picture files made for tests."""

import struct
import zlib

import cv2
import numpy as np

from assistant.devices.pictures import Picture
from assistant.domain.values import Pixels

RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
CORNERS: Pixels = np.zeros((40, 60, 3), np.uint8)
"""Red, green over blue, white: every turn and every swap of colours shows."""
CORNERS[:20, :30], CORNERS[:20, 30:], CORNERS[20:, :30], CORNERS[20:, 30:] = RED, GREEN, BLUE, WHITE
FORMATS = (".jpg", ".png", ".webp", ".bmp", ".gif", ".tiff")


def encoded(pixels: np.ndarray, suffix: str, *parameters: int) -> bytes:
    """RGB, RGBA or grey -> a file."""
    if pixels.ndim == 3:
        pixels = pixels[:, :, [2, 1, 0, 3][: pixels.shape[2]]]
    return cv2.imencode(suffix, pixels, parameters)[1].tobytes()


def corners(picture: Picture) -> list[tuple[int, ...]]:
    """The colours at the four corners, row by row, after a lossy format rounded to the nearest pure colour."""
    pixels = np.where(picture.pixels > 127, 255, 0)
    return [tuple(pixels[y, x].tolist()) for y in (2, -3) for x in (2, -3)]


def exif(orientation: int, order: str = ">") -> bytes:
    """An Exif block with nothing but an orientation."""
    mark = b"MM" if order == ">" else b"II"
    return mark + struct.pack(order + "HIHHHIHHI", 42, 8, 1, 0x112, 3, 1, orientation, 0, 0)


def with_exif(jpeg: bytes, block: bytes) -> bytes:
    """A JPEG file with an Exif block put in."""
    segment = b"Exif\0\0" + block
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment + jpeg[2:]


def png_of(width: int, height: int) -> bytes:
    """A tiny file that says it is a PNG of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
