"""Building blocks of the small networks."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F


def standardise(crops: Tensor) -> Tensor:
    """Removes brightness and contrast: zero mean and unit deviation in each picture.

    Args:
        crops: (n, 1, height, width), grey values from 0 to 255.

    Returns:
        Same shape. The deviation is kept away from zero by half a grey level.
    """
    centred = crops - crops.mean(dim=(2, 3), keepdim=True)
    deviation = (centred * centred).mean(dim=(2, 3), keepdim=True).sqrt()
    return centred / (deviation + 0.5)


def convolution(inputs: int, outputs: int, kernel: int, stride: int = 1) -> nn.Sequential:
    """A convolution without bias, followed by batch normalisation."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
    )


class SqueezeExcitation(nn.Module):
    """Scales each channel by a gate computed from all channels' means."""

    def __init__(self, channels: int, reduction: int = 8) -> None:
        super().__init__()
        self.squeeze = nn.Conv2d(channels, channels // reduction, 1)
        self.excite = nn.Conv2d(channels // reduction, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        gate = F.relu(self.squeeze(x.mean(dim=(2, 3), keepdim=True)))
        return x * torch.sigmoid(self.excite(gate))


class Residual(nn.Module):
    """Two 3x3 convolutions round which the input is added; halves the map first where `halve` is set."""

    def __init__(self, inputs: int, outputs: int, *, halve: bool, attention: bool) -> None:
        super().__init__()
        self.pool = nn.AvgPool2d(2) if halve else nn.Identity()
        self.first = convolution(inputs, outputs, 3)
        self.second = convolution(outputs, outputs, 3)
        self.attention = SqueezeExcitation(outputs) if attention else nn.Identity()
        self.shortcut = nn.Identity() if inputs == outputs else convolution(inputs, outputs, 1)
        nn.init.zeros_(self.second[1].weight)

    def forward(self, x: Tensor) -> Tensor:
        x = self.pool(x)
        branch = self.attention(self.second(F.relu(self.first(x))))
        return F.relu(branch + self.shortcut(x))


def stages(widths: tuple[int, ...], blocks: tuple[int, ...], *, attention: bool) -> nn.Sequential:
    """Residual blocks, stage after stage; every stage but the first halves the map.

    Args:
        widths: channels of each stage; what comes in has those of the first.
        blocks: of each stage.
        attention: whether channels are scaled where the maps are halved or smaller.
    """
    body: list[nn.Module] = []
    inputs = widths[0]
    for stage, (width, count) in enumerate(zip(widths, blocks, strict=True)):
        for block in range(count):
            halve = stage > 0 and block == 0
            body.append(Residual(inputs, width, halve=halve, attention=attention and stage > 0))
            inputs = width
    return nn.Sequential(*body)
