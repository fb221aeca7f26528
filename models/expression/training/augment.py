"""Random pictures of the same face: moved, lit, blurred, noisy, compressed, partly covered.

Everything works on a whole batch at once, on any device. The ranges cover what a body-worn camera does to a face and
what a detector's box leaves over: +-10 % of shift and size, leftover roll.
"""

from __future__ import annotations

import math

import torch
from degrade import blur, compress, cover, degrade, light, noise, shrink, uniform
from torch import Tensor
from torch.nn import functional as F


def move(images: Tensor, reach: float = 1.0) -> Tensor:
    """Mirrors, rotates by up to 20 degrees, scales by up to 15 %, stretches by 8 % and shifts by up to 10 %.

    Args:
        images: (n, 1, height, width).
        reach: factor on all of that but the mirroring.
    """
    n, device = len(images), images.device
    angle = reach * uniform(n, -20, 20, device).flatten() * (math.pi / 180)
    scale = (reach * uniform(n, -math.log(1.15), math.log(1.15), device)).flatten().exp()
    stretch = (reach * uniform(n, -0.08, 0.08, device)).flatten().exp()
    mirror = torch.where(torch.rand(n, device=device) < 0.5, -1.0, 1.0)
    shift = reach * torch.empty(n, 2, device=device).uniform_(-0.2, 0.2)
    across, down = scale * stretch, scale / stretch
    matrix = torch.stack(
        [
            torch.stack([mirror * across * angle.cos(), -down * angle.sin(), shift[:, 0]], dim=1),
            torch.stack([mirror * across * angle.sin(), down * angle.cos(), shift[:, 1]], dim=1),
        ],
        dim=1,
    )
    grid = F.affine_grid(matrix, list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, mode="bilinear", padding_mode="border", align_corners=False)


CHANCES = ((blur, 0.15), (shrink, 0.15), (light, 0.3), (noise, 0.2), (compress, 0.12), (cover, 0.3))
"""After `move`: what happens to a picture, in this order, and with which probability."""


@torch.no_grad()
def augment(images: Tensor, strength: float = 1.0) -> Tensor:
    """Augments a batch.

    Args:
        images: (n, 1, 48, 48) float32, 0 to 255.
        strength: factor on the chances of everything but `move`; above 1 also on how far that goes.

    Returns:
        Same shape and range.
    """
    return degrade(move(images, max(1.0, strength)), [(change, chance * strength) for change, chance in CHANCES])
