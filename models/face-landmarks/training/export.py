"""Turns a training run into the model's folder: file, manifest, figures, plots.

python export.py CACHE --run RUN_FOLDER [--out models/face-landmarks]
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
from pathlib import Path
from typing import Any

import card
import measure
import numpy as np
import plots
import torch
import yaml
from backgrounds import Backgrounds
from conditions import CONDITIONS
from datasets import terms
from files import commit, load_checkpoint, rounded, write
from judge import answers_of, batch_in
from litert import convert, eight_bit, milliseconds
from network import CROP, OUTPUTS, Answer, Mirrored, PointsNet
from photographs import CALIBRATING, Faces
from pictures import generated_pictures
from samples import Crops

HERE = Path(__file__).resolve().parent
LABELS = (
    "present",
    *(f"{point} {axis}" for point in measure.POINTS for axis in "xy"),
    *(f"box {part}" for part in ("middle x", "middle y", "width", "height")),
    "covered",
)
SURE = 0.99
"""Of the crops answered with at least the probability `sure`, so many hold a face."""


def logits(network: torch.nn.Module, crops: Crops) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Answers to crops in all conditions, whether there is a face, and whether its mouth is covered (-1: unknown)."""
    answers = answers_of(network, torch.device("cpu"))
    batches = [batch_in(crops, condition) for condition in CONDITIONS]
    found = np.concatenate([answers(batch.crops) for batch in batches])
    return found, *(np.concatenate([vars(b)[name].numpy() for b in batches]) for name in ("present", "covered"))


def platt(found: np.ndarray, present: np.ndarray) -> tuple[float, float]:
    """Scale and shift that make the logits a calibrated probability where every second crop holds a face."""
    values, truth = torch.from_numpy(found).double(), torch.from_numpy(present).double()
    weight = torch.where(truth > 0, 0.5 / truth.mean(), 0.5 / (1 - truth.mean()))
    constants = torch.tensor([1.0, 0.0], dtype=torch.float64, requires_grad=True)
    search = torch.optim.LBFGS([constants], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        search.zero_grad()
        calibrated = values * constants[0] + constants[1]
        off = torch.nn.functional.binary_cross_entropy_with_logits(calibrated, truth, weight)
        off.backward()
        return off

    search.step(loss)
    scale, shift = constants.tolist()
    return scale, shift


def sure_from(found: np.ndarray, present: np.ndarray) -> float:
    """The lowest probability, not below 0.5, from which on `SURE` of the crops hold a face."""
    order = np.argsort(-found)
    share = np.cumsum(present[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(share >= SURE)
    return max(0.5, float(found[order][enough[-1]])) if len(enough) else 1.0


def _probable(found: np.ndarray, curve: tuple[float, float]) -> np.ndarray:
    return 1 / (1 + np.exp(-(found * curve[0] + curve[1])))


def manifest_of(content: bytes, version: str, made: dict[str, Any], state: dict[str, Any]) -> dict[str, Any]:
    """The manifest without its figures: file, terms, tensors, constants, thresholds, origin."""
    return {
        "name": "face-landmarks",
        "version": version,
        "task": "From a loose crop: whether there is a face, its five points, its box, whether its mouth is covered.",
        "file": {
            "name": "face-landmarks.tflite",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "source": "trained by this project, see training/",
        },
        "licence": {
            "weights": "Apache-2.0, as far as this project's own rights reach",
            "data": terms("lfw", "utk", "photos", "coco", "teacher"),
        },
        "input": {
            "shape": [1, CROP, CROP, 1],
            "dtype": "float32",
            "colour": "grey",
            "scaling": "none, 0 to 255; each picture is standardised inside the file",
        },
        "output": {
            "names": ["face"],
            "shape": [1, OUTPUTS],
            "dtype": "float32",
            "labels": list(LABELS),
            "meaning": "present, covered (something hides the mouth, as a mask does): probabilities; the others: "
            "fractions of the crop's side, from its top left",
        },
        "inside_the_file": {"mirror_averaged": True, **made["constants"]},
        "thresholds": {name: {"sure": sure, "unsure": 0.5} for name, sure in made["sure"].items()},
        "thresholds_how": f"sure: {SURE:.0%} of the crops with at least this probability hold a face, where six in "
        "ten do, or a covered mouth; over all conditions together; chosen on people and photographs that are in "
        "neither the training nor the figures.",
        "trained_by": {
            "command": made["command"],
            "epochs_done": state["epoch"],
            "seed": state["seed"],
            "commit": commit(),
        },
    }


def parity(module: Answer) -> dict[str, np.ndarray]:
    """Generated pictures with what PyTorch answers for them."""
    pictures = generated_pictures(CROP)
    with torch.no_grad():
        found = [module(torch.from_numpy(picture)[None, :, :, None])["face"].numpy() for picture in pictures]
    return {"images": pictures.astype(np.uint8), "face": np.concatenate(found)}


def export(arguments: argparse.Namespace) -> None:
    """Writes everything that belongs into the model's folder."""
    state, out = load_checkpoint(arguments.run), arguments.out
    if state is None:
        raise FileNotFoundError(f"{arguments.run} holds no checkpoint.")
    network = PointsNet()
    network.load_state_dict(state["average"])
    averaged = Mirrored(eight_bit(network)).eval()
    faces, backgrounds = Faces.load(arguments.cache), Backgrounds.load(arguments.cache)
    found, present, covered = logits(averaged, Crops(faces, backgrounds, CALIBRATING))
    there, told = platt(found[:, 0], present), covered >= 0
    hidden = platt(found[told, 15], covered[told])
    sure = {"present": sure_from(_probable(found[:, 0], there), present)}
    sure["covered"] = sure_from(_probable(found[told, 15], hidden), covered[told])
    module = Answer(averaged, there, hidden).eval()
    content, checked = convert(module, torch.zeros(1, CROP, CROP, 1), eight_bit=True, floats="stem"), parity(module)
    constants = {"presence": list(there), "covered": list(hidden)}
    made = {"constants": constants, "sure": sure, "command": arguments.command}
    manifest = rounded(manifest_of(content, arguments.version, made, state))

    out.mkdir(parents=True, exist_ok=True)
    with io.BytesIO() as buffer:
        np.savez_compressed(buffer, **checked)
        write(out / "parity.npz", buffer.getvalue())
    write(out / "face-landmarks.tflite", content)
    write(out / "manifest.yaml", yaml.safe_dump(manifest, sort_keys=False, width=110).encode())

    figures = measure.measured(arguments.cache, measure.answers_of(out))
    figures["ms_per_face"] = milliseconds(out / "face-landmarks.tflite")
    manifest["metrics"] = rounded({key: value for key, value in figures.items() if key != "conditions"})
    write(out / "manifest.yaml", yaml.safe_dump(manifest, sort_keys=False, width=110).encode())
    write(out / "metrics.json", (json.dumps(rounded(figures), indent=1) + "\n").encode())
    plots.training(state["history"], out / "loss.png")
    plots.errors(figures["conditions"], out / "errors.png")
    print(card.render(rounded(figures)))
    print(f"{len(content) / 1e3:.0f} kB, {figures['ms_per_face']:.2f} ms")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="what teacher.py wrote")
    parser.add_argument("--run", type=Path, required=True, help="folder of the training run")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="folder of the model")
    parser.add_argument("--command", default="make train-landmarks", help="by which it was trained, for the manifest")
    parser.add_argument("--version", default="2.1.0")
    try:
        export(parser.parse_args())
    except FileNotFoundError as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
