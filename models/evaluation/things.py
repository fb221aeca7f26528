"""How good the detectors of things are, and from which score on each may be said: `python -m models.evaluation.things`.

Thresholds are chosen on the photographs that choose or train in the split of all trainings, and judged on those that
judge. Nothing is trained here.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from time import process_time
from typing import Any

import click
import cv2
import yaml

from assistant import weights
from assistant.domain.ports import ObjectDetector
from assistant.domain.values import Confidence, Thresholds
from assistant.manifests import MANIFEST
from assistant.senses.things.detectors import MODELS, detector
from models.evaluation.detections import (
    DRAWN_TO_ALL,
    SURE,
    UNSURE,
    Drawn,
    Found,
    average_precision,
    judged,
    thresholds,
)
from models.evaluation.photographs import Photograph, coco, voc

SOURCES = {"coco": (coco, "coco128-train.tar"), "voc": (voc, "train-photos.tar")}
LARGE = 96
"""A box whose area is that of a square of this side or more counts as large (COCO's rule), pixels."""
ENOUGH = 10
"""A label of which fewer are drawn has no figures of its own."""
WRITTEN = "# What follows is written by models/evaluation/things.py.\n"


@dataclass
class Judged:
    """What a detector found in the photographs of one source and side, and what is drawn there."""

    photographs: int = 0
    found: list[Found] = field(default_factory=list)
    drawn: list[Drawn] = field(default_factory=list)


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--write", is_flag=True, help="Write thresholds and figures into the manifests.")
def command(data: Path, write: bool) -> None:
    """Measure every detector of things whose weights are here, on coco128-train.tar and train-photos.tar in DATA."""
    cv2.setNumThreads(1)
    for name, model in MODELS.items():
        if weights.present(model) is None:
            click.echo(f"{name}: not installed", err=True)
            continue
        answers, ms = measured(detector(name), data)
        limits = chosen(answers, weights.manifest(model).thresholds)
        figures = judge(answers, limits)
        click.echo(yaml.safe_dump({name: {"ms_a_picture": round(ms), **figures}}, sort_keys=False))
        if write:
            how = _how(answers["coco", False].photographs, answers["voc", False].photographs)
            path = weights.data_folder("models") / model / MANIFEST
            _write(path, limits, {"thresholds_how": how, "metrics": figures})


def measured(found_by: ObjectDetector, data: Path) -> tuple[dict[tuple[str, bool], Judged], float]:
    """Lets a detector search every photograph.

    Returns:
        (source, whether they judge) -> what was found, and the processor's milliseconds for a picture.
    """
    answers = {(source, judging): Judged() for source in SOURCES for judging in (False, True)}
    spent, number = 0.0, 0
    for source, (read, file) in SOURCES.items():
        for photograph in read(data / file):
            spent -= process_time()
            things = found_by.detect(pixels := photograph.pixels())
            spent += process_time()
            number += 1
            height, width = pixels.shape[:2]
            known = [each for each in things if _is_drawn(photograph, each.label)]
            found, drawn = judged(known, photograph.truth, width, height)
            answer = answers[source, photograph.side == "judge"]
            answer.photographs += 1
            answer.found += found
            answer.drawn += drawn
    return answers, 1000 * spent / max(1, number)


def chosen(answers: Mapping[tuple[str, bool], Judged], labels: Iterable[str]) -> dict[str, Thresholds]:
    """Thresholds of every label, from the photographs that do not judge."""
    return thresholds([each for source in SOURCES for each in answers[source, False].found], labels)


def judge(answers: Mapping[tuple[str, bool], Judged], limits: Mapping[str, Thresholds]) -> dict[str, Any]:
    """The figures on the photographs that judge, by source."""
    return {source: _figures(answers[source, True], limits) for source in SOURCES}


def _is_drawn(photograph: Photograph, label: str) -> bool:
    return photograph.drawn is None or label in photograph.drawn


def _figures(answer: Judged, limits: Mapping[str, Thresholds]) -> dict[str, Any]:
    labels = sorted({each.label for each in answer.drawn})
    rows = {label: _row(answer, label, limits) for label in labels}
    said = [each for each in answer.found if _confidence(each, limits) is not Confidence.CANNOT_TELL]
    large = [each for each in answer.drawn if each.side >= LARGE]
    return {
        "photographs": answer.photographs,
        "drawn": len(answer.drawn),
        "ap50": round(sum(row["ap50"] for row in rows.values()) / max(1, len(rows)), 3),
        "said": _precision(said),
        "said_unhedged": _precision([each for each in said if _confidence(each, limits) is Confidence.SURE]),
        "said_hedged": _precision([each for each in said if _confidence(each, limits) is Confidence.UNSURE]),
        "recall": _recall(answer.drawn, limits),
        "recall_large": _recall(large, limits),
        "by_label": {label: row for label, row in rows.items() if row["drawn"] >= ENOUGH},
    }


def _row(answer: Judged, label: str, limits: Mapping[str, Thresholds]) -> dict[str, Any]:
    found = [each for each in answer.found if each.label == label]
    drawn = [each for each in answer.drawn if each.label == label]
    said = [each for each in found if _confidence(each, limits) is not Confidence.CANNOT_TELL]
    return {
        "drawn": len(drawn),
        "ap50": round(average_precision(found, len(drawn)), 3),
        "precision": _precision(said)["precision"],
        "recall": _recall(drawn, limits),
    }


def _precision(said: Sequence[Found]) -> dict[str, Any]:
    right = sum(each.right for each in said)
    return {"n": len(said), "precision": round(right / len(said), 3) if said else None}


def _recall(drawn: Sequence[Drawn], limits: Mapping[str, Thresholds]) -> float | None:
    """How many of what is drawn are said, hedged or not."""
    found = sum(each.score is not None and each.score >= limits[each.label].unsure for each in drawn)
    return round(found / len(drawn), 3) if drawn else None


def _confidence(each: Found, limits: Mapping[str, Thresholds]) -> Confidence:
    return limits[each.label].confidence(each.score)


def _how(coco_photographs: int, voc_photographs: int) -> str:
    return (
        f"Score of the network. sure: said unhedged from here on, so that {SURE:.0%} of it are right; unsure: said "
        f"hedged from here on, so that {UNSURE:.0%} of what is hedged is right; null: never. By label, its precision "
        f"drawn to that of all by {DRAWN_TO_ALL} detections. Chosen on {coco_photographs} photographs of COCO, which "
        f"the network may have been trained on, and on {voc_photographs} of VOC; judged on others."
    )


def _write(path: Path, limits: Mapping[str, Thresholds], more: Mapping[str, Any]) -> None:
    """Puts thresholds and figures in the place of those in a manifest."""
    head, _, _ = path.read_text(encoding="utf-8").partition(WRITTEN)
    rows = [f"  {label}: {json.dumps(asdict(each))}\n" for label, each in limits.items()]
    tail = yaml.safe_dump(dict(more), sort_keys=False, width=118)
    path.write_text(f"{head}{WRITTEN}thresholds:\n{''.join(rows)}{tail}", encoding="utf-8")


if __name__ == "__main__":
    command(prog_name="python -m models.evaluation.things")
