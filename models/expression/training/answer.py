"""From a trained network to the one answer: mirror averaging, mix of the two heads, bias and temperature.

`Calibration` holds the few constants that are chosen on validation; `Answer` is the network with them inside, which is
what gets exported: it takes the raw crop and gives probabilities, so that the run time has nothing left to compute.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from network import CROP, prepare
from torch import Tensor, nn

from models.evaluation.metrics import LABELS, VOTES


@dataclass(frozen=True)
class Calibration:
    """Constants of the answer.

    Attributes:
        mix: weight of the FER-2013 head; the FER+ head has the rest.
        bias: added to the log-probability of each label before the temperature (Menon et al., "Long-Tail Learning via
            Logit Adjustment", ICLR 2021); rare labels would otherwise hardly be answered.
        temperature: divides the answer's log-probabilities (Guo et al., "On Calibration of Modern Neural Networks",
            ICML 2017) where the answer is certain.
        slope: how much higher the temperature is where the answer is spread over the labels: it is multiplied by
            exp(slope * entropy), entropy from 0 to 1 (Balanya et al., "Adaptive Temperature Scaling for Robust
            Calibration of Deep Neural Networks", 2022). The order of the labels stays.
        discord: likewise, how much higher it is where the two heads disagree: exp(discord * distance), the distance
            being half the sum of the differences between their probabilities, 0 to 1. One head alone is never certain.
        fer2013_temperature: the same for the FER-2013 head alone.
    """

    mix: float = 0.25
    bias: tuple[float, ...] = (0.0,) * len(LABELS)
    temperature: float = 1.0
    slope: float = 0.0
    discord: float = 0.0
    fer2013_temperature: float = 1.0


class Answer(nn.Module):
    """A network that takes raw crops and gives calibrated probabilities.

    Args:
        network: answers with FER+ (8) and FER-2013 (7) logits; must be in evaluation mode.
        side: side of the network's input in pixels.
        fields: sides of the middle of the crop that is looked at, in pixels; the answer is averaged over them, each
            as it is and mirrored.
        calibration: constants of the answer.
    """

    def __init__(self, network: nn.Module, side: int, fields: tuple[int, ...], calibration: Calibration) -> None:
        super().__init__()
        self.network = network
        self.side = side
        self.fields = fields
        self.calibration = calibration
        # FER+'s columns in the order of the labels, as a matrix: a product survives conversion better than indexing.
        columns = torch.zeros(8, len(LABELS))
        for row, name in enumerate(VOTES[:8]):
            if name in LABELS:
                columns[row, LABELS.index(name)] = 1.0
        self.register_buffer("columns", columns)
        self.register_buffer("bias", torch.tensor(calibration.bias).view(1, -1))

    def heads(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        """Probabilities of the FER+ head over the seven labels and of the FER-2013 head, (1, 7) each, uncalibrated."""
        crops = pixels.reshape(1, 1, CROP, CROP)
        views = torch.cat([prepare(crops, self.side, field) for field in self.fields])
        ferplus, fer2013 = self.network(torch.cat([views, views.flip(3)]))
        votes = ferplus.softmax(1).mean(0, keepdim=True) @ self.columns
        return votes / votes.sum(1, keepdim=True), fer2013.softmax(1).mean(0, keepdim=True)

    def forward(self, pixels: Tensor) -> dict[str, Tensor]:
        """Reads one face.

        Args:
            pixels: (1, 48, 48, 1) float32, grey values from 0 to 255.

        Returns:
            `answer` and `fer2013`, (1, 7) probabilities each, in the order of `metrics.LABELS`.
        """
        votes, labels = self.heads(pixels)
        own = self.calibration
        mixed = (1 - own.mix) * votes + own.mix * labels
        logits = (mixed + 1e-6).log() + self.bias
        spread = logits.softmax(1)
        entropy = -(spread * (spread + 1e-9).log()).sum(1, keepdim=True) / math.log(len(LABELS))
        apart = 1 - torch.minimum(votes, labels).sum(1, keepdim=True)
        answer = (logits / (own.temperature * (own.slope * entropy + own.discord * apart).exp())).softmax(1)
        fer2013 = ((labels + 1e-6).log() / own.fer2013_temperature).softmax(1)
        return {"answer": answer, "fer2013": fer2013}
