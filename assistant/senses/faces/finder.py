"""Our own detector: one pass of a small network over the whole picture gives boxes, five points and scores.

Trained by `models/face-detection/training`, which frames its pictures with `framed` too.
"""

import cv2
import numpy as np
from numpy import float32, uint8
from numpy.typing import NDArray

from assistant import weights
from assistant.domain.values import Box, Face, Landmarks, Pixels
from assistant.errors import ModelBroken
from assistant.senses.litert import Network
from assistant.senses.picture import reduced, stretched

MODEL = "face-detection"
"""The folder in `models/`."""
OUTPUT = "faces"
"""The network's output: for each of its cells the score, then left, top, width and height of the box, then x and y of
five points, all in fractions of its input."""
WIDTH, HEIGHT = 480, 384
"""The network's input, pixels: a frame of four to three lies in it at a width of 480."""
DARK = 30.0
"""Pictures of a lower mean grey level are made brighter first."""
OVERLAP = 0.3
"""Of two boxes that overlap more than this (IoU) the better one stays."""


class FinderDetector:
    """Finds faces of any roll up to about 50 degrees, with five points.

    Raises:
        ModelMissing: its weights are not there.
        ModelBroken: its file or manifest is not what it should be.
    """

    name = "finder"

    def __init__(self) -> None:
        manifest = weights.manifest(MODEL)
        limits = manifest.thresholds.get("score")
        if manifest.input.shape != (1, HEIGHT, WIDTH, 3) or manifest.output.names != (OUTPUT,) or limits is None:
            raise ModelBroken(f'The model "{MODEL}" does not find faces in pictures of {WIDTH}x{HEIGHT} pixels.')
        self._sure, self._unsure = limits.sure or 1.0, limits.unsure
        self._network = Network(weights.locate(MODEL), input=manifest.input, output=manifest.output)

    def detect(self, pixels: Pixels) -> list[Face]:
        """All faces in uint8 (height, width, 3) RGB of any size from 1x1 on, best score first, with landmarks."""
        return self._faces(pixels, self._sure)

    def candidates(self, pixels: Pixels) -> list[Face]:
        """The same, and fainter ones that something else has to confirm."""
        return self._faces(pixels, self._unsure)

    def _faces(self, pixels: Pixels, least_score: float) -> list[Face]:
        canvas, width, height = framed(pixels)
        answer = self._network(canvas[np.newaxis].astype(float32))[OUTPUT][0]
        return faces_in(answer, width, height, least_score)


def framed(pixels: Pixels) -> tuple[NDArray[uint8], int, int]:
    """The network's input: reduced if too large, brighter if dark, black to the right and below.

    Args:
        pixels: uint8 (height, width, 3), any size from 1x1 on.

    Returns:
        uint8 (HEIGHT, WIDTH, 3) RGB, and width and height of the part that the picture fills.
    """
    down, across = pixels.shape[:2]
    longest = max(1, int(max(down, across) * min(WIDTH / across, HEIGHT / down)))
    small = brightened(reduced(pixels, longest))
    height, width = small.shape[:2]
    canvas = np.zeros((HEIGHT, WIDTH, 3), uint8)
    canvas[:height, :width] = small
    return canvas, width, height


def brightened(picture: NDArray[uint8]) -> NDArray[uint8]:
    """The picture, stretched where the mean of its values is below `DARK`."""
    return stretched(picture) if float(picture[::8, ::8].mean()) < DARK else picture


def faces_in(answer: NDArray[float32], width: int, height: int, least_score: float) -> list[Face]:
    """The faces that the network's answer tells of, best first, each once.

    Args:
        answer: float32 (cells, 15), see `OUTPUT`.
        width: Of the part of the network's input that the picture fills, pixels.
        height: Likewise.
        least_score: Weaker answers are not given.
    """
    rows = answer[answer[:, 0] >= least_score]
    boxes = rows[:, 1:5] * (WIDTH, HEIGHT, WIDTH, HEIGHT)
    kept = np.ravel(cv2.dnn.NMSBoxes(boxes.tolist(), rows[:, 0].tolist(), least_score, OVERLAP)).astype(int)
    to_picture = np.array([1, *[WIDTH / width, HEIGHT / height] * 7])
    return [_face(row) for row in (rows[kept] * to_picture).tolist()]


def _face(row: list[float]) -> Face:
    """One row in fractions of the frame."""
    return Face(Box(*row[1:5]), _landmarks(row[5:]), row[0])


def _landmarks(xy: list[float]) -> Landmarks:
    eye, other_eye, nose, corner, other_corner = zip(xy[::2], xy[1::2], strict=True)
    return eye, other_eye, nose, corner, other_corner
