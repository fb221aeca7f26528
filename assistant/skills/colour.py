"""What colour the thing in the middle of the picture has: one basic term, or two where two are there."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.domain.commands import Command
from assistant.domain.ports import Answer, Finding, Look
from assistant.domain.values import Phrase, Pixels, Query, Word
from assistant.senses.colours import oklab, terms, under_white
from assistant.senses.light import judge
from assistant.senses.picture import reduced
from assistant.skills.spoken import answered

LONGEST_SIDE = 128
"""Pictures are looked at in this size, pixels."""
MIDDLE = 0.3
"""Side of the square in the middle that is asked about, of the picture's shorter side."""
SECOND = 0.2
"""The second colour is named if it has this part of the middle."""
CHROMATICITY = 0.1
"""Two colours whose hues and chromas against their lightness differ by less are one in light and shade,"""
SHADE = 4.0
"""where one is not so many times as light as the other: two stops."""


class ColourSkill:
    """`colour`."""

    name = "colour"
    lens = ""
    commands: Sequence[Command] = (Command("colour", "j"),)

    def answer(self, query: Query, looks: Iterator[Look]) -> Answer:
        """The colour in the middle."""
        return answered(self, query, looks)

    def study(self, query: Query, look: Look) -> Finding:
        """Its colour, and the second one where there are two; none where there is no light to see by."""
        if judge(look.frame.pixels) == "dark":
            return Finding((Phrase("colour_dark"),), {"colour": None, "colours": []})
        colours = in_the_middle(look.frame.pixels)
        facts = {name: Word("colour", colour) for name, colour in zip(("colour", "other"), colours, strict=False)}
        phrase = Phrase("colour_two" if len(colours) > 1 else "colour_one", facts)
        return Finding((phrase,), {"colour": colours[0], "colours": colours})

    def check(self) -> str:
        """It needs nothing."""
        return "needs nothing else."

    def close(self) -> None:
        """Holds nothing."""


def in_the_middle(pixels: Pixels) -> list[str]:
    """The basic colour terms of what is in the middle, one or two, the one of the larger part first.

    Args:
        pixels: uint8 (height, width, 3), RGB, any size from 1x1 on. All of it tells the colour of the light.
    """
    small = reduced(pixels, LONGEST_SIDE)
    height, width = small.shape[:2]
    half = max(1, round(MIDDLE * min(height, width) / 2))
    rows = slice(max(0, height // 2 - half), height // 2 + half)
    columns = slice(max(0, width // 2 - half), width // 2 + half)
    calm = np.asarray(cv2.medianBlur(np.ascontiguousarray(small), 3), np.uint8)
    colours = oklab(under_white(calm)[rows, columns].reshape(-1, 3))
    named = np.array(terms(colours))
    found, counts = np.unique(named, return_counts=True)
    first, *others = found[np.argsort(-counts, kind="stable")]
    if others and np.count_nonzero(named == others[0]) >= SECOND * len(named):
        one, other = (np.median(colours[named == term], axis=0) for term in (first, others[0]))
        if not _one_surface(one, other):
            return [str(first), str(others[0])]
    return terms(np.median(colours, axis=0)[None])


def _one_surface(one: NDArray[float32], other: NDArray[float32]) -> bool:
    """Whether two colours, OKLab, may be the same one in light and in shade."""
    light, dark = sorted((float(one[0]), float(other[0])), reverse=True)
    alike = np.hypot(*(one[1:] / max(one[0], 1e-3) - other[1:] / max(other[0], 1e-3))) < CHROMATICITY
    return bool(alike) and (light / max(dark, 1e-3)) ** 3 < SHADE
