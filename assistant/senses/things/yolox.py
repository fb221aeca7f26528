"""YOLOX-nano through OpenCV, where its weights are installed: the 80 kinds of things of COCO.

Ge, Liu, Wang, Li and Sun, "YOLOX: Exceeding YOLO Series in 2021", arXiv 2107.08430.
"""

import cv2
import numpy as np
from numpy import float32, uint8
from numpy.typing import NDArray

from assistant import weights
from assistant.domain.values import Box, Pixels, Thing
from assistant.errors import ModelBroken
from assistant.senses.picture import reduced
from assistant.senses.things.tidy import tidied

MODEL = "yolox-nano"
SIDE = 416
"""Of the square that the network sees, pixels."""
STRIDES = (8, 16, 32)
"""Distances of the places at which it looks, pixels, one grid after the other."""
GREY = 114
"""What the picture is padded with to a square: the network was trained so."""
LEAST_SCORE = 0.1
"""Weaker detections are not given."""
OVERLAP = 0.45
"""Of two boxes of one kind that overlap more than this (IoU) the better one stays."""
MOST = 100


class YoloxDetector:
    """Finds things with a small convolutional network without anchors.

    Raises:
        ModelMissing: its weights are not installed.
        ModelBroken: they are other ones, or OpenCV cannot load them.
    """

    name = "yolox"

    def __init__(self) -> None:
        manifest = weights.manifest(MODEL)
        path, content = weights.locate(MODEL)
        self.thresholds = manifest.thresholds
        self._labels = manifest.output.labels
        self._places = _places()
        try:
            self._network = cv2.dnn.readNetFromONNX(np.frombuffer(content, uint8))
        except cv2.error as error:
            raise ModelBroken(f"OpenCV cannot load {path}.") from error

    def detect(self, pixels: Pixels) -> list[Thing]:
        """All things in uint8 (height, width, 3) RGB of any size from 1x1 on, the most certain first."""
        small = _enlarged(reduced(pixels, SIDE))
        height, width = small.shape[:2]
        padded = cv2.copyMakeBorder(
            small, 0, SIDE - height, 0, SIDE - width, cv2.BORDER_CONSTANT, value=(GREY, GREY, GREY)
        )
        self._network.setInput(cv2.dnn.blobFromImage(padded, swapRB=True))
        rows = np.asarray(self._network.forward(), float32).reshape(-1, 5 + len(self._labels))
        boxes, scores, kinds = self._read(rows)
        kept = cv2.dnn.NMSBoxesBatched(
            boxes.tolist(), scores.tolist(), kinds.tolist(), LEAST_SCORE, OVERLAP, top_k=MOST
        )
        fractions = boxes / (width, height, width, height)
        return tidied(
            Thing(self._labels[kinds[row]], float(scores[row]), Box(*fractions[row].tolist())) for row in map(int, kept)
        )

    def _read(self, rows: NDArray[float32]) -> tuple[NDArray[float32], NDArray[float32], NDArray[np.int32]]:
        """Boxes (left, top, width, height; pixels), scores and kinds of what is not too weak.

        Each row tells of one place: the middle of a box from there and the logarithm of its size, both in strides; how
        sure it is that there is something; and how likely it is each kind.
        """
        kinds = rows[:, 5:].argmax(axis=1)
        scores = rows[:, 4] * rows[np.arange(len(rows)), 5 + kinds]
        kept = np.flatnonzero(scores >= LEAST_SCORE)
        places, rows = self._places[kept], rows[kept]
        centres = (rows[:, :2] + places[:, :2]) * places[:, 2:]
        sizes = np.exp(rows[:, 2:4]) * places[:, 2:]
        return np.hstack([centres - sizes / 2, sizes]), scores[kept], kinds[kept].astype(np.int32)


def _places() -> NDArray[float32]:
    """Where each row looks: column and row in its grid, and the grid's stride."""
    grids = []
    for stride in STRIDES:
        down, across = np.mgrid[: SIDE // stride, : SIDE // stride]
        grids.append(np.stack([across, down, np.full_like(across, stride)], axis=-1).reshape(-1, 3))
    return np.concatenate(grids).astype(float32)


def _enlarged(pixels: Pixels) -> Pixels:
    """The picture with its longer side as long as the network sees, where it was smaller."""
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    if scale <= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_LINEAR), uint8)
