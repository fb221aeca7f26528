"""Made faces in the form of FER-2013 with FER+'s votes, so that a training can be run from start to end in minutes.

python smoke.py FOLDER

256 pictures to train on and 64 to validate: noise, in which each expression is a bright band at a height of its own.
What a network learns from them means nothing. Beside them an empty card, for the tables.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from card import SCRIPT
from tables import END, start

PICTURES, TRAINING = 320, 256
VOTES = np.array([4, 5, 6, 1, 3, 2, 0])
"""The column of FER+'s votes of each label."""


def make(folder: Path) -> None:
    """Writes faces.npz and model/CARD.md."""
    random = np.random.default_rng(0)
    label = np.arange(PICTURES) % 7
    images = random.normal(128, 20, (PICTURES, 48, 48))
    for row, expression in enumerate(label):
        images[row, 6 * expression : 6 * expression + 8] += 80
    votes = np.zeros((PICTURES, 10), np.uint8)
    votes[np.arange(PICTURES), VOTES[label]] = 10
    (folder / "model").mkdir(parents=True, exist_ok=True)
    np.savez(
        folder / "faces.npz",
        images=images.clip(0, 255).astype(np.uint8),
        split=(np.arange(PICTURES) >= TRAINING).astype(np.uint8),
        label=label.astype(np.int8),
        votes=votes,
    )
    (folder / "model" / "CARD.md").write_text(f"# Made faces\n\n{start(SCRIPT)}\n{END}\n", encoding="utf-8")


if __name__ == "__main__":
    make(Path(sys.argv[1]))
