"""Turns a training run into the model's folder: file, manifest, parity, figures, plots.

python export.py DATA --run RUN_FOLDER [--out models/face-detection]
"""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path
from typing import Any

import calibrate
import litert
import numpy as np
import plots
import teacher
import torch
import yaml
from calibrate import Answers
from conditions import Case
from files import load_checkpoint, rounded, write
from judge import case_of
from manifest import FILE, INPUT, OUTPUTS, manifest_of
from network import Finder, FinderNet
from pictures import generated_pictures
from sources import Source, read
from torch import nn

from assistant import manifests, weights
from assistant.domain.values import Face
from assistant.senses.faces.finder import HEIGHT, OUTPUT, WIDTH, faces_in, framed
from assistant.senses.litert import Network

HERE = Path(__file__).resolve().parent
LOWEST = 0.25
"""Own score of the network from which on its answers are looked at for calibration."""


def converted(module: nn.Module) -> bytes:
    """A LiteRT file with 8-bit weights.

    The stem reckons in floats, because rounding what goes into it costs more than it saves; the coarse maps do, because
    they are small and the boxes that are read from them large.
    """
    return litert.convert(module, torch.zeros(1, HEIGHT, WIDTH, 3), eight_bit=True, floats="stem|coarse")


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
        return faces_in(self._network(canvas[None].astype(np.float32))[OUTPUT][0], width, height, self.least)


def choosing(sources: list[Source], seen: dict[str, np.ndarray]) -> tuple[list[Case], list[Case]]:
    """What chooses: photographs with drawn faces, and those without a face."""
    mine = [each for each in sources if each.side == "choose"]
    drawn = [case_of(each, seen[each.key]) for each in mine if each.drawn is not None]
    return [case for case in drawn if len(case.boxes)], [case_of(s, seen[s.key]) for s in mine if s.faceless]


def parity(module: nn.Module) -> dict[str, np.ndarray]:
    """Generated pictures with what PyTorch answers to them."""
    grey = generated_pictures(WIDTH, n=6)[:, :HEIGHT]
    pictures = np.stack([grey[0:6:3], grey[1:6:3], grey[2:6:3]], axis=-1)
    with torch.no_grad():
        rows = [module(torch.from_numpy(each)[None])[OUTPUT][0].numpy() for each in pictures]
    return {"images": pictures.astype(np.uint8), OUTPUT: np.array(rows, np.float16)}


def figures_of(found: Answers, curve: calibrate.Curve, asked: float, alone: float) -> dict[str, Any]:
    """What the choosing pictures say of the calibrated file, with the points and without."""
    return {
        "slope": curve[0],
        "shift": curve[1],
        "faces": dict(found.faces),
        "asked_about": found.found(curve, asked, with_points=False),
        "found_with_points": found.found(curve, calibrate.EVEN, with_points=True),
        "found_alone": found.found(curve, alone, with_points=False),
        "faceless_views": len(found.wrong),
        "seen_in_faceless_views": int((found.seen(curve, with_points=True) >= calibrate.EVEN).sum()),
    }


def export(arguments: argparse.Namespace) -> None:
    """Writes everything that belongs into the model's folder."""
    state = load_checkpoint(arguments.run)
    if state is None:
        raise SystemExit(f"{arguments.run} holds no checkpoint.")
    network = FinderNet()
    network.load_state_dict(state["average"])
    network = litert.eight_bit(network)
    drawn, faceless = choosing(read(arguments.data, ("photos",)), teacher.load(arguments.run / teacher.FILE))

    found = calibrate.answers(Trial(converted(Finder(network)), LOWEST).detect, drawn, faceless)
    curve = calibrate.curve_of(found)
    asked, alone = (calibrate.limit(found, curve, share) for share in (calibrate.ASKED, calibrate.MOST_SEEN))
    module = Finder(network, *curve).eval()
    content = converted(module)
    limits = tuple(float(np.floor(100 / (1 + np.exp(-each))) / 100) for each in (asked, alone))
    chosen = rounded(figures_of(found, curve, asked, alone))

    out = arguments.out
    out.mkdir(parents=True, exist_ok=True)
    with io.BytesIO() as buffer:
        np.savez_compressed(buffer, **parity(module))
        write(out / "parity.npz", buffer.getvalue())
    write(out / FILE, content)
    manifest = manifest_of(content, state, arguments.command, limits, chosen)
    write(out / "manifest.yaml", yaml.safe_dump(manifest, sort_keys=False, allow_unicode=True, width=110).encode())
    path = out / "metrics.json"
    metrics = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    metrics["choosing"] = chosen
    write(path, (json.dumps(metrics, indent=1) + "\n").encode())
    plots.loss(state["history"], out / "loss.png")
    plots.trade(found, curve, out / "trade.png")
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
