"""YuNet through OpenCV, where its weights are installed: faces of any roll, with five points.

Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence Research 2023.
"""

import cv2
import numpy as np

from assistant import weights
from assistant.domain.values import Box, Face, Landmarks, Pixels
from assistant.errors import ModelBroken
from assistant.senses.picture import reduced

LONGEST_SIDE = 320
"""Larger pictures are reduced to this, pixels; it decides the cost and the smallest face that is found."""
LEAST_SCORE = 0.6
"""Weaker detections are not given."""
OVERLAP = 0.3
"""Of two boxes that overlap more than this (IoU) the better one stays."""
MOST_FACES = 100
SMALLEST_SIDE = 8
"""Pictures with a side shorter than this hold no face that could be found, pixels."""


class YuNetDetector:
    """Finds faces with a small convolutional network.

    Args:
        longest_side: Larger pictures are reduced to this, pixels.

    Raises:
        ModelMissing: its weights are not installed.
        ModelBroken: they are other ones, or OpenCV cannot load them.
    """

    name = "yunet"

    def __init__(self, *, longest_side: int = LONGEST_SIDE) -> None:
        path = weights.locate(self.name)
        self._longest_side = longest_side
        try:
            self._network = cv2.FaceDetectorYN.create(str(path), "", (32, 32), LEAST_SCORE, OVERLAP, MOST_FACES)
        except cv2.error as error:
            raise ModelBroken(f"OpenCV cannot load {path}.") from error

    def detect(self, pixels: Pixels) -> list[Face]:
        """All faces in uint8 (height, width, 3) RGB of any size from 1x1 on, best score first, with landmarks."""
        small = cv2.cvtColor(reduced(pixels, self._longest_side), cv2.COLOR_RGB2BGR)
        height, width = small.shape[:2]
        if min(height, width) < SMALLEST_SIDE:
            return []
        self._network.setInputSize((width, height))
        answer = self._network.detect(small)[1]
        rows = np.reshape([] if answer is None else answer, (-1, 15)) / ([width, height] * 7 + [1])  # None: no face
        return [_face(row) for row in sorted(rows.tolist(), key=lambda row: -row[14])]


def _face(row: list[float]) -> Face:
    """One row of YuNet's answer (box, five points, score), already in fractions of the frame.

    YuNet names the points by the person's side, its first eye being the person's right; they are put in the order of
    the picture, so that a face that hangs upside down is turned round and not mirrored.
    """
    return Face(Box(*row[:4]), _landmarks(row[4:14]), min(1.0, row[14]))


def _landmarks(xy: list[float]) -> Landmarks:
    eye, other_eye, nose, corner, other_corner = zip(xy[::2], xy[1::2], strict=True)
    return eye, other_eye, nose, corner, other_corner
