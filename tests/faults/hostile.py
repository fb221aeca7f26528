"""Pictures and videos as they should be, and some that are made to overwhelm whoever reads them."""

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np

from assistant.domain.values import Pixels
from tests.devices.made_pictures import jpeg_of_many_scans


def room(seed: int = 0, size: tuple[int, int] = (240, 320)) -> Pixels:
    noise = np.random.default_rng(seed).integers(0, 8, (*size, 3))
    return np.asarray(np.linspace(60, 200, size[1])[None, :, None] + noise, dtype=np.uint8)


def video(path: Path, pictures: int = 30, code: str = "MJPG", extra: str = "") -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*code), 15, (320, 240))
    for seed in range(pictures):
        writer.write(room(seed))
    writer.release()
    return path


def coded(suffix: str, *options: int, size: tuple[int, int] = (240, 320)) -> bytes:
    return cv2.imencode(suffix, room(size=size), options)[1].tobytes()


def avi_of_16000(folder: Path) -> Path:
    path = video(folder / "huge.avi", 3)
    data = path.read_bytes()
    small, large = struct.pack("<II", 320, 240), struct.pack("<II", 16000, 12000)
    jpeg = data.replace(struct.pack(">HH", 240, 320), struct.pack(">HH", 12000, 16000))
    path.write_bytes(jpeg.replace(small, large))
    return path


def png_bomb(folder: Path) -> Path:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0))
    path = folder / "bomb.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(50 << 20))) + chunk(b"IEND", b""))
    return path


def many_scans(folder: Path) -> Path:
    path = folder / "scans.jpg"
    path.write_bytes(jpeg_of_many_scans(20_000))
    return path


def many_markers(folder: Path) -> Path:
    """Written piece by piece: what this process has taken would be counted as taken by those that it starts."""
    data, marker = coded(".jpg"), b"\xff\xe5" + struct.pack(">H", 6) + bytes(4)
    path = folder / "markers.jpg"
    with path.open("wb") as file:
        file.write(data[:2])
        for _ in range(300):
            file.write(marker * 100_000)
        file.write(data[2:])
    return path


def huge_tiff(folder: Path) -> Path:
    entries = [(256, 4, 60000), (257, 4, 60000), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, 8), (278, 4, 60000)]
    entries += [(279, 4, 100)]
    path = folder / "huge.tif"
    table = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in entries)
    path.write_bytes(
        b"II*\0" + struct.pack("<I", 108) + bytes(100) + struct.pack("<H", len(entries)) + table + bytes(4)
    )
    return path


def long_gif(folder: Path) -> Path:
    head = b"GIF89a" + struct.pack("<HHBBB", 60000, 60000, 0x80, 0, 0) + bytes(6)
    picture = b"," + struct.pack("<HHHHB", 0, 0, 60000, 60000, 0) + b"\x02\x02D\x01\0"
    path = folder / "long.gif"
    path.write_bytes(head + picture * 1000 + b";")
    return path
