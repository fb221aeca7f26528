"""Measures the exported file on people whom it was not trained on: every figure of the card.

python measure.py CACHE [--model models/face-recognition] [--teacher face-reidentification-retail-0095.onnx]
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import tables
from conditions import CONDITIONS, PLAIN, again, each
from embedder import Embedder
from faces import TEACHER_SIDE, Faces, centre, grey
from files import rounded, write
from judge import Meeting, best_threshold, likenesses, made_pairs, meeting, open_set, true_accepts, verification

from assistant import manifests, weights
from assistant.domain.people import Matching, gallery
from assistant.senses.litert import Network

HERE = Path(__file__).resolve().parent
Embed = Callable[[np.ndarray], np.ndarray]
"""Cached pictures (n, CANVAS, CANVAS, 3) -> (n, 256) of length one."""
RATE = 1e-3
"""At this rate of false accepts the true ones are counted."""
THRESHOLDS = tuple(round(0.2 + 0.025 * step, 3) for step in range(23))
MARGINS = (0.0, 0.05, 0.1)
"""Of the open set's curve."""
SURE, UNSURE = 0.95, 0.73
"""Probabilities from which on a name is said, and said hedged."""
MARGIN = 0.05
"""Of likeness; see `Matching`."""
STRANGERS, STRANGERS_OF_TEACHER = 0.0, 4e-5
"""The share of strangers who are so like somebody that a name is said.

For the teacher half of what one wrong name among 20 people and 600 strangers needs is enough. Ours spreads strangers
wider, so that none of those who choose may be named.
"""


def embed_of(model: Path) -> Embed:
    """The exported file, one face at a time on one thread as at run time."""
    manifest = manifests.read(model / "manifest.yaml")
    content = weights.verified(model / manifest.file.name, manifest.file)
    network = Network(content, input=manifest.input, output=manifest.output)
    side = manifest.input.shape[1]

    def embed(canvases: np.ndarray) -> np.ndarray:
        found = np.empty((len(canvases), manifest.output.shape[1]), np.float32)
        for row, face in enumerate(grey(canvases, side).astype(np.float32)):
            found[row] = network(face.reshape(manifest.input.shape))["embedding"][0]
        return found

    return embed


def embed_of_teacher(path: Path) -> Embed:
    """The teacher, as the program uses it where it is installed: one view of each face."""
    embedder = Embedder(path)
    return lambda canvases: embedder(np.array([centre(canvas, TEACHER_SIDE) for canvas in canvases]))


def matching_of(faces: Faces, embed: Embed, rate: float) -> Matching:
    """From which likeness on a name is said; chosen on the choosing side.

    Everybody of LFW is learnt in turn, all others are strangers to them. At the likeness that this share of the
    strangers passes a name has the probability `UNSURE`; at that of a quarter of them, or somewhat higher, `SURE`.
    Two looks are alike from the threshold on that is best for pairs.
    """
    chosen = faces.where((faces.sides == "choose") & (faces.kinds != "clip"))
    found, press = embed(chosen.canvases), chosen.kinds == "lfw"
    people = np.unique(chosen.people[press]).tolist()
    known = gallery("", {name: list(found[chosen.people == name][:10]) for name in people})
    likeness = np.array([known.likeness(face) for face in found])
    strangers = likeness[chosen.people[:, None] != np.array(people)[None]]
    unsure, sure = (float(np.quantile(strangers, 1 - share)) for share in (rate, rate / 4))
    scale = max(0.03, (sure - unsure) / (logit(SURE) - logit(UNSURE)))
    pairs = made_pairs(chosen.people[press])
    apart = (found[press][pairs.first] * found[press][pairs.second]).sum(axis=1)
    return Matching(unsure - logit(UNSURE) * scale, scale, MARGIN, best_threshold(apart, pairs.same))


def logit(probability: float) -> float:
    """Logarithm of the odds."""
    return math.log(probability / (1 - probability))


