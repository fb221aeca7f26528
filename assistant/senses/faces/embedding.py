"""The embedding network of this project, `models/face-recognition`, through LiteRT."""

import cv2
import numpy as np
from numpy import float32, uint8
from numpy.typing import NDArray

from assistant import manifests, weights
from assistant.errors import ModelBroken
from assistant.senses.litert import Network

OUTPUT = "embedding"


class Embedding:
    """One network on one thread; the mean of what it says of a face and of the mirrored face is made inside the file.

    Args:
        model: Name of a folder in `models/`.

    Raises:
        ModelMissing: there is no such model, or its weights are not installed.
        ModelBroken: its file or manifest is not what it should be.
    """

    def __init__(self, *, model: str = "face-recognition") -> None:
        manifest = weights.manifest(model)
        _check(manifest)
        self.model = f"{model}@{manifest.version}"
        self.size = manifest.input.shape[1]
        self.matching, self.certain = manifest.naming()
        self._numbers = manifest.output.shape[1]
        self._network = Network(weights.locate(model), input=manifest.input, output=manifest.output)

    def embed(self, crops: NDArray[uint8]) -> NDArray[float32]:
        """Reads aligned faces one by one, in grey: uint8 (n, size, size, 3) RGB -> float32 (n, 256), of length 1."""
        vectors = np.empty((len(crops), self._numbers), float32)
        for row, crop in enumerate(crops):
            grey = cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY)
            vectors[row] = self._network(grey.reshape(1, self.size, self.size, 1).astype(float32))[OUTPUT][0]
        return vectors


def _check(manifest: manifests.Manifest) -> None:
    """Refuses a manifest of a network that reads something else, or answers with something else."""
    shape = manifest.input.shape
    if len(shape) != 4 or shape != (1, shape[1], shape[1], 1) or manifest.input.colour != "grey":
        raise ModelBroken(f'The model "{manifest.name}" does not read grey squares.')
    if manifest.output.names != (OUTPUT,) or len(manifest.output.shape) != 2:
        raise ModelBroken(f'The model "{manifest.name}" does not answer with one embedding.')
