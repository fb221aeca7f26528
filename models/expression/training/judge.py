"""How good a network in training is, on faces it is not trained on."""

from __future__ import annotations

import numpy as np
import torch
from network import FERPLUS_CLASSES, FIELD, prepare
from torch import Tensor, nn

from models.evaluation import data, metrics
from models.evaluation.metrics import Floats

TO_LABELS = [metrics.VOTES.index(label) for label in metrics.LABELS]
"""Columns of FER+ in the order of the seven labels."""


def seven(ferplus: Floats) -> Floats:
    """FER+ probabilities (n, 8) to probabilities over the seven labels (n, 7), contempt left out."""
    kept = ferplus[:, TO_LABELS]
    return np.asarray(kept / kept.sum(axis=1, keepdims=True).clip(1e-9))


@torch.no_grad()
def answers(
    network: nn.Module, images: Tensor, side: int, *, fields: tuple[int, ...] = (FIELD,), mirror: bool = False
) -> tuple[Floats, Floats]:
    """Probabilities of both heads, averaged over fields and mirrored faces if asked.

    Args:
        network: answers with FER+ and FER-2013 logits; is put into evaluation mode.
        images: (n, 48, 48) uint8.
        side: side of the network's input, in pixels.
        fields: sides of the middle of the crop that is looked at, in pixels of the crop.
        mirror: whether the mirrored face is looked at as well.

    Returns:
        FER+ (n, 8), zeros where the network has no such head, and FER-2013 (n, 7).
    """
    network.eval()
    ferplus, fer2013 = [], []
    for batch in images.split(256):
        views = [prepare(batch.unsqueeze(1).float(), side, field) for field in fields]
        views += [view.flip(3) for view in views] if mirror else []
        found = [network(view.contiguous(memory_format=torch.channels_last)) for view in views]
        fer2013.append(torch.stack([logits.softmax(1) for _, logits in found]).mean(0))
        votes = [logits.softmax(1) for logits, _ in found if logits is not None]
        ferplus.append(torch.stack(votes).mean(0) if votes else fer2013[-1].new_zeros(len(batch), FERPLUS_CLASSES))
    return torch.cat(ferplus).double().cpu().numpy(), torch.cat(fer2013).double().cpu().numpy()


def judge(ferplus: Floats, fer2013: Floats, faces: data.Faces) -> dict[str, float]:
    """The figures that are followed while training: accuracy and macro-F1 of each head and of their even mix."""
    truth = metrics.majority(faces.votes)
    sets = {"fer2013": (fer2013, faces.labels, faces.labels >= 0)}
    if ferplus.any():
        votes = seven(ferplus)
        sets["ferplus"] = (votes, truth.truth, truth.decided)
        sets["mix"] = ((votes + fer2013) / 2, truth.truth, truth.decided)
    figures = {}
    for name, (probabilities, true, chosen) in sets.items():
        if chosen.any():
            figures[f"{name}_accuracy"] = metrics.accuracy(probabilities[chosen], true[chosen])
            figures[f"{name}_macro_f1"] = metrics.macro_f1(metrics.confusion(probabilities[chosen], true[chosen]))
    return figures
