"""A made cache of the same form as teacher.py writes, so that a training can be run from start to end in a minute.

python smoke.py CACHE

Pictures of a bright oval with five dark spots, a third of them with a pale patch over the lower ones, and patches of
noise. What a network learns from them means nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from backgrounds import PATCH, Backgrounds
from photographs import SIDE, Faces

PICTURES, PATCHES = 160, 90
POINTS = np.array([[-0.2, -0.12], [0.2, -0.12], [0.0, 0.05], [-0.16, 0.25], [0.16, 0.25]]) * 0.45


def make(cache: Path) -> None:
    """Everything that the training of the points reads."""
    random = np.random.default_rng(0)
    y, x = (np.mgrid[:SIDE, :SIDE] + 0.5) / SIDE
    covered = (np.arange(PICTURES) // 3 % 3 == 0).astype(int)
    pictures, rows = [], []
    for number in range(PICTURES):
        middle = random.uniform(0.4, 0.6, 2)
        picture = random.normal(90, 15, (SIDE, SIDE))
        oval = ((x - middle[0]) / 0.2) ** 2 + ((y - middle[1]) / 0.25) ** 2 < 1
        picture[oval] += 100
        for px, py in POINTS + middle:
            picture[np.hypot(x - px, y - py) < 0.03] -= 120
        if covered[number]:
            picture[oval & (y > middle[1])] = 230
        pictures.append(picture.clip(0, 255).astype(np.uint8))
        rows.append([number, *middle, 0.4, 0.5, *(POINTS + middle).ravel()])
    known = np.array(rows)
    cache.mkdir(parents=True, exist_ok=True)
    groups, sure = np.arange(PICTURES) % 3, np.arange(PICTURES) % 7 > 0
    Faces(np.array(pictures), groups, known, sure, covered, known[:, :5]).save(cache)
    patches = random.normal(120, 30, (PATCHES, PATCH, PATCH)).clip(0, 255).astype(np.uint8)
    Backgrounds(patches, np.arange(PATCHES) % 3, np.arange(PATCHES) // 3 % 2 == 0).save(cache)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
