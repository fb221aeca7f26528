"""A report in plain sentences, one a line, without tables: what a screen reader reads well."""

from collections.abc import Iterator, Mapping
from typing import Any

from models.evaluation.metrics import LABELS

_SECTIONS = {
    "ferplus_majority": "What the assistant answers, against the majority of FER+",
    "labels": "What the assistant answers, against the labels",
    "fer2013": "The part trained on FER-2013's labels, against the labels",
}

_STEP = 0.1
"""Between the certainties whose coverage is told."""


def in_words(figures: Mapping[str, Any]) -> str:
    """The sentences on a report of `report.report` to which `ms_per_face` was added."""
    lines = [line for key, title in _SECTIONS.items() if figures.get(key) for line in _section(title, figures[key])]
    if everyone := figures["ferplus_all"]:
        lines += [*_certainty(everyone), *_coverage(figures["coverage"])]
    return "\n".join([*lines, f"Time: {figures['ms_per_face']:.2f} milliseconds a face."])


def _section(title: str, scores: Mapping[str, Any]) -> Iterator[str]:
    yield (
        f"{title}: {_faces(scores['n'])}, {_percent(scores['accuracy'])} right, macro-F1 {scores['macro_f1']:.3f}, "
        f"calibration error {scores['ece']:.3f}."
    )
    *rows, other = scores["confusion"]
    for index, (label, row) in enumerate(scores["per_class"].items()):
        right = f"when it is said, {_percent(row['precision'])} right" if any(_column(scores, index)) else "never said"
        found = f"{_faces(row['n'])}, {_percent(row['recall'])} of them found" if row["n"] else "no faces"
        yield f"{label.capitalize()}: {found}; {right}{_mistaken(label, rows[index])}."
    if any(other):
        yield f"Contempt: {_faces(sum(other))}, all counted wrong{_mistaken('', other)}."


def _column(scores: Mapping[str, Any], index: int) -> list[int]:
    """How often one label was said to each true one."""
    return [row[index] for row in scores["confusion"]]


def _mistaken(label: str, counts: list[int]) -> str:
    """What the faces of one true label were taken for, most frequent first."""
    wrong = sorted(((n, name) for n, name in zip(counts, LABELS, strict=True) if n and name != label), reverse=True)
    return f"; taken for {', '.join(f'{name} {n}' for n, name in wrong)}" if wrong else ""


def _certainty(everyone: Mapping[str, Any]) -> Iterator[str]:
    unhedged = everyone["unhedged"]
    yield (
        f"All faces of FER+, those without a majority counted wrong: {_faces(everyone['n'])}, "
        f"{_percent(everyone['accuracy'])} right, calibration error {everyone['ece']:.3f}."
    )
    if unhedged["accuracy"] is None:
        yield "Nothing is said unhedged."
        return
    yield f"Said unhedged: {_percent(unhedged['coverage'])} of them, {_percent(unhedged['accuracy'])} of that right."
    for label, row in unhedged["per_class"].items():
        if row["n"]:
            low, high = row["wilson"]
            yield (
                f"Said unhedged to be {label}: {_faces(row['n'])}, {_percent(row['accuracy'])} right "
                f"(95 % interval {_percent(low)} to {_percent(high)})."
            )


def _coverage(points: list[dict[str, float]]) -> Iterator[str]:
    for point in points:
        if round(point["threshold"] / _STEP, 6).is_integer() and point["coverage"] < 1:
            yield (
                f"Certainty of {point['threshold']:.1f} or more: {_percent(point['coverage'])} of the faces, "
                f"{_percent(point['accuracy'])} of those right."
            )


def _faces(n: int) -> str:
    return f"{n} face{'s' if n != 1 else ''}"


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
