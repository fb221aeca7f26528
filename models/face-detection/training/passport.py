"""The manifest of an exported finder."""

from __future__ import annotations

import hashlib
from typing import Any

from files import commit

from assistant.senses.faces.finder import HEIGHT, OUTPUT, WIDTH

FILE = "finder.tflite"
POINTS = ("eye", "other_eye", "nose", "corner", "other_corner")
LABELS = ["score", "left", "top", "width", "height", *(f"{point}_{axis}" for point in POINTS for axis in "xy")]
CELLS = sum((HEIGHT // stride) * (WIDTH // stride) for stride in (8, 16, 32))
INPUT = {"shape": (1, HEIGHT, WIDTH, 1), "dtype": "float32", "colour": "grey"}
OUTPUTS = {"names": (OUTPUT,), "shape": (1, CELLS, len(LABELS)), "labels": tuple(LABELS)}


def passport(
    content: bytes, state: dict[str, Any], command: str, limits: tuple[float, float], chosen: dict[str, Any]
) -> dict[str, Any]:
    """The manifest."""
    return {
        "name": "face-detection",
        "version": "1.0.0",
        "task": "Finds faces in a picture in one pass and gives five points of each.",
        "file": {
            "name": FILE,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "source": "trained by this project, see training/",
        },
        "licence": {
            "weights": "Apache-2.0, as far as this project's own rights reach",
            "data": [
                {
                    "name": "Labeled Faces in the Wild (a part)",
                    "terms": "research benchmark; press photographs found by web search",
                    "source": "Huang et al., University of Massachusetts, Technical Report 07-49, 2007",
                },
                {
                    "name": "COCO (128 photographs)",
                    "terms": "annotations CC BY 4.0; photographs under various Creative Commons licences",
                    "source": "Lin et al., Microsoft COCO, ECCV 2014",
                },
                {"name": "sample videos of one signing person", "terms": "CC BY 4.0", "source": "Intel, sample-videos"},
                {
                    "name": "boxes and points by the teacher, YuNet",
                    "terms": "MIT",
                    "source": "Wu, Peng and Yu, Machine Intelligence Research 2023",
                },
            ],
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
        "thresholds_how": "Both from the background tiles of the photographs that train and that choose. sure: the "
        "score at which at most 10 of 1,000 hold a false face. unsure: the same where the network of points confirms "
        "each face, as in the program; below it no face is given.",
        "metrics": {"split": "people and photographs that choose; for those that judge see metrics.json", **chosen},
        "trained_by": {
            "command": command,
            "epochs_done": state["epoch"],
            "seed": state["seed"],
            "commit": commit(),
        },
    }
