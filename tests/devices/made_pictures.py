"""Picture files made for tests."""

import struct
import zlib
from base64 import b64decode
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

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


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """An image of Pillow's -> a file."""
    file = BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def animation(kind: str, *frames: Image.Image) -> bytes:
    """An animated file."""
    return saved(frames[0], kind, save_all=True, append_images=list(frames[1:]), duration=100)


def tiff_of(*pages: tuple[np.ndarray, int], more: int = 0) -> bytes:
    """A TIFF of uncompressed pages, grey or RGB of any kind of number, each with its NewSubfileType.

    Args:
        pages: The pixels and the type of each.
        more: How many further tags, of no meaning, the first page has.
    """
    data = bytearray(b"II*\0" + bytes(4))
    link = 4
    for pixels, subfile in pages:
        strip, channels = len(data), 1 if pixels.ndim == 2 else pixels.shape[2]
        data += pixels.tobytes()
        bits = len(data)
        data += struct.pack("<3H", *[pixels.dtype.itemsize * 8] * 3) + bytes(2)
        sample_format = {"u": 1, "i": 2, "f": 3}[pixels.dtype.kind]
        depth = (258, 3, 1, pixels.dtype.itemsize * 8) if channels == 1 else (258, 3, channels, bits)
        tags = [(254, 4, 1, subfile), (256, 4, 1, pixels.shape[1]), (257, 4, 1, pixels.shape[0]), depth]
        tags += [(259, 3, 1, 1), (262, 3, 1, 1 if channels == 1 else 2), (273, 4, 1, strip), (277, 3, 1, channels)]
        tags += [(278, 4, 1, pixels.shape[0]), (279, 4, 1, pixels.nbytes), (339, 3, 1, sample_format)]
        tags += [(40_000 + number, 3, 1, 0) for number in range(more)]
        data[link : link + 4] = struct.pack("<I", len(data))
        data += struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *tag) for tag in tags) + bytes(4)
        link = len(data) - 4
    return bytes(data)


def heif(brand: bytes, *compatible: bytes) -> bytes:
    """The beginning of a file in the container of HEIC and AVIF, with nothing in it."""
    brands = b"".join(compatible)
    return struct.pack(">I", 16 + len(brands)) + b"ftyp" + brand + bytes(4) + brands + bytes(200)


def jpeg_of_many_scans(scans: int) -> bytes:
    """A progressive JPEG whose last scan is there so many times."""
    grey = np.random.default_rng(1).integers(0, 255, (2000, 2000), np.uint8)
    data = encoded(grey, ".jpg", cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    at = data.rindex(b"\xff\xda")
    (length,) = struct.unpack_from(">H", data, at + 2)
    return data[:-2] + (data[at : at + 2 + length] + b"\0") * scans + data[-2:]


def jpeg_of_many_markers(megabytes: int) -> bytes:
    """A JPEG with nothing but the beginnings of markers before its picture."""
    return b"\xff\xd8" + b"\xff" * (megabytes << 20) + encoded(CORNERS, ".jpg")[2:]


def avi_of(width: int, height: int, folder: Path) -> Path:
    """A small AVI that says it is of this size."""
    path = folder / f"{width}x{height}.avi"
    writer = cv2.VideoWriter(str(path), cv2.CAP_OPENCV_MJPEG, cv2.VideoWriter.fourcc(*"MJPG"), 10, (320, 240))
    writer.write(np.full((240, 320, 3), 90, np.uint8))
    writer.release()
    data = path.read_bytes().replace(struct.pack("<II", 320, 240), struct.pack("<II", width, height))
    path.write_bytes(data.replace(struct.pack(">HH", 240, 320), struct.pack(">HH", height, width)))
    return path


H264 = b64decode(
    "AAAAAWdkAAqscgRJbARAAAADAEAAAAUDxIlhGAAAAAFo6EOPLIsAAAFliIEAB//+92ifAjOKgNdFjv8AAAABQZoIbYhv//6rAAAAAUGeECcQ30xB"
    "AAAAAQGeGE1Ib/9MQA=="
)
"""Four grey pictures of 32x32, as a camera writes them without a container."""
HEVC = b64decode(
    "AAAAAUABDAH//wFgAAADAJAAAAMAAAMAHpWYCQAAAAFCAQEBYAAAAwCQAAADAAADAB6gIIEFllZpJMrwFoCAAAADAIAAAAUEAAAAAUQBwXK0IkAA"
    "AAEoAa8RgPSSZvtpdAOAAAAAAQIB0BlfhDGIQPoKAAAAAQIB4ESX4YpAwWAAAAABAAHgJP/6LGa/IA=="
)
"""Four of 64x64."""
