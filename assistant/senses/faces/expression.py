"""Reads the expression of cropped faces with the LiteRT model of `models/expression`."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy import float32, uint8
from numpy.typing import NDArray

from assistant import manifests, weights
from assistant.domain.values import EXPRESSIONS, Thresholds
from assistant.errors import ModelBroken
from assistant.senses.faces.crop import SIZE
from assistant.senses.litert import Network

ANSWER = "answer"
"""The output that is used: the calibrated answer."""


class LiteRTClassifier:
    """Seven calibrated probabilities for every crop; scaling, mix and temperature are inside the network.

    Args:
        model: Name of a folder in `models/`.

    Raises:
        ModelMissing: there is no such model, or its weights are not installed.
        ModelBroken: its file or manifest is not what it should be.
    """

    def __init__(self, *, model: str = "expression") -> None:
        manifest = weights.manifest(model)
        _check(manifest)
        self.thresholds: Mapping[str, Thresholds] = manifest.thresholds
        self._network = Network(weights.locate(model), input=manifest.input, output=manifest.output)

    def classify(self, crops: NDArray[uint8]) -> NDArray[Any]:
        """Reads crops one by one (the network's batch is one).

        Args:
            crops: uint8 (n, 48, 48), grey, as `crop.py` makes them; n may be 0.

        Returns:
            float32 (n, 7), probabilities in the order of `EXPRESSIONS`.
        """
        answers = np.empty((len(crops), len(EXPRESSIONS)), float32)
        for row, crop in enumerate(crops):
            answers[row] = self._network(crop.reshape(1, SIZE, SIZE, 1).astype(float32))[ANSWER][0]
        return answers


def _check(manifest: manifests.Manifest) -> None:
    """Refuses a manifest of a network that reads something else, or answers with something else."""
    wanted = (manifest.input.shape, manifest.output.shape, manifest.output.labels)
    if wanted != ((1, SIZE, SIZE, 1), (1, len(EXPRESSIONS)), EXPRESSIONS):
        raise ModelBroken(f'The model "{manifest.name}" does not read the seven expressions from {SIZE}x{SIZE} pixels.')
    if ANSWER not in manifest.output.names or set(manifest.thresholds) != set(EXPRESSIONS):
        raise ModelBroken(f'The manifest of "{manifest.name}" lacks the output "{ANSWER}" or a threshold.')
