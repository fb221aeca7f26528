"""Codes drawn for the tests."""

import cv2
import numpy as np
from numpy import uint8
from numpy.typing import NDArray

_LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
_FIRST = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")


def qr(content: str, scale: int = 5) -> NDArray[uint8]:
    """RGB, with a margin."""
    code = cv2.QRCodeEncoder_create().encode(content)
    code = cv2.copyMakeBorder(code, 4, 4, 4, 4, cv2.BORDER_CONSTANT, value=255)
    return _rgb(cv2.resize(code, None, fx=scale, fy=scale, interpolation=cv2.INTER_NEAREST))


def ean13(digits: str, scale: int = 3) -> NDArray[uint8]:
    """RGB, of thirteen digits, whether the last is right or not; ISO/IEC 15420."""
    bars = "101"
    for digit, kind in zip(digits[1:7], _FIRST[int(digits[0])], strict=True):
        left = _LEFT[int(digit)]
        bars += left if kind == "L" else left[::-1].translate(str.maketrans("01", "10"))
    bars += "01010"
    bars += "".join(_LEFT[int(digit)].translate(str.maketrans("01", "10")) for digit in digits[7:])
    row = np.array([0 if bar == "1" else 255 for bar in f"{bars}101"], uint8).repeat(scale)
    code = np.tile(row, (80 * scale // 2, 1))
    return _rgb(cv2.copyMakeBorder(code, 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=255))


def _rgb(grey: NDArray[uint8]) -> NDArray[uint8]:
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), uint8)
