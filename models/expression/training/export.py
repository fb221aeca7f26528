"""Turns a training run into the model's folder: file, manifest, figures, plots.

python export.py DATA --run RUN_FOLDER [--out models/expression]
"""

from __future__ import annotations

import argparse
import io
import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import calibrate
import numpy as np
import plots
import torch
import yaml
from answer import Answer
from calibrate import Heads
from files import rounded, write
from judge import answers, seven
from litert import convert, eight_bit, milliseconds
from manifest import Made, manifest_of
from network import CROP
from pictures import generated_pictures
from schedule import follow
from train import build
from yardstick import SIDE as YARDSTICK_SIDE
from yardstick import Yardstick

from assistant.weights import Weights
from models.evaluation import data, metrics
from models.evaluation.model import OUTPUTS, Reader
from models.evaluation.report import report, said, scores

HERE = Path(__file__).resolve().parent

FIELDS = (40, 44, 48)
"""Sides of the middle of the crop over which the answer is averaged, in pixels of the crop."""


def load(run: Path, before: Path | None = None, share: float = 0.0) -> tuple[torch.nn.Module, dict[str, Any]]:
    """The averaged network of a run, in evaluation mode, and its checkpoint.

    Where the run went on from the weights of another one, a share of those may be kept: the mean of weights from before
    and after often answers better than either (Wortsman et al., "Robust fine-tuning of zero-shot models", CVPR 2022).
    """
    state = _checkpoint(run)
    network = build(state["recipe"]["network"])
    network.load_state_dict(state["average"])
    if before is not None:
        other = build(state["recipe"]["network"])
        other.load_state_dict(_checkpoint(before)["average"])
        follow(network, other, 1 - share)
    return network.eval(), state


def _checkpoint(run: Path) -> dict[str, Any]:
    return dict(torch.load(run / "checkpoint.pt", map_location="cpu", weights_only=False))


def heads_of(network: torch.nn.Module, faces: data.Faces, side: int, fields: tuple[int, ...] = FIELDS) -> Heads:
    """What the two heads say, averaged over mirrored faces."""
    ferplus, fer2013 = answers(network, torch.from_numpy(faces.images), side, fields=fields, mirror=True)
    return Heads(seven(ferplus), fer2013, faces.labels, metrics.majority(faces.votes))


def parity(module: Answer) -> dict[str, np.ndarray]:
    """Generated pictures with the probabilities that PyTorch gives for them."""
    pictures = generated_pictures(CROP)
    with torch.no_grad():
        found = [module(torch.from_numpy(picture)[None, :, :, None]) for picture in pictures]
    outputs = {name: np.concatenate([row[name].numpy() for row in found]) for name in OUTPUTS}
    return {"images": pictures.astype(np.uint8), **outputs}


def cross_fitted_figures(heads: Heads, prior: np.ndarray) -> dict[str, Any]:
    """The figures of answers whose constants were chosen on other faces."""
    found = calibrate.cross_fit(heads, prior)
    decided, seen, labelled = heads.majority.decided, heads.majority.seen, heads.labels >= 0
    truth = heads.majority.truth
    return {
        "ferplus_majority": scores(found.answer[decided], truth[decided]),
        "fer2013": scores(found.fer2013[labelled], heads.labels[labelled]),
        "ferplus_all": {
            "n": int(seen.sum()),
            "ece": metrics.calibration_error(found.answer[seen], truth[seen]),
            "unhedged": said(found.answer[seen], truth[seen], found.unhedged[seen]),
        },
        "constants": [asdict(constants) for constants in found.constants],
    }


def allowed(crossed: dict[str, Any]) -> tuple[str, ...]:
    """The labels that earned on held-out folds the right to be said unhedged."""
    earned = crossed["ferplus_all"]["unhedged"]["per_class"]
    return tuple(
        label
        for label in metrics.LABELS
        if earned[label]["n"] >= calibrate.LEAST_CASES and earned[label]["wilson"][0] > calibrate.LOWER_END
    )


