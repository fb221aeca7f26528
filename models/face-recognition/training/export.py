"""Turns a training run, finished or not, into the model's folder: file, manifest, figures, plots.

python export.py CACHE --run RUN_FOLDER [--out models/face-recognition] [--teacher TEACHER]
"""

from __future__ import annotations

import argparse
import io
import json
from pathlib import Path

import measure
import numpy as np
import plots
import torch
import yaml
from faces import Faces
from files import load_checkpoint, rounded, write
from litert import convert, eight_bit, milliseconds
from manifest import FILE, manifest
from network import SIDE, Answer, EmbeddingNet, Mirrored, Taught, Whitened
from pictures import generated_pictures
from views import CHANNELS
from whiten import whitening

from assistant.domain.people import Matching

HERE = Path(__file__).resolve().parent


def parity(module: Answer) -> dict[str, np.ndarray]:
    """Generated pictures with what PyTorch answers for them."""
    pictures = generated_pictures(SIDE)
    with torch.no_grad():
        found = [module(torch.from_numpy(picture)[None, :, :, None])["embedding"].numpy() for picture in pictures]
    return {"images": pictures.astype(np.uint8), "embedding": np.concatenate(found)}


def export(arguments: argparse.Namespace) -> None:
    """Writes everything that belongs into the model's folder."""
    state, out = load_checkpoint(arguments.run), arguments.out
    if state is None:
        raise FileNotFoundError(f"{arguments.run} holds no checkpoint.")
    taught = Taught(EmbeddingNet(), CHANNELS)
    taught.load_state_dict(state["average"])
    mirrored = Mirrored(eight_bit(taught.network)).eval()
    faces = Faces.load(arguments.cache)
    module = Answer(eight_bit(Whitened(mirrored, whitening(mirrored, faces)))).eval()
    content, checked = convert(module, torch.zeros(1, SIDE, SIDE, 1), eight_bit=True), parity(module)
    out.mkdir(parents=True, exist_ok=True)
    with io.BytesIO() as buffer:
        np.savez_compressed(buffer, **checked)
        write(out / "parity.npz", buffer.getvalue())
    write(out / FILE, content)

    # How to match is found with the file itself; until then the manifest holds nothing that matters.
    matching = Matching(0.5, 0.03, measure.MARGIN)
    for last in (False, True):
        described = rounded(manifest(content, arguments.version, arguments.command, state, matching))
        write(out / "manifest.yaml", yaml.safe_dump(described, sort_keys=False, width=110).encode())
        if not last:
            matching = measure.matching_of(faces, measure.embed_of(out), measure.STRANGERS)

    figures = measure.figures_of(arguments.cache, out, arguments.teacher)
    plain = figures["conditions"]["as it is"]
    described["metrics"] = rounded(plain | {"ms_per_face": milliseconds(out / FILE)})
    write(out / "manifest.yaml", yaml.safe_dump(described, sort_keys=False, width=110).encode())
    write(out / "metrics.json", (json.dumps(rounded(figures), indent=1) + "\n").encode())
    plots.training(state["history"], out / "loss.png")
    plots.open_set(
        figures["open_set_curve"], matching.even + measure.logit(measure.UNSURE) * matching.scale, out / "open-set.png"
    )
    print(measure.table(figures["conditions"]))
    print(f"{len(content) / 1e3:.0f} kB, {described['metrics']['ms_per_face']:.2f} ms")


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="what teacher.py wrote")
    parser.add_argument("--run", type=Path, required=True, help="folder of the training run")
    parser.add_argument("--out", type=Path, default=HERE.parent, help="folder of the model")
    parser.add_argument("--teacher", type=Path, help="its weights, for its own figures; long, once")
    parser.add_argument("--command", default="make train-recogniser", help="by which it was trained, for the manifest")
    parser.add_argument("--version", default="1.0.0")
    try:
        export(parser.parse_args())
    except FileNotFoundError as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
