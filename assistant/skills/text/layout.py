"""In which order lines are read out, and which of them are one.

The order is that of Breuel, High performance document layout analysis (2003): of two rows that overlap across, the
upper one comes first; a row that is wholly left of another comes first too, unless one between them reaches over both.
So columns are read one after the other, below a headline over all of them. What stands side by side in a table is
joined to one row before: an amount and what it is of.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy import float64
from numpy.typing import NDArray

from assistant.domain.values import TextLine
from assistant.skills.text.rows import ALIKE, Placed, joined, straightened

PITCH = 1.6
"""From one line of a paragraph to the next there is no more than this, heights of the line."""
INDENT = 0.8
"""A line that begins so much further right begins a paragraph, heights of the line."""
CENTRED = 0.3
"""A line that reaches further by so much on both sides is the next of a list of centred lines, heights of the line."""
PROSE = 4
"""A line of so many words that ends with a letter or a comma goes on in one that begins with a small letter."""
WINDOW = 4.0
"""How far a column reaches is seen from its lines no further above or below, heights of the line."""


@dataclass(frozen=True, slots=True)
class Row:
    """What is read out as one line: mostly one line that was found, in a table the parts of a row."""

    parts: tuple[TextLine, ...]
    """From left to right."""
    begins: bool = True
    """Whether it begins a paragraph; otherwise it goes on with that of the row before."""

    @property
    def text(self) -> str:
        """Its words."""
        return " ".join(part.text for part in self.parts)

    @property
    def certainty(self) -> float:
        """The mean over its letters."""
        letters = [max(1, len(part.text)) for part in self.parts]
        return float(np.average([part.certainty for part in self.parts], weights=letters))

    @property
    def corners(self) -> NDArray[float64]:
        """(n, 2) of all its parts, pixels."""
        return np.concatenate([np.asarray(part.corners, float64) for part in self.parts])


def arranged(lines: Sequence[TextLine]) -> list[Row]:
    """Rows in the order in which they are read out, each with whether it begins a paragraph.

    Lines that run in another direction than most come last.
    """
    if not lines:
        return []
    quarters = np.array([_quarter(line) for line in lines])
    lengths = np.array([_length(line) for line in lines])
    groups = sorted(set(quarters.tolist()), key=lambda quarter: -float(lengths[quarters == quarter].sum()))
    rows: list[Row] = []
    for quarter in groups:
        rows += _of_one_direction([line for line, its in zip(lines, quarters, strict=True) if its == quarter])
    return rows


def paragraphs(rows: Sequence[Row]) -> list[str]:
    """The words of each paragraph; a word that a hyphen parts at the end of a line is whole again."""
    texts: list[str] = []
    for row in rows:
        if row.begins or not texts:
            texts.append(row.text)
        elif re.search(r"[^\W\d_]-$", texts[-1]) and row.text[:1].islower():
            texts[-1] = texts[-1][:-1] + row.text
        else:
            texts[-1] += f" {row.text}"
    return texts


def _of_one_direction(lines: Sequence[TextLine]) -> list[Row]:
    rows = joined(straightened(lines))
    blocks = _blocks(rows)
    ordered = [row for number in _order([_extent(block) for block in blocks]) for row in blocks[number]]
    begins = [True] + [not _goes_on(before, row, rows) for before, row in pairwise(ordered)]
    return [Row(row.parts, begin) for row, begin in zip(ordered, begins, strict=True)]


def _quarter(line: TextLine) -> int:
    (x0, y0), (x1, y1) = line.corners[:2]
    return round(float(np.degrees(np.arctan2(y1 - y0, x1 - x0))) / 90) % 4


def _length(line: TextLine) -> float:
    (x0, y0), (x1, y1) = line.corners[:2]
    return float(np.hypot(x1 - x0, y1 - y0))


def _blocks(rows: Sequence[Placed]) -> list[list[Placed]]:
    """Rows that stand one below the other with nothing beside, as in a column; each block from above."""
    from_above = sorted(rows, key=lambda row: row.middle)
    below = {id(row): [other for other in from_above if _below(row, other)] for row in from_above}
    above = {id(row): [other for other in from_above if _below(other, row)] for row in from_above}
    blocks: dict[int, list[Placed]] = {}
    for row in from_above:
        upper = above[id(row)]
        joins = len(upper) == 1 and len(below[id(upper[0])]) == 1
        block = blocks[id(upper[0])] if joins else []
        block.append(row)
        blocks[id(row)] = block
    return list({id(block): block for block in blocks.values()}.values())


def _below(one: Placed, other: Placed) -> bool:
    low, high = sorted((one.height, other.height))
    return 0 < other.middle - one.middle < PITCH * high and high < ALIKE * low and one.overlaps(other)


def _extent(block: Sequence[Placed]) -> Placed:
    """Where a block is, as if it were one row."""
    left, right = min(row.left for row in block), max(row.right for row in block)
    middle = float(np.mean([row.middle for row in block]))
    return Placed((), left, right, middle, block[0].height)


def _order(rows: Sequence[Placed]) -> list[int]:
    """Numbers of the rows as they are read; where the rules go round in circles, the uppermost comes first."""
    count = len(rows)
    before = np.array([[i != j and _before(rows[i], rows[j], rows) for j in range(count)] for i in range(count)])
    left, ordered = list(range(count)), list[int]()

    def rank(number: int) -> tuple[bool, float, float]:
        """What stands below the row before comes first, then what is leftmost."""
        row, last = rows[number], rows[ordered[-1]] if ordered else None
        below = last is not None and row.overlaps(last) and row.middle > last.middle
        return not below, row.middle if below or last is None else row.left, row.left

    while left:
        free = [j for j in left if not before[left, j].any()]
        following = min(free, key=rank) if free else min(left, key=lambda j: rows[j].middle)
        ordered.append(following)
        left.remove(following)
    return ordered


def _before(one: Placed, other: Placed, rows: Sequence[Placed]) -> bool:
    if one.overlaps(other):
        return one.middle < other.middle
    if one.left >= other.left:
        return False
    upper, lower = sorted((one.middle, other.middle))
    return not any(upper < row.middle < lower and row.overlaps(one) and row.overlaps(other) for row in rows)


def _goes_on(before: Placed, row: Placed, rows: Sequence[Placed]) -> bool:
    """Whether a row goes on with the paragraph of the one before.

    It is near, and its first word had no room there, or the sentence is not at its end.
    """
    low, high = sorted((before.height, row.height))
    near = 0 < row.middle - before.middle < PITCH * high and high < ALIKE * low
    if not near or len(before.parts) > 1 or len(row.parts) > 1 or row.left - before.left > INDENT * high:
        return False
    if min(before.left - row.left, row.right - before.right) > CENTRED * high:
        return False
    if _in_mid_sentence(before.parts[0].text, row.parts[0].text):
        return True
    column = [
        each
        for each in rows
        if abs(each.left - row.left) < INDENT * high and abs(each.middle - row.middle) < WINDOW * high
        if max(each.height, high) < ALIKE * min(each.height, low)
    ]
    text = row.parts[0].text
    word = (row.right - row.left) * (len(text.split(" ")[0]) + 1) / max(1, len(text))
    return max((each.right for each in column), default=row.right) - before.right < word


def _in_mid_sentence(before: str, text: str) -> bool:
    """Whether a line of prose ends within a sentence: a short one may stand in a list."""
    return len(before.split()) >= PROSE and (before[-1].isalpha() or before[-1] in ",;") and text[:1].islower()
