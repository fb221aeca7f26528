"""Measures the exported file on people and pictures that it was not trained on: every figure of the card.

python measure.py CACHE [--model models/face-landmarks]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import card
import numpy as np
from backgrounds import Backgrounds
from conditions import CONDITIONS
from files import rounded, write
from judge import PLAIN, Answers, batch_in, box_overlaps, covering, point_errors, presence
from photographs import MEASURING, Faces
from samples import Batch, Crops
from torch import Tensor

from assistant import manifests, weights
from assistant.senses.litert import Network

HERE = Path(__file__).resolve().parent
POINTS = ("left eye", "right eye", "nose", "left mouth corner", "right mouth corner")
LIKELY = 0.5
"""From this probability on there is a face."""


def answers_of(model: Path) -> Answers:
    """The exported file as a function of crops, one at a time on one thread as at run time."""
    manifest = manifests.read(model / "manifest.yaml")
    path = weights.verified(model / manifest.file.name, manifest.file)
    network = Network(path, input=manifest.input, output=manifest.output)

    def answers(crops: Tensor) -> np.ndarray:
        pictures = crops.numpy().reshape(-1, *manifest.input.shape).astype(np.float32)
        return np.concatenate([network(picture)["face"] for picture in pictures]).astype(np.float64)

    return answers


def calibration_error(probable: np.ndarray, present: np.ndarray, bins: int = 15) -> float:
    """Mean distance of probability and truth over bins of probability (Guo et al., ICML 2017)."""
    which = np.minimum((probable * bins).astype(int), bins - 1)
    gaps = [abs(probable[which == i].sum() - present[which == i].sum()) for i in range(bins)]
    return float(sum(gaps) / len(probable))


def measured(cache: Path, answers: Answers) -> dict[str, Any]:
    """The figures on the people who were kept aside."""
    faces, backgrounds = Faces.load(cache), Backgrounds.load(cache)
    everybody = batch_in(Crops(faces, backgrounds, MEASURING, others=True), PLAIN)
    errors = point_errors(answers(everybody.crops), everybody)
    return figures(answers, Crops(faces, backgrounds, MEASURING)) | {
        "with_others_in_the_photographs": {"faces": len(errors), "error": float(errors.mean())}
    }


def figures(answers: Answers, crops: Crops) -> dict[str, Any]:
    """All figures: one row for each condition, the errors of each point, the calibration of presence."""
    rows: dict[str, Any] = {}
    probable, present, hidden, covered = [], [], [], []
    each: np.ndarray | None = None
    for condition in CONDITIONS:
        batch = batch_in(crops, condition)
        found = answers(batch.crops)
        errors = point_errors(found, batch)
        rows[condition] = _row(found, errors, batch)
        each = errors if condition == PLAIN else each
        probable.append(found[:, 0])
        present.append(batch.present.numpy())
        told = batch.covered.numpy() >= 0
        hidden.append(found[told, 15])
        covered.append(batch.covered.numpy()[told])
    assert each is not None
    return {
        "split": "people and pictures kept aside",
        "faces": len(crops),
        "masked": int((crops.covered == 1).sum()),
        "crops_without_a_face": 2 * len(crops) // 3,
        "error": rows[PLAIN]["error"],
        "presence": rows[PLAIN]["presence"],
        "error_of_each_point": dict(zip(POINTS, each.mean(axis=0).tolist(), strict=True)),
        "presence_ece": calibration_error(probable[0], present[0]),
        "presence_ece_all_conditions": calibration_error(np.concatenate(probable), np.concatenate(present)),
        "covered_ece": calibration_error(np.concatenate(hidden), np.concatenate(covered)),
        "conditions": rows,
    }


def _row(found: np.ndarray, errors: np.ndarray, batch: Batch) -> dict[str, float]:
    by_face = errors.mean(axis=1)
    return {
        "error": float(by_face.mean()),
        "median_error": float(np.median(by_face)),
        "above_10_percent": float((by_face > 0.1).mean()),
        "box_iou": float(box_overlaps(found, batch).mean()),
        **presence(found[:, 0] >= LIKELY, batch),
        **covering(found, batch, LIKELY),
    }


def main() -> None:
    """Reads the command line, prints the tables and writes metrics.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="what teacher.py wrote")
    parser.add_argument("--model", type=Path, default=HERE.parent, help="folder of the model")
    arguments = parser.parse_args()
    path = arguments.model / "metrics.json"
    kept = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    found = measured(arguments.cache, answers_of(arguments.model))
    write(path, (json.dumps(kept | rounded(found), indent=1) + "\n").encode())
    print(card.render(rounded(found)))


if __name__ == "__main__":
    main()
