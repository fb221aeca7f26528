"""Which faces were found, and what was found that is none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from conditions import Case
from mosaic import SURE
from sources import Source
from teacher import DOUBTED

from assistant.domain.ports import FaceDetector
from assistant.domain.values import Face, Frame
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.points import PointsNetwork

Detect = Callable[[np.ndarray], list[Face]]
"""A detector: uint8 (height, width, 3) RGB -> faces in fractions."""

SAME = 0.3
"""Boxes that overlap more than this (IoU) are of the same face, as in the program."""
SMALLEST = 24.0
"""Lower faces are neither to be found nor wrong, pixels of the photograph."""
TILE = (320, 240)
"""Width and height of a background tile, pixels of the photograph; tiles overlap by a half."""


@dataclass
class Count:
    """What one detector did on one set."""

    found: int = 0
    of: int = 0
    false: int = 0
    pictures: int = 0

    @property
    def recall(self) -> float:
        """Share of the faces that were found; nan without faces."""
        return self.found / self.of if self.of else float("nan")


def confirmed(finder: FaceDetector) -> Detect:
    """A detector whose faces the network of points confirms, as the program does it; every picture is a first frame."""
    points = PointsNetwork()
    return lambda pixels: Follower(finder, points).find(Frame(pixels, 0.0))


def case_of(source: Source, rows: np.ndarray) -> Case:
    """A photograph with what the teacher saw in it."""
    asked = (rows[:, 14] >= SURE) & (rows[:, 3] >= SMALLEST)
    return Case(f"{source.kind}/{source.name}", source.pixels(), rows[asked, :4], rows[~asked, :4])


def count(detect: Detect, cases: Iterable[Case]) -> Count:
    """Shows pictures to a detector."""
    total = Count()
    for case in cases:
        hits, false = matched(detect(case.pixels), case)
        total.found += len(hits)
        total.of += len(case.boxes)
        total.false += len(false)
        total.pictures += 1
    return total


def matched(faces: list[Face], case: Case) -> tuple[list[Face], list[Face]]:
    """The faces that are right, each true one once, and those that are wrong; best scores first."""
    height, width = case.pixels.shape[:2]
    boxes = np.array([[f.box.left, f.box.top, f.box.width, f.box.height] for f in faces]).reshape(-1, 4)
    boxes *= [width, height, width, height]
    free = np.ones(len(case.boxes), bool)
    hits, false = [], []
    for face, box in zip(faces, boxes, strict=True):
        fit = np.where(free, overlaps(box, case.boxes), 0)
        if len(fit) and fit.max() > SAME:
            free[fit.argmax()] = False
            hits.append(face)
        elif not _excused(box, case):
            false.append(face)
    return hits, false


def _excused(box: np.ndarray, case: Case) -> bool:
    """Whether a face lies where the teacher is not sure, or is a second answer for a true one."""
    elsewhere = np.concatenate([case.others, case.boxes])
    return bool((overlaps(box, elsewhere) > SAME / 2).any())


def overlaps(box: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Intersection over union of a box (4,) with others (n, 4)."""
    corner = np.maximum(box[:2], others[:, :2])
    far = np.minimum(box[:2] + box[2:], others[:, :2] + others[:, 2:])
    shared = np.clip(far - corner, 0, None).prod(axis=1)
    return shared / np.maximum(box[2:].prod() + others[:, 2:].prod(axis=1) - shared, 1e-9)


def tiles(source: Source, rows: np.ndarray) -> list[Case]:
    """Parts of a photograph in which the teacher sees no face, be it an unlikely one; they may hold people.

    What it sees where nobody has marked a person counts as background.
    """
    pixels, rows = source.pixels(), rows[rows[:, 14] > DOUBTED]
    height, width = pixels.shape[:2]
    found = []
    for top in range(0, max(1, height - TILE[1] + 1), TILE[1] // 2):
        for left in range(0, max(1, width - TILE[0] + 1), TILE[0] // 2):
            apart = (
                (rows[:, 0] > left + TILE[0])
                | (rows[:, 1] > top + TILE[1])
                | (rows[:, 0] + rows[:, 2] < left)
                | (rows[:, 1] + rows[:, 3] < top)
            )
            if apart.all():
                part = pixels[top : top + TILE[1], left : left + TILE[0]]
                name = f"{source.kind}/{source.name}/{left}/{top}"
                found.append(Case(name, np.ascontiguousarray(part), np.empty((0, 4)), np.empty((0, 4))))
    return found
