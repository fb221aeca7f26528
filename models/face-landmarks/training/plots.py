"""The pictures of a training run: loss and error over time, error in each condition."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

from matplotlib import pyplot as plt

GOAL = 5.0
"""Mean error of the points that is allowed, in % of the distance between the eyes."""


def training(history: list[dict[str, Any]], path: Path) -> None:
    """Draws the loss, and the error on people kept aside, of each epoch."""
    epochs = [row["epoch"] for row in history]
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(8, 7), sharex=True)
    upper.plot(epochs, [row["loss"] for row in history])
    upper.set(ylabel="training loss", yscale="log", title="Loss, and error on people kept aside (averaged weights)")
    for name, told in (("near", "as a detector leaves it"), ("anywhere", "anywhere"), ("covered", "half covered")):
        lower.plot(epochs, [100 * row[f"{name}_error"] for row in history], label=told)
    lower.axhline(GOAL, color="grey", linestyle=":")
    lower.set(xlabel="epoch", ylabel="error of the points, % of the eyes' distance", ylim=(0, 30))
    lower.legend()
    for axes in (upper, lower):
        axes.grid(alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def errors(conditions: dict[str, dict[str, Any]], path: Path) -> None:
    """Draws the mean error of the points, and the share of wrong answers about presence, in each condition."""
    names = list(conditions)[::-1]
    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 6), sharey=True)
    left.barh(names, [100 * conditions[name]["error"] for name in names])
    left.axvline(GOAL, color="grey", linestyle=":")
    left.set(xlabel="mean error, % of the eyes' distance", title="Points")
    missed = [100 * (1 - conditions[name]["found"]) for name in names]
    taken = [100 * (1 - conditions[name]["refused"]) for name in names]
    places = range(len(names))
    right.barh([place + 0.2 for place in places], missed, 0.4, label="faces missed")
    right.barh([place - 0.2 for place in places], taken, 0.4, label="backgrounds taken for a face")
    right.set(xlabel="wrong, %", title="Presence")
    right.legend()
    for axes in (left, right):
        axes.grid(alpha=0.3, axis="x")
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)
