"""Finds and reads QR codes and barcodes with OpenCV; runs in `child.py` alone, for what is coded may be hostile."""

from collections.abc import Iterator

import cv2
import numpy as np
from numpy import uint8
from numpy.typing import NDArray

from assistant.domain.values import Pixels
from assistant.senses.picture import reduced, stretched

SIDES = (1280, 640, 320, 2560)
"""Longer sides of the picture in which codes are sought one after the other, until one is found, pixels."""
BARCODES = {"EAN_13": "ean13", "EAN_8": "ean8", "UPC_A": "upca"}
"""What OpenCV calls the barcodes whose check digit is known."""
MOST = 8
"""So many codes of one picture are read."""


def codes(pixels: Pixels) -> list[tuple[str, str]]:
    """Every code in a picture, each once: ("qr", its text) or (one of `BARCODES`, its digits).

    Args:
        pixels: uint8 (height, width, 3), RGB.
    """
    cv2.setNumThreads(1)
    grey = stretched(np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY), uint8))
    for picture in _sizes(grey):
        found = dict.fromkeys([*_squares(picture), *_bars(picture)])
        if found:
            return list(found)[:MOST]
    return list(dict.fromkeys(_squares(255 - grey)))[:MOST]  # white on dark


def checked(digits: str) -> bool:
    """Whether the last digit of an EAN or UPC-A is right: weights 3 and 1 from the right, a multiple of ten."""
    if not (digits.isascii() and digits.isdecimal() and len(digits) in (8, 12, 13)):
        return False
    return sum(int(digit) * (3 if number % 2 else 1) for number, digit in enumerate(reversed(digits))) % 10 == 0


def _sizes(grey: NDArray[uint8]) -> Iterator[NDArray[uint8]]:
    """The picture in several sizes, each once."""
    seen = set()
    for side in SIDES:
        picture = reduced(grey, side)
        if picture.shape not in seen:
            seen.add(picture.shape)
            yield picture
    if max(grey.shape) < SIDES[0] / 2:
        yield np.asarray(cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), uint8)


def _squares(grey: NDArray[uint8]) -> Iterator[tuple[str, str]]:
    found, contents, _, _ = cv2.QRCodeDetector().detectAndDecodeBytesMulti(grey)
    for content in contents if found else ():
        if content:
            yield "qr", _decoded(bytes(content))


def _bars(grey: NDArray[uint8]) -> Iterator[tuple[str, str]]:
    margin = max(grey.shape) // 4  # a code that fills the picture is not found
    grey = np.asarray(cv2.copyMakeBorder(grey, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=255), uint8)
    found, contents, kinds, _ = cv2.barcode.BarcodeDetector().detectAndDecodeWithType(grey)
    for content, kind in zip(contents, kinds, strict=True) if found else ():
        if kind in BARCODES and checked(content):
            yield BARCODES[kind], content


def _decoded(content: bytes) -> str:
    """Text in UTF-8, as nearly all is, or else in what Western Windows writes."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")
