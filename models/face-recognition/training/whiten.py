"""Makes directions in which all faces differ count less, and those that tell people apart count more.

The student's embeddings lie in a few directions, so that strangers are alike by chance. Their mean is taken away and
their spread evened out by a whitening that leaves each direction where it is (ZCA; Kessy, Lewin and Strimmer, The
American Statistician 2018), with the covariance shrunk towards a ball (Ledoit and Wolf, 2004): few faces say it.
"""

from __future__ import annotations

import numpy as np
import torch
from faces import Faces
from network import NUMBERS, Mirrored
from samples import plain
from torch import nn

SHRINKAGE = 1.0
"""Of the mean variance, added to each direction's."""
PART = 64


@torch.no_grad()
def embedded(network: Mirrored, canvases: np.ndarray) -> np.ndarray:
    """Cached pictures (n, CANVAS, CANVAS, 3) -> (n, NUMBERS) of length one."""
    starts = range(0, len(canvases), PART)
    return np.concatenate([network(plain(canvases[start : start + PART])).numpy() for start in starts])


def whitening(network: Mirrored, faces: Faces) -> nn.Linear:
    """The layer that whitens what a network says, learned from the faces of LFW that train."""
    found = embedded(network, faces.canvases[(faces.sides == "train") & (faces.kinds == "lfw")])
    covariance = np.cov(found.T)
    covariance += SHRINKAGE * np.trace(covariance) / NUMBERS * np.eye(NUMBERS)
    variances, directions = np.linalg.eigh(covariance)
    turn = directions * variances**-0.5 @ directions.T
    layer = nn.Linear(NUMBERS, NUMBERS)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(turn))
        layer.bias.copy_(torch.from_numpy(-found.mean(axis=0) @ turn))
    return layer
