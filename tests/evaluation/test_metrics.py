"""What the figures mean, on cases worked out by hand."""

import numpy as np
import pytest

from models.evaluation import metrics
from models.evaluation.metrics import LABELS, OTHER
from tests.evaluation.made import ballot

HAPPY, NEUTRAL = LABELS.index("happy"), LABELS.index("neutral")


def answers(*pairs: tuple[int, float]) -> np.ndarray:
    """(n, 7) probabilities from label and certainty; the rest is shared evenly."""
    rows = np.array([[(1 - certainty) / 6] * 7 for _, certainty in pairs])
    for row, (label, certainty) in zip(rows, pairs, strict=True):
        row[label] = certainty
    return rows


@pytest.mark.parametrize(
    ("votes", "truth", "decided", "seen"),
    [
        ({"happy": 10}, HAPPY, True, True),
        ({"happy": 5, "neutral": 5}, OTHER, False, True),
        ({"happy": 4, "neutral": 2, "sad": 2}, OTHER, False, True),  # half is no majority
        ({"happy": 4, "neutral": 3, "sad": 1, "fear": 1, "angry": 1}, HAPPY, True, True),  # single votes are dropped
        ({"contempt": 9}, OTHER, True, True),
        ({"unknown": 6, "happy": 4}, OTHER, False, False),
        ({"no_face": 10}, OTHER, False, False),
        ({"happy": 1, "sad": 1}, OTHER, False, False),
        ({}, OTHER, False, False),
    ],
)
def test_majority(votes: dict[str, int], truth: int, decided: bool, seen: bool) -> None:
    found = metrics.majority(np.array([ballot(**votes)]))
    assert (found.truth[0], found.decided[0], found.seen[0]) == (truth, decided, seen)


def test_confusion_counts_truths_beside_the_seven_in_the_last_row() -> None:
    table = metrics.confusion(answers((HAPPY, 0.9), (HAPPY, 0.8), (NEUTRAL, 0.7)), np.array([HAPPY, OTHER, HAPPY]))
    assert table.shape == (8, 7)
    assert (table[HAPPY, HAPPY], table[HAPPY, NEUTRAL], table[7, HAPPY]) == (1, 1, 1)
    score = metrics.per_class(table)["happy"]
    assert (score.precision, score.recall, score.f1, score.n) == (0.5, 0.5, 0.5, 2)
    assert metrics.macro_f1(table) == pytest.approx(0.5 / 7)
    assert metrics.per_class(table)["fear"].f1 == 0


def test_calibration_error_is_the_gap_between_certainty_and_accuracy() -> None:
    probabilities = answers(*[(HAPPY, 0.9)] * 10)
    truth = np.array([HAPPY] * 6 + [NEUTRAL] * 4)
    assert metrics.calibration_error(probabilities, truth) == pytest.approx(0.3)
    (only,) = metrics.calibration_bins(probabilities, truth)
    assert (only.n, only.certainty, only.accuracy) == (10, pytest.approx(0.9), 0.6)


def test_certainty_of_one_falls_into_the_last_bin() -> None:
    assert metrics.calibration_error(answers((HAPPY, 1.0)), np.array([HAPPY])) == 0


@pytest.mark.parametrize(
    ("right", "n", "low", "high"), [(0, 0, 0, 1), (90, 100, 0.8256, 0.9448), (10, 10, 0.7225, 1), (0, 10, 0, 0.2775)]
)
def test_wilson_interval(right: int, n: int, low: float, high: float) -> None:
    """Against the figures of R's `prop.test(..., correct = FALSE)`."""
    assert metrics.wilson_interval(right, n) == pytest.approx((low, high), abs=5e-5)


def test_coverage_falls_while_the_threshold_rises() -> None:
    curve = metrics.coverage_curve(answers((HAPPY, 0.9), (HAPPY, 0.5)), np.array([HAPPY, NEUTRAL]))
    by_threshold = {round(point.threshold, 2): (point.coverage, point.accuracy) for point in curve}
    assert by_threshold[0.0] == (1, 0.5)
    assert by_threshold[0.52] == (0.5, 1)
    assert max(by_threshold) == 0.9


def test_unhedged_needs_the_threshold_of_the_label_that_is_answered() -> None:
    sure = dict.fromkeys(LABELS) | {"happy": 0.8}
    found = metrics.unhedged(answers((HAPPY, 0.8), (HAPPY, 0.79), (NEUTRAL, 0.99)), sure)
    assert found.tolist() == [True, False, False]
