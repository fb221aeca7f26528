"""Trains the finder; the same command resumes an interrupted run.

python train.py DATA --run RUN_FOLDER
torchrun --nproc_per_node=2 -- train.py DATA --run RUN_FOLDER     (several processes, GPUs or machines)
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from network import FinderNet
from objective import loss_of
from run import Run, add_arguments
from stock import Stock
from torch import Tensor

from assistant.senses.faces.finder import WIDTH

EPOCHS = 600
CANVASES, PASSES = 768, 3
"""New canvases in an epoch, and how many times as many are looked at, from all that are kept."""
BATCH = 16
RATE, DECAY = 2e-3, 1e-3
"""Highest learning rate, and the decay of weights (AdamW; Loshchilov and Hutter, ICLR 2019)."""
KEEP = 0.998
"""Of the averaged weights in each step."""
LARGEST_GRADIENT = 10.0
MIRRORED = [1, 0, 2, 4, 3]
"""The order of the five points in a mirrored picture."""


def mirror(pictures: Tensor, faces: Tensor) -> tuple[Tensor, Tensor]:
    """Canvases (n, height, width, 3) and their faces (n, most, 16), seen in a mirror."""
    faces = faces.clone()
    faces[..., 0] = WIDTH - faces[..., 0] - faces[..., 2]
    points = faces[..., 4:14].unflatten(-1, (5, 2))[..., MIRRORED, :]
    points[..., 0] = WIDTH - points[..., 0]
    faces[..., 4:14] = points.flatten(-2)
    return pictures.flip(2), faces


class Training:
    """The stock of canvases, and the run that learns from them; one such object in each process.

    Args:
        arguments: the command line.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.rate, self.canvases = arguments.rate, arguments.canvases
        self.run = Run(
            arguments,
            FinderNet,
            lambda network: torch.optim.AdamW(network.parameters(), arguments.rate, weight_decay=DECAY),
            epochs=arguments.epochs,
            rate=arguments.rate,
            ema=KEEP,
        )
        seed, n = self.run.seed * 1009 + self.run.rank, arguments.canvases // self.run.world
        self.stock = Stock(arguments.data, self.run.folder, seed=seed, n=n, epoch=self.run.epoch)

    def run_epoch(self) -> None:
        """Trains on what is in stock."""
        self.run.begin_epoch()
        started = time.monotonic()
        pictures, faces = self.stock.turn()
        waited = time.monotonic() - started
        self.run.end_epoch({**self._train_on(pictures, faces), "waited": waited}, rate=self.rate)

    def _train_on(self, pictures: np.ndarray, faces: np.ndarray) -> dict[str, float]:
        """Looks at a random part of the canvases; mean of the loss and of its parts."""
        random = np.random.default_rng((self.run.seed, self.run.epoch, self.run.rank))
        steps = PASSES * self.canvases // BATCH
        order = np.resize(random.permutation(len(pictures)), (steps, BATCH // self.run.world))
        sums: dict[str, float] = {}
        for step, chosen in enumerate(order):
            batch = (
                torch.from_numpy(pictures[chosen]).to(self.run.device),
                torch.from_numpy(faces[chosen]).to(self.run.device),
            )
            parts = self._step(*(mirror(*batch) if random.random() < 0.5 else batch), step / steps)
            for name, value in parts.items():
                sums[name] = sums.get(name, 0.0) + value / steps
        return sums

    def _step(self, pictures: Tensor, faces: Tensor, done: float) -> dict[str, float]:
        faces = faces[:, : int((faces[..., 14] >= 0).sum(dim=1).max())]
        with torch.autocast(self.run.device.type, torch.bfloat16):
            answers = self.run.trained(pictures.float())
        loss, parts = loss_of(answers, faces, self.run.network.cells)
        self.run.step(loss, done, LARGEST_GRADIENT)
        return {"loss": loss.item(), **parts}


def main() -> None:
    """Reads the command line and trains until the schedule ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with data/, media/ and models/")
    add_arguments(parser)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--canvases", type=int, default=CANVASES, help="new ones in an epoch")
    parser.add_argument("--rate", type=float, default=RATE, help="highest learning rate")
    training = Training(parser.parse_args())
    while not training.run.finished:
        training.run_epoch()
    training.stock.close()
    training.run.close()


if __name__ == "__main__":
    main()
