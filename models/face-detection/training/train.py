"""Trains the finder; the same command resumes an interrupted run.

python train.py DATA --run RUN_FOLDER
torchrun --nproc_per_node=2 train.py DATA --run RUN_FOLDER     (several processes, GPUs or machines)
"""

from __future__ import annotations

import argparse
import copy
import os
import time
from pathlib import Path
from typing import Any

import files
import numpy as np
import torch
from network import FinderNet
from objective import loss_of
from schedule import epoch_share, follow, rate_at
from stock import Stock
from torch import Tensor, distributed
from torch.nn.parallel import DistributedDataParallel

from assistant.senses.faces.finder import WIDTH

EPOCHS = 120
CANVASES, PASSES = 1024, 3
"""New canvases in an epoch, and how many times as many are looked at, from all that are kept."""
BATCH = 32
RATE, DECAY = 2e-3, 1e-3
"""Highest learning rate, and the decay of weights (AdamW; Loshchilov and Hutter, ICLR 2019)."""
KEEP = 0.998
"""Of the averaged weights in each step."""
LARGEST_GRADIENT = 10.0
MIRRORED = [1, 0, 2, 4, 3]
"""The order of the five points in a mirrored picture."""


def mirror(pictures: Tensor, faces: Tensor) -> tuple[Tensor, Tensor]:
    """Canvases (n, height, width) and their faces (n, most, 15), seen in a mirror."""
    faces = faces.clone()
    faces[..., 0] = WIDTH - faces[..., 0] - faces[..., 2]
    points = faces[..., 4:14].unflatten(-1, (5, 2))[..., MIRRORED, :]
    points[..., 0] = WIDTH - points[..., 0]
    faces[..., 4:14] = points.flatten(-2)
    return pictures.flip(2), faces


