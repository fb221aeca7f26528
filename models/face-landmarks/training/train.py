"""Trains the points network; the same command resumes an interrupted run.

python train.py CACHE --run RUN_FOLDER [--minutes M]
"""

from __future__ import annotations

import argparse
import copy
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from backgrounds import Backgrounds
from conditions import damage
from files import load_checkpoint, save_checkpoint
from judge import followed, judge
from network import PointsNet
from photographs import CALIBRATING, TRAINING, Faces
from samples import NEAR, WIDE, Batch, Crops
from schedule import epoch_share, follow, rate_at
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
        points, box: weights of their losses beside that of the presence.
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


EYES_APART = 0.40
"""Distance between the eyes of a face that looks at the camera / geometric mean of width and height of its box."""


def loss_of(answers: Tensor, batch: Batch, recipe: Recipe) -> Tensor:
    """Cross-entropy of the presence, and how far points and box are off in distances between the eyes."""
    loss = F.binary_cross_entropy_with_logits(answers[:, 0], batch.present)
    there = batch.present > 0
    truth = batch.coordinates[there]
    apart = EYES_APART * (truth[:, 12:13] * truth[:, 13:14]).sqrt()
    off = F.smooth_l1_loss(answers[there, 1:] / apart, truth / apart, beta=0.03, reduction="none")
    return loss + recipe.points * off[:, :10].mean() + recipe.box * off[:, 10:].mean()


class Training:
    """One run: network, averaged network, optimiser and how far it has come.

    Args:
        given: the command line.
    """

    def __init__(self, given: argparse.Namespace) -> None:
        changed = {name: getattr(given, name) for name in ("epochs", "rate") if getattr(given, name)}
        self.recipe = replace(Recipe(), **changed)
        self.seed, self.minutes, self.half = given.seed, given.minutes, given.half
        self.device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        torch.manual_seed(self.seed)
        faces, backgrounds = Faces.load(given.cache), Backgrounds.load(given.cache)
        self.crops = Crops(faces, backgrounds, TRAINING, others=True, finely=1)
        self.validation = followed(Crops(faces, backgrounds, CALIBRATING))
        self.network = PointsNet().to(self.device, memory_format=torch.channels_last)
        if given.weights:
            self.network.load_state_dict(
                torch.load(given.weights, map_location=self.device, weights_only=False)["average"]
            )
        self.average = copy.deepcopy(self.network)
        self.optimiser = torch.optim.AdamW(self.network.parameters(), self.recipe.rate, weight_decay=self.recipe.decay)
        self.epoch, self.progress, self.used_s = 0, 0.0, 0.0
        self.history: list[dict[str, Any]] = []
        self.folder: Path = given.run
        self.folder.mkdir(parents=True, exist_ok=True)
        self._resume()

    @property
    def finished(self) -> bool:
        """Whether the schedule has ended."""
        return self.progress > 1 - 1e-6

    def run_epoch(self) -> None:
        """Trains one epoch, judges the averaged network on other people, and writes a checkpoint."""
        started = time.monotonic()
        left_s = None if self.minutes is None else self.minutes * 60 - self.used_s
        share = epoch_share(self.progress, self.recipe.epochs, self.history, left_s)
        torch.manual_seed(self.seed * 100003 + self.epoch)
        row: dict[str, Any] = {"epoch": self.epoch + 1, "loss": self._train(share)}
        row |= judge(self.average, self.validation, self.device)
        self.epoch, self.progress = self.epoch + 1, self.progress + share
        row["seconds"] = time.monotonic() - started
        self.used_s += row["seconds"]
        self.history.append(row)
        left = self.used_s / self.progress * (1 - self.progress) / 60
        figures = "  ".join(f"{name} {value:.4f}" for name, value in row.items() if isinstance(value, float))
        print(f"epoch {self.epoch:3d}  {100 * self.progress:3.0f} %  {figures}  {left:.0f} min left", flush=True)
        self._save()

    def _train(self, share: float) -> float:
        """Takes the steps of one epoch and returns the mean loss."""
        self.network.train()
        batches = torch.randperm(len(self.crops)).split(self.recipe.faces)[:-1]
        losses = []
        for step, index in enumerate(batches):
            for group in self.optimiser.param_groups:
                group["lr"] = rate_at(self.progress + share * step / len(batches), self.recipe.rate)
            batch = self._batch(index)
            with torch.autocast(self.device.type, torch.bfloat16, enabled=self.half):
                features = self.network.features(batch.crops.to(self.device, memory_format=torch.channels_last))
            loss = loss_of(self.network.read(features.float()), batch, self.recipe)
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
            taken = self.epoch * len(batches) + step
            follow(self.average, self.network, min(self.recipe.ema, taken / (taken + 10)))
            losses.append(loss.item())
        return float(np.mean(losses))

    def _batch(self, index: Tensor) -> Batch:
        """Damaged crops of these faces, and of as much without a face as the recipe says."""
        near = round(self.recipe.near * len(index))
        parts = [self.crops.faces(index[:near], NEAR), self.crops.faces(index[near:], WIDE)]
        start, strength = self.recipe.refine
        batch = Batch.joined([*parts, self.crops.nobody(self.recipe.nobody)])
        batch = damage(batch, strength if self.progress >= start else 1.0)
        return Batch(batch.crops, batch.present.to(self.device), batch.coordinates.to(self.device))

    def _save(self) -> None:
        state = {
            "network": self.network.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "epoch": self.epoch,
            "progress": self.progress,
            "used_s": self.used_s,
            "history": self.history,
            "recipe": asdict(self.recipe),
            "seed": self.seed,
            "minutes": self.minutes,
        }
        save_checkpoint(self.folder, state)

    def _resume(self) -> None:
        """Goes on where a checkpoint in the run's folder ends."""
        state = load_checkpoint(self.folder, self.device)
        if state is None:
            return
        for name in ("network", "average", "optimiser"):
            getattr(self, name).load_state_dict(state[name])
        for name in ("epoch", "progress", "used_s", "history"):
            setattr(self, name, state[name])


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="what teacher.py wrote")
    parser.add_argument("--run", type=Path, required=True, help="folder for the checkpoint; resumes what lies there")
    parser.add_argument("--weights", type=Path, help="checkpoint of another run whose averaged weights to start from")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's")
    parser.add_argument("--rate", type=float, help="instead of the recipe's, for going on from finished weights")
    parser.add_argument("--minutes", type=float, help="shorten the schedule so that it ends after about this time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--half", action="store_true", help="16-bit floats where the processor is faster with them")
    parser.add_argument("--threads", type=int, help="processor threads")
    given = parser.parse_args(words)
    if not (given.cache / "backgrounds.npz").is_file():
        parser.exit(2, f"{given.cache} does not hold what teacher.py writes.\n")
    return given


def main() -> None:
    """Trains until the schedule ends."""
    given = arguments()
    if given.threads:
        torch.set_num_threads(given.threads)
    training = Training(given)
    while not training.finished:
        training.run_epoch()


if __name__ == "__main__":
    main()
