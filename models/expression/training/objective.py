"""What the two heads should answer, and how far off they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch
from augment import augment
from network import FERPLUS_CLASSES, prepare
from recipe import Recipe
from torch import Tensor
from torch.nn import functional as F

from models.evaluation import data, metrics

Network = Callable[[Tensor], tuple[Tensor | None, Tensor]]
"""Faces (n, 1, side, side) to FER+ logits, which a plain network does not have, and FER-2013 logits."""


@dataclass(frozen=True)
class Lessons:
    """What a teacher says of the n training faces and of m further ones.

    Attributes:
        images: (m, 48, 48) uint8, the further ones.
        ferplus: (n + m, 8) float32, probabilities.
        fer2013: (n + m, 7) likewise.
    """

    images: np.ndarray
    ferplus: np.ndarray
    fer2013: np.ndarray

    @classmethod
    def load(cls, path: Path) -> Self:
        """What `save` wrote."""
        with np.load(path) as kept:
            return cls(**kept)

    def save(self, path: Path) -> None:
        """Writes one file."""
        np.savez(path, **vars(self))


@dataclass
class Targets:
    """What the two heads should answer to each training picture.

    Attributes:
        ferplus: (n, 8) vote distribution; unknown is spread over all, single votes are left out.
        ferplus_weight: (n,) 0 where FER+ says nothing or not-a-face.
        fer2013: (n, 7) one-hot label.
        fer2013_weight: (n,) 0 where the label is unknown or FER+ says not-a-face.
        draw: (n,) probability with which a picture is drawn; on the processor.
    """

    ferplus: Tensor
    ferplus_weight: Tensor
    fer2013: Tensor
    fer2013_weight: Tensor
    draw: Tensor

    @classmethod
    def of(cls, faces: data.Faces, balance: float) -> Targets:
        """Makes the targets of all pictures; `balance` as in `Recipe`."""
        votes = torch.from_numpy(faces.votes).float()
        votes = torch.where(votes <= 1, 0.0, votes)
        top, total = votes.argmax(dim=1), votes.sum(dim=1)
        voted = total > 0
        no_face = voted & (top == metrics.NO_FACE)
        expressed = votes[:, :FERPLUS_CLASSES]
        ferplus = expressed + (total - expressed.sum(dim=1)).unsqueeze(1) / FERPLUS_CLASSES
        ferplus = ferplus / ferplus.sum(dim=1, keepdim=True).clamp(min=1e-6)
        labels = torch.from_numpy(faces.labels)
        labelled = labels >= 0
        fer2013 = F.one_hot(labels.clamp(min=0), len(metrics.LABELS)).float()
        draw = _rarity(labels.clamp(min=0), labelled, balance) + _rarity(top, voted, balance)
        draw = torch.where((voted | labelled) & ~no_face, draw, 0.0)
        return cls(ferplus, (voted & ~no_face).float(), fer2013, (labelled & ~no_face).float(), draw / draw.sum())

    def taught(self, lessons: Lessons, recipe: Recipe) -> Targets:
        """The targets where a teacher has a say, of these pictures and of further ones that only it has labelled.

        A picture without votes or without a label, but with a face, is the teacher's alone in that.

        Args:
            lessons: of the teacher.
            recipe: how much of them counts.
        """
        n, m = len(self.draw), len(lessons.images)
        ferplus, fer2013 = torch.from_numpy(lessons.ferplus), torch.from_numpy(lessons.fer2013)
        faces = self.draw > 0
        top = fer2013[n:].argmax(dim=1)
        draw = _rarity(top, torch.ones(m, dtype=torch.bool), recipe.balance)
        share = recipe.unlabelled if m else 0.0
        return Targets(
            torch.cat([_blend(self.ferplus, self.ferplus_weight, ferplus[:n], recipe.taught), ferplus[n:]]),
            torch.cat([faces.float(), torch.ones(m)]),
            torch.cat([_blend(self.fer2013, self.fer2013_weight, fer2013[:n], recipe.taught), fer2013[n:]]),
            torch.cat([faces.float(), torch.ones(m)]),
            torch.cat([(1 - share) * self.draw, share * draw / draw.sum().clamp(min=1e-6)]),
        )

    def to(self, device: torch.device) -> Targets:
        """The same on a device; `draw` stays where it is."""
        moved = {name: value.to(device) for name, value in vars(self).items() if name != "draw"}
        return Targets(**moved, draw=self.draw)


def _blend(own: Tensor, weight: Tensor, teacher: Tensor, share: float) -> Tensor:
    """(n, classes) distributions: the teacher's share is `share`, or all of it where one's own weight is 0."""
    part = torch.where(weight > 0, share, 1.0).unsqueeze(1)
    return (1 - part) * own + part * teacher


def _rarity(classes: Tensor, known: Tensor, balance: float) -> Tensor:
    """(n,) weights: the largest class's size over one's own, to the power of `balance`; 1 where unknown."""
    counts = torch.bincount(classes[known], minlength=len(metrics.VOTES)).clamp(min=1).float()
    return torch.where(known, (counts.max() / counts[classes]) ** balance, 1.0)


def soft_cross_entropy(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Mean cross-entropy against a distribution: logits and target (n, classes), weight (n,)."""
    each = -(target * F.log_softmax(logits, dim=1)).sum(dim=1)
    return (each * weight).sum() / weight.sum().clamp(min=1)


def loss_of(
    network: Network, images: Tensor, targets: Targets, index: Tensor, recipe: Recipe, progress: float
) -> Tensor:
    """Loss of one batch, augmented and, in some batches, mixed up.

    Args:
        network: that learns.
        images: (N, 48, 48) uint8, all of them.
        targets: of all of them.
        index: (n,) which ones are in this batch.
        recipe: how to train.
        progress: share of the training that is done.
    """
    crops = images[index].unsqueeze(1).float()
    refining = progress >= recipe.refine
    if recipe.strength:
        crops = augment(crops, recipe.strength * (0.5 if refining else 1.0))
    faces = prepare(crops, recipe.side_at(progress))
    ferplus, fer2013 = targets.ferplus[index], targets.fer2013[index]
    ferplus_weight, fer2013_weight = targets.ferplus_weight[index], targets.fer2013_weight[index]
    fer2013 = fer2013 * (1 - recipe.smoothing) + recipe.smoothing / fer2013.shape[1]
    if not refining and torch.rand(()) < recipe.mixup:
        share = float(np.random.beta(0.4, 0.4))
        other = torch.randperm(len(index), device=index.device)
        faces = share * faces + (1 - share) * faces[other]
        ferplus = share * ferplus + (1 - share) * ferplus[other]
        fer2013 = share * fer2013 + (1 - share) * fer2013[other]
        ferplus_weight = torch.minimum(ferplus_weight, ferplus_weight[other])
        fer2013_weight = torch.minimum(fer2013_weight, fer2013_weight[other])
    ferplus_logits, fer2013_logits = network(faces.contiguous(memory_format=torch.channels_last))
    loss = recipe.label_weight_at(progress) * soft_cross_entropy(fer2013_logits, fer2013, fer2013_weight)
    if ferplus_logits is not None:
        loss = loss + soft_cross_entropy(ferplus_logits, ferplus, ferplus_weight)
    return loss
