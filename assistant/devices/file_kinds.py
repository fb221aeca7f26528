"""What a file is, told by its first bytes: nothing is decoded for it, and no decoder sees what is not meant for it.

FFmpeg alone would also draw text files and follow playlists to the network; Pillow would read formats nobody needs.
"""

import mmap
import re
from pathlib import Path
from typing import BinaryIO
from unicodedata import category

from assistant.errors import PictureError

PICTURE, HEIF, VIDEO = "picture", "heif", "video"
H264, HEVC, MJPEG = "h264", "hevc", "mjpeg"
"""Streams without a container; the names by which FFmpeg knows them."""

_PICTURES = (
    b"\x89PNG\r\n\x1a\n",
    b"\xff\xd8\xff",  # JPEG
    b"GIF87a",
    b"GIF89a",
    b"BM",  # BMP
    b"II*\0",  # TIFF
    b"MM\0*",
    b"II+\0",  # TIFF with 64-bit addresses
    b"MM\0+",
)
_VIDEOS = (
    (0, b"RIFF"),  # AVI
    (0, b"\x1a\x45\xdf\xa3"),  # Matroska, WebM
    (4, b"ftyp"),  # MP4, MOV, 3GP
    (4, b"moov"),
    (4, b"mdat"),
    (4, b"wide"),
    (188, b"\x47"),  # MPEG transport stream, packets of 188 bytes
    (196, b"\x47"),  # the same with a time before each packet, as Blu-ray and camcorders have it
    (0, b"\0\0\x01\xba"),  # MPEG program stream
    (0, b"\0\0\x01\xb3"),  # MPEG video
    (0, b"\0\0\x01\xb0"),  # MPEG-4 video
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),  # ASF, WMV
    (0, b"OggS"),
    (0, b"FLV"),
    (0, b"DKIF"),  # IVF
    (0, b"YUV4MPEG2 "),
)
_STREAMS = (
    (re.compile(rb"\0{2,3}\x01(?:[\x27\x47\x67]|\x09[\x10-\xf0]|\x06)"), H264),  # parameters, delimiter or SEI first
    (re.compile(rb"\0{2,3}\x01[\x40\x42\x46]\x01"), HEVC),
)
_AVIF = frozenset({b"avif", b"avis"})
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"mif2", b"msf1"})
"""Brands of ISO/IEC 23008-12, annex B and section 10: pictures, collections and sequences of them."""
_SEARCHED = 16 * 2**20
"""How far the end of a first JPEG is looked for, bytes."""
_SCAN = re.compile(rb"\xff\xda")
_NEXT_JPEG = re.compile(rb"\xff\xd9[\0\r\n]{0,64}\xff\xd8\xff")


def kind_of(begins: bytes) -> str | None:
    """What a file with this beginning (512 bytes) is.

    Returns:
        `PICTURE`, `HEIF` (which needs a package of its own), `VIDEO`, a stream (`H264`, `HEVC`), or None.
    """
    if begins[4:8] == b"ftyp":
        return _kind_by_brand(begins)
    if begins.startswith(_PICTURES) or (begins[:4] == b"RIFF" and begins[8:12] == b"WEBP"):
        return PICTURE
    if any(begins.startswith(signature, at) for at, signature in _VIDEOS):
        return VIDEO
    return next((name for pattern, name in _STREAMS if pattern.match(begins)), None)


def kind_of_file(file: BinaryIO, name: str) -> str:
    """What an opened file is, also `MJPEG`; leaves its position at the beginning.

    Raises:
        PictureError: empty, cannot be read, or none of these.
    """
    try:
        begins = file.read(512)
        file.seek(0)
    except OSError as error:
        raise PictureError(f"{name} cannot be read: {error.strerror}.") from error
    if not begins:
        raise PictureError(f"{name} is empty.", "Copy it again from where it came from.")
    kind = kind_of(begins)
    if kind is None:
        raise PictureError(
            f"{name} is neither a picture nor a video that is known here.", "Give a JPEG, PNG, MP4, MKV or AVI file."
        )
    return MJPEG if begins.startswith(b"\xff\xd8\xff") and _goes_on(file) else kind


def is_picture(kind: str) -> bool:
    """Whether a kind of file is one picture, and not a video."""
    return kind in (PICTURE, HEIF)


def shown(path: Path | str) -> str:
    """A path as it can be printed: what is no text in it, or would steer a terminal, becomes a question mark."""
    return "".join("?" if category(letter) in ("Cc", "Cs", "Zl", "Zp") else letter for letter in str(path))


def _kind_by_brand(begins: bytes) -> str:
    """Tells pictures from films in the ISO base media format, by the brands in its first box."""
    major = begins[8:12]
    size = min(int.from_bytes(begins[:4], "big"), len(begins))
    brands = {major, *(begins[at : at + 4] for at in range(16, size - 3, 4))}
    if major in _AVIF or (major in _HEIF and brands & _AVIF):
        return PICTURE
    return HEIF if major in _HEIF else VIDEO


def _goes_on(file: BinaryIO) -> bool:
    """Whether a second JPEG follows the first, as in a recording; a picture with several views says so (MPF)."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        scan = _SCAN.search(data, 0, _SEARCHED)  # Before the first scan there may be a small picture of the picture.
        if scan is None or data.find(b"MPF\0", 0, scan.start()) >= 0:
            return False
        return _NEXT_JPEG.search(data, scan.start(), scan.start() + _SEARCHED) is not None
