"""Lines laid straight, and joined to rows: the parts of a line, and in a table an amount and what it is of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy import float64

from assistant.domain.values import TextLine

ALIKE = 1.5
"""Lines of one size differ in height by no more than this factor; parts of a row by its square."""
WORD_GAP = 0.9
"""Parts of a line that are no further apart, heights of the line, are one."""
LEVEL = 0.5
"""Parts of a row differ in height above the ground by less, of the lower line's height."""
AMOUNT = re.compile(r"(?=.*\d)[^\W\d_]{0,3}[\s\d.,:;/*x%€$£+=-]+[^\W\d_]{0,3}\*?")
"""What is taken for a number, a price, a time or a date in a table."""
NEAR = 3.0
"""Neighbours of a cell in its column are no further above or below, heights of the line."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A row laid straight: upright, and its lines level."""

    parts: tuple[TextLine, ...]
    left: float
    right: float
    middle: float
    """Down from above."""
    height: float

    def overlaps(self, other: "Placed") -> bool:
        """Whether one stands above the other."""
        shared = min(self.right, other.right) - max(self.left, other.left)
        return shared > 0.2 * min(self.height, other.height)


def straightened(lines: Sequence[TextLine]) -> list[Placed]:
    """Turns all upright, and takes out that lines run together, as on a page that is seen from aside."""
    corners = np.array([line.corners for line in lines], float64)
    along = (corners[:, 1] - corners[:, 0]).sum(axis=0)
    cos, sin = along / max(1e-6, float(np.hypot(*along)))
    corners = corners @ np.array([[cos, -sin], [sin, cos]])
    begins, ends = (corners[:, 0] + corners[:, 3]) / 2, (corners[:, 1] + corners[:, 2]) / 2
    heights = np.hypot(*(corners[:, 3] - corners[:, 0]).T)
    widths = np.maximum(1.0, ends[:, 0] - begins[:, 0])
    middles = (begins[:, 1] + ends[:, 1]) / 2
    weights = np.where(widths > 3 * heights, widths, 1e-3)
    slopes = (ends[:, 1] - begins[:, 1]) / widths
    degree = 1 if np.count_nonzero(weights > 1) >= 4 and np.ptp(middles) > 3 * np.median(heights) else 0
    slope = np.polyval(np.polyfit(middles, slopes, degree, w=weights), middles)
    centre = float((begins[:, 0].min() + ends[:, 0].max()) / 2)
    level = middles - slope * ((begins[:, 0] + ends[:, 0]) / 2 - centre)
    return [
        Placed((line,), float(begins[n, 0]), float(ends[n, 0]), float(level[n]), float(heights[n]))
        for n, line in enumerate(lines)
    ]


def joined(cells: list[Placed]) -> list[Placed]:
    """Joins the parts of a line, and the cells of a row."""
    rows = sorted(cells, key=lambda cell: cell.left)
    found = True
    while found:
        found = False
        for cell in rows:
            beside = [other for other in rows if other is not cell and _level(cell, other) and other.left > cell.left]
            right = min(beside, key=lambda other: other.left, default=None)
            if right is not None and _one_row(cell, right, cells):
                rows = [row for row in rows if row is not cell and row is not right]
                rows.append(_both(cell, right))
                found = True
                break
    return rows


def _both(one: Placed, other: Placed) -> Placed:
    tallest = max(one, other, key=lambda row: row.right - row.left)
    right = max(one.right, other.right)
    return Placed((*one.parts, *other.parts), one.left, right, tallest.middle, tallest.height)


def _level(one: Placed, other: Placed) -> bool:
    low, high = sorted((one.height, other.height))
    return abs(one.middle - other.middle) < LEVEL * low and high < ALIKE**2 * low


def _one_row(left: Placed, right: Placed, cells: Sequence[Placed]) -> bool:
    """Whether two neighbours are parts of one line, or cells of one row of a table."""
    if right.left - left.right < WORD_GAP * max(left.height, right.height):
        return True
    first, last = right.parts[0].text, left.parts[-1].text
    if last.endswith(":"):
        return True
    return any(
        AMOUNT.fullmatch(text) and not _in_prose(row, text, cells) for row, text in ((right, first), (left, last))
    )


def _in_prose(row: Placed, text: str, cells: Sequence[Placed]) -> bool:
    """Whether what looks like a number in a table is the end of a paragraph: its column consists of long lines."""
    column = [
        cell.parts[0].text
        for cell in cells
        if 0 < abs(cell.middle - row.middle) < NEAR * row.height and cell.overlaps(row) and cell.parts[0].text != text
    ]
    return bool(column) and all(len(each) > 20 and not AMOUNT.fullmatch(each) for each in column)
