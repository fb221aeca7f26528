"""The detector that is always there: the frontal cascade in the OpenCV wheel.

Viola and Jones, "Rapid Object Detection using a Boosted Cascade of Simple Features", CVPR 2001. It misses turned and
tilted faces and gives no points.

The picture is stretched, not equalised: on 258 photographs of LFW, the 128 of COCO and 64 frames of the signing clips,
equalising the histogram cost a third of the faces in the clips (recall 0.63, stretched 0.95) and a tenth of those in
LFW (0.84, 0.96); without either, nothing is found at a tenth of the light (stretched 0.95 on both).
"""

from math import exp
from pathlib import Path

import cv2
import numpy as np
from numpy import uint8

from assistant import files
from assistant.domain.values import Box, Face, Pixels
from assistant.errors import ModelBroken, ModelMissing
from assistant.senses.picture import reduced, stretched

CASCADE = "haarcascade_frontalface_default.xml"
LARGEST = 10_000_000
"""A larger file is not read, bytes."""

EVEN_LEVEL, LEVEL_SCALE = 2.1, 1.0
"""Logistic curve from the cascade's last weight to the chance of a true face, fitted to 361 true and 28 false ones."""

LONGEST_SIDE = 480
"""Larger pictures are reduced to this, pixels."""
SMALLEST_WINDOW = 24
"""Side of the cascade's own window, pixels."""
SMALLEST_FACE = 0.085
"""Smallest square that is looked for, as a part of the longer side."""

WIDTH, HEIGHT = 0.816, 1.096
"""The box of `values.Face` in sides of the cascade's square: medians over 518 faces on 500 photographs of LFW, where
YuNet's boxes were laid beside the squares (quarter to quarter: the height 1.04 to 1.15)."""
DROP = 0.021
"""How far the middle of the box lies below the middle of the square, in sides of the square; measured likewise."""


class HaarDetector:
    """Finds upright faces that look at the camera."""

    name = "haar"

    def __init__(self) -> None:
        path = Path(cv2.__file__).parent / "data" / CASCADE
        try:
            content = files.read(path, LARGEST)
        except OSError as error:
            told = f"OpenCV came without {CASCADE}: {error.strerror}."
            raise ModelMissing(told, "Install opencv-python-headless in version 4.") from error
        self._cascade = cv2.CascadeClassifier()
        try:
            memory = cv2.FileStorage(content.decode(), cv2.FILE_STORAGE_READ | cv2.FILE_STORAGE_MEMORY)
            loaded = self._cascade.read(memory.getFirstTopLevelNode())
        except (cv2.error, SystemError, UnicodeDecodeError):
            loaded = False
        if not loaded or self._cascade.empty():
            raise ModelBroken(f"{path} is damaged.", "Install opencv-python-headless again.")

    def detect(self, pixels: Pixels) -> list[Face]:
        """All faces in uint8 (height, width, 3) RGB of any size from 1x1 on, best score first; without landmarks."""
        grey = np.asarray(cv2.cvtColor(reduced(pixels, LONGEST_SIDE), cv2.COLOR_RGB2GRAY), uint8)
        smallest = max(SMALLEST_WINDOW, round(SMALLEST_FACE * max(grey.shape)))
        if min(grey.shape) < smallest:
            return []
        squares, _, levels = self._cascade.detectMultiScale3(
            stretched(grey),
            scaleFactor=1.1,
            minNeighbors=5,
            minSize=(smallest, smallest),
            outputRejectLevels=True,
        )
        height, width = grey.shape
        faces = [
            Face(_box(x / width, y / height, side / width, side / height), None, _score(level))
            for (x, y, side, _), level in zip(
                np.reshape(squares, (-1, 4)).tolist(), np.ravel(levels).tolist(), strict=True
            )
        ]
        return sorted(faces, key=lambda face: -face.score)


def _box(left: float, top: float, across: float, down: float) -> Box:
    """From the cascade's square to the box of `values.Face`, in fractions of the frame."""
    return Box(left + across * (1 - WIDTH) / 2, top + down * ((1 - HEIGHT) / 2 + DROP), across * WIDTH, down * HEIGHT)


def _score(level: float) -> float:
    """The weight of the cascade's last stage as a probability."""
    return 1 / (1 + exp(-(level - EVEN_LEVEL) / LEVEL_SCALE))
