"""Measures what the program does with close-ups of people of all ages and origins; writes it into metrics.json.

    python groups.py SHARED [--model models/expression] [--detector auto]

The faces of utk-train.tar that are kept aside to judge and to choose (`models/training/split.py`), as somebody labelled
them: apparent age, sex and origin. Nobody labelled their expressions: the table says what is found, what is told and
how firmly, not what is right.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from files import rounded, write
from sources import Source, read

from assistant.domain.values import Frame
from assistant.senses.faces.crop import crop_square, square
from assistant.senses.faces.detectors import AUTO, detector
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.points import PointsNetwork
from assistant.senses.faces.quality import quality
from models.evaluation.metrics import LABELS, Bools, unhedged, wilson_interval
from models.evaluation.model import Model

BORDER = 0.35
"""So much of a close-up's side is laid round it in its own colours: a face that fills the picture is nobody's view."""
APART_S = 3600.0
"""Close-ups this far apart have nothing to do with each other, seconds."""


def look(sources: list[Source], name: str, model: Model) -> dict[str, np.ndarray]:
    """What becomes of each close-up: `found` by the detector, `confirmed` by the points, its `answer` (zeros: none)."""
    finder = detector(name)
    follower = Follower(finder, PointsNetwork())
    found, confirmed = np.zeros(len(sources), bool), np.zeros(len(sources), bool)
    answers = np.zeros((len(sources), len(LABELS)))
    for number, source in enumerate(sources):
        pixels = source.pixels()
        border = round(BORDER * len(pixels))
        pixels = cv2.copyMakeBorder(pixels, *[border] * 4, cv2.BORDER_REPLICATE)
        height, width = pixels.shape[:2]
        found[number] = bool(finder.detect(pixels))
        faces = follower.find(Frame(pixels, number * APART_S))
        confirmed[number] = bool(faces)
        if faces:
            where = square(max(faces, key=lambda face: face.box.width), width, height)
            crop = crop_square(pixels, where)
            trust = quality(crop, where.side, where.inside(width, height))
            answers[number] = trust * model.read([crop]).answer[0] + (1 - trust) / len(LABELS)
    return {"found": found, "confirmed": confirmed, "answer": answers}


def groups(sources: list[Source]) -> Iterator[tuple[str, Bools]]:
    """Each group's name and its members, (n,); all of them first."""
    yield "all", np.ones(len(sources), bool)
    labels = np.array([source.labels for source in sources])
    for column in labels.T:
        yield from ((name, column == name) for name in sorted(set(column.tolist())))


def row(seen: dict[str, np.ndarray], firmly: Bools, mine: Bools) -> dict[str, Any]:
    """The figures of one group: shares with their 95 % intervals, and how often each label is the answer."""
    n = int(mine.sum())
    told = seen["confirmed"] & mine
    shares = {"found": seen["found"] & mine, "confirmed": told, "unhedged": firmly & told}
    labels = seen["answer"][told].argmax(axis=1)
    return {
        "n": n,
        **{name: [int(each.sum()) / n, *wilson_interval(int(each.sum()), n)] for name, each in shares.items()},
        "labels": {label: float((labels == index).sum() / max(len(labels), 1)) for index, label in enumerate(LABELS)},
    }


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path)
    parser.add_argument("--model", type=Path, default=Path(__file__).resolve().parents[1], help="folder of the model")
    parser.add_argument("--detector", default=AUTO)
    arguments = parser.parse_args()
    model = Model(arguments.model)
    sources = [source for source in read(arguments.shared, ("utk",)) if source.side != "train"]
    seen = look(sources, arguments.detector, model)
    firmly = unhedged(seen["answer"], model.sure)
    table = {name: row(seen, firmly, mine) for name, mine in groups(sources)}
    path = arguments.model / "metrics.json"
    figures = json.loads(path.read_text(encoding="utf-8")) | {
        "groups": {"detector": arguments.detector, "rows": rounded(table)}
    }
    write(path, (json.dumps(figures, indent=1) + "\n").encode())
    print(json.dumps(rounded(table), indent=1))


if __name__ == "__main__":
    main()
