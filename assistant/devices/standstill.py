"""Tells a live camera that gives the same picture again and again from a quiet room.

The noise of a sensor never gives the same picture twice. So a picture is compared, cell by cell and bit by bit, with
the last ones: a few old pictures in turn are no news either, and a clock in a corner does not make the rest alive.
What cannot be told: an old picture with noise added to it, or encoded anew in ever other ways, which is as alive as a
quiet room; and a camera that sends bit-identical pictures of a room in which nothing moves is told as standing still,
for nothing in its pictures says otherwise.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from assistant.domain.values import Frame, Pixels

STILL_S = 4.0
"""Without news for so long the picture stands still, seconds ..."""
LEAST = 4
"""... and for at least so many pictures, so that a slow camera has its time."""
GRID = (24, 32)
"""Rows and columns of cells, fewer where the picture has fewer pixels."""
ALIVE = 0.1
"""A picture is news if at least this part of its cells was like this in none of the pictures remembered; a line of
writing across the picture is less."""
REMEMBERED = 6
"""So many pictures that were news are remembered: a film that is shown over and over is alive."""


class Standstill:
    """Watches the pictures of one camera, also over its closing and opening."""

    def __init__(self) -> None:
        self._known: NDArray[np.int64] = np.zeros((0, *GRID), np.int64)
        self._news_at: float | None = None
        self._repeats = 0
        self.still = False
        """Whether the picture stands still; from then on until there is news."""

    def begin(self) -> None:
        """The camera was opened: the time without news begins with its first picture."""
        self._news_at = None
        self._repeats = 0

    def observe(self, frame: Frame) -> bool:
        """Takes in a picture; gives whether it stands still for long enough that it has to be told (again)."""
        sums = _sums(frame.pixels)
        if self._known.shape[1:] != sums.shape:
            self._known = np.zeros((0, *sums.shape), np.int64)
        news = float(np.mean((self._known != sums).all(0))) >= ALIVE
        if news:
            self._known = np.concatenate([self._known[-REMEMBERED + 1 :], sums[None]])
        if news or self._news_at is None:
            self._news_at, self._repeats = frame.at, 0
            self.still = self.still and not news
            return False
        self._repeats += 1
        if self._repeats < LEAST or frame.at - self._news_at < STILL_S:
            return False
        self.still = True
        return True


def _sums(pixels: Pixels) -> NDArray[np.int64]:
    """A number for each cell of a picture, another one as soon as one of its pixels differs (but for a rare chance)."""
    total = cv2.integral(pixels)
    rows, columns = (
        np.linspace(0, side, min(side, most) + 1).astype(int) for side, most in zip(pixels.shape, GRID, strict=False)
    )
    corners = total[np.ix_(rows, columns)].astype(np.int64)
    cells = np.diff(np.diff(corners, axis=0), axis=1)
    return np.asarray(cells @ np.array([1, 1 << 20, 1 << 40], np.int64), np.int64)
