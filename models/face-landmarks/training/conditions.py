"""What happens to crops: at random while training, one thing at a time for measuring."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

import torch
from degrade import blur, compress, cover, degrade, light, noise, shrink, uniform
from samples import NEAR, WIDE, Batch, Jitter
from torch import Tensor

DAMAGE = (
    (blur, 0.15),
    (partial(shrink, least=14, most=40), 0.2),
    (partial(light, darkest=0.08), 0.35),
    (noise, 0.2),
    (compress, 0.1),
)
"""What happens to crops in training, in this order, and to which share of them."""

HALF_COVERED, PARTLY_COVERED = 0.2, 0.15
"""Shares of the crops in training one half, and a rectangle, of which is covered before. Whether their mouths count as
covered is not told: what covers them is no mask, nor are they bare."""


def cover_half(crops: Tensor, middles: Tensor, farthest: float = 0.2) -> Tensor:
    """Covers everything on one side of a line that passes near the middle of the face.

    Args:
        crops: (n, 1, side, side).
        middles: (n, 2) of the faces, in fractions of the side.
        farthest: the line is at most so far from the middle, as part of the side; never does it cover more than half.

    Returns:
        The same, covered by one grey level, by noise or by another crop of the batch.
    """
    n, side = len(crops), crops.shape[-1]
    angle = uniform(n, -math.pi, math.pi, crops.device)
    places = (torch.arange(side, device=crops.device) + 0.5) / side
    x, y = (
        places.view(1, 1, 1, -1) - middles[:, 0].view(n, 1, 1, 1),
        places.view(1, 1, -1, 1) - middles[:, 1].view(n, 1, 1, 1),
    )
    covered = x * angle.cos() + y * angle.sin() > uniform(n, 0, farthest, crops.device)
    kind = torch.rand(n, 1, 1, 1, device=crops.device)
    grain = torch.empty_like(crops).uniform_(0, 255)
    patch = torch.where(kind < 0.6, crops.roll(1, 0), uniform(n, 0, 255, crops.device))
    return torch.where(covered, torch.where(kind < 0.2, grain, patch), crops)


@torch.no_grad()
def damage(batch: Batch, strength: float) -> Batch:
    """Changes the crops of a training batch at random, with `strength` times the usual chances."""
    crops, covered = batch.crops, batch.covered.clone()
    middles = torch.where(batch.present[:, None] > 0, batch.coordinates[:, 10:12], 0.5)
    half, partly = (
        (torch.rand(len(crops)) < share * strength).nonzero().flatten() for share in (HALF_COVERED, PARTLY_COVERED)
    )
    if len(half):
        crops[half] = cover_half(crops[half], middles[half])
    if len(partly):
        crops[partly] = cover(crops[partly])
    covered[half], covered[partly] = -1, -1
    crops = degrade(crops, [(change, chance * strength) for change, chance in DAMAGE])
    return replace(batch, crops=crops, covered=covered)


def _dimmed(batch: Batch, factor: float) -> Tensor:
    return (batch.crops * factor).round()


def _blurred(batch: Batch, sigma: float) -> Tensor:
    offsets = torch.arange(-8, 9, dtype=torch.float32)
    kernel = torch.exp(-0.5 * (offsets / sigma) ** 2)
    kernel = (kernel / kernel.sum()).view(1, 1, 1, -1)
    padded = torch.nn.functional.pad(batch.crops, (8, 8, 8, 8), mode="replicate")
    return torch.nn.functional.conv2d(torch.nn.functional.conv2d(padded, kernel), kernel.transpose(2, 3))


def _noisy(batch: Batch, sigma: float) -> Tensor:
    return (batch.crops + sigma * torch.randn_like(batch.crops)).clamp(0, 255)


def _half(batch: Batch) -> Tensor:
    return cover_half(batch.crops, torch.where(batch.present[:, None] > 0, batch.coordinates[:, 10:12], 0.5), 0.0)


CONDITIONS: Mapping[str, tuple[Jitter, Callable[[Batch], Tensor] | None]] = {
    "as a detector leaves it": (NEAR, None),
    "anything below, undamaged": (WIDE, None),
    "shifted 25 %": (Jitter(0.25), None),
    "face 0.6 times as large": (Jitter(0.1, (0.6, 0.6)), None),
    "face 1.6 times as large": (Jitter(0.1, (1.6, 1.6)), None),
    "rolled up to 30 degrees": (Jitter(0.1, (0.85, 1.2), 30.0), None),
    "rolled up to 50 degrees": (Jitter(0.1, (0.85, 1.2), 50.0), None),
    "half the light": (NEAR, partial(_dimmed, factor=0.5)),
    "a tenth of the light": (NEAR, partial(_dimmed, factor=0.1)),
    "blurred, sigma 2": (NEAR, partial(_blurred, sigma=2.0)),
    "made from 24 pixels": (NEAR, lambda batch: shrink(batch.crops, 24, 24)),
    "made from 16 pixels": (NEAR, lambda batch: shrink(batch.crops, 16, 16)),
    "noise, sigma 20": (NEAR, partial(_noisy, sigma=20.0)),
    "compressed": (NEAR, lambda batch: compress(batch.crops)),
    "half covered": (NEAR, _half),
}
"""For measuring: where the crop is, and what happens to it; the same happens to crops without a face."""


def damaged(batch: Batch, change: Callable[[Batch], Tensor] | None) -> Batch:
    """A batch to which one thing has happened; of a half covered face nobody knows whether its mouth is."""
    if change is None:
        return batch
    covered = torch.full_like(batch.covered, -1) if change is _half else batch.covered
    return replace(batch, crops=change(batch), covered=covered)
