"""From the network's own score to one that, with the points, gives the chance of a true face; on what chooses.

The program multiplies the odds of the finder and of the points (`assistant/senses/faces/follow.py`). So the finder's
score is calibrated beside them: its logit counts so much beside theirs that most is found, and the two together are
even where few enough photographs without a face show somebody.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
from conditions import Case
from judge import SAME, Detect, in_pixels, resized
from truth import overlaps

from assistant.senses.faces.follow import CONFIRMED, DOUBT, TRUST
from assistant.senses.faces.points import PointsNetwork, padded

SLOPES = np.arange(1.0, 5.1, 0.5)
MOST_SEEN, ASKED = 0.004, 0.03
"""Share of the views without a face in which somebody may be seen; share in which the points may be asked. The first is
well below what is aimed at, 1.7 % of photographs: those that choose are few, see EXPERIMENTS.md."""
PART = 0.7
"""Of the sides of a photograph, in the views that show a part of it."""


def logit(probability: np.ndarray) -> np.ndarray:
    """Its logarithm of odds, as the program reckons it."""
    inside = np.clip(probability, 1e-3, 1 - 1e-3)
    return np.log(inside / (1 - inside))


EVEN = float(logit(np.array(CONFIRMED)))
LARGEST = float(logit(np.array(1.0)))
"""The program's limit for both together, and the firmest that it lets anybody speak."""
Curve = tuple[float, float]
"""Slope and shift from the network's own logit to that of the score."""


@dataclass(frozen=True)
class Answers:
    """What a detector gave at a very low score, and what the points say of it.

    Attributes:
        right: (n, 2) logits of detector and points, of the best answer to each true face that had one.
        wrong: the same of all answers in each view without a face, (m, 2) each.
        worn: what each of those faces wears.
        faces: how many true ones wear what.
    """

    right: np.ndarray
    wrong: list[np.ndarray]
    worn: np.ndarray
    faces: Counter[str]

    def found(self, curve: Curve, least: float, *, with_points: bool) -> dict[str, float]:
        """The share of the true faces that reach a limit, by what they wear."""
        reached = together(self.right, curve, with_points=with_points) >= least
        return {worn: float(reached[self.worn == worn].sum() / n) for worn, n in self.faces.items()}

    def seen(self, curve: Curve, *, with_points: bool) -> np.ndarray:
        """The strongest answer in each view without a face, the strongest view first."""
        best = np.full(len(self.wrong), -LARGEST)
        owner = np.repeat(np.arange(len(self.wrong)), [len(each) for each in self.wrong])
        rows = np.concatenate([*self.wrong, np.empty((0, 2))])
        np.maximum.at(best, owner, together(rows, curve, with_points=with_points))
        return np.sort(best)[::-1]


def views(pixels: np.ndarray) -> list[np.ndarray]:
    """A photograph as it is and mirrored, and its four corners, each enlarged: the same things, framed otherwise."""
    height, width = pixels.shape[:2]
    down, across = round(PART * height), round(PART * width)
    corners = [pixels[y : y + down, x : x + across] for y in (0, height - down) for x in (0, width - across)]
    return [np.ascontiguousarray(each) for each in (pixels, pixels[:, ::-1], *map(resized, corners))]


def together(rows: np.ndarray, curve: Curve, *, with_points: bool) -> np.ndarray:
    """The logit of a face, as the program reckons it, for logits of detector and points (n, 2)."""
    slope, shift = curve
    own = np.clip(slope * rows[:, 0] + shift, -LARGEST, LARGEST)
    return own + with_points * np.clip(rows[:, 1], *(logit(np.array(each)) for each in (DOUBT, TRUST)))


def answers(detect: Detect, drawn: list[Case], faceless: list[Case]) -> Answers:
    """Shows every picture."""
    points = PointsNetwork()

    def asked(case: Case) -> tuple[np.ndarray, np.ndarray]:
        found = detect(case.pixels)
        height, width = case.pixels.shape[:2]
        located = points.locate(case.pixels, [padded(face, width, height) for face in found])
        scores = [logit(np.array([f.score, p.score])) for f, p in zip(found, located, strict=True)]
        return np.array(scores).reshape(-1, 2), in_pixels(found, case)

    right, worn, faces = [], [], Counter[str]()
    for case in drawn:
        scores, boxes = asked(case)
        faces.update(case.labels)
        for mine, label in zip(overlaps(case.boxes, boxes) > SAME, case.labels, strict=True):
            if mine.any():
                right.append(scores[mine][scores[mine].sum(axis=1).argmax()])
                worn.append(label)
    wrong = [asked(replace(case, pixels=view))[0] for case in faceless for view in views(case.pixels)]
    return Answers(np.array(right).reshape(-1, 2), wrong, np.array(worn), faces)


def curve_of(found: Answers) -> Curve:
    """The calibration with which most is found; faces of each kind count alike.

    For each slope the shift is the largest with which few enough views without a face show somebody. What is
    found is the mean over shifts with which one to twelve of them do, so that the choice does not hang on a single one.
    """

    def recall(slope: float) -> float:
        curves = [(slope, shift_of(found, slope, number)) for number in range(1, 13)]
        return float(np.mean([list(found.found(each, EVEN, with_points=True).values()) for each in curves]))

    slope = float(max(SLOPES, key=recall))
    return slope, shift_of(found, slope, int(len(found.wrong) * MOST_SEEN))


def shift_of(found: Answers, slope: float, most: int) -> float:
    """The largest shift with which at most so many views without a face show somebody."""
    low, high = -12.0, 8.0
    while high - low > 0.02:
        middle = (low + high) / 2
        few = (found.seen((slope, middle), with_points=True) >= EVEN).sum() <= most
        low, high = (middle, high) if few else (low, middle)
    return low


def limit(found: Answers, curve: Curve, share: float) -> float:
    """The lowest logit of the detector alone that so few views without a face reach."""
    ranked = found.seen(curve, with_points=False)
    return float(ranked[min(int(len(ranked) * share), len(ranked) - 1)]) + 1e-3
