"""The teacher, face-reidentification-retail-0095, through OpenCV: who somebody is, and what it sees on the way."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

MAPS = ("!t_209", "!t_259")
"""Its last maps of 16x16 and of 8x8 places, by the ends of their names in OpenCV."""
SHAPES = ((128, 16, 16), (128, 8, 8))
"""Channels, height and width of these maps."""


class Embedder:
    """The teacher.

    Args:
        path: its file.
    """

    def __init__(self, path: Path) -> None:
        self._network = cv2.dnn.readNetFromONNX(str(path))
        maps = [name for name in self._network.getLayerNames() if name.endswith(MAPS)]
        self._all = [*maps, *self._network.getUnconnectedOutLayersNames()]

    def __call__(self, faces: np.ndarray) -> np.ndarray:
        """(n, 128, 128, 3) uint8 RGB, laid out -> (n, 256) of length one."""
        answers = np.empty((len(faces), 256), np.float32)
        for row, face in enumerate(faces):
            self._network.setInput(cv2.dnn.blobFromImage(face, swapRB=True))
            answers[row] = self._network.forward().ravel()
        return _unit(answers)

    def both(self, face: np.ndarray) -> np.ndarray:
        """(256,): the mean of what it says of a face and of the mirrored face, length one."""
        return _unit(self(np.stack([face, face[:, ::-1]])).sum(axis=0))

    def inside(self, faces: np.ndarray) -> tuple[np.ndarray, ...]:
        """(n, 128, 128) uint8 grey, laid out -> both maps (n, *SHAPES[k]), and (n, 256) of length one."""
        found = []
        for face in faces:
            self._network.setInput(cv2.dnn.blobFromImage(cv2.cvtColor(face, cv2.COLOR_GRAY2BGR)))
            found.append([np.array(answer) for answer in self._network.forward(self._all)])
        first, second, answers = (np.concatenate(each) for each in zip(*found, strict=True))
        return first, second, _unit(answers.reshape(len(faces), -1))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
