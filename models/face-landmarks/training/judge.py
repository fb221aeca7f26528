"""How good a network is, on faces of people it is not trained on."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from conditions import CONDITIONS, damaged
from samples import Batch, Crops
from torch import Tensor, nn

Answers = Callable[[Tensor], np.ndarray]
"""(n, 1, CROP, CROP) crops to (n, 16): presence, five points, box, covered mouth."""

PLAIN, ANYWHERE = "as a detector leaves it", "anything below, undamaged"


def answers_of(network: nn.Module, device: torch.device) -> Answers:
    """The network as a function; its presence is a logit."""

    @torch.no_grad()
    def answers(crops: Tensor) -> np.ndarray:
        network.eval()
        parts = [network(part.to(device, memory_format=torch.channels_last)) for part in crops.split(256)]
        return torch.cat(parts).double().cpu().numpy()

    return answers


def batch_in(crops: Crops, condition: str, seed: int = 7) -> Batch:
    """Every face once, and two crops without a face for three with one, all in one condition; always the same."""
    jitter, change = CONDITIONS[condition]
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        batch = Batch.joined([crops.faces(torch.arange(len(crops)), jitter), crops.nobody(2 * len(crops) // 3)])
        return damaged(batch, change)


def point_errors(answers: np.ndarray, batch: Batch) -> np.ndarray:
    """(faces whose points are known, 5) distances from the teacher's, in parts of the distance between the eyes."""
    there = batch.known.numpy() > 0
    truth = batch.coordinates[batch.known > 0, :10].double().numpy().reshape(-1, 5, 2)
    apart = np.hypot(*(truth[:, 1] - truth[:, 0]).T)
    return np.hypot(*(answers[there, 1:11].reshape(-1, 5, 2) - truth).transpose(2, 0, 1)) / apart[:, None]


def box_overlaps(answers: np.ndarray, batch: Batch) -> np.ndarray:
    """(faces,) intersection over union with the teacher's boxes."""
    there = batch.present.numpy() > 0
    mine, truth = answers[there, 11:15], batch.coordinates[batch.present > 0, 10:].double().numpy()
    low = np.maximum(mine[:, :2] - mine[:, 2:] / 2, truth[:, :2] - truth[:, 2:] / 2)
    high = np.minimum(mine[:, :2] + mine[:, 2:] / 2, truth[:, :2] + truth[:, 2:] / 2)
    shared = (high - low).clip(0).prod(axis=1)
    return shared / (mine[:, 2:].prod(axis=1) + truth[:, 2:].prod(axis=1) - shared)


def presence(probable: np.ndarray, batch: Batch) -> dict[str, float]:
    """Share of the crops whose presence is answered rightly, of those with and those without a face."""
    there = batch.present.numpy() > 0
    found, refused = float(probable[there].mean()), float(1 - probable[~there].mean())
    return {"presence": (found + refused) / 2, "found": found, "refused": refused}


def covering(answers: np.ndarray, batch: Batch, least: float) -> dict[str, float | None]:
    """Of masked and of bare faces the share that is found, and whose mouth is answered rightly; None of no faces.

    Args:
        answers: to the batch.
        batch: crops.
        least: answers from which on there is a face, and from which on a mouth is covered.
    """
    masked, bare = (batch.covered.numpy() == value for value in (1, 0))
    seen, covered = answers[:, 0] >= least, answers[:, 15] >= least
    shares = {
        "masked_found": seen[masked],
        "bare_found": seen[bare],
        "covered_right": covered[masked],
        "bare_right": ~covered[bare],
    }
    return {name: float(each.mean()) if len(each) else None for name, each in shares.items()}


FOLLOWED = {"near": PLAIN, "anywhere": ANYWHERE, "covered": "half covered"}
"""The conditions that are looked at while training, with short names."""


def followed(crops: Crops) -> dict[str, Batch]:
    """The batches for `judge`."""
    return {name: batch_in(crops, condition) for name, condition in FOLLOWED.items()}


def judge(network: nn.Module, batches: dict[str, Batch], device: torch.device) -> dict[str, float]:
    """The figures that are followed while training: mean error of the points, and how often the presence is right."""
    answers, figures = answers_of(network, device), {}
    for name, batch in batches.items():
        found = answers(batch.crops)
        figures[f"{name}_error"] = float(point_errors(found, batch).mean())
        figures[f"{name}_presence"] = presence(found[:, 0] > 0, batch)["presence"]
        if name == "near":
            figures |= {**presence(found[:, 0] > 0, batch), **covering(found, batch, 0.0)}
    return figures
