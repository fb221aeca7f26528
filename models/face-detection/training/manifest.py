"""The manifest of an exported finder."""

from __future__ import annotations

import hashlib
from typing import Any

from datasets import terms
from files import commit

from assistant.senses.faces.finder import HEIGHT, OUTPUT, WIDTH

FILE = "finder.tflite"
POINTS = ("eye", "other_eye", "nose", "corner", "other_corner")
LABELS = ["score", "left", "top", "width", "height", *(f"{point}_{axis}" for point in POINTS for axis in "xy")]
CELLS = sum((HEIGHT // stride) * (WIDTH // stride) for stride in (8, 16, 32))
INPUT = {"shape": (1, HEIGHT, WIDTH, 3), "dtype": "float32", "colour": "rgb"}
OUTPUTS = {"names": (OUTPUT,), "shape": (1, CELLS, len(LABELS)), "labels": tuple(LABELS)}


def manifest_of(
    content: bytes, state: dict[str, Any], command: str, limits: tuple[float, float], chosen: dict[str, Any]
) -> dict[str, Any]:
    """The manifest."""
    return {
        "name": "face-detection",
        "version": "2.1.0",
        "task": "Finds faces in a picture in one pass and gives five points of each.",
        "file": {
            "name": FILE,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "source": "trained by this project, see training/",
        },
        "licence": {
            "weights": "Apache-2.0, as far as this project's own rights reach",
            "data": terms("lfw", "utk", "photos", "coco", "teacher"),
        },
        "input": {
            **{key: list(value) if isinstance(value, tuple) else value for key, value in INPUT.items()},
            "scaling": "none, 0 to 255; framed by assistant/senses/faces/finder.py",
        },
        "output": {
            "names": [OUTPUT],
            "shape": list(OUTPUTS["shape"]),
            "dtype": "float32",
            "labels": LABELS,
            "meaning": "a row for each cell (strides 8, 16, 32); fractions of the input's width and height; the points "
            "go from left to right in an upright picture",
        },
        "thresholds": {"score": {"sure": limits[1], "unsure": limits[0]}},
        "thresholds_how": "On the photographs without a face that choose, each in six views. unsure: 3 % of them hold "
        "a face of at least this score, which the network of points has to confirm; weaker ones are not given. sure: "
        "0.4 % do; alone, the finder gives no weaker ones. The score is calibrated so that, with the points, 0.4 % of "
        "the views show somebody.",
        "metrics": {"split": "photographs that choose; for those that judge see metrics.json", **chosen},
        "trained_by": {
            "command": command,
            "epochs_done": state["epoch"],
            "seed": state["seed"],
            "commit": commit(),
        },
    }
