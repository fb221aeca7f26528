"""SSD with MobileNet v2 through OpenCV, from a package that carries its weights: the 80 kinds of things of COCO.

Liu et al., "SSD: Single Shot MultiBox Detector", ECCV 2016; Sandler et al., "MobileNetV2", CVPR 2018.
"""

import cv2
import numpy as np
from numpy import uint8

from assistant import weights
from assistant.domain.values import Box, Pixels, Thing
from assistant.errors import ModelBroken
from assistant.senses.things.tidy import tidied

MODEL = "ssd-mobilenet-v2"
SIDE = 300
"""Of the square to which every picture is brought, pixels, whatever its shape: the network was trained so."""
LEAST_SCORE = 0.1
"""Weaker detections are not given."""


class SsdDetector:
    """Finds things with a convolutional network that looks at each place through boxes of several shapes.

    Raises:
        ModelMissing: the package that carries its weights is not installed.
        ModelBroken: they are other ones, or OpenCV cannot load them.
    """

    name = "ssd"

    def __init__(self) -> None:
        manifest = weights.manifest(MODEL)
        path, content = weights.locate(MODEL)
        if manifest.graph is None:
            raise ModelBroken(f"The manifest of {MODEL} names no graph.")
        graph = weights.verified(path.with_name(manifest.graph.name), manifest.graph).content
        self.thresholds = manifest.thresholds
        self._labels = manifest.output.labels
        try:
            self._network = cv2.dnn.readNetFromTensorflow(np.frombuffer(content, uint8), np.frombuffer(graph, uint8))
        except cv2.error as error:
            raise ModelBroken(f"OpenCV cannot load {path}.") from error

    def detect(self, pixels: Pixels) -> list[Thing]:
        """All things in uint8 (height, width, 3) RGB of any size from 1x1 on, the most certain first."""
        square = cv2.resize(pixels, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
        self._network.setInput(cv2.dnn.blobFromImage(square))
        # One row for each: picture, number of the kind (0 is none, and some were never used), score, two corners.
        rows = np.asarray(self._network.forward()).reshape(-1, 7)
        found = []
        for _, kind, score, *corners in rows[rows[:, 2] >= LEAST_SCORE].tolist():
            left, top, right, bottom = corners
            label = self._labels[int(kind)] if 0 <= kind < len(self._labels) else ""
            if label in self.thresholds:
                found.append(Thing(label, score, Box(left, top, right - left, bottom - top)))
        return tidied(found)
