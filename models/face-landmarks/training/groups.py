"""What the exported file does with close-ups of people of all ages and origins; writes it into metrics.json.

python groups.py DATA [--model models/face-landmarks]

The faces of utk-train.tar that judge (`models/training/split.py`), as its makers labelled them: apparent age, sex and
origin. No mouth is masked there: who is said to wear a mask is wronged.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import measure
import numpy as np
import torch
from backgrounds import PATCH, Backgrounds
from files import rounded, write
from judge import point_errors
from photographs import MEASURING, progress
from samples import NEAR, Batch, Crops
from sources import TEACHER, Source, SourceError, read
from tables import interval
from teacher import Collected, Teacher, around

from assistant import manifests

NOWHERE = Backgrounds(np.empty((0, PATCH, PATCH), np.uint8), np.empty(0, int), np.empty(0, bool))


def close_ups(sources: list[Source], teacher: Teacher) -> tuple[Batch, list[list[str]]]:
    """A crop of each face as a detector leaves it, always the same, and what its makers say of the person."""
    into, labels = Collected(), []
    for source in progress(sources, "close-ups"):
        around(source, teacher, into)
        labels += [source.labels] * (len(into.rows) - len(labels))
    crops = Crops(into.faces(), NOWHERE, MEASURING, others=True)
    with torch.random.fork_rng():
        torch.manual_seed(7)
        return crops.faces(torch.arange(len(crops)), NEAR), labels


def members(labels: list[list[str]]) -> Iterator[tuple[str, np.ndarray]]:
    """Each group's name and who belongs to it, (n,); all of them first."""
    yield "all", np.ones(len(labels), bool)
    for column in np.array(labels).T:
        yield from ((name, column == name) for name in sorted(set(column.tolist())))


def row(answers: np.ndarray, errors: np.ndarray, mine: np.ndarray, sure: float) -> dict[str, Any]:
    """One group: shares with their 95 % intervals, and the mean error of the points."""
    n = int(mine.sum())
    counts = {
        "found": answers[mine, 0] >= measure.LIKELY,
        "perhaps_masked": answers[mine, 15] >= measure.LIKELY,
        "masked": answers[mine, 15] >= sure,
    }
    shares = {name: [float(each.mean()), *interval(int(each.sum()), n)] for name, each in counts.items()}
    return {"n": n, **shares, "error": float(np.nanmean(errors[mine]))}


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with data/ and models/")
    parser.add_argument("--model", type=Path, default=measure.HERE.parent, help="folder of the model")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    try:
        sources = [source for source in read(arguments.data, ("utk",)) if source.side == "judge"]
    except SourceError as error:
        parser.exit(2, f"{error}\n")
    batch, labels = close_ups(sources, Teacher(arguments.data / TEACHER))
    answers = measure.answers_of(arguments.model)(batch.crops)
    errors = np.full(len(answers), np.nan)
    errors[batch.known.numpy() > 0] = point_errors(answers, batch).mean(axis=1)
    sure = manifests.read(arguments.model / "manifest.yaml").thresholds["covered"].sure or 1.0
    table = {name: row(answers, errors, mine, sure) for name, mine in members(labels)}
    path = arguments.model / "metrics.json"
    figures = json.loads(path.read_text(encoding="utf-8")) | {"groups": rounded(table)}
    write(path, (json.dumps(figures, indent=1) + "\n").encode())
    print(json.dumps(rounded(table), indent=1))


if __name__ == "__main__":
    main()
