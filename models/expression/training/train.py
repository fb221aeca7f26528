"""Trains the expression network; the same command resumes an interrupted run.

python train.py DATA --run RUN_FOLDER [--recipe expression|baseline]
torchrun --nproc_per_node=4 -- train.py DATA --run RUN_FOLDER     (several GPUs or machines)
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import torch
from judge import answers, judge
from network import ExpressionNet, PlainNet
from objective import Lessons, Targets, loss_of
from recipe import RECIPES
from run import Run, add_arguments
from schedule import optimiser_of
from torch import Tensor, nn

from models.evaluation import data


def build(kind: str) -> nn.Module:
    """The network of a recipe, freshly initialised."""
    return ExpressionNet() if kind == "residual" else PlainNet()


class Training:
    """The faces, and the run that learns from them; one such object in each process.

    Args:
        arguments: the command line.
        faces: the training split.
        lessons: what a teacher says of them and of further faces (`teach.py`).
    """

    def __init__(self, arguments: argparse.Namespace, faces: data.Faces, lessons: Lessons | None = None) -> None:
        recipe = RECIPES[arguments.recipe]
        self.recipe = replace(recipe, epochs=arguments.epochs or recipe.epochs)
        self.half = arguments.half
        self.run = Run(
            arguments,
            lambda: build(recipe.network),
            lambda network: optimiser_of(network, recipe.rate),
            epochs=self.recipe.epochs,
            rate=recipe.rate,
            ema=recipe.ema,
        )
        images, targets = torch.from_numpy(faces.images), Targets.of(faces, recipe.balance)
        if lessons is not None:
            images = torch.cat([images, torch.from_numpy(lessons.images)])
            targets = targets.taught(lessons, recipe)
        self.images, self.targets = images.to(self.run.device), targets.to(self.run.device)

    def run_epoch(self, validation: data.Faces) -> None:
        """Trains one epoch, and judges the averaged network on validation."""
        side = self.recipe.side_at(self.run.progress)
        self.run.begin_epoch()
        row = {"side": side, "loss": self._train_on(self._draw())}
        if self.run.rank == 0:
            images = torch.from_numpy(validation.images).to(self.run.device)
            row |= judge(*answers(self.run.average, images, side), validation)
        self.run.end_epoch(row, recipe=asdict(self.recipe), side=side)

    def _draw(self) -> Tensor:
        """(steps, batch) indices of this epoch's pictures; the same in all processes."""
        draw, batch = self.targets.draw, self.recipe.batch
        if self.recipe.balance == 0:
            usable = draw.nonzero().flatten()
            order = usable[torch.randperm(len(usable))]
            order = order[: len(order) // batch * batch]
        else:
            order = torch.multinomial(draw, len(draw) // batch * batch, replacement=True)
        return order.view(-1, batch)

    def _train_on(self, batches: Tensor) -> float:
        """Takes one step for each row of indices and returns the mean loss."""
        run = self.run
        torch.manual_seed((run.seed * 100003 + run.epoch) * 1009 + run.rank)
        np.random.seed((run.seed * 100003 + run.epoch) % 2**31)
        total = 0.0
        for step, batch in enumerate(batches):
            mine = batch.chunk(run.world)[run.rank].to(run.device)
            loss = loss_of(self._answers, self.images, self.targets, mine, self.recipe, run.progress)
            run.step(loss, step / len(batches))
            total += loss.item()
        return total / len(batches)

    def _answers(self, faces: Tensor) -> tuple[Tensor | None, Tensor]:
        """What the trained network says of faces; its losses are reckoned in 32 bits."""
        with torch.autocast(faces.device.type, torch.bfloat16, enabled=self.half):
            ferplus, fer2013 = self.run.trained(faces)
        return ferplus if ferplus is None else ferplus.float(), fer2013.float()


def main() -> None:
    """Reads the command line and trains until the schedule ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="fer2013.npz, fer2013.csv, or a folder with a folder for each class")
    add_arguments(parser)
    parser.add_argument("--recipe", choices=RECIPES, default="expression")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's")
    parser.add_argument("--half", action="store_true", help="16-bit floats where the processor is faster with them")
    parser.add_argument("--taught", type=Path, help="what a teacher says, as teach.py writes it")
    arguments = parser.parse_args()
    try:
        faces, validation = data.read_for_training(arguments.data)
    except data.DataError as error:
        parser.exit(2, f"{error}\n")
    training = Training(arguments, faces, Lessons.load(arguments.taught) if arguments.taught else None)
    while not training.run.finished:
        training.run_epoch(validation)
    training.run.close()


if __name__ == "__main__":
    main()
