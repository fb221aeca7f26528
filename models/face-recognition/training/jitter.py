"""How far off a face is laid out where the points are found by a network."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from faces import REACH
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class Jitter:
    """How far off a face may be laid out; each face draws its own, evenly.

    Attributes:
        shift: largest shift, sides of the laid-out face.
        scale: largest factor on its size.
        roll: largest turn, degrees.
        stretch: largest factor by which it is wider or narrower, as heads that are turned seem to be.
        mirror: whether every second one is mirrored.
    """

    shift: float
    scale: float
    roll: float
    stretch: float
    mirror: bool


TRAINING = Jitter(0.025, 1.07, 5.0, 1.05, mirror=True)
"""A little more than what the points network leaves over: its points of close-ups are off by 5.0 % on the mean."""


def laid_out(pictures: Tensor, jitter: Jitter, side: int) -> Tensor:
    """Samples the middle `1 / REACH` of cached pictures, a little off: (n, 1, room, room) -> (n, 1, side, side)."""
    n = len(pictures)

    def evenly(most: float) -> Tensor:
        return torch.empty(n).uniform_(-1, 1) * most

    angle = evenly(jitter.roll * math.pi / 180)
    scale, stretch = evenly(math.log(jitter.scale)).exp() / REACH, evenly(math.log(jitter.stretch)).exp()
    mirror = torch.where(torch.rand(n) < 0.5, -1.0, 1.0) if jitter.mirror else torch.ones(n)
    across, down = scale * stretch * mirror, scale / stretch
    matrix = torch.stack(
        [
            torch.stack([across * angle.cos(), -down * angle.sin(), evenly(2 * jitter.shift) / REACH], dim=1),
            torch.stack([across * angle.sin(), down * angle.cos(), evenly(2 * jitter.shift) / REACH], dim=1),
        ],
        dim=1,
    )
    grid = F.affine_grid(matrix, [n, 1, side, side], align_corners=False)
    return F.grid_sample(pictures.float(), grid, mode="bilinear", padding_mode="border", align_corners=False)
