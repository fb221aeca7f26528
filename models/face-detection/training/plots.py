"""The pictures of a training run: loss, what is found against what is false, calibration."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import numpy as np
from calibrate import Answers, Curve, together
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


def trade(found: Answers, curve: Curve, path: Path) -> None:
    """Faces found against photographs without a face in which somebody is seen, over all limits.

    Args:
        found: answers to the pictures that choose.
        curve: calibration of the score.
        path: of the picture.
    """
    figure, axes = plt.subplots(figsize=(7, 4.5))
    limits, faces = np.linspace(-7, 11, 400), max(1, sum(found.faces.values()))
    for name, points in (("with the points", True), ("alone", False)):
        right, best = together(found.right, curve, with_points=points), found.seen(curve, with_points=points)
        seen = [100 * (best >= each).mean() for each in limits]
        axes.plot(seen, [100 * (right >= each).sum() / faces for each in limits], label=name)
    axes.set(
        xlabel="views without a face in which somebody is seen, %", ylabel="drawn faces found, %", xlim=(0, 10),
        title="Found against false, on what chooses",
    )  # fmt: skip
    axes.grid(alpha=0.3)
    axes.legend()
    _save(figure, path)
