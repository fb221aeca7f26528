"""What a body-worn camera does to a picture: light, blur, few pixels, noise, compression, something in front.

Everything works on a whole batch (n, 1, height, width) of float32 from 0 to 255 at once, on any device, and gives back
the same shape; the caller chooses which pictures of a batch it happens to.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor
from torch.nn import functional as F

_LUMINANCE = torch.tensor(
    [
        [16, 11, 10, 16, 24, 40, 51, 61],
        [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56],
        [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77],
        [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101],
        [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    dtype=torch.float32,
)
"""Quantisation of luminance at quality 50 (ITU-T T.81, table K.1)."""


def uniform(n: int, low: float, high: float, device: torch.device) -> Tensor:
    """(n, 1, 1, 1) numbers, each picture its own."""
    return torch.empty(n, 1, 1, 1, device=device).uniform_(low, high)


def light(images: Tensor, darkest: float = 0.12) -> Tensor:
    """Bends the tone curve (gamma 0.5 to 2), lets light fall from one side, and dims to as little as `darkest`."""
    n, device = len(images), images.device
    gamma = uniform(n, -math.log(2), math.log(2), device).exp()
    lit = 255 * (images / 255).clamp(min=1e-4) ** gamma
    height, width = images.shape[2:]
    rows = torch.linspace(-1, 1, height, device=device).view(1, 1, -1, 1)
    columns = torch.linspace(-1, 1, width, device=device).view(1, 1, 1, -1)
    fall = 1 + uniform(n, -0.4, 0.4, device) * rows + uniform(n, -0.5, 0.5, device) * columns
    gain = uniform(n, math.log(darkest), math.log(1.3), device).exp()
    return (lit * fall * gain).clamp(0, 255).round()


def blur(images: Tensor, widest: float = 1.6) -> Tensor:
    """Blurs with a Gaussian, each picture with its own sigma from 0.4 to `widest` (at most 2) pixels."""
    n, device = len(images), images.device
    offsets = torch.arange(-4, 5, device=device, dtype=torch.float32)
    sigma = torch.empty(n, 1, device=device).uniform_(0.4, widest)
    kernel = torch.exp(-0.5 * (offsets / sigma) ** 2)
    kernel = kernel / kernel.sum(dim=1, keepdim=True)
    row = F.pad(images.transpose(0, 1), (4, 4, 4, 4), mode="replicate")
    row = F.conv2d(row, kernel.view(n, 1, 1, 9), groups=n)
    return F.conv2d(row, kernel.view(n, 1, 9, 1), groups=n).transpose(0, 1)


def shrink(images: Tensor, least: int = 18, most: int = 40) -> Tensor:
    """Reduces to a side between `least` and `most` pixels, the same for all of these pictures, and enlarges again."""
    side = int(torch.randint(least, most + 1, ()))
    small = F.interpolate(images, size=(side, side), mode="bilinear", antialias=True)
    return F.interpolate(small, size=images.shape[2:], mode="bilinear", align_corners=False)


def noise(images: Tensor) -> Tensor:
    """Adds Gaussian noise, each picture with its own sigma up to 20 grey levels."""
    sigma = uniform(len(images), 0, 20, images.device)
    return (images + sigma * torch.randn_like(images)).clamp(0, 255)


def compress(images: Tensor) -> Tensor:
    """Rounds 8x8 cosine coefficients as JPEG does at a quality from 15 to 60 (ITU-T T.81); sides divide by 8."""
    n, _, height, width = images.shape
    device = images.device
    steps = torch.arange(8, device=device, dtype=torch.float32)
    cosine = torch.cos((2 * steps + 1) * steps.view(-1, 1) * (math.pi / 16)) / 2
    cosine[0] /= math.sqrt(2)
    quality = uniform(n, 15, 60, device)
    strength = torch.where(quality < 50, 50 / quality, 2 - quality / 50).view(n, 1, 1, 1, 1)
    table = (_LUMINANCE.to(device) * strength).clamp(min=1).round()
    blocks = images.view(n, height // 8, 8, width // 8, 8).transpose(2, 3) - 128
    coefficients = (cosine @ blocks @ cosine.T / table).round() * table
    restored = (cosine.T @ coefficients @ cosine).transpose(2, 3) + 128
    return restored.reshape(images.shape).clamp(0, 255).round()


def cover(images: Tensor) -> Tensor:
    """Covers a rectangle of 4 to 25 % of the picture by one grey level or by noise (Zhong et al., AAAI 2020)."""
    n, device = len(images), images.device
    height, width = images.shape[2:]
    area = uniform(n, 0.04, 0.25, device)
    ratio = uniform(n, math.log(0.4), math.log(2.5), device).exp()
    half_height, half_width = (area * ratio).sqrt() * height / 2, (area / ratio).sqrt() * width / 2
    middle_row, middle_column = uniform(n, 0, height, device), uniform(n, 0, width, device)
    rows = torch.arange(height, device=device).view(1, 1, -1, 1)
    columns = torch.arange(width, device=device).view(1, 1, 1, -1)
    covered = ((rows - middle_row).abs() < half_height) & ((columns - middle_column).abs() < half_width)
    patch = uniform(n, 0, 255, device).expand_as(images)
    grain = torch.empty_like(images).uniform_(0, 255)
    patch = torch.where(torch.rand(n, 1, 1, 1, device=device) < 0.5, patch, grain)
    return torch.where(covered, patch, images)


@torch.no_grad()
def degrade(images: Tensor, chances: Sequence[tuple[Callable[[Tensor], Tensor], float]]) -> Tensor:
    """Lets each of several things happen, in this order, to a random part of a batch, which is changed in place.

    Args:
        images: (n, 1, height, width) float32, 0 to 255.
        chances: what happens, and to which share of the pictures.

    Returns:
        The batch.
    """
    for change, chance in chances:
        chosen = (torch.rand(len(images), device=images.device) < chance).nonzero().flatten()
        if len(chosen):
            images[chosen] = change(images[chosen])
    return images
