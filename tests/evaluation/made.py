"""Labelled faces of noise in the three forms, and a model of a few hundred bytes that reads them.

The model takes a bright picture for neutral; to black it gives each label the same probability, so that the first one,
angry, is its answer.
"""

import csv
import hashlib
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import yaml

from assistant.domain.values import EXPRESSIONS
from models.evaluation.metrics import VOTES
from tests.senses.tiny import network

FERPLUS = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")


def noise(n: int, seed: int = 0) -> np.ndarray:
    """(n, 48, 48) uint8."""
    return np.random.default_rng(seed).integers(0, 256, (n, 48, 48), np.uint8)


def ballot(**votes: int) -> list[int]:
    """A row of FER+ votes; `no_face` stands for "no face"."""
    return [votes.get(name.replace(" ", "_"), 0) for name in VOTES]


def arrays() -> dict[str, np.ndarray]:
    """Six faces of validation, black or white, one face of training, and none of the private test."""
    images = np.zeros((7, 48, 48), np.uint8)
    images[[1, 2, 4]] = 255
    votes = [
        ballot(angry=10),
        ballot(neutral=9, sad=1),
        ballot(happy=8, neutral=2),
        ballot(contempt=10),
        ballot(neutral=5, sad=5),
        ballot(no_face=10),
        ballot(angry=10),
    ]
    label = [0, 6, 3, 0, 4, -1, 0]
    return {
        "images": images,
        "split": np.array([1] * 6 + [0], np.uint8),
        "label": np.array(label, np.int8),
        "votes": np.array(votes, np.uint8),
    }


def npz(folder: Path, **changes: np.ndarray | None) -> Path:
    """Writes `arrays`, some of them changed or (None) left out."""
    path = folder / "faces.npz"
    np.savez(path, **{name: value for name, value in (arrays() | changes).items() if value is not None})
    return path


def table(folder: Path, *, ferplus: bool, head: str = "emotion,pixels,Usage") -> Path:
    """Writes the faces of `arrays` whose label is known as fer2013.csv, and their votes as fer2013new.csv."""
    made = arrays()
    known = np.flatnonzero(made["label"] >= 0)
    usage = {0: "Training", 1: "PublicTest"}
    lines = [head]
    for index in known:
        pixels = " ".join(map(str, made["images"][index].ravel()))
        lines.append(f"{made['label'][index]},{pixels},{usage[int(made['split'][index])]}")
    path = folder / "fer2013.csv"
    path.write_text("\n".join(lines) + "\n")
    if ferplus:
        with (folder / "fer2013new.csv").open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("Usage", "Image name", *FERPLUS))
            writer.writerows(["", "", *made["votes"][index]] for index in known)
    return path


def picture(path: Path, pixels: np.ndarray) -> None:
    """Writes a picture, and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), pixels)


def model(folder: Path, **changes: Any) -> Path:
    """Writes a model: unhedged are neutral from 0.5 on and nothing else; `changes` replace keys of its manifest."""
    content = network()
    folder.mkdir(exist_ok=True)
    (folder / "tiny.tflite").write_bytes(content)
    manifest = {
        "name": "tiny",
        "version": "1.0.0",
        "task": "Tells white from black.",
        "file": {"name": "tiny.tflite", "size": len(content), "sha256": hashlib.sha256(content).hexdigest()},
        "licence": {"weights": "Apache-2.0", "data": []},
        "input": {"shape": [1, 48, 48, 1]},
        "output": {"names": ["answer", "fer2013"], "shape": [1, 7], "labels": list(EXPRESSIONS)},
        "thresholds": {label: {"sure": 0.5 if label == "neutral" else None, "unsure": 0.3} for label in EXPRESSIONS},
    }
    (folder / "manifest.yaml").write_text(yaml.safe_dump(manifest | changes))
    return folder
