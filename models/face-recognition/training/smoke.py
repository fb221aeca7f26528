"""A made cache of the same form as teacher.py writes, so that a training can be run from start to end in minutes.

python smoke.py CACHE

Pictures of sixty people of nowhere, each a pattern of spots of its own. What a network learns from them means nothing.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from embedder import SHAPES, Embedder
from faces import CANVAS, Faces
from network import NUMBERS
from views import gather

PEOPLE, PICTURES, SPOTS = 60, 4, 5
VIEWS = 192


def unit(vectors: np.ndarray) -> np.ndarray:
    """The same directions, each of length one."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def pictures(random: np.random.Generator) -> np.ndarray:
    """(PEOPLE * PICTURES, CANVAS, CANVAS, 3) uint8: those of one person show the same spots, a little moved."""
    y, x = (np.mgrid[:CANVAS, :CANVAS] + 0.5) / CANVAS
    drawn = np.empty((PEOPLE * PICTURES, CANVAS, CANVAS, 3), np.uint8)
    for number in range(PEOPLE):
        spots = random.uniform(0.2, 0.8, (SPOTS, 2))
        for each in range(PICTURES):
            picture = random.normal(130, 12, (CANVAS, CANVAS))
            for px, py in spots + random.normal(0, 0.01, (SPOTS, 2)):
                picture -= 90 * (np.hypot(x - px, y - py) < 0.06)
            drawn[number * PICTURES + each] = picture.clip(0, 255)[:, :, None]
    return drawn


class Nobody(Embedder):
    """Says of every picture what comes to its mind."""

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random

    def inside(self, faces: np.ndarray) -> tuple[np.ndarray, ...]:
        """As the teacher: (n, side, side) -> two maps, and (n, NUMBERS) of length one."""
        first, second = (self._random.normal(size=(len(faces), *shape)) for shape in SHAPES)
        return first, second, unit(self._random.normal(size=(len(faces), NUMBERS)))


def make(cache: Path) -> None:
    """Everything that the training of the embedding network reads."""
    random = np.random.default_rng(0)
    person = np.arange(PEOPLE * PICTURES) // PICTURES
    directions = random.normal(size=(PEOPLE, NUMBERS))
    targets = unit(directions[person] + random.normal(0, 0.3, (len(person), NUMBERS)))
    kinds = np.array(["lfw", "lfw", "lfw", "photos", "utk"])[person % 5]
    sides = np.array(["train", "judge", "choose"])[person % 3]
    people = np.array([f"person {number}" for number in person])
    labels = np.where(kinds == "utk", "20 to 39|f|asian", "")
    cache.mkdir(parents=True, exist_ok=True)
    faces = Faces(pictures(random), targets, kinds, sides, people, labels)
    faces.save(cache)
    gather(faces, Nobody(random), VIEWS, cache)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
