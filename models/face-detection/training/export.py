"""Turns a training run into the model's folder: file, manifest, parity, figures, plots.

python export.py DATA --run RUN_FOLDER [--out models/face-detection]
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import tempfile
from pathlib import Path
from typing import Any

import calibrate
import litert
import numpy as np
import plots
import teacher
import torch
import yaml
from ai_edge_quantizer import quantizer
from ai_edge_quantizer import recipe as quantisation
from calibrate import Answers
from conditions import Case
from files import load_checkpoint, rounded, write
from judge import case_of, confirmed, count, tiles
from network import Finder, FinderNet
from passport import FILE, INPUT, OUTPUTS, passport
from pictures import generated_pictures
from sources import Source, read
from torch import nn

from assistant import manifests, weights
from assistant.domain.values import Face
from assistant.senses.faces.finder import HEIGHT, OUTPUT, WIDTH, faces_in, framed
from assistant.senses.litert import Network

HERE = Path(__file__).resolve().parent
LOWEST = 0.1
"""Own score of the network from which on its answers are looked at for calibration."""
LFW_EVERY = 4
"""Of the photographs of LFW that choose, every so manieth is looked at."""


def converted(module: nn.Module) -> bytes:
    """A LiteRT file whose weights have 8 bits and whose arithmetic is that of floats.

    Activations of 8 bits were slower here: with few channels and many pixels, rounding them costs more than it saves.
    """
    content = litert.convert(module, torch.zeros(1, HEIGHT, WIDTH, 1), eight_bit=False)
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        whole, small = Path(folder) / "float.tflite", Path(folder) / "small.tflite"
        whole.write_bytes(content)
        work = quantizer.Quantizer(str(whole))
        work.load_quantization_recipe(quantisation.weight_only_wi8_afp32())
        work.quantize().export_model(str(small))
        return small.read_bytes()


class Trial:
    """A file that is not yet installed, used as the program uses it.

    Args:
        content: of the file.
        least: weaker faces are not given.
    """

    name = "finder"

    def __init__(self, content: bytes, least: float) -> None:
        file = weights.Weights(Path(FILE), content)
        self._network = Network(file, input=manifests.Input(**INPUT), output=manifests.Output(**OUTPUTS))
        self.least = least

    def detect(self, pixels: np.ndarray) -> list[Face]:
        """As `FinderDetector.detect`."""
        canvas, width, height = framed(pixels)
        return faces_in(
            self._network(canvas[None, :, :, None].astype(np.float32))[OUTPUT][0], width, height, self.least
        )


def choosing(sources: list[Source], faces: dict[str, np.ndarray]) -> dict[str, list[Case]]:
    """What chooses: pictures with faces, background tiles, and the background tiles of training."""
    sides: dict[str, list[Source]] = {"train": [], "choose": []}
    for source in sources:
        if source.side in sides:
            sides[source.side].append(source)

    def of(source: Source) -> np.ndarray:
        return faces[f"{source.kind}/{source.name}"]

    people = [each for each in sides["choose"] if each.kind == "lfw"][::LFW_EVERY]
    cases = [case_of(each, of(each)) for each in [*people, *(s for s in sides["choose"] if s.kind == "coco")]]
    return {
        "faces": [case for case in cases if len(case.boxes)],
        "tiles": [tile for each in sides["choose"] if each.kind == "coco" for tile in tiles(each, of(each))],
        "training tiles": [tile for each in sides["train"] if each.kind == "coco" for tile in tiles(each, of(each))],
    }


def parity(module: nn.Module) -> dict[str, np.ndarray]:
    """Generated pictures with what PyTorch answers to them."""
    pictures = generated_pictures(WIDTH, n=3)[:, :HEIGHT]
    with torch.no_grad():
        rows = [module(torch.from_numpy(each)[None, :, :, None])[OUTPUT][0].numpy() for each in pictures]
    return {"images": pictures.astype(np.uint8), OUTPUT: np.array(rows, np.float16)}


def least_with_points(trial: Trial, cases: list[Case], alone: float) -> float:
    """The lowest score, in twentieths, at which the points leave few enough false faces in background tiles.

    Args:
        trial: the calibrated file; its least score is changed.
        cases: the tiles.
        alone: the score at which they are few enough without the points.
    """
    detect = confirmed(trial)
    for score in np.arange(0.1, alone, 0.05):
        trial.least = float(round(score, 2))
        if count(detect, cases).false <= calibrate.MOST_FALSE * len(cases) / 1000:
            return trial.least
    return alone


def figures_of(answers: dict[str, Answers], cases: dict[str, list[Case]], least: float) -> dict[str, Any]:
    """What the choosing pictures say of the calibrated file."""
    faces, pooled = answers["faces"], _pooled(answers)
    return {
        "faces": faces.faces,
        "recall": float((faces.right >= least).sum() / faces.faces),
        "true_and_false_for_calibration": [len(pooled.right), len(pooled.wrong)],
        "calibration_error": calibrate.error(pooled, least),
        "false_per_1000_tiles": {
            name: 1000 * float((answers[name].wrong >= least).sum()) / max(1, len(cases[name]))
            for name in ("tiles", "training tiles")
        },
        "tiles": {name: len(cases[name]) for name in ("tiles", "training tiles")},
    }


def _pooled(answers: dict[str, Answers]) -> Answers:
    """True and false faces for the calibration; training pictures have no say in it."""
    parts = [answers["faces"], answers["tiles"]]
    return Answers(
        np.concatenate([each.right for each in parts]), np.concatenate([each.wrong for each in parts]), parts[0].faces
    )


def export(arguments: argparse.Namespace) -> None:
    """Writes everything that belongs into the model's folder."""
    state = load_checkpoint(arguments.run)
    if state is None:
        raise SystemExit(f"{arguments.run} holds no checkpoint.")
    network = FinderNet()
    network.load_state_dict(state["average"])
    network = litert.eight_bit(network)
    cases = choosing(read(arguments.data), teacher.load(arguments.run / teacher.FILE))

    plain = Trial(converted(Finder(network)), LOWEST).detect
    raw = _pooled({name: calibrate.answers(plain, cases[name]) for name in ("faces", "tiles")})
    slope, shift = calibrate.logistic(raw.right, raw.wrong)
    module = Finder(network, slope, shift).eval()
    content = converted(module)

    trial = Trial(content, float(1 / (1 + np.exp(-slope * np.log(LOWEST / (1 - LOWEST)) - shift))))
    answers = {name: calibrate.answers(trial.detect, each) for name, each in cases.items()}
    both = [*cases["tiles"], *cases["training tiles"]]
    wrong = np.concatenate([answers["tiles"].wrong, answers["training tiles"].wrong])
    alone = max(0.1, calibrate.least_score(wrong, len(both)))
    limits = least_with_points(trial, both, alone), alone
    chosen = rounded({"slope": slope, "shift": shift, **figures_of(answers, cases, alone)})

    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    with io.BytesIO() as buffer:
        np.savez_compressed(buffer, **parity(module))
        write(out / "parity.npz", buffer.getvalue())
    write(out / FILE, content)
    manifest = passport(content, state, arguments.command, limits, chosen)
    write(out / "manifest.yaml", yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=110).encode())
    path = out / "metrics.json"
    metrics = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    metrics["choosing"] = chosen
    write(path, (json.dumps(metrics, indent=1) + "\n").encode())
    plots.loss(state["history"], out / "loss.png")
    false = {name: (answers[name].wrong, len(cases[name])) for name in ("tiles", "training tiles")}
    plots.trade(answers["faces"], false, alone, out / "trade.png")
    plots.calibration(_pooled(answers), out / "calibration.png")
    print(yaml.safe_dump({"thresholds": manifest["thresholds"], **chosen}, sort_keys=False))


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with data/, media/ and models/")
    parser.add_argument("--run", type=Path, required=True, help="folder of the training run")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="folder of the model")
    parser.add_argument(
        "--command", default="make train-finder DATA=DATA", help="how the run was made, for the manifest"
    )
    export(parser.parse_args())


if __name__ == "__main__":
    main()
