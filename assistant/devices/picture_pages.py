"""Which page or frame of a picture file counts, and its pixels as RGB, whatever they are in the file."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PAGES = 100
"""Most pages or frames of a file that are looked at for the one that counts."""
MAX_LOOKED = 200_000_000
"""Most pixels of all frames that are looked at."""
_ANIMATED = ("GIF", "PNG", "WEBP", "AVIF")
_NEW_SUBFILE, _SUBFILE = 254, 255
_REDUCED_OR_MASK, _REDUCED = 1 | 4, 2
"""TIFF 6.0, section 8: what these two tags say of a page that is not the picture itself."""
_VARIED = 8.0
"""Standard deviation of grey above which a frame of an animation has something on it."""
_TOPS = (1, 255, 65_535)
"""What white may be in a picture of floating-point or 32-bit numbers."""


def choose_page(image: "Image") -> None:
    """Goes to the largest page of a TIFF that is not marked as a reduced copy; nothing is decoded for it."""
    if image.format == "TIFF":
        sizes = [_size_of_page(image) for _ in _pages(image, MAX_PAGES)]
        image.seek(sizes.index(max(sizes)) if sizes else 0)


def choose_frame(image: "Image") -> None:
    """Goes to the first frame of an animation with something on it; to its first where none has."""
    if image.format in _ANIMATED and getattr(image, "is_animated", False):
        most = min(MAX_PAGES, MAX_LOOKED // (image.width * image.height))
        image.seek(next((index for index in _pages(image, most) if _varied(image)), 0))


def rgb(image: "Image") -> "Image":
    """The chosen page in mode RGB; transparent parts over white, deep or floating-point greys as 8 bits."""
    from PIL import Image

    if image.mode in ("F", "I") or image.mode.startswith("I;"):
        return Image.fromarray(_eight_bits(np.asarray(image))).convert("RGB")
    if image.mode == "RGB" and "transparency" not in image.info:
        return image  # Not a copy, which would take as much memory again.
    if not image.has_transparency_data:
        return image.convert("RGB")
    transparent = image.convert("RGBA")
    over_white = Image.new("RGB", image.size, "white")
    over_white.paste(transparent, mask=transparent.getchannel("A"))
    return over_white


def _pages(image: "Image", most: int) -> Iterator[int]:
    """Goes through pages or frames, as far as there are and can be read; gives their numbers."""
    for index in range(most):
        try:
            image.seek(index)
        except (EOFError, OSError, SyntaxError, ValueError):
            return
        yield index


def _size_of_page(image: "Any") -> tuple[bool, int]:
    """What is compared to find the page that counts: whether it is a full one, then its number of pixels."""
    tags = image.tag_v2
    reduced = tags.get(_NEW_SUBFILE, 0) & _REDUCED_OR_MASK or tags.get(_SUBFILE, 0) == _REDUCED
    return not reduced, image.width * image.height


def _varied(image: "Image") -> bool:
    """Whether a frame shows more than one flat colour."""
    from PIL import ImageStat

    try:
        small = rgb(image).resize((64, 64), reducing_gap=2.0).convert("L")
    except OSError:  # Cut off there: what came before may still be read.
        return False
    return ImageStat.Stat(small).stddev[0] > _VARIED


def _eight_bits(values: np.ndarray) -> np.ndarray:
    """Greys of 16, 32 or floating-point bits -> uint8; what is no number is black."""
    if values.dtype.itemsize == 2:
        return (values >> 8).astype(np.uint8)
    values = np.nan_to_num(values.astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    most = float(values.max(initial=0.0))
    top = next((top for top in _TOPS if most <= top), most)
    return (values.clip(0, top) * (255 / top)).astype(np.uint8)
