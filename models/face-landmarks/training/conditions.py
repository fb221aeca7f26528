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
    (cover, 0.15),
)
"""What happens to crops in training, in this order, and to which share of them."""

HALF_COVERED = 0.2
"""Share of the crops in training one half of which is covered."""


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
    crops = batch.crops
    chosen = (torch.rand(len(crops)) < HALF_COVERED * strength).nonzero().flatten()
    if len(chosen):
        middles = torch.where(batch.present[chosen, None] > 0, batch.coordinates[chosen, 10:12], 0.5)
        crops[chosen] = cover_half(crops[chosen], middles)
    return replace(batch, crops=degrade(crops, [(change, chance * strength) for change, chance in DAMAGE]))


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
    """A batch to which one thing has happened."""
    return batch if change is None else replace(batch, crops=change(batch))
