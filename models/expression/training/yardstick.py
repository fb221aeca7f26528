"""A network with the shape of mini_XCEPTION, random weights: the yardstick of speed, nothing else.

Shape after Arriaga et al., "Real-time Convolutional Neural Networks for Emotion and Gender Classification" (2017):
64x64 grey faces, two plain convolutions, four residual modules of separable convolutions, global average pooling; 58 k
parameters.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

SIDE = 64


def separable(inputs: int, outputs: int) -> nn.Sequential:
    """A depthwise 3x3 and a pointwise convolution with batch normalisation."""
    return nn.Sequential(
        nn.Conv2d(inputs, inputs, 3, padding=1, groups=inputs, bias=False),
        nn.Conv2d(inputs, outputs, 1, bias=False),
        nn.BatchNorm2d(outputs),
    )


class Module(nn.Module):
    """Two separable convolutions and a pool, beside a strided pointwise convolution."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first, self.second = separable(inputs, outputs), separable(outputs, outputs)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.shortcut = nn.Sequential(nn.Conv2d(inputs, outputs, 1, 2, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x: Tensor) -> Tensor:
        return self.pool(self.second(F.relu(self.first(x)))) + self.shortcut(x)


class Yardstick(nn.Module):
    """(1, 1, 64, 64) to (1, 7) probabilities of no meaning."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs in (1, 8):
            layers += [nn.Conv2d(inputs, 8, 3, bias=False), nn.BatchNorm2d(8), nn.ReLU()]
        for inputs, outputs in ((8, 16), (16, 32), (32, 64), (64, 128)):
            layers.append(Module(inputs, outputs))
        self.body = nn.Sequential(*layers, nn.Conv2d(128, 7, 3, padding=1))

    def forward(self, x: Tensor) -> Tensor:
        return self.body(x).mean(dim=(2, 3)).softmax(dim=1)
