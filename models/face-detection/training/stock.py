"""Canvases drawn ahead of the training, by another process: it never waits for a pencil."""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import cv2
import hard
import numpy as np
import teacher
from mosaic import MOST_FACES, Mosaic
from sources import read

from assistant.senses.faces.finder import HEIGHT, WIDTH

BATCHES_KEPT = 6
"""Canvases are drawn from so many of the newest batches, each of which stays that long."""

_mosaic: Mosaic | None = None
_run = Path()


def start(data: Path, run: Path) -> None:
    """Prepares a drawing process."""
    global _mosaic, _run
    cv2.setNumThreads(1)
    sources = read(data, ("photos", "lfw", "utk", "coco"))
    seen = teacher.load(run / teacher.FILE)
    trains = [each for each in sources if each.side == "train" and each.key in seen]
    _mosaic, _run = Mosaic(trains, seen), run


def draw(n: int, seed: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Draws canvases: uint8 (n, height, width, 3), and their faces (n, MOST_FACES, 16), rows of -1 for nothing."""
    assert _mosaic is not None
    _mosaic.weigh(hard.load(_run))
    random = np.random.default_rng(seed)
    pictures, faces = [], np.full((n, MOST_FACES, 16), -1, np.float32)
    for place in faces:
        picture, rows = _mosaic.draw(random)
        pictures.append(picture)
        place[: len(rows)] = rows
    return np.stack(pictures), faces


class Stock:
    """The newest canvases; the same seed and epoch give the same ones.

    Args:
        data: folder of the photographs.
        run: folder of the run, where the teacher's faces lie.
        seed: of all that is drawn.
        n: canvases in a batch.
        epoch: the first that will be asked for.
    """

    def __init__(self, data: Path, run: Path, *, seed: int, n: int, epoch: int) -> None:
        self._pool = ProcessPoolExecutor(1, get_context("spawn"), start, (data, run))
        self._seed, self._n, self._full = seed, n, 0
        self._pictures = np.empty((BATCHES_KEPT * n, HEIGHT, WIDTH, 3), np.uint8)
        self._faces = np.empty((BATCHES_KEPT * n, MOST_FACES, 16), np.float32)
        self._coming: deque[Future[tuple[np.ndarray, np.ndarray]]] = deque()
        self._epoch = max(0, epoch - BATCHES_KEPT + 1)
        self._order()
        while self._epoch < epoch:
            self.turn()

    def turn(self) -> tuple[np.ndarray, np.ndarray]:
        """Orders the canvases of the epoch after the next, takes in those of the next, and gives all that are kept."""
        self._epoch += 1
        self._order()
        place = slice((self._epoch - 1) % BATCHES_KEPT * self._n, ((self._epoch - 1) % BATCHES_KEPT + 1) * self._n)
        self._pictures[place], self._faces[place] = self._coming.popleft().result()
        self._full = max(self._full, place.stop)
        return self._pictures[: self._full], self._faces[: self._full]

    def close(self) -> None:
        """Ends the drawing process."""
        self._pool.shutdown(cancel_futures=True)

    def _order(self) -> None:
        self._coming.append(self._pool.submit(draw, self._n, (self._seed, self._epoch)))
