"""face-reidentification-retail-0095 of Open Model Zoo through OpenCV, where its weights are installed."""

import cv2
import numpy as np
from numpy import float32, uint8
from numpy.typing import NDArray

from assistant import weights
from assistant.errors import ModelBroken

MODEL = "face-reidentification-retail-0095"
SIZE = 128
NUMBERS = 256


class Reidentification:
    """One network on one thread.

    Raises:
        ModelMissing: its weights are not installed.
        ModelBroken: they are other ones, OpenCV cannot load them, or its manifest says not how to match.
    """

    size = SIZE

    def __init__(self) -> None:
        manifest = weights.manifest(MODEL)
        self.model = f"{MODEL}@{manifest.version}"
        self.matching, self.certain = manifest.naming()
        path, content = weights.locate(MODEL)
        try:
            self._network = cv2.dnn.readNetFromONNX(np.frombuffer(content, uint8))
        except cv2.error as error:
            raise ModelBroken(f"OpenCV cannot load {path}.") from error

    def embed(self, crops: NDArray[uint8]) -> NDArray[float32]:
        """Reads aligned faces one by one: uint8 (n, 128, 128, 3) RGB -> float32 (n, 256), each row of length 1."""
        vectors = np.empty((len(crops), NUMBERS), float32)
        for row, crop in enumerate(crops):
            self._network.setInput(cv2.dnn.blobFromImage(crop, swapRB=True))
            vectors[row] = self._network.forward().ravel()
        return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12), float32)
