"""The figures on an expression model, from its answers and the truths of one split."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np

from models.evaluation import metrics
from models.evaluation.labelled import CONTEMPT
from models.evaluation.metrics import LABELS, OTHER, Bools, Floats, Ints


def report(
    answer: Floats,
    fer2013: Floats,
    labels: Ints,
    votes: Ints,
    sure: Mapping[str, float | None],
    *,
    ignore_contempt: bool = False,
) -> dict[str, Any]:
    """Judges a model on one split.

    Args:
        answer: (n, 7) run-time answers.
        fer2013: (n, 7) answers of the FER-2013 head.
        labels: (n,) as in `labelled.Faces`.
        votes: (n, 10) FER+ votes; zeros where there are none.
        sure: Thresholds from which a label is said unhedged.
        ignore_contempt: Leave faces out whose label or majority is contempt, instead of counting them wrong.

    Returns:
        `fer2013`: the head against the labels; `ferplus_majority`: the answer against the majority; `ferplus_all` and
        `coverage`: its certainty on all faces that are not unknown or not-a-face. None where there is no truth. Where
        nobody voted also `labels`: the answer against the labels.
    """
    truth = metrics.majority(votes)
    ignored = truth.decided & (truth.truth == OTHER) & ignore_contempt
    seen = truth.seen & ~ignored
    result: dict[str, Any] = {
        "fer2013": _against_labels(fer2013, labels, ignore_contempt),
        "ferplus_majority": _scores_of(truth.decided & ~ignored, answer, truth.truth),
        "ferplus_all": None,
        "coverage": None,
    }
    if seen.any():
        result["ferplus_all"] = certainty(answer[seen], truth.truth[seen], sure)
        result["coverage"] = [asdict(point) for point in metrics.coverage_curve(answer[seen], truth.truth[seen])]
    if not votes.any():
        result["labels"] = _against_labels(answer, labels, ignore_contempt)
    return result


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


def certainty(probabilities: Floats, truth: Ints, sure: Mapping[str, float | None]) -> dict[str, Any]:
    """How far certainty can be trusted on faces whose truth may be `OTHER`."""
    return {
        "n": len(truth),
        "accuracy": metrics.accuracy(probabilities, truth),
        "ece": metrics.calibration_error(probabilities, truth),
        "unhedged": said(probabilities, truth, metrics.unhedged(probabilities, sure)),
    }


def said(probabilities: Floats, truth: Ints, unhedged: Bools) -> dict[str, Any]:
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


def brief(figures: Mapping[str, Any]) -> dict[str, Any]:
    """What `--json` prints of a report: the same with four digits, and of `ferplus_all` the sums alone."""
    result = dict(figures)
    if everyone := figures["ferplus_all"]:
        unhedged = {key: everyone["unhedged"][key] for key in ("coverage", "accuracy")}
        result["ferplus_all"] = {"n": everyone["n"], "ece": everyone["ece"], "unhedged": unhedged}
    rounded: dict[str, Any] = _rounded(result)
    return rounded


def _against_labels(probabilities: Floats, labels: Ints, ignore_contempt: bool) -> dict[str, Any] | None:
    contempt = labels == CONTEMPT
    known = (labels >= 0) | (contempt & (not ignore_contempt))
    return _scores_of(known, probabilities, np.where(contempt, OTHER, labels))


def _scores_of(chosen: Bools, probabilities: Floats, truth: Ints) -> dict[str, Any] | None:
    return scores(probabilities[chosen], truth[chosen]) if chosen.any() else None


def _rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return round(value, 4) if isinstance(value, float) else value
