"""Huge pictures, and files that cannot be read."""

import os
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from assistant.devices.pictures import decode, read_picture
from assistant.errors import PictureError
from tests.devices.made_pictures import BLUE, CORNERS, GREEN, RED, WHITE, corners, encoded, exif, png_of, with_exif


def test_a_huge_png_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(PictureError, match="12000 by 9000 pixels") as caught:
        decode(png_of(12_000, 9_000), "it")
    assert "25 megapixels" in caught.value.remedy


def test_a_huge_jpeg_is_read_reduced_in_bounded_memory(tmp_path: Path) -> None:
    """Written and read in processes of their own, whose peak memory is known (kilobytes on Linux)."""
    path = tmp_path / "huge.jpg"
    write = "import cv2, numpy, sys; cv2.imwrite(sys.argv[1], numpy.full((9000, 12000), 200, numpy.uint8))"
    subprocess.run([sys.executable, "-c", write, str(path)], check=True, timeout=100)
    read = (
        "import sys, resource, pathlib; from assistant.devices.pictures import read_picture\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss; before = peak()\n"
        "picture = read_picture(pathlib.Path(sys.argv[1]))\n"
        "print(*picture.pixels.shape, picture.width, picture.height, (peak() - before) // 1024)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", read, str(path)],
        check=True,
        timeout=100,
        capture_output=True,
        text=True,
        env=environment,
    )
    height, width, channels, *original, megabytes = map(int, done.stdout.split())
    assert (height, width, channels) == (2250, 3000, 3)
    assert original == [12_000, 9_000]
    assert megabytes < 120


def test_a_huge_turned_jpeg_tells_its_upright_size() -> None:
    grey = encoded(np.full((4000, 8000), 90, np.uint8), ".jpg")
    picture = decode(with_exif(grey, exif(6)), "it")
    assert (picture.width, picture.height) == (4000, 8000)
    assert picture.pixels.shape == (4000, 2000, 3)


def test_a_huge_progressive_jpeg_is_refused() -> None:
    data = encoded(np.full((5001, 5001), 90, np.uint8), ".jpg", cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    with pytest.raises(PictureError, match="too large"):
        decode(data, "it")


def test_files(tmp_path: Path) -> None:
    good = tmp_path / "good.png"
    good.write_bytes(encoded(CORNERS, ".png"))
    assert corners(read_picture(good)) == [RED, GREEN, BLUE, WHITE]
    with pytest.raises(PictureError, match="There is no file"):
        read_picture(tmp_path / "absent.png")
    with pytest.raises(PictureError, match="is a folder"):
        read_picture(tmp_path)
    with pytest.raises(PictureError, match="cannot be opened"):
        read_picture(tmp_path / ("long" * 100))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(PictureError, match="not a regular file"):
        read_picture(tmp_path / "pipe")


def test_a_file_that_may_not_be_read(forbidden: Path) -> None:
    with pytest.raises(PictureError, match="may not be read"):
        read_picture(forbidden)
