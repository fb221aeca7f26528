"""The pictures of a training run: loss, what is found against what is false, calibration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import numpy as np
from calibrate import Answers
from matplotlib import pyplot as plt
from matplotlib.figure import Figure


def _save(figure: Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def loss(history: list[dict[str, Any]], path: Path) -> None:
    """The loss and its parts, one point an epoch."""
    figure, axes = plt.subplots(figsize=(8, 4.5))
    for name in ("loss", "score", "box", "points"):
        axes.plot([row["epoch"] for row in history], [row[name] for row in history], label=name)
    axes.set(xlabel="epoch", ylabel="training loss for each face", yscale="log", title="Loss")
    axes.grid(alpha=0.3)
    axes.legend()
    _save(figure, path)


def trade(faces: Answers, tiles: dict[str, tuple[np.ndarray, int]], least: float, path: Path) -> None:
    """Faces found against false faces in background tiles, over all scores.

    Args:
        faces: answers to the pictures with faces.
        tiles: for each set of tiles the scores of the false faces, and how many tiles there are.
        least: the score that was chosen.
        path: of the picture.
    """
    scores = np.linspace(0.01, 0.99, 99)
    recall = [(faces.right >= score).sum() / faces.faces for score in scores]
    figure, axes = plt.subplots(figsize=(7, 4.5))
    for name, (wrong, n) in tiles.items():
        axes.plot([1000 * (wrong >= score).sum() / n for score in scores], recall, label=name)
    axes.axhline((faces.right >= least).sum() / faces.faces, color="grey", linestyle=":", label=f"score {least:.2f}")
    axes.set(
        xlabel="false faces per 1,000 background tiles", ylabel="faces found, all conditions", xlim=(0, 60),
        title="Found against false, on what chooses",
    )  # fmt: skip
    axes.grid(alpha=0.3)
    axes.legend()
    _save(figure, path)


def calibration(found: Answers, path: Path) -> None:
    """Share that is right against the score."""
    scores = np.concatenate([found.right, found.wrong])
    truth = np.concatenate([np.ones(len(found.right)), np.zeros(len(found.wrong))])
    place = np.minimum((scores * 10).astype(int), 9)
    bins = [place == each for each in range(10)]
    figure, axes = plt.subplots(figsize=(5.5, 4.5))
    axes.plot([0, 1], [0, 1], color="grey", linestyle=":")
    axes.plot([scores[b].mean() for b in bins if b.any()], [truth[b].mean() for b in bins if b.any()], "o-")
    axes.set(xlabel="score", ylabel="share that is right", title="Calibration, on what chooses")
    axes.grid(alpha=0.3)
    _save(figure, path)
