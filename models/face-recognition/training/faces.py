"""The faces as the cache holds them: laid out with room round them, and what the teacher said of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

REACH = 1.25
"""Side of a cached picture / side of the square in which a face is laid out: room to move it."""
CANVAS = 160
"""Side of a cached picture, pixels."""
TEACHER_SIDE = 128
"""Side of the laid-out face that the teacher reads, pixels; CANVAS / REACH."""


def centre(canvas: np.ndarray, size: int) -> np.ndarray:
    """The laid-out face in the middle of a cached picture, (..., size, size) with the same channels."""
    edge = (CANVAS - TEACHER_SIDE) // 2
    middle = canvas[edge : edge + TEACHER_SIDE, edge : edge + TEACHER_SIDE]
    return middle if size == TEACHER_SIDE else cv2.resize(middle, (size, size), interpolation=cv2.INTER_AREA)


def grey(canvases: np.ndarray, size: int) -> np.ndarray:
    """Cached pictures as the run time delivers them: (n, CANVAS, CANVAS, 3) -> (n, size, size) uint8."""
    found = np.empty((len(canvases), size, size), np.uint8)
    for row, canvas in enumerate(canvases):
        found[row] = centre(cv2.cvtColor(np.ascontiguousarray(canvas), cv2.COLOR_RGB2GRAY), size)
    return found


@dataclass(frozen=True)
class Faces:
    """All faces, in one order.

    Attributes:
        canvases: (n, CANVAS, CANVAS, 3) uint8 RGB.
        targets: (n, 256) what the teacher says of the clean face and its mirrored self, mean of both, length one.
        kinds: (n,) "lfw", "utk", "photos" or "clip".
        sides: (n,) "train", "choose" or "judge".
        people: (n,) whom it shows, as far as known: equal for the same person. But for the one person of the clips, all
            of somebody are on one side.
        labels: (n,) for "utk" apparent age, sex and origin, with "|" between; for "photos" "bare" or "mask" or "".
    """

    canvases: np.ndarray
    targets: np.ndarray
    kinds: np.ndarray
    sides: np.ndarray
    people: np.ndarray
    labels: np.ndarray

    def where(self, chosen: np.ndarray) -> Faces:
        """Some of them, by a mask or by numbers."""
        return Faces(*(getattr(self, name)[chosen] for name in self.__dataclass_fields__))

    @classmethod
    def joined(cls, parts: Sequence[Faces]) -> Faces:
        """Several, one after the other."""
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in cls.__dataclass_fields__))

    def save(self, cache: Path) -> None:
        """Writes two files into the cache, the smaller one last: where it is, both are whole."""
        np.save(cache / "canvases.npy", self.canvases)
        rest = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "canvases"}
        np.savez(cache / "faces.npz", **rest)

    @classmethod
    def load(cls, cache: Path) -> Faces:
        """What `save` wrote; the pictures stay on the disk until they are used."""
        with np.load(cache / "faces.npz") as known:
            return cls(np.load(cache / "canvases.npy", mmap_mode="r"), **known)
