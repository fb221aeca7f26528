"""A picture file -> uint8 RGB, whatever is in it, with one clear sentence when it cannot be read.

Pillow decodes. Transparent parts are shown over white, as on paper; deeper values become 8 bits; the Exif orientation
is applied; of several pages the largest full one counts, of an animation the first frame with something on it. What
is too large to be decoded whole is read reduced where the format allows it (sequential JPEG) and refused otherwise.

How long a hostile file may keep a decoder busy is bounded by `decoder`, which runs this in a process of its own.
"""

import warnings
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import cv2
import numpy as np
from numpy.typing import NDArray

from assistant.devices.file_kinds import HEIF, is_picture, kind_of, shown
from assistant.devices.picture_pages import choose_frame, choose_page, rgb
from assistant.domain.values import Pixels
from assistant.errors import PictureError

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_BYTES = 256 * 2**20
"""Largest picture file that is read."""
MAX_DECODED = 25_000_000
"""Most pixels that are decoded at once (24 megapixel cameras fit); larger ones are reduced or refused."""
MAX_REDUCED = 16 * MAX_DECODED
"""Most pixels of a picture that can be read reduced."""
SUFFIXES = frozenset(
    {".jpg", ".jpeg", ".jpe", ".jfif", ".mpo", ".png", ".apng", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff"}
    | {".avif", ".avifs", ".heic", ".heics", ".heif", ".heifs", ".hif"}
)
"""Endings by which pictures are found in a folder."""
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
"""All that Pillow is asked to read."""

_ORIENTATION = 0x112
_AGAIN = "Copy it again from where it came from."
_CONVERT = "Save it again as JPEG or PNG."


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture."""

    pixels: Pixels
    """uint8 (height, width, 3), RGB, upright; smaller than the original when that is huge."""
    width: int
    """Pixels of the upright original."""
    height: int


def read_picture(path: Path) -> Picture:
    """Reads a picture file that is trusted, here and now; `Decoder.picture` is for any other.

    Raises:
        PictureError: missing, unreadable, empty, cut off, damaged, too large, or no picture.
    """
    with open_file(path) as file:
        return read(file, shown(path))


def is_there(path: Path) -> bool:
    """Whether something lies at a path; of one that nothing can be called it does not."""
    try:
        return path.exists()
    except (OSError, ValueError):  # too long, a NUL in it, a folder on the way that is closed to this user
        return False


def open_file(path: Path) -> BinaryIO:
    """Opens a regular file for reading; never waits, as opening a pipe would.

    Raises:
        PictureError: missing, not a regular file, or not readable.
    """
    name = shown(path)
    try:
        if path.is_dir():
            raise PictureError(f"{name} is a folder, not a file.")
        if path.exists() and not path.is_file():
            raise PictureError(f"{name} is not a regular file.")
        return path.open("rb")
    except FileNotFoundError as error:
        raise PictureError(f"There is no file {name}.", "Check how its name is written.") from error
    except PermissionError as error:
        raise PictureError(f"{name} may not be read by this user.", f"Allow it with: chmod a+r '{name}'.") from error
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise PictureError(f"{name} cannot be opened: {reason}.") from error


def decode(data: bytes, name: str) -> Picture:
    """Decodes the content of a picture file; as `read`."""
    return read(BytesIO(data), name)


def read(file: BinaryIO, name: str) -> Picture:
    """Reads a picture from an opened file.

    Args:
        file: Can be sought in; need not be at its beginning.
        name: How it is called in errors.

    Raises:
        PictureError: empty, cut off, damaged, too large, or no picture.
    """
    if file.seek(0, 2) > MAX_BYTES:
        raise PictureError(f"{name} is larger than {MAX_BYTES >> 20} MB.", "Save a smaller copy of it.")
    file.seek(0)
    begins = file.read(512)
    kind = kind_of(begins)
    if not begins:
        raise PictureError(f"{name} is empty.", _AGAIN)
    if kind is None or not is_picture(kind):
        raise PictureError(f"{name} is not a picture.", "Give a JPEG, PNG, WebP, GIF, BMP, TIFF or AVIF file.")
    if kind == HEIF:
        _learn_heif(name)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # What Pillow doubts is read all the same, or told by our errors.
        try:
            return _without_end(file, ("HEIF",) if kind == HEIF else FORMATS, name)
        except PictureError:
            raise
        except MemoryError as error:
            raise PictureError(f"{name} needs too much memory.", "Save a smaller copy of it.") from error
        except Exception as error:  # Nobody knows what decoders raise over damaged files.
            raise _why(file, name, error) from error


def to_rgb(pixels: NDArray[Any]) -> Pixels:
    """Grey, BGR or BGRA of 8 or 16 bits, as OpenCV gives it -> uint8 (height, width, 3) RGB.

    Raises:
        ValueError: another shape or kind of number.
    """
    if pixels.dtype == np.uint16:
        pixels = (pixels >> 8).astype(np.uint8)
    if pixels.dtype != np.uint8 or pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] not in (1, 3, 4)):
        raise ValueError(f"{pixels.dtype} {pixels.shape} is no picture")
    channels = 1 if pixels.ndim == 2 else pixels.shape[2]
    how = {1: cv2.COLOR_GRAY2RGB, 3: cv2.COLOR_BGR2RGB, 4: cv2.COLOR_BGRA2RGB}[channels]
    return np.asarray(cv2.cvtColor(pixels, how), np.uint8)


def _learn_heif(name: str) -> None:
    """Teaches Pillow to read HEIC, which is patented and therefore not part of it."""
    try:
        import pillow_heif
    except ImportError as error:
        raise PictureError(
            f"{name} is a HEIC picture, which needs the package pillow-heif.",
            "Add it with: pip install pillow-heif. Or save the picture as JPEG.",
        ) from error
    pillow_heif.register_heif_opener()


def _without_end(file: BinaryIO, formats: tuple[str, ...], name: str) -> Picture:
    """Reads a picture; a JPEG that lacks nothing but its end mark too.

    Nothing else is lacking when what would follow makes no difference.
    """
    try:
        return _read(file, formats, name)
    except OSError:
        file.seek(0)
        data = file.read().rstrip(b"\xff")
        if not data.startswith(b"\xff\xd8\xff"):
            raise
        ended, going_on = (
            _read(BytesIO(data + more + b"\xff\xd9"), formats, name) for more in (b"", bytes(range(250, 0, -3)) * 20)
        )
        if not np.array_equal(ended.pixels, going_on.pixels):
            raise
        return ended


def _read(file: BinaryIO, formats: tuple[str, ...], name: str) -> Picture:
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = MAX_REDUCED // 2  # Pillow raises at twice this.
    with Image.open(file, formats=formats) as image:
        choose_page(image)
        width, height = image.size
        _bound(image, name)
        reduced = image.size != (width, height)
        choose_frame(image)
        orientation = _orientation(image)
        if orientation != 1:
            ImageOps.exif_transpose(image, in_place=True)
        pixels = np.asarray(rgb(image), np.uint8)
    if not reduced:
        height, width = pixels.shape[:2]
    elif orientation >= 5:
        width, height = height, width
    return Picture(pixels, width, height)


def _bound(image: "Image", name: str) -> None:
    """Takes care that not too much is decoded: reduces the picture on reading, or refuses it.

    Raises:
        PictureError: too large for bounded memory.
    """
    width, height = image.size
    if width < 1 or height < 1:
        raise PictureError(f"{name} has no pixels.", _CONVERT)
    if width * height <= MAX_DECODED:
        return
    # Sequential JPEG is decoded strip by strip; a progressive one needs all its coefficients at once.
    reducible = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
    if not reducible or width * height > MAX_REDUCED:
        limit = (MAX_REDUCED if reducible else MAX_DECODED) // 1_000_000
        raise PictureError(
            f"{name} is too large, {width} by {height} pixels.", f"Save a copy of at most {limit} megapixels."
        )
    divisor = next(divisor for divisor in (2, 4, 8) if width * height <= MAX_DECODED * divisor * divisor)
    image.draft("RGB", (width // divisor, height // divisor))


def _orientation(image: "Image") -> int:
    """The Exif orientation, 1 to 8; 1 (upright) where the block is damaged."""
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - what is damaged there is no reason not to show the picture
        return 1
    return value if value in range(1, 9) else 1


def _why(file: BinaryIO, name: str, error: Exception) -> PictureError:
    """The sentence for what Pillow raised."""
    from PIL import Image, TiffImagePlugin, UnidentifiedImageError

    if isinstance(error, Image.DecompressionBombError):
        return PictureError(f"{name} is too large.", f"Save a copy of at most {MAX_DECODED // 1_000_000} megapixels.")
    if isinstance(error, UnidentifiedImageError):
        file.seek(0)
        if file.read(4) in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
            try:
                file.seek(0)
                TiffImagePlugin.TiffImageFile(file)
            except Exception as reason:  # noqa: BLE001 - only asked why
                error = reason
    if any(word in str(error).lower() for word in ("unknown", "unsupported", "not supported", "conversion")):
        return PictureError(f"{name} is a kind of picture that cannot be read here.", _CONVERT)
    return PictureError(f"{name} is cut off or damaged.", _AGAIN)
