"""The photographs as the cache holds them, and how they are split into training, calibrating and measuring."""

from __future__ import annotations

import hashlib
import sys
import tarfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np

LFW, COCO = "lfw.tar", "coco128-train.tar"

SIDE = 160
"""Side of a cached photograph of LFW, pixels; the originals have 250."""

Item = TypeVar("Item")

TRAINING, CALIBRATING, MEASURING = 0, 1, 2


def group_of(name: str) -> int:
    """Which group a person or a picture belongs to, by a hash of the name.

    Of people 85, 4 and 11 of a hundred are for training, calibrating and measuring, of pictures 50, 15 and 35.
    """
    draw = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) % 100
    training, calibrating = (50, 65) if name.endswith(".jpg") else (85, 89)
    return TRAINING if draw < training else CALIBRATING if draw < calibrating else MEASURING


def photographs(archive: Path) -> Iterator[tuple[str, np.ndarray]]:
    """Every photograph of an archive, BGR: for LFW with the name of the person, else with that of the file."""
    with tarfile.open(archive) as tar:
        for member in tar:
            file = tar.extractfile(member) if member.name.endswith(".jpg") else None
            if file is not None:
                path = Path(member.name)
                name = path.parent.name if path.stem.startswith(path.parent.name) else path.name
                yield name, cv2.imdecode(np.frombuffer(file.read(), np.uint8), cv2.IMREAD_COLOR)


def progress(items: Iterable[Item], what: str) -> Iterator[Item]:
    """The same items; tells every ten seconds how many there were."""
    told = time.monotonic()
    for number, item in enumerate(items):
        yield item
        if time.monotonic() - told > 10:
            told = time.monotonic()
            print(f"{number + 1} {what}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Faces:
    """The photographs of people and what the teacher said of them.

    Attributes:
        pictures: (n, SIDE, SIDE) uint8, grey.
        groups: (n,) group of each picture's person.
        rows: (m, 15) faces: number of the picture, box (middle x, y, width, height) and five points, in fractions of
            the picture.
        faint: (k, 5) everything that may be a face: number of the picture, box as above.
    """

    pictures: np.ndarray
    groups: np.ndarray
    rows: np.ndarray
    faint: np.ndarray

    def named(self) -> np.ndarray:
        """(m,) whether a face is that of the person its photograph is of: the one nearest to the middle."""
        away = np.hypot(*(self.rows[:, 1:3] - 0.5).T)
        nearest = np.full(len(self.pictures), np.inf)
        np.minimum.at(nearest, self.rows[:, 0].astype(int), away)
        return away == nearest[self.rows[:, 0].astype(int)]

    def save(self, cache: Path) -> None:
        """Writes two files into the cache."""
        np.save(cache / "pictures.npy", self.pictures)
        np.savez(cache / "faces.npz", groups=self.groups, rows=self.rows, faint=self.faint)

    @classmethod
    def load(cls, cache: Path) -> Faces:
        """What `save` wrote."""
        with np.load(cache / "faces.npz") as known:
            return cls(np.load(cache / "pictures.npy", mmap_mode="r"), **known)
