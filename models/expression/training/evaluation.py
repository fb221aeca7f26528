"""The report on an expression model, from its answers alone; numpy and `metrics`, no training framework."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import metrics
import numpy as np
from metrics import LABELS, Floats, Ints


def scores(probabilities: Floats, truth: Ints) -> dict[str, Any]:
    """Accuracy, macro-F1, calibration error, figures of each label, confusion (rows: truth, the last one "other")."""
    table = metrics.confusion(probabilities, truth)
    each = {
        label: {"precision": score.precision, "recall": score.recall, "n": score.n}
        for label, score in metrics.per_class(table).items()
    }
    return {
        "n": len(truth),
        "accuracy": metrics.accuracy(probabilities, truth),
        "macro_f1": metrics.macro_f1(table),
        "ece": metrics.calibration_error(probabilities, truth),
        "per_class": each,
        "confusion": table.tolist(),
    }


def report(
    answer: Floats,
    fer2013: Floats,
    labels: Ints,
    votes: Ints,
    sure: dict[str, float | None],
    *,
    ignore_contempt: bool = False,
) -> dict[str, Any]:
    """Judges a model on one split.

    Args:
        answer: (n, 7) run-time answers.
        fer2013: (n, 7) answers of the FER-2013 head.
        labels: (n,) FER-2013 labels, -1 where unknown.
        votes: (n, 10) FER+ votes; zeros where there are none.
        sure: thresholds from which a label is said unhedged.
        ignore_contempt: leave faces with a majority for contempt out of `ferplus_majority`, not count them wrong.

    Returns:
        `fer2013`, `ferplus_majority`, `ferplus_all` and `coverage`, those for which there is a truth.
    """
    result: dict[str, Any] = {}
    labelled = labels >= 0
    if labelled.any():
        result["fer2013"] = scores(fer2013[labelled], labels[labelled])
    truth = metrics.majority(votes)
    decided = truth.decided & (truth.truth != metrics.OTHER) if ignore_contempt else truth.decided
    if decided.any():
        result["ferplus_majority"] = scores(answer[decided], truth.truth[decided])
    if truth.seen.any():
        seen, true = answer[truth.seen], truth.truth[truth.seen]
        result["ferplus_all"] = {
            "n": len(true),
            "accuracy": metrics.accuracy(seen, true),
            "ece": metrics.calibration_error(seen, true),
            "unhedged": said(seen, true, metrics.unhedged(seen, sure)),
        }
        result["coverage"] = [asdict(point) for point in metrics.coverage_curve(seen, true)]
    return result


def said(probabilities: Floats, truth: Ints, unhedged: metrics.Bools) -> dict[str, Any]:
    """Coverage and accuracy of what is said without a hedge, in all and for each label, with Wilson's interval."""
    answers = probabilities.argmax(axis=1)
    right = answers == truth
    each = {}
    for index, label in enumerate(LABELS):
        mine = unhedged & (answers == index)
        n, good = int(mine.sum()), int(right[mine].sum())
        low, high = metrics.wilson_interval(good, n)
        each[label] = {"n": n, "accuracy": good / n if n else None, "wilson": [low, high]}
    accuracy = float(right[unhedged].mean()) if unhedged.any() else None
    return {"coverage": float(np.mean(unhedged)), "accuracy": accuracy, "per_class": each}
