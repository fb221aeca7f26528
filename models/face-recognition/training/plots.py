"""The pictures of a training run: loss and accuracy over time, names among strangers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot as plt


def training(history: list[dict[str, Any]], path: Path) -> None:
    """Draws the loss, and the figures on people who choose, of each epoch."""
    epochs = [row["epoch"] for row in history]
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(8, 7), sharex=True)
    upper.plot(epochs, [row["loss"] for row in history])
    upper.set(ylabel="training loss", yscale="log", title="Loss, and figures on people who choose (averaged weights)")
    told = {"accuracy": "pairs right", "accepts": "true accepts at 0.1 % false", "likeness": "likeness to the teacher"}
    for name, label in told.items():
        lower.plot(epochs, [100 * row[name] for row in history], label=label)
    lower.axhline(97, color="grey", linestyle=":")
    lower.set(xlabel="epoch", ylabel="%")
    lower.legend()
    _keep(figure, (upper, lower), path)


def open_set(curve: list[dict[str, float]], threshold: float, path: Path) -> None:
    """Draws how many of the known are found, and how many strangers are named, by threshold and margin."""
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(8, 7), sharex=True)
    for margin in sorted({row["margin"] for row in curve}):
        rows = [row for row in curve if row["margin"] == margin]
        likeness = [row["threshold"] for row in rows]
        upper.plot(likeness, [100 * row["found"] for row in rows], label=f"margin {margin:.2f}")
        lower.plot(likeness, [row["strangers_named"] for row in rows], label=f"margin {margin:.2f}")
    upper.axhline(80, color="grey", linestyle=":")
    upper.set(ylabel="known people found, %", ylim=(0, 102))
    lower.axhline(1, color="grey", linestyle=":")
    lower.set(xlabel="threshold of likeness", ylabel="strangers called by a name", yscale="symlog", ylim=(0, None))
    for axes in (upper, lower):
        axes.axvline(threshold, color="black", linestyle="--")
        axes.legend()
    _keep(figure, (upper, lower), path)


def _keep(figure: Any, all_axes: tuple[Any, ...], path: Path) -> None:
    for axes in all_axes:
        axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
