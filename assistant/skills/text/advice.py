"""What to do so that text can be read: why none was, and that it is cut by the edge of the picture."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.domain.values import Phrase, Pixels, TextLine
from assistant.senses.light import judge
from assistant.senses.picture import fineness, reduced, smoothed
from assistant.skills.text.alphabet import UNREADABLE

SIDE = 640
"""Sharpness is judged in this size, pixels: letters that are read in it are finer than what else is seen."""
LEAST = 4
"""A line that has fewer pixels across or along cannot be judged."""
LOW = 14.0
"""Lines that are lower, with the room above and below them, are too small to read, pixels."""
BLURRED_BELOW = 0.12
"""`fineness` of a picture in this size, or of its lines; below, they are blurred."""
MARGIN = 0.004
"""What comes so near an edge is cut by it, of the longer side of the picture."""
LIKELY = 0.5
"""What was read with less certainty, or is but one letter, is no text more often than it is some."""
DARK_BELOW = 35
"""Grey level; text that is darker on average, with what is round it, is too dark."""


def why_nothing(pixels: Pixels, doubted: Sequence[TextLine], language: str) -> Phrase:
    """Why no text was read.

    Args:
        pixels: The picture.
        doubted: Lines that were found, but read with too little certainty.
        language: In which it will be told.
    """
    blurred = fineness(_grey(reduced(pixels, SIDE))) < BLURRED_BELOW
    if not doubted:
        dark = judge(pixels) in ("dark", "covered") and pixels.mean() < DARK_BELOW
        return Phrase("too_dark" if dark else "read_blurred" if blurred else "read_nothing")
    crops = [crop for line in doubted if min((crop := _crop(pixels, line)).shape[:2]) >= LEAST]
    if crops and np.mean([crop.mean() for crop in crops]) < DARK_BELOW:
        return Phrase("read_too_dark")
    if not crops or np.median([_height(line) for line in doubted]) < LOW:
        return Phrase("read_too_small")
    if blurred or np.median([fineness(_grey(crop)) for crop in crops]) < BLURRED_BELOW:
        return Phrase("read_blurred")
    if language in UNREADABLE:
        return Phrase("read_other_letters")
    likely = any(line.certainty >= LIKELY and sum(map(str.isalnum, line.text)) > 1 for line in doubted)
    return Phrase("read_unclear" if likely else "read_nothing")


def cut(pixels: Pixels, lines: Sequence[TextLine]) -> tuple[Phrase, ...]:
    """By which edge text is cut, and what to do; nothing where it is not."""
    height, width = pixels.shape[:2]
    near = MARGIN * max(height, width)
    corners = np.array([line.corners for line in lines], float32).reshape(-1, 4, 2)
    least, most = corners.min(axis=(0, 1), initial=np.inf), corners.max(axis=(0, 1), initial=-np.inf)
    sides = [
        side
        for side, is_cut in (
            ("left", least[0] <= near),
            ("right", most[0] >= width - near),
            ("top", least[1] <= near),
            ("bottom", most[1] >= height - near),
        )
        if is_cut
    ]
    if {"left", "right"} <= set(sides) or {"top", "bottom"} <= set(sides):
        return (Phrase("read_too_near"),)
    return (Phrase("read_cut", {"side": sides[0]}),) if sides else ()


def sharpness(pixels: Pixels) -> float:
    """How sharp a picture is; only that of pictures of the same thing can be compared."""
    grey = cv2.cvtColor(reduced(pixels, SIDE), cv2.COLOR_RGB2GRAY)
    return float(cv2.Laplacian(grey, cv2.CV_32F).var())


def _height(line: TextLine) -> float:
    return float(np.hypot(*np.subtract(line.corners[3], line.corners[0])))


def _crop(pixels: Pixels, line: TextLine) -> Pixels:
    left, top, across, down = cv2.boundingRect(np.array(line.corners, float32))
    return pixels[max(0, top) : top + down, max(0, left) : left + across]


def _grey(pixels: Pixels) -> NDArray[float32]:
    return smoothed(np.asarray(cv2.cvtColor(np.ascontiguousarray(pixels), cv2.COLOR_RGB2GRAY), float32))
