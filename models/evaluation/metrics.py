"""What the figures mean: accuracy, macro-F1, calibration error, intervals, coverage; numpy alone.

Probabilities are (n, 7) in the order of `LABELS`; truths are (n,) indices into it, with `OTHER` for a face whose true
expression is none of the seven (contempt, or no majority), which every answer gets wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from assistant.domain.values import EXPRESSIONS

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LABELS = EXPRESSIONS
"""The seven expressions, in FER-2013's order."""

VOTES = ("neutral", "happy", "surprise", "sad", "angry", "disgust", "fear", "contempt", "unknown", "no face")
"""The ten columns of FER+."""

OTHER = -1
"""A truth that is none of the seven."""

UNKNOWN, NO_FACE = VOTES.index("unknown"), VOTES.index("no face")

_LABEL_OF_VOTE = np.array([LABELS.index(name) if name in LABELS else OTHER for name in VOTES], np.int64)


@dataclass(frozen=True)
class Majority:
    """FER+ votes turned into one truth a face.

    Attributes:
        truth: (n,) index into `LABELS`; `OTHER` for contempt and where there is no majority.
        decided: (n,) true where one expression (contempt included) holds the majority.
        seen: (n,) true unless unknown or not-a-face is at the top; the set on which certainty is judged.
    """

    truth: Ints
    decided: Bools
    seen: Bools


def majority(votes: Ints) -> Majority:
    """Applies the majority rule of FER+ (Barsoum et al., ICMI 2016).

    Single votes are set to zero; the top column must then hold more than half of what remains, itself included.

    Args:
        votes: (n, 10) counts in the order of `VOTES`.
    """
    kept = np.where(votes <= 1, 0, votes)
    total = kept.sum(axis=1)
    top = kept.argmax(axis=1)
    seen = (total > 0) & (top != UNKNOWN) & (top != NO_FACE)
    decided = seen & (2 * kept.max(axis=1) > total)
    truth = np.where(decided, _LABEL_OF_VOTE[top], OTHER)
    return Majority(truth.astype(np.int64), decided, seen)


def accuracy(probabilities: Floats, truth: Ints) -> float:
    """Share of faces whose most probable label is the true one."""
    return float(np.mean(probabilities.argmax(axis=1) == truth))


def confusion(probabilities: Floats, truth: Ints) -> Ints:
    """Counts answers: (8, 7), row = truth (the last row is `OTHER`), column = answer."""
    table = np.zeros((len(LABELS) + 1, len(LABELS)), np.int64)
    np.add.at(table, (truth, probabilities.argmax(axis=1)), 1)
    return table


@dataclass(frozen=True)
class ClassScore:
    """How well one class is found: precision, recall, F1, and the number of faces that truly have it."""

    precision: float
    recall: float
    f1: float
    n: int


def per_class(table: Ints) -> dict[str, ClassScore]:
    """Precision, recall and F1 of each class from a confusion table of `confusion`.

    A class that is never answered has precision 0; one that never occurs has recall 0.
    """
    scores = {}
    for index, label in enumerate(LABELS):
        right = int(table[index, index])
        answered, true = int(table[:, index].sum()), int(table[index].sum())
        f1 = 2 * right / (answered + true) if answered + true else 0.0
        scores[label] = ClassScore(right / answered if answered else 0.0, right / true if true else 0.0, f1, true)
    return scores


def macro_f1(table: Ints) -> float:
    """Mean F1 of the seven classes."""
    return float(np.mean([score.f1 for score in per_class(table).values()]))


@dataclass(frozen=True)
class CalibrationBin:
    """Faces whose certainty fell into one fifteenth: their number, mean certainty and accuracy."""

    n: int
    certainty: float
    accuracy: float


def calibration_bins(probabilities: Floats, truth: Ints, bins: int = 15) -> list[CalibrationBin]:
    """Groups faces by the certainty of the answer into bins of equal width; empty bins are left out."""
    certainty = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    index = np.minimum((certainty * bins).astype(np.int64), bins - 1)
    groups = (index == number for number in range(bins))
    return [
        CalibrationBin(int(group.sum()), float(certainty[group].mean()), float(right[group].mean()))
        for group in groups
        if group.any()
    ]


def calibration_error(probabilities: Floats, truth: Ints, bins: int = 15) -> float:
    """Expected calibration error (Guo et al., "On Calibration of Modern Neural Networks", ICML 2017)."""
    groups = calibration_bins(probabilities, truth, bins)
    return sum(group.n * abs(group.certainty - group.accuracy) for group in groups) / len(truth)


def wilson_interval(right: int, n: int, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's 95 % score interval of a proportion (JASA 22, 1927); (0, 1) when n is 0."""
    if n == 0:
        return 0.0, 1.0
    share = right / n
    centre = share + z * z / (2 * n)
    spread = z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return (centre - spread) / scale, (centre + spread) / scale


@dataclass(frozen=True)
class Coverage:
    """What is answered at or above a threshold: its share of all faces, and how much of it is right."""

    threshold: float
    coverage: float
    accuracy: float


def coverage_curve(probabilities: Floats, truth: Ints, thresholds: Floats | None = None) -> list[Coverage]:
    """Coverage against accuracy while the threshold on certainty rises (0 to 0.98 in steps of 0.02 by default)."""
    certainty = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    steps = np.arange(0, 1, 0.02) if thresholds is None else thresholds
    points = []
    for threshold in steps:
        answered = certainty >= threshold
        if answered.any():
            points.append(Coverage(float(threshold), float(answered.mean()), float(right[answered].mean())))
    return points


def unhedged(probabilities: Floats, sure: Mapping[str, float | None]) -> Bools:
    """Which faces are answered without a hedge: (n,) true where the answer's class has a threshold that is reached."""
    limits = np.array([np.inf if sure[label] is None else sure[label] for label in LABELS], np.float64)
    return np.asarray(probabilities.max(axis=1) >= limits[probabilities.argmax(axis=1)])
