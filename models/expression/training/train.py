"""Trains the expression network; the same command resumes an interrupted run.

python train.py DATA --run RUN_FOLDER [--recipe expression|baseline]
torchrun --nproc_per_node=4 -- train.py DATA --run RUN_FOLDER     (several GPUs or machines)
"""

from __future__ import annotations

import argparse
import copy
import os
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from files import load_checkpoint, save_checkpoint
from judge import answers, judge
from network import ExpressionNet, PlainNet
from objective import Targets, loss_of
from recipe import RECIPES
from schedule import epoch_share, follow, optimiser_of, rate_at
from torch import Tensor, distributed, nn
from torch.nn.parallel import DistributedDataParallel

from assistant.evaluation import data


def build(kind: str) -> nn.Module:
    """The network of a recipe, freshly initialised."""
    return ExpressionNet() if kind == "residual" else PlainNet()


class Training:
    """One run: network, averaged network, optimiser and how far it has come; one such object in each process.

    Args:
        arguments: the command line.
        faces: the training split.
    """

    def __init__(self, arguments: argparse.Namespace, faces: data.Faces) -> None:
        self.recipe = RECIPES[arguments.recipe]
        if arguments.epochs:
            self.recipe = replace(self.recipe, epochs=arguments.epochs)
        self.seed = arguments.seed
        self.minutes = arguments.minutes
        self.world, self.rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
        self.device = torch.device("cpu")
        if torch.cuda.is_available():
            self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        if self.world > 1:
            distributed.init_process_group("nccl" if self.device.type == "cuda" else "gloo")
        torch.manual_seed(self.seed)
        self.images = torch.from_numpy(faces.images).to(self.device)
        self.targets = Targets.of(faces, self.recipe.balance).to(self.device)
        self.network = build(self.recipe.network).to(self.device, memory_format=torch.channels_last)
        if arguments.weights:
            state = torch.load(arguments.weights, map_location=self.device, weights_only=False)
            self.network.load_state_dict(state["average"])
        self.average = copy.deepcopy(self.network)
        self.optimiser = optimiser_of(self.network, self.recipe.rate)
        self.epoch, self.progress, self.used_s = 0, 0.0, 0.0
        self.history: list[dict[str, Any]] = []
        self.folder: Path = arguments.run
        self.folder.mkdir(parents=True, exist_ok=True)
        self._resume()
        self.trained = DistributedDataParallel(self.network) if self.world > 1 else self.network

    @property
    def finished(self) -> bool:
        """Whether the schedule has ended."""
        return self.progress > 1 - 1e-6

    def run_epoch(self, validation: data.Faces) -> None:
        """Trains one epoch, judges the averaged network on validation, and writes a checkpoint."""
        started, side = time.monotonic(), self.recipe.side_at(self.progress)
        left_s = None if self.minutes is None else self.minutes * 60 - self.used_s
        share = epoch_share(self.progress, self.recipe.epochs, self.history, left_s)
        row = {"epoch": self.epoch + 1, "progress": self.progress + share, "side": side}
        row |= {"loss": self._train_on(self._draw(), share)}
        if self.rank == 0:
            images = torch.from_numpy(validation.images).to(self.device)
            row |= judge(*answers(self.average, images, side), validation)
        self.epoch, self.progress = self.epoch + 1, self.progress + share
        row["seconds"] = time.monotonic() - started
        self.used_s += row["seconds"]
        self.history.append(row)
        if self.rank == 0:
            self._report()
            self._save(side)

    def _draw(self) -> Tensor:
        """(steps, batch) indices of this epoch's pictures; the same in all processes."""
        torch.manual_seed(self.seed * 100003 + self.epoch)
        draw, batch = self.targets.draw, self.recipe.batch
        if self.recipe.balance == 0:
            usable = draw.nonzero().flatten()
            order = usable[torch.randperm(len(usable))]
            order = order[: len(order) // batch * batch]
        else:
            order = torch.multinomial(draw, len(draw) // batch * batch, replacement=True)
        return order.view(-1, batch)

    def _train_on(self, batches: Tensor, share: float) -> float:
        """Takes one step for each row of indices and returns the mean loss."""
        torch.manual_seed((self.seed * 100003 + self.epoch) * 1009 + self.rank)
        np.random.seed((self.seed * 100003 + self.epoch) % 2**31)
        self.network.train()
        total = 0.0
        for step, batch in enumerate(batches):
            for group in self.optimiser.param_groups:
                group["lr"] = rate_at(self.progress + share * step / len(batches), self.recipe.rate)
            mine = batch.chunk(self.world)[self.rank].to(self.device)
            loss = loss_of(self.trained, self.images, self.targets, mine, self.recipe, self.progress)
            self.optimiser.zero_grad()
            loss.backward()
            self.optimiser.step()
            taken = self.epoch * len(batches) + step
            follow(self.average, self.network, min(self.recipe.ema, taken / (taken + 10)))
            total += loss.item()
        return total / len(batches)

    def _report(self) -> None:
        """Prints one line: the figures and the minutes that are left at this pace."""
        row = self.history[-1]
        left = self.used_s / self.progress * (1 - self.progress) / 60
        figures = "  ".join(f"{name} {value:.3f}" for name, value in row.items() if name.endswith(("accuracy", "f1")))
        print(
            f"epoch {self.epoch:3d}  {100 * self.progress:3.0f} %  side {row['side']}  loss {row['loss']:.3f}"
            f"  {figures}  {row['seconds']:.0f} s  {left:.0f} min left",
            flush=True,
        )

    def _save(self, side: int) -> None:
        """Writes a checkpoint."""
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
            "side": side,
        }
        save_checkpoint(self.folder, state)

    def _resume(self) -> None:
        """Goes on where a checkpoint in the run's folder ends."""
        state = load_checkpoint(self.folder, self.device)
        if state is None:
            return
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.epoch, self.progress, self.used_s = state["epoch"], state["progress"], state["used_s"]
        self.history = state["history"]


def main() -> None:
    """Reads the command line and trains until the schedule ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="fer2013.npz, fer2013.csv, or a folder with a folder for each class")
    parser.add_argument("--run", type=Path, required=True, help="folder for the checkpoint; resumes what lies there")
    parser.add_argument("--recipe", choices=RECIPES, default="expression")
    parser.add_argument("--weights", type=Path, help="checkpoint of another run whose averaged weights to start from")
    parser.add_argument("--epochs", type=int, help="instead of the recipe's")
    parser.add_argument("--minutes", type=float, help="shorten the schedule so that it ends after about this time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, help="processor threads")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    try:
        faces, validation = data.read_for_training(arguments.data)
    except data.DataError as error:
        parser.exit(2, f"{error}\n")
    training = Training(arguments, faces)
    while not training.finished:
        training.run_epoch(validation)
    if training.world > 1:
        distributed.destroy_process_group()


if __name__ == "__main__":
    main()
