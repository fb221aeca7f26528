"""The points network: a small residual network from a loose grey crop to presence, five points and a box.

The body is a residual network (He et al., CVPR 2016) that halves its resolution by average pooling. Its last map is
not averaged but read out place by place, as where something is matters here, by two fully connected layers (after the
output network of Zhang et al., "Joint Face Detection and Alignment Using Multitask Cascaded Convolutional Networks",
IEEE Signal Processing Letters 2016).
"""

from __future__ import annotations

import torch
from layers import convolution, stages, standardise
from torch import Tensor, nn
from torch.nn import functional as F

CROP = 64
"""Side of the loose grey crop that the run time delivers, pixels."""

OUTPUTS = 16
"""Presence, ten coordinates of the points, four of the box, whether the mouth is covered."""


class PointsNet(nn.Module):
    """Loose grey crops to a logit of presence, points, a box, and a logit of the mouth's being covered.

    Args:
        widths: channels of the stem, which halves the picture, and of each stage, which halves the map.
        blocks: residual blocks of each stage.
        narrow: channels of the last map before it is read out.
        hidden: features of the layer before the outputs.
    """

    def __init__(
        self,
        widths: tuple[int, ...] = (16, 32, 64, 96),
        blocks: tuple[int, ...] = (0, 2, 2, 1),
        narrow: int = 32,
        hidden: int = 64,
    ) -> None:
        super().__init__()
        self.stem = convolution(1, widths[0], 5, stride=2)
        self.body = stages(widths, blocks, attention=False)
        self.narrow = convolution(widths[-1], narrow, 1)
        self.hidden = nn.Linear(narrow * (CROP // 2 ** len(widths)) ** 2, hidden)
        self.outputs = nn.Linear(hidden, OUTPUTS)

    def forward(self, crops: Tensor) -> Tensor:
        """Computes the outputs of a batch.

        Args:
            crops: (n, 1, CROP, CROP), grey values from 0 to 255.

        Returns:
            (n, 16): logit of presence; x and y of the five points; middle, width and height of the box; logit of a
            covered mouth; coordinates as fractions of the crop's side, from its top left.
        """
        return self.read(self.features(crops))

    def features(self, crops: Tensor) -> Tensor:
        """The last map, flattened, of the same crops."""
        return F.relu(self.narrow(self.body(F.relu(self.stem(standardise(crops)))))).flatten(1)

    def read(self, features: Tensor) -> Tensor:
        """The outputs from what `features` gives."""
        answers: Tensor = self.outputs(F.relu(self.hidden(features)))
        return torch.cat([answers[:, :1], answers[:, 1:15] + 0.5, answers[:, 15:]], dim=1)


MIRRORED = (1, 0, 2, 4, 3)
"""Where each point comes to lie among the five when a face is mirrored."""


class Mirrored(nn.Module):
    """The mean of what a network says of a crop and of the mirrored crop; the same shapes as `PointsNet`.

    Args:
        network: must be in evaluation mode.
    """

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        # What becomes of each output on the way back: x counts from the other side, all else stays.
        sign = torch.tensor([1.0, *[-1.0, 1.0] * 6, 1.0, 1.0, 1.0])
        self.register_buffer("sign", sign)
        self.register_buffer("shift", (1 - sign) / 2)

    def forward(self, crops: Tensor) -> Tensor:
        answers = self.network(torch.cat([crops, crops.flip(3)]))
        straight, mirrored = answers[: len(crops)], answers[len(crops) :]
        five = [mirrored[:, 1 + 2 * point : 3 + 2 * point] for point in MIRRORED]
        back = torch.cat([mirrored[:, :1], *five, mirrored[:, 11:]], dim=1)
        return (straight + back * self.sign + self.shift) / 2


class Answer(nn.Module):
    """What is exported: one crop in, a calibrated probability and the coordinates out.

    Args:
        network: a network as `Mirrored`.
        presence: the logit of presence is multiplied by the first number, then the second is added (Platt,
            "Probabilistic Outputs for Support Vector Machines", 1999).
        covered: likewise.
    """

    def __init__(
        self, network: nn.Module, presence: tuple[float, float] = (1.0, 0.0), covered: tuple[float, float] = (1.0, 0.0)
    ) -> None:
        super().__init__()
        self.network = network
        self.presence, self.covered = presence, covered

    def forward(self, pixels: Tensor) -> dict[str, Tensor]:
        """(1, CROP, CROP, 1) float32 grey values from 0 to 255 -> `face` (1, 16)."""
        answers = self.network(pixels.reshape(1, 1, CROP, CROP))
        presence = torch.sigmoid(answers[:, :1] * self.presence[0] + self.presence[1])
        covered = torch.sigmoid(answers[:, 15:] * self.covered[0] + self.covered[1])
        return {"face": torch.cat([presence, answers[:, 1:15], covered], dim=1)}
