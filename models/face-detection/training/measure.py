"""The whole table: every detector on real pictures that took no part in training, as they are and made harder.

python measure.py DATA --run RUN_FOLDER [--model models/face-detection]

The detectors are the program's own, at the scores at which the program believes them; `$ASSISTANT_MODELS` says where
YuNet's weights lie, without which its row is missing. Writes metrics.json and the tables of docs/detectors.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import report
import teacher
from conditions import CONDITIONS, Case
from files import rounded, write
from judge import Count, Detect, case_of, confirmed, count, tiles
from mosaic import Mosaic
from sources import Source, read

from assistant import weights
from assistant.errors import ModelMissing
from assistant.senses.faces.detectors import detector
from assistant.senses.faces.finder import MODEL

HERE = Path(__file__).resolve().parent
EVERY = {"coco": 1, "clip": 3, "lfw": 5}
"""Of each kind every so manieth picture that judges is shown."""
COMPOSITES = 150
SEED = 5


def alone(name: str) -> Callable[[], Detect]:
    """A detector by itself."""
    return lambda: detector(name).detect


def sure(name: str, model: str) -> Callable[[], Detect]:
    """A detector by itself, only at scores that its manifest allows without the points."""

    def make() -> Detect:
        found, least = detector(name).detect, weights.manifest(model).thresholds["score"].sure or 1.0
        return lambda pixels: [face for face in found(pixels) if face.score >= least]

    return make


def with_points(name: str) -> Callable[[], Detect]:
    """A detector as the program uses it."""
    return lambda: confirmed(detector(name))


DETECTORS = {
    "yunet": alone("yunet"),
    "finder": sure("finder", MODEL),
    "finder + points": with_points("finder"),
    "haar + points": with_points("haar"),
    "haar": alone("haar"),
}


def sets_of(sources: list[Source], faces: dict[str, np.ndarray], side: str = "judge") -> dict[str, list[Case]]:
    """Pictures with faces, by kind."""
    found: dict[str, list[Case]] = {kind: [] for kind in EVERY}
    for source in sources:
        if source.side == side:
            case = case_of(source, faces[f"{source.kind}/{source.name}"])
            if len(case.boxes):
                found[source.kind].append(case)
    return {kind: cases[:: EVERY[kind]] for kind, cases in found.items()}


def background(sources: list[Source], faces: dict[str, np.ndarray], side: str = "judge") -> list[Case]:
    """Tiles without a face, from the photographs of COCO."""
    chosen = [source for source in sources if source.kind == "coco" and source.side == side]
    return [tile for source in chosen for tile in tiles(source, faces[f"{source.kind}/{source.name}"])]


def empty(sources: list[Source], faces: dict[str, np.ndarray]) -> list[Case]:
    """Whole photographs of COCO on which nobody marked a person and the teacher is sure of no face."""
    cases = []
    for source in sources:
        if source.kind == "coco" and source.side == "judge" and source.people is not None and not len(source.people):
            cases.append(case_of(source, faces[f"{source.kind}/{source.name}"]))
    return cases


def composites(sources: list[Source], faces: dict[str, np.ndarray]) -> list[Case]:
    """Canvases as in training, from the photographs that judge."""
    mosaic = Mosaic([source for source in sources if source.side == "judge"], faces)
    random = np.random.default_rng(SEED)
    cases = []
    for number in range(COMPOSITES):
        canvas, rows = mosaic.draw(random)
        asked = rows[:, 14] == 1
        pixels = cv2.cvtColor(canvas, cv2.COLOR_GRAY2RGB)
        cases.append(Case(f"composite/{number}", pixels, rows[asked, :4], rows[~asked, :4]))
    return cases


def figures(counted: Count) -> dict[str, Any]:
    """A count as it goes into metrics.json."""
    return {"recall": counted.recall, "found": counted.found, "of": counted.of, "false": counted.false,
            "pictures": counted.pictures}  # fmt: skip


def measure(detect: Detect, shown: dict[str, Any]) -> dict[str, Any]:
    """Everything about one detector."""
    found: dict[str, Any] = {}
    for kind, cases in shown["sets"].items():
        found[kind] = {name: figures(count(detect, map(change, cases))) for name, change in CONDITIONS.items()}
    for name in ("background", "empty", "composites"):
        found[name] = figures(count(detect, shown[name]))
    found["false_per_1000_tiles"] = 1000 * found["background"]["false"] / max(1, found["background"]["pictures"])
    return found


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with data/, media/ and models/")
    parser.add_argument("--run", type=Path, required=True, help="folder with teacher.npz")
    parser.add_argument("--model", type=Path, default=HERE.parent, help="folder whose metrics.json is written")
    parser.add_argument("--detector", choices=DETECTORS, action="append", help="this alone; the others' figures stay")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    sources, faces = read(arguments.data), teacher.load(arguments.run / teacher.FILE)
    shown = {
        "sets": sets_of(sources, faces),
        "background": background(sources, faces),
        "empty": empty(sources, faces),
        "composites": composites(sources, faces),
    }
    path = arguments.model / "metrics.json"
    metrics = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    measured = dict(metrics.get("detectors", {}))
    for name in arguments.detector or DETECTORS:
        try:
            detect = DETECTORS[name]()
        except ModelMissing as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
            continue
        measured[name] = measure(detect, shown)
        print(f"{name} is measured", file=sys.stderr, flush=True)
    metrics["detectors"] = rounded({name: measured[name] for name in DETECTORS if name in measured})
    write(path, (json.dumps(metrics, indent=1) + "\n").encode())
    print(report.tables(metrics["detectors"]))


if __name__ == "__main__":
    main()
