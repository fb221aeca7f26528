"""Whose mouth is moving: a mouth that opens to speak looks like surprise, frame by frame, and is none.

Seen in crops that are aligned by the points of the face, and once more by its upper half: what a head that moves, or
points that are a little off, change in the upper half they change in the mouth as well, and that is taken away.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp

import cv2
import numpy as np
from numpy import float32, uint8
from numpy.typing import NDArray

from assistant.domain.values import EXPRESSIONS

SURPRISE = EXPRESSIONS.index("surprise")
MOUTH = (slice(32, 46), slice(14, 34))
"""Rows and columns of a crop (48x48) that hold the mouth, open or not."""
UPPER = (slice(8, 28), slice(6, 42))
"""... and the eyes, the brows and the nose."""
LAG_S = 0.1
"""A crop is compared with the newest that is at least this much older; a syllable lasts 0.15 to 0.3 s."""
LONGEST_LAG_S = 1.0
"""Crops farther apart are not compared."""
MOVED = 0.12
"""Difference in the mouth, as a root mean square of normalised grey levels, that is movement: of mouths that were
opened and held it is above this in one frame in a hundred, of talking ones in four of five."""
MORE = 2.0
"""... if it is also more than so many times that of the upper face, where a face talks less."""
MEMORY_S = 1.0
"""Time constant of the share of the time during which the mouth moved: one opening is no talking."""
TALKS = (0.2, 0.4)
"""Share of the time from which on somebody begins to be taken for talking, and is."""


@dataclass(frozen=True, slots=True)
class _Mouth:
    """What is known of one mouth."""

    crops: tuple[tuple[float, NDArray[float32]], ...]
    """The last ones with their times, oldest first; the first of them is at least `LAG_S` older than the last, if any
    is."""
    moving: float = 0.0
    """Share of the time during which it moved, averaged over `MEMORY_S`."""


class Talking:
    """Watches the mouths of all faces."""

    def __init__(self) -> None:
        self._mouths: dict[int, _Mouth] = {}

    def observe(self, at: float, crops: Mapping[int, NDArray[uint8]]) -> dict[int, float]:
        """Takes in the crops of one frame.

        Args:
            at: Its time, seconds.
            crops: uint8 (48, 48), grey, as `crop.py` makes them, by track.

        Returns:
            For each track how surely somebody talks, 0 to 1.
        """
        self._mouths = {id: _watched(self._mouths.get(id), at, _normalised(crop)) for id, crop in crops.items()}
        none, full = TALKS
        return {id: min(1.0, max(0.0, (mouth.moving - none) / (full - none))) for id, mouth in self._mouths.items()}


def _watched(mouth: _Mouth | None, at: float, crop: NDArray[float32]) -> _Mouth:
    if mouth is None or not 0 < at - mouth.crops[-1][0] <= LONGEST_LAG_S:
        return _Mouth(((at, crop),))
    old = [each for each in mouth.crops if at - each[0] >= LAG_S - 1e-6]
    before = old[-1] if old else mouth.crops[0]
    young = [each for each in mouth.crops if each[0] > before[0]]
    weight = 1 - exp(-(at - mouth.crops[-1][0]) / MEMORY_S)
    moving = mouth.moving + weight * (_moves(before[1], crop) - mouth.moving)
    return _Mouth((before, *young, (at, crop)), moving)


def _moves(before: NDArray[float32], after: NDArray[float32]) -> bool:
    changes = _changes(np.asarray((before + after) / 2, float32))
    upper = changes[UPPER].reshape(-1, changes.shape[-1])
    beside = after - before
    moved = np.linalg.solve(upper.T @ upper + 0.01 * np.eye(upper.shape[1]), upper.T @ beside[UPPER].ravel())
    rest = (beside - changes @ moved.astype(float32)) ** 2
    return float(np.sqrt(rest[MOUTH].mean())) > max(MOVED, MORE * float(np.sqrt(rest[UPPER].mean())))


def _changes(crop: NDArray[float32]) -> NDArray[float32]:
    """How a crop changes when it is moved across and down, scaled, turned and made brighter: (48, 48, 5)."""
    across, down = (cv2.Sobel(crop, cv2.CV_32F, dx, 1 - dx, scale=1 / 8) for dx in (1, 0))
    v, u = np.mgrid[0 : crop.shape[0], 0 : crop.shape[1]].astype(float32) - crop.shape[0] / 2
    ones = np.ones_like(crop)
    return np.stack([across, down, across * u + down * v, down * u - across * v, ones], axis=-1)


def _normalised(crop: NDArray[uint8]) -> NDArray[float32]:
    """Freed of noise, brightness and contrast."""
    grey = cv2.GaussianBlur(crop.astype(float32), (0, 0), 1.0)
    return np.asarray((grey - grey.mean()) / (grey.std() + 4), float32)


def suppress_surprise(answer: NDArray[float32], talks: float) -> NDArray[float32]:
    """What remains of an answer about a face whose mouth is moving.

    Args:
        answer: float32 (7,), probabilities in the order of `EXPRESSIONS`.
        talks: How surely somebody talks, 0 to 1; so much of surprise goes to all seven alike.
    """
    taken = talks * answer[SURPRISE]
    rest = answer + taken / len(EXPRESSIONS)
    rest[SURPRISE] -= taken
    return np.asarray(rest, float32)
