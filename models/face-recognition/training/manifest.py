"""The manifest of the embedding network, without its figures."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

from datasets import terms
from files import commit
from measure import SURE, UNSURE
from network import NUMBERS, SIDE

from assistant.domain.people import Matching

NAME, FILE = "face-recognition", "face-recognition.tflite"


def manifest(content: bytes, version: str, command: str, state: dict[str, Any], matching: Matching) -> dict[str, Any]:
    """File, terms, tensors, thresholds, origin.

    Args:
        content: the exported file.
        version: of the model; embeddings of another one are never compared.
        command: by which it was trained.
        state: the checkpoint.
        matching: as `measure.matching_of` finds it.
    """
    return {
        "name": NAME,
        "version": version,
        "task": "From a face that is laid out: 256 numbers, alike for pictures of the same person.",
        "file": {
            "name": FILE,
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "source": "trained by this project, see training/",
        },
        "licence": {
            "weights": "Apache-2.0, as far as this project's own rights reach",
            "data": [
                *terms("lfw", "utk", "photos", "clip", "fer"),
                {
                    "name": "face-reidentification-retail-0095, the teacher",
                    "terms": "Apache-2.0",
                    "source": "Open Model Zoo, Intel",
                },
                *terms("teacher"),
            ],
        },
        "input": {
            "shape": [1, SIDE, SIDE, 1],
            "dtype": "float32",
            "colour": "grey",
            "scaling": "none, 0 to 255; laid out by assistant.senses.faces.alignment, standardised inside the file",
        },
        "output": {
            "names": ["embedding"],
            "shape": [1, NUMBERS],
            "dtype": "float32",
            "labels": ["embedding"],
            "meaning": "a direction, of length one; the likeness of two faces is the cosine, the sum of products",
        },
        "inside_the_file": {"mirror_averaged": True, "whitened": True},
        "matching": asdict(matching),
        "matching_how": "a name has the probability `unsure` at the highest likeness of any stranger among people who "
        "are in neither the training nor the figures; likeness: mean cosine of the three samples most alike; "
        "alike: best for pairs of single looks",
        "thresholds": {"name": {"sure": SURE, "unsure": UNSURE}},
        "trained_by": {
            "command": command,
            "epochs_done": state["epoch"],
            "share_of_the_schedule": state["progress"],
            "seed": state["seed"],
            "commit": commit(),
        },
    }
