"""The whole table: every detector on real pictures that took no part in training, as they are and made harder.

python measure.py DATA --run RUN_FOLDER [--model models/face-detection] [--side judge]

Each photograph is a first frame, its longer side 960 pixels. The detectors are the program's own, at the scores at
which the program believes them; `$ASSISTANT_MODELS` says where YuNet's weights lie, without which its rows are missing.
Writes metrics.json and prints the tables of docs/detectors.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import report
import teacher
from conditions import CONDITIONS, Case
from files import rounded, write
from judge import Detect, Found, case_of, confirmed, show
from sources import Source, read

from assistant.errors import ModelMissing
from assistant.senses.faces.detectors import detector

HERE = Path(__file__).resolve().parent
SIZES = {"over 20 %": (0.2, 9.0), "10 to 20 %": (0.1, 0.2), "5 to 10 %": (0.05, 0.1), "under 5 %": (0.0, 0.05)}
"""Longer side of a face's box, in longer sides of the photograph."""
HARDER_EVERY = 10
"""Every so manieth photograph with drawn faces is made harder too."""
LFW_EVERY, CLIP_EVERY = 10, 6
"""Of LFW and of the clips every so manieth picture that judges is shown."""


def alone(name: str) -> Callable[[], Detect]:
    """A detector by itself."""
    return lambda: detector(name).detect


def with_points(name: str, *, finely: bool = False) -> Callable[[], Detect]:
    """A detector as the program uses it, on a camera's pictures or, `finely`, on a still one."""
    return lambda: confirmed(detector(name, finely=finely))


DETECTORS = {
    "haar + points": with_points("haar"),
    "finder": alone("finder"),
    "finder + points": with_points("finder"),
    "the same in tiles": with_points("finder", finely=True),
    "yunet + points": with_points("yunet"),
}


def shown(sources: list[Source], seen: dict[str, Any], side: str) -> dict[str, list[Source]]:
    """The photographs of a side, by what they are shown for."""
    sets: dict[str, list[Source]] = {"drawn": [], "faceless": [], "lfw": [], "utk": [], "coco": [], "clip": []}
    for source in sources:
        if source.side == side and source.key in seen:
            name = "drawn" if source.drawn is not None else "faceless" if source.faceless else source.kind
            sets.setdefault(name, []).append(source)
    sets.pop("photos", None)
    sets["lfw"], sets["clip"] = sets["lfw"][::LFW_EVERY], sets["clip"][::CLIP_EVERY]
    return sets


def measure(detect: Detect, sets: dict[str, list[Source]], seen: dict[str, Any]) -> dict[str, Any]:
    """Everything about one detector."""
    figures: dict[str, Any] = {}
    for name, sources in sets.items():
        found = Found()
        for source in sources:
            case = case_of(source, seen[source.key])
            if len(case.boxes) or name == "faceless":
                show(detect, case, found)
        figures[name] = {"pictures": len(sources), **_figures(found, name)}
    figures["harder"] = _harder(detect, [case_of(s, seen[s.key]) for s in sets["drawn"][::HARDER_EVERY]])
    return figures


def _figures(found: Found, name: str) -> dict[str, Any]:
    if name == "faceless":
        return {"seen": sum(score > 0 for score in found.seen)}
    if name == "utk":
        return {"all": found.recall(), "groups": _groups(found)}
    if name != "drawn":
        return {"all": found.recall()}
    bare = {size: found.recall("bare", *limits) for size, limits in SIZES.items()}
    worn = {label: found.recall(label) for label in ("bare", "mask", "mask-low")}
    return {"all": found.recall(), **worn, "bare by size": bare}


def _groups(found: Found) -> dict[str, tuple[int, int]]:
    """Faces found by apparent age, sex and origin."""
    counts: dict[str, list[int]] = {}
    for score, label in zip(found.scores, found.labels, strict=True):
        for group in label.split("/"):
            count = counts.setdefault(group, [0, 0])
            count[0] += score > 0
            count[1] += 1
    return {group: (count[0], count[1]) for group, count in sorted(counts.items())}


def _harder(detect: Detect, cases: list[Case]) -> dict[str, tuple[int, int]]:
    """Faces found in the same photographs, in each condition."""
    found = {condition: Found() for condition in CONDITIONS}
    for condition, change in CONDITIONS.items():
        for case in cases:
            show(detect, change(case), found[condition])
    return {condition: each.recall() for condition, each in found.items()}


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with data/, media/ and models/")
    parser.add_argument("--run", type=Path, required=True, help="folder with teacher.npz")
    parser.add_argument("--model", type=Path, default=HERE.parent, help="folder whose metrics.json is written")
    parser.add_argument("--detector", choices=DETECTORS, action="append", help="this alone; the others' figures stay")
    parser.add_argument("--side", choices=("judge", "choose"), default="judge", help="choose: only printed")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    seen = teacher.load(arguments.run / teacher.FILE)
    sets = shown(read(arguments.data), seen, arguments.side)
    path = arguments.model / "metrics.json"
    metrics = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    measured = dict(metrics.get("detectors", {}))
    for name in arguments.detector or DETECTORS:
        try:
            detect = DETECTORS[name]()
        except ModelMissing as error:
            print(f"{name} is left out: {error}", file=sys.stderr)
            continue
        measured[name] = measure(detect, sets, seen)
        print(f"{name} is measured", file=sys.stderr, flush=True)
    metrics["detectors"] = rounded({name: measured[name] for name in DETECTORS if name in measured})
    if arguments.side == "judge":
        write(path, (json.dumps(metrics, indent=1) + "\n").encode())
    print(report.tables(metrics["detectors"]))


if __name__ == "__main__":
    main()
