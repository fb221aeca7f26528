"""A start from a shipped file of the same design: its 8-bit weights, rounded, as a checkpoint of the network.

python warm.py DATA --run RUN_FOLDER --file FINDER.tflite --out WARM_FOLDER

Canvases as in training show the normalisations what comes in (`models/training/thaw.py`). A grey first convolution, as
version 1 had, becomes one of three colours that looks at their luminance.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import stock
import torch
from network import FinderNet
from thaw import folded, settled
from torch import nn

LUMINANCE = (0.299, 0.587, 0.114)
CANVASES = 128


def ordered(network: FinderNet) -> list[nn.Conv2d]:
    """The network's convolutions in the order of the file."""
    body = [network.stem, network.fine, network.middle, network.coarse, network.lateral]
    convolutions = [m for part in body for m in part.modules() if isinstance(m, nn.Conv2d)]
    for head, answer in zip(network.heads, network.answers, strict=True):
        convolutions += [head[0][0], answer]
    return convolutions


def started(path: Path, canvases: np.ndarray) -> FinderNet:
    """A network that answers as the file does, about these canvases (n, height, width, 3)."""
    network, layers = FinderNet().eval(), folded(path)
    weights, bias = layers[0]
    if weights.shape[1] == 1:
        layers[0] = weights * torch.tensor(LUMINANCE).view(1, 3, 1, 1), bias
    settled(network, ordered(network), layers, torch.from_numpy(canvases).float())
    return network


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with data/ and models/")
    parser.add_argument("--run", type=Path, required=True, help="folder with teacher.npz")
    parser.add_argument("--file", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder for checkpoint.pt, for train.py --weights")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    stock.start(arguments.data, arguments.run)
    network = started(arguments.file, stock.draw(CANVASES, (0, 0))[0])
    torch.save({"average": network.state_dict()}, arguments.out / "checkpoint.pt")


if __name__ == "__main__":
    main()
