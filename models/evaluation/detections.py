"""How good a detector of things is: what it found held against what people have drawn, and what follows from it.

A detection is right when it has the label of a drawn box that it overlaps by half (IoU), and no surer one has taken it
(the rule of PASCAL VOC; Everingham et al., "The PASCAL Visual Object Classes Challenge", IJCV 2010).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.domain.values import Box, Thing, Thresholds

OVERLAP = 0.5
SURE, UNSURE = 0.9, 0.6
"""So many of what is said unhedged, and of what is said hedged, shall be right."""
DRAWN_TO_ALL = 10
"""The precision of a label is drawn to that of all by so many detections, for most labels have few."""


@dataclass(frozen=True)
class Found:
    """One detection, judged."""

    label: str
    score: float
    right: bool


@dataclass(frozen=True)
class Drawn:
    """One drawn box, and the score with which it was found; None where it was not."""

    label: str
    side: float
    """Square root of its area, pixels."""
    score: float | None


def judged(
    things: Sequence[Thing], truth: Sequence[tuple[str, Box]], width: int, height: int
) -> tuple[list[Found], list[Drawn]]:
    """Judges what was found in one picture, the surest first."""
    taken: dict[int, float] = {}
    found = []
    for thing in sorted(things, key=lambda each: -each.certainty):
        overlaps = {
            index: box.iou(thing.box)
            for index, (label, box) in enumerate(truth)
            if label == thing.label and index not in taken
        }
        best = max(overlaps, key=overlaps.__getitem__, default=None)
        right = best is not None and overlaps[best] >= OVERLAP
        if best is not None and right:
            taken[best] = thing.certainty
        found.append(Found(thing.label, thing.certainty, right))
    drawn = [
        Drawn(label, float(np.sqrt(box.area * width * height)), taken.get(index))
        for index, (label, box) in enumerate(truth)
    ]
    return found, drawn


def average_precision(found: Iterable[Found], truths: int) -> float:
    """Area below precision over recall, of one label, precision made to fall only."""
    right = np.array([each.right for each in sorted(found, key=lambda each: -each.score)], float)
    if not truths or not len(right):
        return 0.0
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    precision = np.maximum.accumulate(precision[::-1])[::-1]
    return float((precision * right).sum() / truths)


def thresholds(found: Sequence[Found], labels: Iterable[str]) -> dict[str, Thresholds]:
    """From which score on each label may be said how, on photographs that choose.

    sure: the lowest score from which on so many are right as `SURE` says; unsure: likewise of those between it and
    sure, and `UNSURE`. Scores are tried in hundredths.
    """
    pooled = _Counts(found)
    of = {label: _Counts([each for each in found if each.label == label]) for label in labels}
    return {label: _thresholds(counts, pooled) for label, counts in of.items()}


class _Counts:
    """How many detections have a score from each hundredth on, and how many of them are right."""

    def __init__(self, found: Iterable[Found]) -> None:
        rows = [(min(99, int(each.score * 100)), each.right) for each in found]
        self.all = _from_each([place for place, _ in rows])
        self.right = _from_each([place for place, right in rows if right])

    def between(self, low: int, high: int) -> tuple[int, int]:
        """How many lie from one hundredth to below another, and how many of them are right."""
        return int(self.all[low] - self.all[high]), int(self.right[low] - self.right[high])


def _from_each(places: Sequence[int]) -> NDArray[np.int64]:
    counts = np.bincount(np.array(places, np.int64), minlength=101)
    return np.asarray(counts[::-1].cumsum()[::-1], np.int64)


def _thresholds(own: _Counts, pooled: _Counts) -> Thresholds:
    def precision(low: int, high: int) -> float:
        every, right = pooled.between(low, high)
        n, good = own.between(low, high)
        return (good + DRAWN_TO_ALL * (right / every if every else 0.0)) / (n + DRAWN_TO_ALL)

    sure = next((low for low in range(10, 100) if precision(low, 100) >= SURE), 100)
    unsure = next((low for low in range(10, sure) if precision(low, sure) >= UNSURE), sure)
    return Thresholds(sure / 100 if sure < 100 else None, unsure / 100)