class Training:
    """One run: network, averaged network, optimiser, and how far it has come; one such object in each process.

    Args:
        arguments: the command line.
    """

    def __init__(self, arguments: argparse.Namespace) -> None:
        self.seed, self.epochs, self.minutes = arguments.seed, arguments.epochs, arguments.minutes
        self.rate = arguments.rate
        self.world, self.rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
        self.device = torch.device("cpu")
        if torch.cuda.is_available():
            self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        if self.world > 1:
            distributed.init_process_group("nccl" if self.device.type == "cuda" else "gloo")
        torch.manual_seed(self.seed)
        self.network = FinderNet().to(self.device, memory_format=torch.channels_last)
        self.average = copy.deepcopy(self.network)
        if arguments.weights:
            state = torch.load(arguments.weights, map_location=self.device, weights_only=False)
            self.network.load_state_dict(state["average"])
            self.average.load_state_dict(state["average"])
        self.optimiser = torch.optim.AdamW(self.network.parameters(), self.rate, weight_decay=DECAY)
        self.epoch, self.progress, self.used_s, self.steps = 0, 0.0, 0.0, 0
        self.history: list[dict[str, Any]] = []
        self.folder: Path = arguments.run
        self._resume()
        self.trained = DistributedDataParallel(self.network) if self.world > 1 else self.network
        seed = self.seed * 1009 + self.rank
        self.stock = Stock(arguments.data, self.folder, seed=seed, n=CANVASES // self.world, epoch=self.epoch)

    @property
    def finished(self) -> bool:
        """Whether the schedule has ended."""
        return self.progress > 1 - 1e-6

    def run_epoch(self) -> None:
        """Trains on what is in stock and writes a checkpoint."""
        started = time.monotonic()
        left_s = None if self.minutes is None else self.minutes * 60 - self.used_s
        share = self._agreed(epoch_share(self.progress, self.epochs, self.history, left_s))
        pictures, faces = self.stock.turn()
        waited = time.monotonic() - started
        row = {"epoch": self.epoch + 1, **self._train_on(pictures, faces, share)}
        self.epoch, self.progress = self.epoch + 1, self.progress + share
        row |= {"progress": self.progress, "waited": waited, "seconds": time.monotonic() - started}
        self.used_s += row["seconds"]
        self.history.append(row)
        if self.rank == 0:
            self._report()
            self._save()

    def _agreed(self, number: float) -> float:
        """The first process's number in all of them: their clocks differ, their rates must not."""
        shared = torch.tensor([number], dtype=torch.float64, device=self.device)
        if self.world > 1:
            distributed.broadcast(shared, 0)
        return float(shared)

    def _train_on(self, pictures: np.ndarray, faces: np.ndarray, share: float) -> dict[str, float]:
        """Looks at a random part of the canvases; mean of the loss and of its parts."""
        random = np.random.default_rng((self.seed, self.epoch, self.rank))
        steps = PASSES * CANVASES // BATCH
        order = np.resize(random.permutation(len(pictures)), (steps, BATCH // self.world))
        self.network.train()
        sums: dict[str, float] = {}
        for step, chosen in enumerate(order):
            for group in self.optimiser.param_groups:
                group["lr"] = rate_at(self.progress + share * step / steps, self.rate)
            batch = torch.from_numpy(pictures[chosen]).to(self.device), torch.from_numpy(faces[chosen]).to(self.device)
            parts = self._step(*(mirror(*batch) if random.random() < 0.5 else batch))
            for name, value in parts.items():
                sums[name] = sums.get(name, 0.0) + value / steps
        return sums

    def _step(self, pictures: Tensor, faces: Tensor) -> dict[str, float]:
        faces = faces[:, : int((faces[..., 14] >= 0).sum(dim=1).max())]
        with torch.autocast(self.device.type, torch.bfloat16):
            answers = self.trained(pictures[..., None].float())
        loss, parts = loss_of(answers, faces, self.network.cells)
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), LARGEST_GRADIENT)
        self.optimiser.step()
        follow(self.average, self.network, min(KEEP, self.steps / (self.steps + 10)))
        self.steps += 1
        return {"loss": loss.item(), **parts}

    def _report(self) -> None:
        """Prints one line: the parts of the loss and the minutes that are left at this pace."""
        row = self.history[-1]
        left = self.used_s / self.progress * (1 - self.progress) / 60
        figures = "  ".join(f"{name} {row[name]:.4f}" for name in ("loss", "score", "box", "points"))
        print(
            f"epoch {self.epoch:3d}  {100 * self.progress:3.0f} %  {figures}  {row['seconds']:.0f} s"
            f" (waited {row['waited']:.0f})  {left:.0f} min left",
            flush=True,
        )

    def _save(self) -> None:
        files.save_checkpoint(
            self.folder,
            {
                "network": self.network.state_dict(),
                "average": self.average.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "epoch": self.epoch,
                "progress": self.progress,
                "used_s": self.used_s,
                "steps": self.steps,
                "history": self.history,
                "seed": self.seed,
                "minutes": self.minutes,
                "rate": self.rate,
            },
        )

    def _resume(self) -> None:
        """Goes on where a checkpoint in the run's folder ends."""
        state = files.load_checkpoint(self.folder, self.device)
        if state is None:
            return
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.epoch, self.progress, self.used_s = state["epoch"], state["progress"], state["used_s"]
        self.steps, self.history = state["steps"], state["history"]


def main() -> None:
    """Reads the command line and trains until the schedule ends."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with data/, media/ and models/")
    parser.add_argument("--run", type=Path, required=True, help="folder for teacher.npz and the checkpoint")
    parser.add_argument("--weights", type=Path, help="checkpoint of another run whose averaged weights to start from")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--rate", type=float, default=RATE, help="highest learning rate")
    parser.add_argument("--minutes", type=float, help="shorten the schedule so that it ends after about this time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, help="processor threads")
    arguments = parser.parse_args()
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    training = Training(arguments)
    while not training.finished:
        training.run_epoch()
    training.stock.close()
    if training.world > 1:
        distributed.destroy_process_group()


if __name__ == "__main__":
    main()