def export(arguments: argparse.Namespace) -> None:
    """Writes everything that belongs into the model's folder."""
    torch.set_num_threads(arguments.threads or torch.get_num_threads())
    network, state = load(arguments.run, arguments.before, arguments.share)
    network = eight_bit(network)
    arguments.side = arguments.side or state["side"]
    training, validation = data.read_for_training(arguments.data)
    if not (training.votes.any() and validation.votes.any()):
        raise data.DataError(f"{arguments.data}: has no FER+ votes, on which the answer is calibrated.")
    heads = heads_of(network, validation, arguments.side)
    prior = calibrate.priors(metrics.majority(training.votes))

    everyone = np.ones(len(validation), bool)
    constants = calibrate.choose(heads, prior, everyone)
    crossed = cross_fitted_figures(heads, prior)
    module = Answer(network, arguments.side, FIELDS, constants).eval()
    content = convert(module, torch.zeros(1, CROP, CROP, 1), eight_bit=True, floats="stem")
    checked = parity(module)

    with tempfile.TemporaryDirectory() as folder:
        path, yard = Path(folder) / "model.tflite", Path(folder) / "yardstick.tflite"
        path.write_bytes(content)
        yard.write_bytes(convert(Yardstick(), torch.zeros(1, 1, YARDSTICK_SIDE, YARDSTICK_SIDE), eight_bit=False))
        read = Reader(Weights(path, path.read_bytes()))
        own, generated = read(validation.images), read(checked["images"])
        # In turn, and the least of each: other programs take their part of the time now and then.
        own_ms, yard_ms = np.min([(milliseconds(path, 20), milliseconds(yard, 20)) for _ in range(25)], axis=0)

    truth = heads.majority
    seen = truth.seen
    limits = calibrate.thresholds(own.answer[seen], truth.truth[seen], validation.labels[seen], allowed(crossed))
    figures = report(own.answer, own.fer2013, validation.labels, validation.votes, limits.sure)
    away = [float(np.abs(getattr(generated, name) - checked[name]).max()) for name in OUTPUTS]
    figures |= {
        "cross_fitted": crossed,
        "ms_per_face": float(own_ms),
        "times_mini_xception": float(own_ms / yard_ms),
        "parity_largest_difference": max(away),
    }

    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    known = Made(content, arguments.version, arguments.side, FIELDS, constants, limits, state, arguments.command)
    manifest = manifest_of(known, figures)
    text = yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=110)
    with io.BytesIO() as buffer:
        np.savez_compressed(buffer, **checked)
        write(out / "parity.npz", buffer.getvalue())
    write(out / "expression.tflite", content)
    write(out / "manifest.yaml", text.encode())
    write(out / "metrics.json", (json.dumps(rounded(figures), indent=1) + "\n").encode())
    if state["history"]:  # a run made by recover.py has none
        plots.training(state["history"], out)
    plots.confusion(np.array(figures["ferplus_majority"]["confusion"]), out / "confusion.png")
    plots.calibration(own.answer[seen], truth.truth[seen], out / "calibration.png")
    print(yaml.safe_dump(manifest["metrics"], sort_keys=False))
    print(yaml.safe_dump({key: manifest[key] for key in ("inside_the_file", "thresholds")}, sort_keys=False))
    print(
        f"{len(content) / 1e6:.2f} MB, {own_ms:.2f} ms, {own_ms / yard_ms:.1f} x mini_XCEPTION, parity {max(away):.4f}"
    )


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--run", type=Path, required=True, help="folder of the training run")
    parser.add_argument("--before", type=Path, help="folder of the run whose weights this one went on from")
    parser.add_argument("--share", type=float, default=0.1, help="how much of the weights from before is kept")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="folder of the model")
    parser.add_argument("--side", type=int, help="side of the network's input, by default that of the last epoch")
    parser.add_argument("--version", default="1.0.0")
    parser.add_argument(
        "--command", default="make train-expression DATA=DATA", help="how the run was made, for the manifest"
    )
    parser.add_argument("--threads", type=int)
    try:
        export(parser.parse_args())
    except data.DataError as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
