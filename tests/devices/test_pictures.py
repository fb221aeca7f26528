"""Pictures of every kind and every kind of damage."""

from contextlib import suppress

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.devices.pictures import decode, to_rgb
from assistant.errors import PictureError
from tests.devices.made_pictures import (
    BLUE,
    CORNERS,
    FORMATS,
    GREEN,
    RED,
    WHITE,
    corners,
    encoded,
    exif,
    png_of,
    with_exif,
)


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_gives_rgb(suffix: str) -> None:
    picture = decode(encoded(CORNERS, suffix), "it")
    assert (picture.width, picture.height) == (60, 40)
    assert picture.pixels.shape == (40, 60, 3)
    assert picture.pixels.dtype == np.uint8
    assert picture.pixels.flags.c_contiguous
    assert corners(picture) == [RED, GREEN, BLUE, WHITE]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("shape", [(1, 1), (1, 7), (9, 1)])
def test_the_smallest_pictures(suffix: str, shape: tuple[int, int]) -> None:
    picture = decode(encoded(np.full((*shape, 3), 200, np.uint8), suffix), "it")
    assert picture.pixels.shape == (*shape, 3)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".bmp", ".tiff"])
def test_grey(suffix: str) -> None:
    pixels = decode(encoded(np.full((8, 8), 77, np.uint8), suffix), "it").pixels
    assert pixels.shape == (8, 8, 3)
    assert np.abs(pixels.astype(int) - 77).max() <= 2


@pytest.mark.parametrize("suffix", [".png", ".webp"])
def test_transparency_is_shown_over_white(suffix: str) -> None:
    pixels = np.zeros((8, 8, 4), np.uint8)
    pixels[:, 4:] = (255, 0, 0, 128)
    lossless = (cv2.IMWRITE_WEBP_QUALITY, 101) if suffix == ".webp" else ()
    got = decode(encoded(pixels, suffix, *lossless), "it").pixels
    assert got[0, 0].tolist() == [255, 255, 255]
    assert got[0, 7].tolist() == [255, 127, 127]


@pytest.mark.parametrize("channels", [0, 3, 4])
@pytest.mark.parametrize("suffix", [".png", ".tiff"])
def test_16_bits_become_8(suffix: str, channels: int) -> None:
    pixels = np.full((4, 4, channels) if channels else (4, 4), 77 * 257, np.uint16)
    if channels == 4:
        pixels[:, :, 3] = 65535
    assert np.unique(decode(encoded(pixels, suffix), "it").pixels).tolist() == [77]


@pytest.mark.parametrize(
    ("orientation", "expected", "size"),
    [
        (1, [RED, GREEN, BLUE, WHITE], (60, 40)),
        (2, [GREEN, RED, WHITE, BLUE], (60, 40)),
        (3, [WHITE, BLUE, GREEN, RED], (60, 40)),
        (4, [BLUE, WHITE, RED, GREEN], (60, 40)),
        (5, [RED, BLUE, GREEN, WHITE], (40, 60)),
        (6, [BLUE, RED, WHITE, GREEN], (40, 60)),
        (7, [WHITE, GREEN, BLUE, RED], (40, 60)),
        (8, [GREEN, WHITE, RED, BLUE], (40, 60)),
        (99, [RED, GREEN, BLUE, WHITE], (60, 40)),
    ],
)
@pytest.mark.parametrize("order", "<>")
def test_exif_orientation(orientation: int, expected: list[tuple[int, ...]], size: tuple[int, int], order: str) -> None:
    picture = decode(with_exif(encoded(CORNERS, ".jpg"), exif(orientation, order)), "it")
    assert corners(picture) == expected
    assert (picture.width, picture.height) == size
    assert picture.pixels.shape == (size[1], size[0], 3)


def test_our_turns_agree_with_opencv() -> None:
    for orientation in range(1, 9):
        data = with_exif(encoded(CORNERS, ".jpg"), exif(orientation))
        theirs = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)
        assert np.array_equal(decode(data, "it").pixels, theirs)


def test_damaged_exif_is_left_out() -> None:
    assert corners(decode(with_exif(encoded(CORNERS, ".jpg"), exif(6)[:15]), "it")) == [RED, GREEN, BLUE, WHITE]


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("kept", [0.05, 0.5, 0.95])
def test_cut_off(suffix: str, kept: float, capfd: pytest.CaptureFixture[str]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)
    data = encoded(noise, suffix)
    with pytest.raises(PictureError, match=r"^it is cut off") as caught:
        decode(data[: max(12, int(len(data) * kept))], "it")
    assert caught.value.remedy
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "it is empty"),
        (b"hello, this is a letter to a friend", "it is not a picture"),
        (b"\x89PNG", "it is not a picture"),
        (b"\x89PNG\r\n\x1a\n", "it is cut off"),
        (b"\xff\xd8\xff", "it is cut off"),
        (b"\xff\xd8\xff\xe0" + bytes(200), "it is cut off or damaged"),
        (b"GIF89a", "it is cut off"),
        (b"BM", "it is cut off"),
        (b"II*\0", "it is cut off"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "it is cut off"),
        (png_of(0, 10), "it is cut off or damaged"),
        (png_of(10, 10), "it is cut off or damaged"),
    ],
)
def test_what_is_no_picture(data: bytes, says: str) -> None:
    with pytest.raises(PictureError, match=f"^{says}"):
        decode(data, "it")


@given(st.sampled_from(FORMATS), st.data())
def test_damage_never_gives_anything_but_a_picture_or_its_error(suffix: str, data: st.DataObject) -> None:
    file = bytearray(encoded(CORNERS, suffix))
    for _ in range(data.draw(st.integers(1, 8))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    with suppress(PictureError):
        assert decode(bytes(file), "it").pixels.ndim == 3


@pytest.mark.parametrize("pixels", [np.zeros((4, 4), np.float32), np.zeros((4, 4, 2), np.uint8), np.zeros(4, np.uint8)])
def test_only_pictures_become_rgb(pixels: np.ndarray) -> None:
    with pytest.raises(ValueError, match="is no picture"):
        to_rgb(pixels)
