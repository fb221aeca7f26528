"""The embedding network: a small residual network from a face that is laid out to 256 numbers that say who it is.

The body is a residual network (He et al., CVPR 2016) that halves its resolution by average pooling. Its last map is not
averaged but read place by place by one fully connected layer, as every place is another part of the face (Deng et al.,
"ArcFace", CVPR 2019, option E).
"""

from __future__ import annotations

import torch
from layers import convolution, stages, standardise
from torch import Tensor, nn
from torch.nn import functional as F

SIDE = 64
"""Side of the laid-out grey face that the run time delivers, pixels."""
NUMBERS = 256
"""Numbers that say who somebody is, as many as the teacher's."""


class EmbeddingNet(nn.Module):
    """Laid-out faces to embeddings of length one.

    Args:
        widths: channels of the stem, which halves the picture, and of each stage, which halves the map.
        blocks: residual blocks of each stage.
        dropout: share of the last map's numbers that are left out in training.
    """

    def __init__(
        self,
        widths: tuple[int, ...] = (24, 48, 96, 192),
        blocks: tuple[int, ...] = (0, 2, 2, 1),
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.stem = convolution(1, widths[0], 5, stride=2)
        self.body = stages(widths, blocks, attention=True)
        self.dropout = nn.Dropout(dropout)
        self.read = nn.Linear(widths[-1] * (SIDE // 2 ** len(widths)) ** 2, NUMBERS)

    def forward(self, faces: Tensor) -> Tensor:
        """(n, 1, SIDE, SIDE), grey values from 0 to 255 -> (n, NUMBERS) of length one."""
        return F.normalize(self.numbers(self.features(faces)).float())

    def features(self, faces: Tensor) -> Tensor:
        """The last map, flattened."""
        return self.body(F.relu(self.stem(standardise(faces)))).flatten(1)

    def numbers(self, features: Tensor) -> Tensor:
        """Embeddings of any length from what `features` gives."""
        answers: Tensor = self.read(self.dropout(features))
        return answers


class Mirrored(nn.Module):
    """The mean of what a network says of a face and of the mirrored face, of length one.

    Args:
        network: must be in evaluation mode.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, faces: Tensor) -> Tensor:
        both = self.network(torch.cat([faces, faces.flip(3)]))
        return F.normalize(both[: len(faces)] + both[len(faces) :])


class Answer(nn.Module):
    """What is exported: one face in, its embedding out.

    Args:
        network: a `Mirrored` network.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels: Tensor) -> dict[str, Tensor]:
        """(1, SIDE, SIDE, 1) float32 grey values from 0 to 255 -> `embedding` (1, NUMBERS)."""
        return {"embedding": self.network(pixels.reshape(1, 1, SIDE, SIDE))}
