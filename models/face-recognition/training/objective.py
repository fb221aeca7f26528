"""What the network is taught: to see and say what the teacher does, to tell people apart alike, by a margin."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

NOBODY = -1
"""In place of a person's number."""


@dataclass(frozen=True)
class Weighting:
    """Weights of the four parts, and the constants of the margin loss.

    Attributes:
        cosine: of the distance from the teacher's answer for the undamaged view.
        maps: of the distance from the teacher's maps for it, in variances (Romero et al., "FitNets", ICLR 2015); it
            fades to nothing over the training.
        relations: of the differences of the batch's mutual likeness (Park et al., "Relational Knowledge Distillation",
            CVPR 2019).
        margin: of the margin loss (Wang et al., "CosFace", CVPR 2018), whose centres are the means of the teacher's
            answers for each person and stay where they are.
        scale, gap: of the margin loss.
    """

    cosine: float = 5.0
    maps: float = 2.0
    relations: float = 20.0
    margin: float = 0.3
    scale: float = 24.0
    gap: float = 0.15


def loss_of(answers: Tensor, targets: Tensor, people: Tensor, centres: Tensor, weighting: Weighting) -> Tensor:
    """The loss of a batch.

    Args:
        answers: (n, 256) of length one.
        targets: (n, 256) what the teacher says of the clean faces, of length one.
        people: (n,) rows of `centres`, or `NOBODY`, who has no margin.
        centres: (people, 256) of length one.
        weighting: see there.
    """
    cosine = 1 - (answers * targets).sum(dim=1).mean()
    apart = ~torch.eye(len(answers), dtype=torch.bool, device=answers.device)
    relations = (answers @ answers.T - targets @ targets.T)[apart].square().mean()
    real = people != NOBODY
    likeness = answers[real] @ centres.T
    own = torch.zeros_like(likeness).scatter_(1, people[real][:, None], weighting.gap)
    margin = F.cross_entropy(weighting.scale * (likeness - own), people[real], reduction="sum") / len(answers)
    return weighting.cosine * cosine + weighting.relations * relations + weighting.margin * margin


def distance(found: list[Tensor], taught: list[Tensor]) -> Tensor:
    """Mean square difference of maps (n, channels, height, width), those of the teacher in standard deviations."""
    return torch.stack([F.mse_loss(mine, theirs) for mine, theirs in zip(found, taught, strict=True)]).mean()
