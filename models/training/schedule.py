"""How weights move: the optimiser, its rate over time, the average that is judged and exported."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import nn


def optimiser_of(network: nn.Module, rate: float) -> torch.optim.SGD:
    """Nesterov's SGD; weight decay on the weights of convolutions and heads alone."""
    decayed = [p for p in network.parameters() if p.ndim > 1]
    free = [p for p in network.parameters() if p.ndim <= 1]
    groups = [{"params": decayed, "weight_decay": 5e-4}, {"params": free, "weight_decay": 0.0}]
    return torch.optim.SGD(groups, rate, momentum=0.9, nesterov=True)


def rate_at(progress: float, peak: float, warm_up: float = 0.03) -> float:
    """Learning rate: a linear rise, then half a cosine (Loshchilov and Hutter, ICLR 2017); progress from 0 to 1."""
    if progress < warm_up:
        return peak * (progress + 1e-3) / warm_up
    return peak * 0.5 * (1 + math.cos(math.pi * min(1.0, (progress - warm_up) / (1 - warm_up))))


def epoch_share(progress: float, epochs: int, history: list[dict[str, Any]], left_s: float | None) -> float:
    """How much of the schedule the next epoch covers: more than its due where the time left would not do.

    Args:
        progress: share of the schedule that is done.
        epochs: of the whole schedule, where time allows.
        history: one row for each epoch so far, with its `seconds`.
        left_s: until the schedule should end; None: as long as it takes.
    """
    share = 1 / epochs
    if left_s is not None and history:
        pace_s = float(np.median([row["seconds"] for row in history[-5:]]))
        share = max(share, (1 - progress) * min(1.0, pace_s / max(left_s, 1.0)))
    return min(share, 1 - progress)


@torch.no_grad()
def follow(average: nn.Module, network: nn.Module, keep: float) -> None:
    """Moves the averaged weights a little towards the trained ones; statistics of normalisation too."""
    for mine, theirs in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
        if mine.dtype.is_floating_point:
            mine.lerp_(theirs, 1 - keep)
        else:
            mine.copy_(theirs)
