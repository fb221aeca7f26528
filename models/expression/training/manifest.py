"""The manifest of an exported expression model."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from answer import Calibration
from calibrate import CREDIT_UNHEDGED, LEAST_CASES, LOWER_END, Thresholds
from files import commit, rounded
from network import CROP

from models.evaluation import metrics


@dataclass(frozen=True)
class Made:
    """What was exported.

    Attributes:
        content: the LiteRT file.
        version: of the model.
        side: side of the network's input, in pixels.
        fields: sides of the middle of the crop over which the answer is averaged, in pixels of the crop.
        constants: of the answer.
        limits: thresholds of the labels.
        state: the checkpoint it was made from.
        command: how that was trained.
    """

    content: bytes
    version: str
    side: int
    fields: tuple[int, ...]
    constants: Calibration
    limits: Thresholds
    state: dict[str, Any]
    command: str


def summary(figures: dict[str, Any]) -> dict[str, Any]:
    """The figures that a reader of the manifest looks for."""
    found: dict[str, Any] = {"split": "FER-2013 public test, used as validation"}
    for name in ("ferplus_majority", "fer2013"):
        found[name] = {key: figures[name][key] for key in ("n", "accuracy", "macro_f1", "ece")}
        found[name]["recall"] = {label: row["recall"] for label, row in figures[name]["per_class"].items()}
    found["ferplus_all"] = _unhedged(figures["ferplus_all"])
    crossed = figures["cross_fitted"]
    found["cross_fitted"] = {
        "ferplus_majority": {key: crossed["ferplus_majority"][key] for key in ("accuracy", "macro_f1")},
        "fer2013": {key: crossed["fer2013"][key] for key in ("accuracy", "macro_f1", "ece")},
        "ferplus_all": _unhedged(crossed["ferplus_all"]),
    }
    return found


def _unhedged(figures: dict[str, Any]) -> dict[str, Any]:
    said = figures["unhedged"]
    return {
        "n": figures["n"],
        "ece": figures["ece"],
        "unhedged_coverage": said["coverage"],
        "unhedged_accuracy": said["accuracy"],
    }


def manifest_of(made: Made, figures: dict[str, Any]) -> dict[str, Any]:
    """The manifest: file, terms, tensors, constants, thresholds, figures, origin."""
    constants, limits = made.constants, made.limits
    manifest = {
        "name": "expression",
        "version": made.version,
        "task": "Reads one of seven expressions from a grey face; calibrated, averaged over the mirrored face inside.",
        "file": {
            "name": "expression.tflite",
            "size": len(made.content),
            "sha256": hashlib.sha256(made.content).hexdigest(),
            "source": "trained by this project, see training/",
        },
        "licence": {
            "weights": "Apache-2.0, as far as this project's own rights reach",
            "data": [
                {
                    "name": "FER-2013",
                    "terms": "research data set of the ICML 2013 challenge; pictures found by web search",
                    "source": 'Goodfellow et al., "Challenges in Representation Learning", ICONIP 2013',
                },
                {
                    "name": "FER+ labels",
                    "terms": "MIT",
                    "source": 'Barsoum et al., "Training Deep Networks for Facial Expression Recognition with '
                    'Crowd-Sourced Label Distribution", ICMI 2016',
                },
            ],
        },
        "input": {
            "shape": [1, CROP, CROP, 1],
            "dtype": "float32",
            "colour": "grey",
            "scaling": "none, 0 to 255; each picture is standardised inside the file",
        },
        "output": {
            "names": ["answer", "fer2013"],
            "shape": [1, len(metrics.LABELS)],
            "dtype": "float32",
            "labels": list(metrics.LABELS),
            "meaning": "probabilities; the run time uses answer, fer2013 is the head trained on those labels alone",
        },
        "mix": constants.mix,
        "temperature": constants.temperature,
        "inside_the_file": {
            "mirror_averaged": True,
            "fields": list(made.fields),
            "side": made.side,
            "weight_of_fer2013_head": constants.mix,
            "bias": dict(zip(metrics.LABELS, constants.bias, strict=True)),
            "temperature": constants.temperature,
            "temperature_slope": constants.slope,
            "temperature_discord": constants.discord,
            "fer2013_temperature": constants.fer2013_temperature,
            "chosen": "on the validation split; judged by five-fold cross-fitting",
        },
        "thresholds": {label: {"sure": limits.sure[label], "unsure": limits.unsure[label]} for label in metrics.LABELS},
        "thresholds_how": (
            "Certainty of the answer, which is low where the two heads disagree. sure: said unhedged from here on; "
            f"null: never (lower end of the 95 % Wilson interval not above {LOWER_END}, or fewer than {LEAST_CASES} "
            "cases, on held-out folds). What is said unhedged is right by the votes and by the original labels: half a "
            f"credit for each, and none for neutral where the label is an unpleasant one, make {CREDIT_UNHEDGED} or "
            "more. unsure: below it the expression cannot be told. Chosen on all validation faces that are not unknown "
            "or not-a-face, those without a majority counted wrong; judged by five-fold cross-fitting."
        ),
        "metrics": summary(figures),
        "trained_by": {
            "command": made.command,
            "epochs_done": made.state["epoch"],
            "seed": made.state["seed"],
            "commit": commit(),
        },
    }
    return dict(rounded(manifest))
