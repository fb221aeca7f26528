"""From the network's own score to the chance of a true face, and the score from which a face is given."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from conditions import CONDITIONS, Case
from judge import Detect, matched

MOST_FALSE = 10.0
"""False faces in 1,000 background tiles, at most."""


@dataclass(frozen=True)
class Answers:
    """What a detector gave at a very low score.

    Attributes:
        right: scores of the true faces it found.
        wrong: scores of what is no face.
        faces: how many true ones there were.
    """

    right: np.ndarray
    wrong: np.ndarray
    faces: int


def answers(detect: Detect, cases: list[Case]) -> Answers:
    """Shows every picture in every condition."""
    right, wrong, faces = [], [], 0
    for case in cases:
        for change in CONDITIONS.values() if len(case.boxes) else [CONDITIONS["as they are"]]:
            changed = change(case)
            hits, false = matched(detect(changed.pixels), changed)
            right += [face.score for face in hits]
            wrong += [face.score for face in false]
            faces += len(changed.boxes)
    return Answers(np.array(right), np.array(wrong), faces)


def logistic(right: np.ndarray, wrong: np.ndarray, rounds: int = 50) -> tuple[float, float]:
    """Slope and shift of the curve from a logit to the chance of a true face (Platt 1999), by Newton's method.

    Args:
        right: scores of true faces, between 0 and 1.
        wrong: those of others.
        rounds: of Newton's method.
    """
    scores = np.concatenate([right, wrong])
    x = np.stack([np.log(scores / (1 - scores)), np.ones_like(scores)], axis=1)
    y = np.concatenate([np.ones(len(right)), np.zeros(len(wrong))])
    found = np.array([1.0, 0.0])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-x @ found))
        curvature = (x * (p * (1 - p))[:, None]).T @ x + 1e-6 * np.eye(2)
        found += np.linalg.solve(curvature, x.T @ (y - p))
    return float(found[0]), float(found[1])


def least_score(wrong: np.ndarray, tiles: int) -> float:
    """The lowest score, in hundredths, at which at most `MOST_FALSE` of 1,000 background tiles hold a false face."""
    allowed = int(tiles * MOST_FALSE / 1000)
    ranked = np.sort(wrong)[::-1]
    limit = ranked[allowed] if len(ranked) > allowed else 0.0
    return float(np.floor(limit * 100 + 1) / 100)


def error(found: Answers, least: float, bins: int = 10) -> float:
    """Expected calibration error of what is given, in equal bins of the score."""
    scores = np.concatenate([found.right, found.wrong])
    truth = np.concatenate([np.ones(len(found.right)), np.zeros(len(found.wrong))])
    given = scores >= least
    scores, truth = scores[given], truth[given]
    place = np.minimum((scores * bins).astype(int), bins - 1)
    parts = [place == each for each in range(bins)]
    return float(sum(abs(truth[part].mean() - scores[part].mean()) * part.mean() for part in parts if part.any()))
