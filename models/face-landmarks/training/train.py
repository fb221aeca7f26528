"""Trains the points network; the same command resumes an interrupted run.

python train.py CACHE --run RUN_FOLDER [--minutes M]
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import torch
from backgrounds import Backgrounds
from conditions import damage
from judge import followed, judge
from network import PointsNet
from photographs import CALIBRATING, TRAINING, Faces
from run import Run, add_arguments
from samples import NEAR, WIDE, Batch, Crops
from torch import Tensor
from torch.nn import functional as F


@dataclass(frozen=True)
class Recipe:
    """How the network is trained.

    Attributes:
        epochs: passes over the faces.
        faces, nobody: crops with and without a face in a batch.
        near: share of the faces whose crop is about where a detector leaves it; the others are anywhere.
        refine: share of the training after which fewer crops are damaged, by this factor, so that the last steps see
            what the run time mostly sees (He et al., "Data Augmentation Revisited", 2019).
        rate: peak learning rate of AdamW (Loshchilov and Hutter, ICLR 2019).
        decay: its weight decay.
        ema: how much of the averaged weights each step keeps.
        points, box, covered: weights of their losses beside that of the presence.
        far: a point that is so far off, in distances between the eyes, pulls half as much as one that is nearly right,
            and the farther the less: of faces of a few pixels the teacher knows little.
    """

    epochs: int = 200
    faces: int = 40
    nobody: int = 24
    near: float = 0.4
    refine: tuple[float, float] = (0.55, 0.6)
    rate: float = 2e-3
    decay: float = 0.01
    ema: float = 0.999
    points: float = 10.0
    box: float = 3.0
    covered: float = 0.5
    far: float = 0.1


EYES_APART = 0.40
"""Distance between the eyes of a face that looks at the camera / geometric mean of width and height of its box."""


def loss_of(answers: Tensor, batch: Batch, recipe: Recipe) -> Tensor:
    """Cross-entropy of presence and covered mouth; how far points and box are off in distances between the eyes."""
    loss = F.binary_cross_entropy_with_logits(answers[:, 0], batch.present)
    there = batch.present > 0
    truth = batch.coordinates[there]
    apart = EYES_APART * (truth[:, 12:13] * truth[:, 13:14]).sqrt()
    off = F.smooth_l1_loss(answers[there, 1:15] / apart, truth / apart, beta=0.03, reduction="none")
    known = recipe.far * torch.log1p(off[batch.known[there] > 0, :10] / recipe.far)
    told = batch.covered >= 0
    covered = F.binary_cross_entropy_with_logits(answers[told, 15], batch.covered[told])
    points = known.mean() if len(known) else known.sum()
    return loss + recipe.points * points + recipe.box * off[:, 10:].mean() + recipe.covered * covered


class Training:
    """The crops, and the run that learns from them.

    Args:
        given: the command line.
    """

    def __init__(self, given: argparse.Namespace) -> None:
        changed = {name: getattr(given, name) for name in ("epochs", "rate") if getattr(given, name)}
        self.recipe = recipe = Recipe(**changed)
        self.half = given.half
        faces, backgrounds = Faces.load(given.cache), Backgrounds.load(given.cache)
        self.crops = Crops(faces, backgrounds, TRAINING, others=True, finely=1)
        self.validation = followed(Crops(faces, backgrounds, CALIBRATING))
        self.run = Run(
            given,
            PointsNet,
            lambda network: torch.optim.AdamW(network.parameters(), recipe.rate, weight_decay=recipe.decay),
            epochs=recipe.epochs,
            rate=recipe.rate,
            ema=recipe.ema,
        )

    def run_epoch(self) -> None:
        """Trains one epoch, and judges the averaged network on other people."""
        self.run.begin_epoch()
        row = {"loss": self._train(), **judge(self.run.average, self.validation, self.run.device)}
        self.run.end_epoch(row, recipe=asdict(self.recipe))

    def _train(self) -> float:
        """Takes the steps of one epoch and returns the mean loss."""
        run = self.run
        batches = torch.randperm(len(self.crops)).split(self.recipe.faces)[:-1]
        losses = []
        for step, index in enumerate(batches):
            batch = self._batch(index)
            with torch.autocast(run.device.type, torch.bfloat16, enabled=self.half):
                features = run.network.features(batch.crops.to(run.device, memory_format=torch.channels_last))
            loss = loss_of(run.network.read(features.float()), batch, self.recipe)
            run.step(loss, step / len(batches))
            losses.append(loss.item())
        return float(np.mean(losses))

    def _batch(self, index: Tensor) -> Batch:
        """Damaged crops of these faces, and of as much without a face as the recipe says."""
        near = round(self.recipe.near * len(index))
        parts = [self.crops.faces(index[:near], NEAR), self.crops.faces(index[near:], WIDE)]
        start, strength = self.recipe.refine
        batch = Batch.joined([*parts, self.crops.nobody(self.recipe.nobody)])
        batch = damage(batch, strength if self.run.progress >= start else 1.0)
        return Batch(batch.crops, *(getattr(batch, each.name).to(self.run.device) for each in fields(batch)[1:]))


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="what teacher.py wrote")
    add_arguments(parser)
    parser.add_argument("--epochs", type=int, help="instead of the recipe's")
    parser.add_argument("--rate", type=float, help="instead of the recipe's, for going on from finished weights")
    parser.add_argument("--half", action="store_true", help="16-bit floats where the processor is faster with them")
    given = parser.parse_args(words)
    if not (given.cache / "backgrounds.npz").is_file():
        parser.exit(2, f"{given.cache} does not hold what teacher.py writes.\n")
    return given


def main() -> None:
    """Trains until the schedule ends."""
    training = Training(arguments())
    while not training.run.finished:
        training.run_epoch()


if __name__ == "__main__":
    main()
