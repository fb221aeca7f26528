"""What each photograph holds, for training and judging: boxes drawn by people first, the teacher's word second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from sources import Source

SURE, LIKELY, UNSURE = 0.75, 0.6, 0.4
"""The teacher's score of a face that nobody drew from which on it is a face, of one whose points are learnt, and from
which on its place is neither a face nor background."""
SAME = 0.4
"""A drawn face and one of the teacher's are the same from this overlap (IoU) on."""
APART = 0.05
"""The teacher's face that overlaps a drawn one more than this is no further face."""


@dataclass(frozen=True)
class Truth:
    """The faces of one photograph, in its pixels.

    Attributes:
        rows: (n, 16) left, top, width, height, five points from left to right, 1 for a face or 0 for a place that
            counts neither way, and 1 where the points are known.
    """

    rows: np.ndarray

    @property
    def faces(self) -> np.ndarray:
        """The rows of faces alone."""
        return self.rows[self.rows[:, 14] == 1]


def truth_of(source: Source, seen: np.ndarray) -> Truth:
    """Puts the drawn boxes and the teacher's finds together.

    Args:
        source: the photograph.
        seen: (n, 15) box, points and score, as the teacher gives them.
    """
    seen = seen[seen[:, 14] >= UNSURE]
    if source.faceless:
        return Truth(np.empty((0, 16)))
    sure = seen[:, 14] >= SURE
    if source.drawn is not None:
        fit = overlaps(source.drawn, seen[:, :4])
        drawn = np.array([_drawn(box, row, seen) for box, row in zip(source.drawn, fit, strict=True)]).reshape(-1, 16)
        nearest = fit.max(axis=0, initial=0)
        rest, apart = nearest < SAME, nearest < APART
        return Truth(np.concatenate([drawn, _told(seen[rest], (sure & apart)[rest])]))
    if source.people is not None:
        sure &= _on_somebody(seen, source.people)
    elif source.kind == "photos":
        sure[:] = False
    return Truth(_told(seen, sure))


def overlaps(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Intersection over union of every box (n, 4) with every other (m, 4): (n, m)."""
    a, b = boxes[:, None], others[None]
    shared = np.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:]) - np.maximum(a[..., :2], b[..., :2])
    both = np.clip(shared, 0, None).prod(-1)
    return both / np.maximum(a[..., 2:].prod(-1) + b[..., 2:].prod(-1) - both, 1e-9)


def _drawn(box: np.ndarray, fit: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """A drawn face, with the points of the teacher's where it saw the same one."""
    row = np.zeros(16)
    row[:4], row[14] = box, 1
    if len(fit) and fit.max() >= SAME and seen[fit.argmax(), 14] >= LIKELY:
        row[4:14], row[15] = seen[fit.argmax(), 4:14], 1
    return row


def _told(seen: np.ndarray, sure: np.ndarray) -> np.ndarray:
    return np.column_stack([seen[:, :14], sure, sure])


def _on_somebody(seen: np.ndarray, people: np.ndarray) -> np.ndarray:
    """Whether the middle of each face lies in the box of a person."""
    middles = (seen[:, None, :2] + seen[:, None, 2:4] / 2) - people[None, :, :2]
    return ((middles >= 0) & (middles <= people[None, :, 2:])).all(-1).any(-1)
