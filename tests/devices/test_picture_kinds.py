"""Pages, animations, deep numbers, HEIC, and JPEGs that lack their end."""

import sys
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from assistant.devices.pictures import FORMATS, decode
from assistant.errors import PictureError
from tests.devices.made_pictures import (
    BLUE,
    CORNERS,
    GREEN,
    RED,
    WHITE,
    animation,
    corners,
    encoded,
    exif,
    heif,
    saved,
    tiff_of,
)

UPRIGHT = [RED, GREEN, BLUE, WHITE]
PICTURE = Image.fromarray(CORNERS)
BLACK = Image.new("RGB", PICTURE.size)
SMALL = np.full((10, 15, 3), 9, np.uint8)


@pytest.mark.parametrize(
    "pages",
    [
        [(SMALL, 1), (CORNERS, 0)],
        [(SMALL, 0), (CORNERS, 0)],
        [(CORNERS, 0), (SMALL, 1)],
        [(np.full((80, 120, 3), 9, np.uint8), 4), (CORNERS, 0)],
        [(CORNERS, 0), (np.zeros_like(CORNERS), 0)],
        [(SMALL, 1), (CORNERS, 1)],
    ],
)
def test_of_a_tiff_the_largest_full_page_is_read(pages: list[tuple[np.ndarray, int]]) -> None:
    picture = decode(tiff_of(*pages), "it")
    assert corners(picture) == UPRIGHT
    assert (picture.width, picture.height) == PICTURE.size


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.int32, np.float32])
@pytest.mark.parametrize("top", [1.0, 255.0])
def test_greys_of_every_depth(dtype: type[np.generic], top: float) -> None:
    """Black stays black, white is what is white in such a file, and no number is black."""
    values = np.array([[0, 0.5, 1]] * 4) * (top if dtype is np.float32 else np.iinfo(dtype).max)
    pixels = decode(tiff_of((values.astype(dtype), 0)), "it").pixels
    assert pixels[0, 0].tolist() == [0, 0, 0]
    assert 125 <= pixels[0, 1, 0] <= 129
    assert pixels[0, 2, 0] >= 254


def test_what_is_no_number_is_black() -> None:
    values = np.array([[np.nan, np.inf, -np.inf, 1.0]] * 4, np.float32)
    assert decode(tiff_of((values, 0)), "it").pixels[0, :, 0].tolist() == [0, 0, 0, 255]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_kind_of_tiff_that_is_not_read_is_not_called_damaged(dtype: type[np.generic]) -> None:
    pixels = CORNERS.astype(dtype) / 255 if dtype is np.float32 else np.zeros((4, 4), dtype)
    with pytest.raises(PictureError, match="is a kind of picture that cannot be read here"):
        decode(tiff_of((pixels, 0)), "it")


@pytest.mark.parametrize("kind", ["GIF", "PNG", "WEBP", "AVIF"])
@pytest.mark.parametrize("empty", [1, 3])
def test_of_an_animation_the_first_frame_with_something_on_it_is_read(kind: str, empty: int) -> None:
    blank = [Image.new("RGB", PICTURE.size, (number, 0, 0)) for number in range(empty)]
    assert corners(decode(animation(kind, *blank, PICTURE, BLACK), "it")) == UPRIGHT


def test_an_animation_that_fades_in() -> None:
    faded = [Image.fromarray((CORNERS * share).astype(np.uint8)) for share in (0, 0.02, 1)]
    assert corners(decode(animation("PNG", *faded), "it")) == UPRIGHT


def test_an_animation_of_nothing_is_its_first_frame() -> None:
    blank = [Image.new("RGB", (8, 8), (0, 0, number)) for number in (40, 80)]
    assert decode(animation("PNG", *blank), "it").pixels[0, 0].tolist() == [0, 0, 40]


def test_a_later_frame_that_is_cut_off_does_not_matter() -> None:
    data = animation("GIF", BLACK, Image.new("RGB", BLACK.size, (3, 3, 3)), PICTURE)
    assert decode(data[: len(data) * 2 // 3], "it").pixels.max() < 10


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "CMYK"), ("TIFF", "CMYK"), ("PNG", "P"), ("BMP", "P")])
def test_modes(kind: str, mode: str) -> None:
    assert corners(decode(saved(PICTURE.convert(mode), kind), "it")) == UPRIGHT


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_every_format_is_turned(kind: str) -> None:
    block = Image.Exif()
    block[0x112] = 6
    picture = decode(saved(PICTURE, kind, exif=block), "it")
    assert corners(picture) == [BLUE, RED, WHITE, GREEN]
    assert (picture.width, picture.height) == (40, 60)


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("lacking", [1, 2])
def test_a_jpeg_that_lacks_only_its_end_is_read(progressive: bool, lacking: int) -> None:
    data = saved(PICTURE, "JPEG", progressive=progressive)
    assert np.array_equal(decode(data[:-lacking], "it").pixels, decode(data, "it").pixels)


@pytest.mark.parametrize("lacking", [3, 10, 60, 300])
def test_a_jpeg_that_lacks_more_is_not(lacking: int) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (64, 64, 3), np.uint8)
    with pytest.raises(PictureError, match="is cut off"):
        decode(encoded(noise, ".jpg")[:-lacking], "it")


@pytest.mark.parametrize("brand", [b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"msf1", b"mif1", b"mif2"])
def test_heic_without_its_package_says_how_to_add_it(brand: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    with pytest.raises(PictureError, match=r"needs the package pillow-heif.*pip install pillow-heif"):
        decode(heif(brand, b"heic"), "it")


def test_heic_is_read_where_its_package_is() -> None:
    package = pytest.importorskip("pillow_heif", reason="pillow-heif is not installed")
    package.register_heif_opener()
    data = saved(PICTURE, "HEIF", exif=b"Exif\0\0" + exif(1))
    for brand in (b"heic", b"hevc", b"msf1", b"mif1"):
        assert corners(decode(data[:8] + brand + data[12:], "it")) == UPRIGHT


def test_heic_that_its_package_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pillow_heif", SimpleNamespace(register_heif_opener=lambda: None))
    with pytest.raises(PictureError, match="is cut off or damaged"):
        decode(heif(b"heic"), "it")


@pytest.mark.parametrize("brands", [(b"avif",), (b"avis",), (b"mif1", b"avif"), (b"msf1", b"avis")])
def test_avif_needs_no_package(brands: tuple[bytes, ...]) -> None:
    with pytest.raises(PictureError, match="is cut off or damaged"):
        decode(heif(*brands), "it")


@pytest.mark.parametrize("kind", ["EPS", "PDF", "PPM", "TGA", "ICO", "PCX", "DDS", "JPEG2000"])
def test_other_formats_are_not_even_tried(kind: str) -> None:
    assert kind not in FORMATS
    with pytest.raises(PictureError, match="is not a picture"):
        decode(saved(PICTURE, kind), "it")