def measured(faces: Faces, embed: Embed, matching: Matching) -> dict[str, Any]:
    """All figures on the judging side."""
    judges = faces.where((faces.sides == "judge") & (faces.kinds != "clip"))
    press = judges.kinds == "lfw"
    pairs, people = made_pairs(judges.people[press]), judges.people[press]
    clean = embed(judges.canvases)
    rows: dict[str, Any] = {}
    for name, change in CONDITIONS.items():
        seen = clean if name == PLAIN else embed(change(judges.canvases))
        accepts, threshold = true_accepts(*likenesses(clean[press], seen[press], people), RATE)
        rows[name] = {
            **verification(clean[press], seen[press], pairs),
            "true_accepts": accepts,
            "threshold_of_true_accepts": threshold,
            **open_set(meeting(clean, seen, judges.people), matching, UNSURE),
        }
    given = meeting(clean, clean, judges.people)
    return {
        "people": len(np.unique(people)),
        "faces": int(press.sum()),
        "strangers": len(given.strangers),
        "pictures_of_the_known": len(given.others),
        "conditions": rows,
        "groups": groups(judges, clean, embed(each(again)(judges.canvases)), pairs),
        "matching": asdict(matching),
        "open_set_curve": curve(given, matching.scale),
    }


def curve(given: Meeting, scale: float) -> list[dict[str, float]]:
    """Names among strangers by the likeness from which on a name is said, and by the margin."""
    return [
        {"threshold": threshold, "margin": margin}
        | open_set(given, Matching(threshold - logit(UNSURE) * scale, scale, margin), UNSURE)
        for margin in MARGINS
        for threshold in THRESHOLDS
    ]


def groups(judges: Faces, clean: np.ndarray, seen: np.ndarray, pairs: Any) -> dict[str, Any]:
    """Faces against themselves as met again and against others of their group, at the threshold that suits LFW best."""
    press = clean[judges.kinds == "lfw"]
    likeness = (press[pairs.first] * press[pairs.second]).sum(axis=1)
    threshold = best_threshold(likeness, pairs.same)
    members: dict[str, np.ndarray] = {"colour, many sources": judges.kinds == "photos"}
    told = [label.split("|") if kind == "utk" else [] for label, kind in zip(judges.labels, judges.kinds, strict=True)]
    for label in sorted({part for parts in told for part in parts}):
        members[label] = np.array([label in parts for parts in told])
    found = {}
    for name, mine in members.items():
        if mine.sum() > 1:
            alike = clean[mine] @ seen[mine].T
            own = np.eye(len(alike), dtype=bool)
            accepts, false = float((alike[own] >= threshold).mean()), float((alike[~own] >= threshold).mean())
            found[name] = {
                "faces": int(mine.sum()),
                "accuracy": (accepts + 1 - false) / 2,
                "true_accepts": accepts,
                "false_accepts": false,
            }
    return found


def table(rows: dict[str, dict[str, float]]) -> str:
    """The conditions as a table in Markdown, in % but for the strangers."""
    heads = ("condition", "pairs right", "true accepts", "known found", "called by another's name", "strangers named")
    keys = ("accuracy", "true_accepts", "found", "mistaken")
    lines = [
        [name, *(tables.percent(row[key]) for key in keys), str(row["strangers_named"])] for name, row in rows.items()
    ]
    return tables.table(heads, lines)


def figures_of(cache: Path, model: Path, teacher: Path | None) -> dict[str, Any]:
    """What belongs into metrics.json; the teacher's figures are kept in the cache once they were measured."""
    faces, manifest = Faces.load(cache), manifests.read(model / "manifest.yaml")
    assert manifest.matching is not None
    figures = {"split": "people kept aside", **measured(faces, embed_of(model), manifest.matching)}
    kept = cache / "teacher.json"
    if teacher is not None and not kept.is_file():
        embed = embed_of_teacher(teacher)
        write(kept, json.dumps(measured(faces, embed, matching_of(faces, embed, STRANGERS_OF_TEACHER))).encode())
    if kept.is_file():
        figures["teacher"] = json.loads(kept.read_text(encoding="utf-8"))
    return figures


def main() -> None:
    """Reads the command line, prints the table and writes metrics.json."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="what teacher.py wrote")
    parser.add_argument("--model", type=Path, default=HERE.parent, help="folder of the model")
    parser.add_argument("--teacher", type=Path, help="its weights, for its own figures; long, once")
    arguments = parser.parse_args()
    figures = figures_of(arguments.cache, arguments.model, arguments.teacher)
    write(arguments.model / "metrics.json", (json.dumps(rounded(figures), indent=1) + "\n").encode())
    print(table(figures["conditions"]))
    if "teacher" in figures:
        print(table(figures["teacher"]["conditions"]))


if __name__ == "__main__":
    main()
