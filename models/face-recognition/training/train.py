"""Trains the embedding network; the same command resumes an interrupted run.

python train.py CACHE --run RUN_FOLDER [--minutes M]
torchrun --nproc_per_node=2 -- train.py CACHE --run RUN_FOLDER      (several processes, GPUs or machines)
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np
import torch
from faces import Faces
from judge import likenesses, made_pairs, true_accepts, verification
from network import EmbeddingNet, Taught
from objective import Weighting, distance, loss_of
from run import Run, add_arguments
from samples import Samples, plain
from torch import Tensor, nn
from views import CHANNELS, Views


@dataclass(frozen=True)
class Recipe:
    """How the network is trained.

    Attributes:
        epochs: of the whole schedule.
        views: that are looked at in each.
        batch: views in a step, of each process.
        refine: share of the training after which fewer faces are damaged, by this factor, so that the last steps see
            what the run time mostly sees (He et al., "Data Augmentation Revisited", 2019).
        rate: peak learning rate of AdamW (Loshchilov and Hutter, ICLR 2019).
        decay: its weight decay.
        ema: how much of the averaged weights each step keeps.
        weighting: of the parts of the loss.
    """

    epochs: int = 120
    views: int = 12_288
    batch: int = 64
    refine: tuple[float, float] = (0.7, 0.7)
    rate: float = 1.5e-3
    decay: float = 0.03
    ema: float = 0.998
    weighting: Weighting = field(default_factory=Weighting)


class Followed:
    """People who choose: how well they are told apart is followed while training.

    Args:
        faces: those of the choosing side.
    """

    def __init__(self, faces: Faces) -> None:
        faces = faces.where(faces.kinds == "lfw")
        self._pictures = plain(faces.canvases)
        self._targets, self._people = faces.targets, faces.people
        self._pairs = made_pairs(faces.people)

    @torch.no_grad()
    def judge(self, network: nn.Module, device: torch.device) -> dict[str, float]:
        """Mean likeness to the teacher's answers, accuracy over ten folds, true accepts at 0.1 % false ones."""
        network.eval()
        found = np.concatenate([network(part.to(device)).cpu().numpy() for part in self._pictures.split(128)])
        return {
            "likeness": float((found * self._targets).sum(axis=1).mean()),
            "accuracy": verification(found, found, self._pairs)["accuracy"],
            "accepts": true_accepts(*likenesses(found, found, self._people), 1e-3)[0],
        }


class Training:
    """The faces, and the run that learns from them.

    Args:
        given: the command line.
    """

    def __init__(self, given: argparse.Namespace) -> None:
        changed = {name: getattr(given, name) for name in ("epochs", "rate") if getattr(given, name)}
        self.recipe = recipe = replace(Recipe(), **changed)
        self.half = given.half
        faces = Faces.load(given.cache)
        self.samples = Samples(faces, Views.load(given.cache))
        self.followed = Followed(faces.where(faces.sides == "choose"))
        self.run = Run(
            given,
            lambda: Taught(EmbeddingNet(), CHANNELS),
            lambda network: torch.optim.AdamW(network.parameters(), recipe.rate, weight_decay=recipe.decay),
            epochs=recipe.epochs,
            rate=recipe.rate,
            ema=recipe.ema,
        )
        self.centres = self.samples.centres.to(self.run.device)
        self.taught = torch.compile(self.run.trained) if given.compile else self.run.trained

    def run_epoch(self) -> None:
        """Trains one epoch, and judges the averaged network on other people."""
        self.run.begin_epoch()
        row = {"loss": self._train(), **self.followed.judge(self.run.average.network, self.run.device)}
        self.run.end_epoch(row, recipe=asdict(self.recipe))

    def _train(self) -> float:
        """Takes the steps of one epoch and returns the mean loss."""
        run, losses = self.run, []
        start, strength = self.recipe.refine
        batches = torch.randperm(len(self.samples))[: self.recipe.views].split(self.recipe.batch)
        batches = batches[:-1] if len(batches) > 1 else batches
        batches = batches[run.rank :: run.world][: max(1, len(batches) // run.world)]
        for step, index in enumerate(batches):
            pictures = self.samples.draw(index, strength if run.progress >= start else 1.0)
            loss = self._loss(pictures, index)
            run.step(loss, step / len(batches), largest_gradient=5.0)
            losses.append(loss.item())
        return float(np.mean(losses))

    def _loss(self, pictures: Tensor, index: Tensor) -> Tensor:
        device, weighting = self.run.device, self.recipe.weighting
        with torch.autocast(device.type, torch.bfloat16, enabled=self.half):
            answers, maps = self.taught(pictures.to(device, memory_format=torch.channels_last))
        targets, people = self.samples.targets[index].to(device), self.samples.people[index].to(device)
        alike = distance(maps, [each.to(device) for each in self.samples.maps(index)])
        fading = weighting.maps * (1 - self.run.progress)
        return loss_of(answers, targets, people, self.centres, weighting) + fading * alike


def arguments(words: list[str] | None = None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="what teacher.py wrote")
    add_arguments(parser)
    parser.add_argument("--epochs", type=int, help="instead of the recipe's")
    parser.add_argument("--rate", type=float, help="instead of the recipe's, for going on from finished weights")
    parser.add_argument("--compile", action="store_true", help="compiled layers, where there is a compiler for C++")
    parser.add_argument("--half", action="store_true", help="16-bit floats where the processor is faster with them")
    given = parser.parse_args(words)
    for name, writer in (("faces.npz", "teacher.py"), ("views.npz", "views.py")):
        if not (given.cache / name).is_file():
            parser.exit(2, f"{given.cache} does not hold what {writer} writes.\n")
    return given


def main() -> None:
    """Trains until the schedule ends."""
    training = Training(arguments())
    while not training.run.finished:
        training.run_epoch()
    training.run.close()


if __name__ == "__main__":
    main()
