"""The network: plain 3x3 convolutions, three scales, for each cell a score, a box and five points.

Anchor-free as FCOS (Tian et al., ICCV 2019) and YuNet (Wu et al., Machine Intelligence Research 2023): a cell answers
for the face whose middle lies near it. Coarse maps are added to finer ones (Lin et al., CVPR 2017).
"""

from __future__ import annotations

import math

import torch
from layers import convolution
from torch import Tensor, nn
from torch.nn import functional as F

from assistant.senses.faces.finder import HEIGHT, OUTPUT, WIDTH

STRIDES = (8, 16, 32)
NUMBERS = 15
"""Score, box (x and y of its middle, width, height), five points."""


def block(inputs: int, outputs: int, stride: int = 1) -> nn.Sequential:
    """A normalised 3x3 convolution and a rectifier."""
    return nn.Sequential(convolution(inputs, outputs, 3, stride), nn.ReLU())


def grid(width: int = WIDTH, height: int = HEIGHT) -> Tensor:
    """(cells, 3): x and y of every cell's middle and its stride, pixels; the finest scale first, row by row."""
    parts = []
    for stride in STRIDES:
        rows, columns = torch.meshgrid(torch.arange(height // stride), torch.arange(width // stride), indexing="ij")
        middles = (torch.stack([columns, rows], dim=-1).reshape(-1, 2) + 0.5) * stride
        parts.append(torch.cat([middles, torch.full((len(middles), 1), float(stride))], dim=1))
    return torch.cat(parts)


class FinderNet(nn.Module):
    """Pixels to answers in pixels; 0.29 million parameters, 310 million multiplications."""

    def __init__(self, head: int = 32) -> None:
        super().__init__()
        self.stem = nn.Sequential(block(3, 16, 2), block(16, 32, 2))
        self.fine = nn.Sequential(block(32, 48, 2), block(48, 48))
        self.middle = nn.Sequential(block(48, 64, 2), block(64, 64), block(64, 64))
        self.coarse = nn.Sequential(block(64, 64, 2), block(64, 64), block(64, 64))
        self.lateral = nn.ModuleList([nn.Conv2d(width, head, 1) for width in (48, 64, 64)])
        self.heads = nn.ModuleList([block(head, head) for _ in STRIDES])
        self.answers = nn.ModuleList([nn.Conv2d(head, NUMBERS, 1) for _ in STRIDES])
        for answer in self.answers:
            nn.init.normal_(answer.weight, std=0.01)
            nn.init.zeros_(answer.bias)
            answer.bias.data[0] = -math.log(99)
            answer.bias.data[3:5] = math.log(3)
        self.register_buffer("cells", grid(), persistent=False)

    def forward(self, pictures: Tensor) -> Tensor:
        """(n, HEIGHT, WIDTH, 3) RGB, 0 to 255 -> (n, cells, 15): the score's logit, then pixels."""
        x = (pictures.permute(0, 3, 1, 2) - 127.5) / 64
        fine = self.fine(self.stem(x))
        middle = self.middle(fine)
        coarse = self.coarse(middle)
        maps = [lateral(each) for lateral, each in zip(self.lateral, (fine, middle, coarse), strict=True)]
        maps[1] = maps[1] + F.interpolate(maps[2], scale_factor=2.0)
        maps[0] = maps[0] + F.interpolate(maps[1], scale_factor=2.0)
        raw = [answer(head(each)) for head, answer, each in zip(self.heads, self.answers, maps, strict=True)]
        return self._in_pixels(torch.cat([each.permute(0, 2, 3, 1).flatten(1, 2) for each in raw], dim=1).float())

    def _in_pixels(self, raw: Tensor) -> Tensor:
        """Middle in strides from the cell's, sides as powers of e in strides, points in sides from the middle."""
        stride = self.cells[:, 2:]
        middle = self.cells[:, :2] + raw[..., 1:3] * stride
        sides = raw[..., 3:5].clamp(-2, 4).exp() * stride
        points = middle.detach().repeat(1, 1, 5) + raw[..., 5:] * sides.detach().repeat(1, 1, 5)
        return torch.cat([raw[..., :1], middle, sides, points], dim=-1)


class Finder(nn.Module):
    """What the file holds: the network, its score calibrated, everything in fractions of the input.

    Args:
        network: trained.
        slope: of the logistic curve from the network's logit to the chance of a true face.
        shift: added after it.
    """

    def __init__(self, network: nn.Module, slope: float = 1.0, shift: float = 0.0) -> None:
        super().__init__()
        self.network, self.slope, self.shift = network, slope, shift
        self.register_buffer("size", torch.tensor([WIDTH, HEIGHT], dtype=torch.float32), persistent=False)

    def forward(self, pictures: Tensor) -> dict[str, Tensor]:
        """(1, HEIGHT, WIDTH, 3) -> (1, cells, 15): score, left, top, width, height, five points."""
        answer = self.network(pictures)
        middle, sides = answer[..., 1:3] / self.size, answer[..., 3:5] / self.size
        points = answer[..., 5:] / self.size.repeat(5)
        score = torch.sigmoid(self.slope * answer[..., :1] + self.shift)
        return {OUTPUT: torch.cat([score, middle - sides / 2, sides, points], dim=-1)}
