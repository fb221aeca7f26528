"""Pictures of nobody, by which a file is held against the framework it was trained in."""

from __future__ import annotations

import numpy as np


def generated_pictures(side: int, n: int = 24, seed: int = 0) -> np.ndarray:
    """(n, side, side) float32, 0 to 255 in whole numbers: gradients, ovals and noise of several strengths."""
    random = np.random.default_rng(seed)
    rows, columns = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    pictures = []
    for _ in range(n):
        slope = random.normal(size=2)
        picture = 128 + 60 * (slope[0] * rows + slope[1] * columns)
        for _ in range(6):
            row, column = random.uniform(-0.8, 0.8, 2)
            height, width = random.uniform(0.05, 0.7, 2)
            oval = np.exp(-(((rows - row) / height) ** 2) - ((columns - column) / width) ** 2)
            picture += random.normal(0, 80) * oval
        picture += random.normal(0, random.uniform(0, 25), picture.shape)
        pictures.append(picture.clip(0, 255).round())
    return np.array(pictures, np.float32)
