"""Which faces were found, and where somebody was seen who is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np
from conditions import Case
from sources import Source
from truth import overlaps, truth_of

from assistant.domain.ports import FaceDetector
from assistant.domain.values import Face, Frame
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.points import PointsNetwork

Detect = Callable[[np.ndarray], list[Face]]
"""A detector: uint8 (height, width, 3) RGB -> faces in fractions."""

SAME = 0.3
"""Boxes that overlap more than this (IoU) are of the same face, as in the program."""
LONGEST = 960
"""Every photograph is brought to this longer side, pixels."""


@dataclass(frozen=True)
class Found:
    """What one detector found on one set of photographs, face by face.

    Attributes:
        scores: of the face that was found; 0 where it was not.
        sizes: longer side of each true box, in longer sides of its photograph.
        labels: what it wears, or the group its person belongs to.
        seen: the best score in each photograph without a face.
    """

    scores: list[float] = field(default_factory=list)
    sizes: list[float] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    seen: list[float] = field(default_factory=list)

    def recall(self, label: str | None = None, least: float = 0.0, most: float = 9.0) -> tuple[int, int]:
        """How many faces of a label and of a range of sizes were found, and how many there are."""
        asked = [
            score > 0
            for score, size, each in zip(self.scores, self.sizes, self.labels, strict=True)
            if label in (None, each) and least <= size < most
        ]
        return sum(asked), len(asked)


def confirmed(finder: FaceDetector) -> Detect:
    """A detector whose faces the network of points confirms, as the program does it; every picture is a first frame."""
    points = PointsNetwork()
    return lambda pixels: Follower(finder, points).find(Frame(pixels, 0.0))


def resized(pixels: np.ndarray, longest: int = LONGEST) -> np.ndarray:
    """The photograph, its longer side brought to this many pixels."""
    scale = longest / max(pixels.shape)
    way = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=way)


def case_of(source: Source, seen: np.ndarray) -> Case:
    """A photograph as a detector is shown it: drawn faces where people have drawn, else the teacher's sure ones."""
    pixels = source.pixels()
    large = resized(pixels)
    scale = large.shape[1] / pixels.shape[1]
    if source.drawn is not None:
        return Case(source.key, large, source.drawn * scale, np.empty((0, 4)), list(source.labels))
    rows = truth_of(source, seen).rows
    if source.kind == "utk":  # a close-up of one person, whom the teacher may miss: the face fills it
        height, width = large.shape[:2]
        box = np.array([[0.08 * width, 0.0, 0.84 * width, float(height)]])
        return Case(source.key, large, box, np.empty((0, 4)), ["/".join(source.labels)])
    return Case(source.key, large, rows[rows[:, 14] == 1, :4] * scale, rows[rows[:, 14] == 0, :4] * scale)


def show(detect: Detect, case: Case, found: Found) -> None:
    """Shows a picture to a detector and notes what it finds."""
    height, width = case.pixels.shape[:2]
    faces = detect(case.pixels)
    if not len(case.boxes):
        found.seen.append(max((face.score for face in faces), default=0.0))
        return
    found.scores.extend(matched(faces, case))
    found.sizes.extend((case.boxes[:, 2:].max(axis=1) / max(width, height)).tolist())
    found.labels.extend(case.labels or [""] * len(case.boxes))


def matched(faces: list[Face], case: Case) -> list[float]:
    """The score of the face that was found for each true one, 0 where there is none; better faces choose first."""
    scores = np.zeros(len(case.boxes))
    for face, fit in zip(faces, overlaps(in_pixels(faces, case), case.boxes), strict=True):
        free = np.where(scores == 0, fit, 0)
        if free.max(initial=0) > SAME:
            scores[free.argmax()] = face.score
    return scores.tolist()


def in_pixels(faces: list[Face], case: Case) -> np.ndarray:
    """(n, 4) the boxes of faces in pixels of the picture."""
    height, width = case.pixels.shape[:2]
    boxes = np.array([[f.box.left, f.box.top, f.box.width, f.box.height] for f in faces]).reshape(-1, 4)
    return boxes * [width, height, width, height]
