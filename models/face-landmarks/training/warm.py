"""A start from the shipped file of the first version: its 8-bit weights, rounded, as a checkpoint of the network.

python warm.py FACE-LANDMARKS.tflite CACHE OUT/checkpoint.pt

The file holds normalisation folded into weights; `thaw.py` of the shared folder undoes that. The output that the first
version did not have begins at zero.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
from network import CROP, PointsNet
from photographs import Faces
from thaw import folded, settled
from torch import nn

if __name__ == "__main__":
    file, cache, out = (Path(each) for each in sys.argv[1:])
    network = PointsNet().eval()
    pictures = torch.from_numpy(Faces.load(cache).pictures[:512, 25:153:2, 17:145:2].copy()).float()
    assert pictures.shape[1:] == (CROP, CROP)
    layers = folded(file)
    convolutions = [m for m in network.modules() if isinstance(m, nn.Conv2d)]
    settled(network, convolutions, layers[: len(convolutions)], pictures[:, None])
    with torch.no_grad():
        for linear, (weights, bias) in zip((network.hidden, network.outputs), layers[len(convolutions) :], strict=True):
            linear.weight[: len(weights)].copy_(weights.flatten(1))
            linear.bias[: len(bias)].copy_(bias)
        network.outputs.weight[15:].zero_()
        network.outputs.bias[15:].zero_()
    out.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"average": network.state_dict()}, out)
