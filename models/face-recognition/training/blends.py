"""Faces of nobody: parts of two people, pulled a little out of shape, for the teacher to say who that would be.

Who somebody is, is learnt from thousands of people, and there are only so many photographs. The teacher has an opinion
on any face, though; so it is asked about mixtures too (as Zhang et al., "mixup", ICLR 2018, but with its own answers).
What a number makes of two pictures is the same at any size, so that only numbers and answers need to be kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

PULL = 0.018
"""Standard deviation of what points of a face are moved by, sides of the cached picture."""
EVEN = 0.2
"""Share of the mixtures in which both faces shine through each other everywhere."""
FILE = "blends.npz"


@dataclass(frozen=True)
class Blends:
    """Mixtures, by the faces that they are made of.

    Attributes:
        first, second: (n,) rows of the faces.
        targets: (n, 256) what the teacher says of them, length one.
    """

    first: np.ndarray
    second: np.ndarray
    targets: np.ndarray

    def pictures(self, canvases: np.ndarray) -> Iterator[np.ndarray]:
        """Each mixture, of cached pictures of any size and with any channels."""
        for number, (one, other) in enumerate(zip(self.first, self.second, strict=True)):
            yield mixed(np.asarray(canvases[one]), np.asarray(canvases[other]), number)

    def save(self, cache: Path) -> None:
        """Writes a file into the cache."""
        np.savez(cache / FILE, first=self.first, second=self.second, targets=self.targets.astype(np.float16))

    @classmethod
    def load(cls, cache: Path) -> Blends:
        """What `save` wrote; none where there is nothing."""
        if not (cache / FILE).is_file():
            return cls(np.empty(0, int), np.empty(0, int), np.empty((0, 256), np.float32))
        with np.load(cache / FILE) as kept:
            return cls(kept["first"], kept["second"], kept["targets"].astype(np.float32))


def drawn(rows: np.ndarray, n: int, seed: int = 3) -> tuple[np.ndarray, np.ndarray]:
    """Which two of these rows each of `n` mixtures is made of."""
    random = np.random.default_rng(seed)
    return random.choice(rows, n), random.choice(rows, n)


def mixed(one: np.ndarray, other: np.ndarray, number: int) -> np.ndarray:
    """A mixture of two cached pictures, (side, side) or (side, side, 3) uint8; always the same for one number."""
    random = np.random.default_rng(number)
    side = len(one)
    height = random.normal(0, 1, (4, 4))
    share = 1 / (1 + np.exp(-4 * cv2.resize(height, (side, side), interpolation=cv2.INTER_CUBIC)))
    if random.random() < EVEN:
        share = np.full((side, side), random.uniform(0.35, 0.65))
    pull = random.normal(0, PULL * side, (5, 5, 2)).astype(np.float32)
    flow = cv2.resize(pull, (side, side), interpolation=cv2.INTER_CUBIC)
    if one.ndim == 3:
        share = share[..., None]
    # The second face is given the first one's light, so that the seam is no edge.
    theirs = (other - other.mean()) * (one.std() + 1) / (other.std() + 1) + one.mean()
    picture = (share * one + (1 - share) * theirs).clip(0, 255).round().astype(np.uint8)
    rows, columns = np.mgrid[:side, :side].astype(np.float32)
    where = (columns + flow[..., 0], rows + flow[..., 1])
    return cv2.remap(picture, *where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
