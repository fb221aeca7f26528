"""The faces as the cache holds them, and what each may be used for."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TypeVar

import numpy as np
from sources import Source

SIDE = 160
"""Side of a cached picture, pixels."""
TRAINING, CALIBRATING, MEASURING, UNUSED = 0, 1, 2, 3

Item = TypeVar("Item")


def group_of(source: Source) -> int:
    """Which group a photograph belongs to, by the split that all trainings share.

    The first version of this network, from whose weights this one starts, had learned from people by a split of its
    own: those of them who choose or judge by the shared one are left out here.
    """
    if source.kind == "lfw" and source.side != "train" and _learned_by_the_first(source.group):
        return UNUSED
    return {"train": TRAINING, "choose": CALIBRATING, "judge": MEASURING}[source.side]


def _learned_by_the_first(person: str) -> bool:
    return int(hashlib.sha256(person.encode()).hexdigest()[:8], 16) % 100 < 85


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
    """The pictures of people and what is known of the faces in them.

    Attributes:
        pictures: (n, SIDE, SIDE) uint8, grey.
        groups: (n,) group of each picture.
        rows: (m, 15) faces: number of the picture, box (middle x, y, width, height) and five points, in fractions of
            the picture.
        known: (m,) whether the points are known.
        covered: (m,) 1 where a mask covers the mouth, 0 where nothing does, -1 where nobody knows.
        faint: (k, 5) everything that may be a face: number of the picture, box as above.
    """

    pictures: np.ndarray
    groups: np.ndarray
    rows: np.ndarray
    known: np.ndarray
    covered: np.ndarray
    faint: np.ndarray

    def named(self) -> np.ndarray:
        """(m,) whether a face is the one its picture is of: the one nearest to the middle."""
        away = np.hypot(*(self.rows[:, 1:3] - 0.5).T)
        nearest = np.full(len(self.pictures), np.inf)
        np.minimum.at(nearest, self.rows[:, 0].astype(int), away)
        return away == nearest[self.rows[:, 0].astype(int)]

    @classmethod
    def joined(cls, parts: Sequence[Faces]) -> Faces:
        """All of them as one; pictures are numbered on."""
        starts = np.cumsum([0, *(len(part.pictures) for part in parts)])
        moved = [
            replace(part, rows=part.rows + _number(start, 15), faint=part.faint + _number(start, 5))
            for part, start in zip(parts, starts[:-1], strict=True)
        ]
        return cls(*(np.concatenate([vars(part)[each.name] for part in moved]) for each in fields(cls)))

    def save(self, cache: Path) -> None:
        """Writes two files into the cache."""
        np.save(cache / "pictures.npy", self.pictures)
        rest = {name: value for name, value in vars(self).items() if name != "pictures"}
        np.savez(cache / "faces.npz", **rest)

    @classmethod
    def load(cls, cache: Path) -> Faces:
        """What `save` wrote."""
        with np.load(cache / "faces.npz") as known:
            return cls(np.load(cache / "pictures.npy", mmap_mode="r"), **known)


def _number(start: int, columns: int) -> np.ndarray:
    """What is added to rows that begin with the number of their picture."""
    return np.eye(1, columns)[0] * start
