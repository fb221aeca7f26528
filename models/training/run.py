"""One training run: what moves, how far it has come, and the checkpoint from which it goes on."""

from __future__ import annotations

import argparse
import copy
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from files import load_checkpoint, save_checkpoint
from schedule import epoch_share, follow, rate_at
from torch import distributed, nn
from torch.nn.parallel import DistributedDataParallel


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command lines of all trainings share."""
    parser.add_argument("--run", type=Path, required=True, help="folder for the checkpoint; resumes what lies there")
    parser.add_argument("--weights", type=Path, help="checkpoint of another run whose averaged weights to start from")
    parser.add_argument("--minutes", type=float, help="shorten the schedule so that it ends after about this time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, help="processor threads")


class Run:
    """Network, averaged network and optimiser, and the share of the schedule that is done; one in each process.

    Args:
        arguments: as `add_arguments` describes them.
        build: makes the network, freshly initialised.
        optimiser: makes the optimiser of a network.
        epochs: of the whole schedule, where time allows.
        rate: highest learning rate.
        ema: how much of the averaged weights each step keeps.
    """

    def __init__(
        self,
        arguments: argparse.Namespace,
        build: Callable[[], nn.Module],
        optimiser: Callable[[nn.Module], torch.optim.Optimizer],
        *,
        epochs: int,
        rate: float,
        ema: float,
    ) -> None:
        if arguments.threads:
            torch.set_num_threads(arguments.threads)
        self.seed, self.minutes, self.folder = arguments.seed, arguments.minutes, arguments.run
        self._epochs, self._rate, self._ema = epochs, rate, ema
        self.world, self.rank = int(os.environ.get("WORLD_SIZE", "1")), int(os.environ.get("RANK", "0"))
        self.device = torch.device("cpu")
        if torch.cuda.is_available():
            self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        if self.world > 1:
            distributed.init_process_group("nccl" if self.device.type == "cuda" else "gloo")
        torch.manual_seed(self.seed)
        self.network = build().to(self.device, memory_format=torch.channels_last)
        if arguments.weights:
            state = torch.load(arguments.weights, map_location=self.device, weights_only=False)
            self.network.load_state_dict(state["average"])
        self.average = copy.deepcopy(self.network)
        self.optimiser = optimiser(self.network)
        self.epoch, self.steps, self.progress, self.used_s = 0, 0, 0.0, 0.0
        self.history: list[dict[str, Any]] = []
        self._share, self._started = 0.0, 0.0
        self.folder.mkdir(parents=True, exist_ok=True)
        self._resume()
        self.trained = DistributedDataParallel(self.network) if self.world > 1 else self.network

    @property
    def finished(self) -> bool:
        """Whether the schedule has ended."""
        return self.progress > 1 - 1e-6

    def begin_epoch(self) -> None:
        """Decides how much of the schedule the epoch covers, and makes the random numbers those of this epoch."""
        self._started = time.monotonic()
        left_s = None if self.minutes is None else self.minutes * 60 - self.used_s
        self._share = self._agreed(epoch_share(self.progress, self._epochs, self.history, left_s))
        torch.manual_seed(self.seed * 100003 + self.epoch)
        self.network.train()

    def step(self, loss: torch.Tensor, done: float, largest_gradient: float | None = None) -> None:
        """Moves the weights against a loss, and the averaged ones after them.

        Args:
            loss: one number.
            done: share of the epoch that lies behind, 0 to 1.
            largest_gradient: longer ones are shortened to this norm.
        """
        for group in self.optimiser.param_groups:
            group["lr"] = rate_at(self.progress + self._share * done, self._rate)
        self.optimiser.zero_grad()
        loss.backward()
        if largest_gradient is not None:
            nn.utils.clip_grad_norm_(self.network.parameters(), largest_gradient)
        self.optimiser.step()
        follow(self.average, self.network, min(self._ema, self.steps / (self.steps + 10)))
        self.steps += 1

    def end_epoch(self, figures: dict[str, Any], **kept: Any) -> None:
        """Notes what came of the epoch; the first process prints a line and writes a checkpoint.

        Args:
            figures: by name.
            kept: what else belongs into the checkpoint.
        """
        self.epoch, self.progress = self.epoch + 1, self.progress + self._share
        seconds = time.monotonic() - self._started
        self.used_s += seconds
        self.history.append({"epoch": self.epoch, "progress": self.progress, **figures, "seconds": seconds})
        if self.rank == 0:
            told = "  ".join(f"{name} {value:.4f}" for name, value in figures.items() if isinstance(value, float))
            left = self.used_s / self.progress * (1 - self.progress) / 60
            times = f"{seconds:.0f} s  {left:.0f} min left"
            print(f"epoch {self.epoch:3d}  {100 * self.progress:3.0f} %  {told}  {times}", flush=True)
            self._save(kept)

    def close(self) -> None:
        """Lets the other processes go."""
        if self.world > 1:
            distributed.destroy_process_group()

    def _agreed(self, number: float) -> float:
        """The first process's number in all of them: their clocks differ, their rates must not."""
        shared = torch.tensor([number], dtype=torch.float64, device=self.device)
        if self.world > 1:
            distributed.broadcast(shared, 0)
        return float(shared)

    def _save(self, kept: dict[str, Any]) -> None:
        state = {name: getattr(self, name).state_dict() for name in ("network", "average", "optimiser")}
        state |= {name: getattr(self, name) for name in (*_PROGRESS, "seed", "minutes")}
        save_checkpoint(self.folder, state | kept)

    def _resume(self) -> None:
        state = load_checkpoint(self.folder, self.device)
        if state is None:
            return
        for name in ("network", "average", "optimiser"):
            getattr(self, name).load_state_dict(state[name])
        for name in _PROGRESS:
            setattr(self, name, state[name])


_PROGRESS = ("epoch", "steps", "progress", "used_s", "history")
"""What of a run moves beside its weights."""
