"""The embedding network: a residual network from a face that is laid out to 256 numbers that say who it is.

The body is a residual network (He et al., CVPR 2016) that halves its resolution by average pooling, with its channels
weighed (Hu et al., "Squeeze-and-Excitation", CVPR 2018). Its last map is not averaged but read place by place, each
channel with weights of its own, as every place is another part of the face (Chen et al., "MobileFaceNets", CCBR 2018).
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
READ = 512
"""Channels that are read place by place."""


class EmbeddingNet(nn.Module):
    """Laid-out faces to embeddings of length one.

    Args:
        widths: channels of each stage; the stem, which halves the picture, has those of the first, and every later
            stage halves the map.
        blocks: residual blocks of each stage.
    """

    def __init__(self, widths: tuple[int, ...] = (64, 128, 256), blocks: tuple[int, ...] = (1, 3, 2)) -> None:
        super().__init__()
        self.widths = widths
        self.stem = convolution(1, widths[0], 5, stride=2)
        first = stages(widths[:1], blocks[:1], attention=True)
        pairs = zip(widths, widths[1:], blocks[1:], strict=False)
        later = [stages((inputs, width), (0, count), attention=True) for inputs, width, count in pairs]
        self.stages = nn.ModuleList([first, *later])
        self.widen = convolution(widths[-1], READ, 1)
        side = SIDE // 2 ** len(widths)
        self.places = nn.Sequential(nn.Conv2d(READ, READ, side, groups=READ, bias=False), nn.BatchNorm2d(READ))
        self.read = nn.Linear(READ, NUMBERS)

    def forward(self, faces: Tensor) -> Tensor:
        """(n, 1, SIDE, SIDE), grey values from 0 to 255 -> (n, NUMBERS) of length one."""
        return self.answers(self.maps(faces)[-1])

    def maps(self, faces: Tensor) -> list[Tensor]:
        """What each stage gives."""
        x = F.relu(self.stem(standardise(faces)))
        found = []
        for stage in self.stages:
            x = stage(x)
            found.append(x)
        return found

    def answers(self, last: Tensor) -> Tensor:
        """Embeddings of length one from the last map."""
        return F.normalize(self.read(self.places(F.relu(self.widen(last))).flatten(1)).float())


class Taught(nn.Module):
    """The network in training: its last maps are brought into the form of the teacher's, to be compared with them.

    Args:
        network: what is trained.
        channels: of each of the teacher's maps; they lie beside those of the last stages.
    """

    def __init__(self, network: EmbeddingNet, channels: tuple[int, ...]) -> None:
        super().__init__()
        self.network = network
        widths = network.widths[-len(channels) :]
        self.likened = nn.ModuleList(nn.Conv2d(*pair, 1) for pair in zip(widths, channels, strict=True))

    def forward(self, faces: Tensor) -> tuple[Tensor, list[Tensor]]:
        """(n, 1, SIDE, SIDE) -> embeddings as the network gives them, and maps in the teacher's form."""
        maps = self.network.maps(faces)
        last = maps[-len(self.likened) :]
        told = [likened(each).float() for likened, each in zip(self.likened, last, strict=True)]
        return self.network.answers(maps[-1]), told


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


class Whitened(nn.Module):
    """What a network says after a linear layer, of length one.

    Args:
        network: gives embeddings.
        layer: see `whiten.py`.
    """

    def __init__(self, network: nn.Module, layer: nn.Linear) -> None:
        super().__init__()
        self.network = network
        self.layer = layer

    def forward(self, faces: Tensor) -> Tensor:
        return F.normalize(self.layer(self.network(faces)))


class Answer(nn.Module):
    """What is exported: one face in, its embedding out.

    Args:
        network: a `Whitened` network.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pixels: Tensor) -> dict[str, Tensor]:
        """(1, SIDE, SIDE, 1) float32 grey values from 0 to 255 -> `embedding` (1, NUMBERS)."""
        return {"embedding": self.network(pixels.reshape(1, 1, SIDE, SIDE))}
