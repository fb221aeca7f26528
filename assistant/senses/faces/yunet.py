"""YuNet through OpenCV, where its weights are installed: faces of any roll, with five points.

Wu, Peng and Yu, "YuNet: A Tiny Millisecond-level Face Detector", Machine Intelligence Research 2023.
"""

from math import exp

import cv2
import numpy as np
from numpy import uint8

from assistant import weights
from assistant.domain.values import Box, Face, Landmarks, Pixels
from assistant.errors import ModelBroken
from assistant.senses.picture import reduced, stretched

LONGEST_SIDE = 320
"""Larger pictures are reduced to this, pixels; it decides the cost and the smallest face that is found."""
LEAST_SCORE = 0.6
"""Weaker detections are not given."""
EVEN_SCORE, SCORE_SCALE = 0.627, 0.0483
"""Logistic curve from YuNet's score to the chance of a true face: of 22 detections from 0.6 to 0.8 in 128 photographs
of COCO 18 were true (the others a pizza, an oven, an elephant and a bear), of 33 above that and of 165 in LFW all."""
OVERLAP = 0.3
"""Of two boxes that overlap more than this (IoU) the better one stays."""
MOST_FACES = 100
DARK = 30.0
"""Pictures of a lower mean grey level are made brighter first: of 129 faces of LFW in a twentieth of the light this
finds 0.92 instead of 0.17."""
SHORTEST_SIDE = 64
"""Smaller pictures are padded to this, pixels: with a side of 32 or less OpenCV 4.14 answers from uninitialised memory
(seen in up to half of the runs on flat pictures)."""


class YuNetDetector:
    """Finds faces with a small convolutional network.

    Raises:
        ModelMissing: its weights are not installed.
        ModelBroken: they are other ones, or OpenCV cannot load them.
    """

    name = "yunet"

    def __init__(self) -> None:
        path, content = weights.locate(self.name)
        network, none = np.frombuffer(content, uint8), np.empty(0, uint8)
        try:
            self._network = cv2.FaceDetectorYN.create("onnx", network, none, (32, 32), LEAST_SCORE, OVERLAP, MOST_FACES)
        except cv2.error as error:
            raise ModelBroken(f"OpenCV cannot load {path}.") from error

    def detect(self, pixels: Pixels) -> list[Face]:
        """All faces in uint8 (height, width, 3) RGB of any size from 1x1 on, best score first, with landmarks."""
        small = cv2.cvtColor(reduced(pixels, LONGEST_SIDE), cv2.COLOR_RGB2BGR)
        if float(small[::8, ::8].mean()) < DARK:
            small = stretched(np.asarray(small, uint8))
        height, width = small.shape[:2]
        below, beside = max(0, SHORTEST_SIDE - height), max(0, SHORTEST_SIDE - width)
        padded = cv2.copyMakeBorder(small, 0, below, 0, beside, cv2.BORDER_CONSTANT)
        self._network.setInputSize((width + beside, height + below))
        answer = self._network.detect(padded)[1]
        rows = np.reshape([] if answer is None else answer, (-1, 15)) / ([width, height] * 7 + [1])  # None: no face
        return [_face(row) for row in sorted(rows.tolist(), key=lambda row: -row[14])]


def _face(row: list[float]) -> Face:
    """One row of YuNet's answer (box, five points, score), already in fractions of the frame.

    YuNet's first eye and corner are the person's right ones, which lie at the left of the picture for everybody who is
    not upside down; there its order is kept, so that the crop turns such a face round and does not mirror it.
    """
    return Face(Box(*row[:4]), _landmarks(row[4:14]), 1 / (1 + exp(-(row[14] - EVEN_SCORE) / SCORE_SCALE)))


def _landmarks(xy: list[float]) -> Landmarks:
    eye, other_eye, nose, corner, other_corner = zip(xy[::2], xy[1::2], strict=True)
    return eye, other_eye, nose, corner, other_corner
