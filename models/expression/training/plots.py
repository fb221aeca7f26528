"""The pictures of a training run: accuracy, loss, confusion, calibration."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("Agg")

import numpy as np
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from models.evaluation.metrics import LABELS, Floats, Ints, calibration_bins


def _save(figure: Figure, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def training(history: list[dict[str, Any]], folder: Path) -> None:
    """Writes accuracy.png and loss.png: one point an epoch, the averaged weights on validation."""
    epochs = [row["epoch"] for row in history]
    figure, axes = plt.subplots(figsize=(8, 4.5))
    names = {
        "ferplus_accuracy": "FER+ majority, FER+ head",
        "mix_accuracy": "FER+ majority, even mix of the heads",
        "fer2013_accuracy": "FER-2013 labels, FER-2013 head",
        "mix_macro_f1": "FER+ macro-F1, even mix",
        "fer2013_macro_f1": "FER-2013 macro-F1",
    }
    for key, name in names.items():
        if key in history[-1]:
            axes.plot(epochs, [row.get(key, np.nan) for row in history], "-" if "accuracy" in key else "--", label=name)
    axes.set(xlabel="epoch", ylabel="validation, not mirror-averaged", ylim=(0.3, 0.95), title="Accuracy and macro-F1")
    axes.grid(alpha=0.3)
    axes.legend()
    _save(figure, folder / "accuracy.png")

    figure, axes = plt.subplots(figsize=(8, 4.5))
    axes.plot(epochs, [row["loss"] for row in history])
    axes.set(xlabel="epoch", ylabel="training loss, both heads, augmented and mixed up", title="Loss")
    axes.grid(alpha=0.3)
    for before, row in pairwise(history):
        if before["side"] != row["side"]:
            axes.axvline(row["epoch"], color="grey", linestyle=":")
            axes.text(row["epoch"], axes.get_ylim()[1], f" {row['side']} px", va="top")
    _save(figure, folder / "loss.png")


def confusion(table: Ints, path: Path) -> None:
    """Draws shares of each true class, with counts: (8, 7), the last row is "other" (contempt)."""
    shares = table / np.maximum(table.sum(axis=1, keepdims=True), 1)
    figure, axes = plt.subplots(figsize=(7.5, 7))
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.ndindex(*table.shape):
        colour = "white" if shares[row, column] > 0.5 else "black"
        text = f"{shares[row, column]:.2f}\n{table[row, column]}"
        axes.text(column, row, text, ha="center", va="center", color=colour, fontsize=9)
    axes.set_xticks(range(7), LABELS)
    axes.set_yticks(range(8), [*LABELS, "other"])
    axes.set(xlabel="answer", ylabel="FER+ majority", title="Confusion on validation")
    _save(figure, path)


def calibration(probabilities: Floats, truth: Ints, path: Path) -> None:
    """Draws accuracy against certainty, and how often each certainty occurs."""
    bins = calibration_bins(probabilities, truth)
    certainty = [group.certainty for group in bins]
    figure, (upper, lower) = plt.subplots(2, 1, figsize=(6, 7), sharex=True, height_ratios=(3, 1))
    upper.plot([0, 1], [0, 1], color="grey", linestyle=":")
    upper.plot(certainty, [group.accuracy for group in bins], "o-")
    upper.set(
        ylabel="share that is right", ylim=(0, 1), title="Calibration on validation, faces without a majority included"
    )
    upper.title.set_fontsize(10)
    upper.grid(alpha=0.3)
    lower.bar(certainty, [group.n for group in bins], width=0.04)
    lower.set(xlabel="certainty of the answer", ylabel="faces", xlim=(0, 1))
    _save(figure, path)
