"""Where the faces of the photographs are, with five points: as YuNet sees them, and as the program does."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from sources import Source

from assistant.domain.values import Frame
from assistant.senses.faces.finder import FinderDetector
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.points import PointsNetwork

SCALES = {"lfw": (1.5,), "utk": (0.6, 1.0), "clip": (1.0,), "photos": (0.6, 1.0, 2.0), "fer": (2.0,)}
"""At which sizes the detector looks at a photograph."""
PADDING = {"utk": 48, "fer": 16}
"""Close-ups get a border, without which the detector sees no face, pixels."""


class Looks(Protocol):
    """Finds faces with five points."""

    def look(self, source: Source) -> np.ndarray:
        """(n, 15): box, five points, score in pixels of the photograph."""


def bordered(source: Source) -> tuple[np.ndarray, int]:
    """The photograph, RGB, with the border that its kind gets, and how wide that is, pixels."""
    border = PADDING.get(source.kind, 0)
    return cv2.copyMakeBorder(source.pixels(), border, border, border, border, cv2.BORDER_REPLICATE), border


class Detector:
    """YuNet, at several sizes."""

    def __init__(self, path: Path) -> None:
        self._network = cv2.FaceDetectorYN.create(str(path), "", (32, 32), 0.3, 0.4, 200)

    def look(self, source: Source) -> np.ndarray:
        """See `Looks`."""
        picture, border = bordered(source)
        picture = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR)
        rows = np.concatenate([self._at(picture, scale) for scale in SCALES[source.kind]])
        kept = np.ravel(cv2.dnn.NMSBoxes(rows[:, :4].tolist(), rows[:, 14].tolist(), 0.3, 0.4)).astype(int)
        rows = rows[kept]
        rows[:, [0, 1, *range(4, 14)]] -= border
        return rows

    def _at(self, picture: np.ndarray, scale: float) -> np.ndarray:
        flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        resized = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=flags)
        self._network.setInputSize(resized.shape[1::-1])
        found = self._network.detect(resized)[1]
        rows = np.reshape([] if found is None else found, (-1, 15)).astype(np.float32)
        rows[:, :14] /= scale
        return rows


class Program:
    """The program's finder and points network, as a single picture is looked at."""

    def __init__(self) -> None:
        self._finder, self._points = FinderDetector(), PointsNetwork()

    def look(self, source: Source) -> np.ndarray:
        """See `Looks`; whatever the program takes for a face has the score 1."""
        picture, border = bordered(source)
        size = np.array(picture.shape[1::-1])
        rows = []
        for face in Follower(self._finder, self._points).find(Frame(picture, 0.0)):
            if face.landmarks is not None:
                box = np.array([[face.box.left, face.box.top], [face.box.width, face.box.height]]) * size
                box[0] -= border
                rows.append([*box.ravel(), *(np.array(face.landmarks) * size - border).ravel(), 1.0])
        return np.array(rows, np.float32).reshape(-1, 15)


def looks(sources: list[Source], learners: Looks, others: Looks, path: Path) -> dict[str, np.ndarray]:
    """What was found in each photograph, by its key; read from a file where that is there.

    Args:
        sources: the photographs.
        learners: looks at those that train.
        others: looks at those that choose and judge.
        path: the file.
    """
    if path.is_file():
        with np.load(path) as kept:
            ends = np.cumsum(kept["counts"])[:-1]
            return dict(zip(kept["names"].tolist(), np.split(kept["rows"], ends), strict=True))
    found = {source.key: (learners if source.side == "train" else others).look(source) for source in sources}
    counts = [len(rows) for rows in found.values()]
    np.savez(path, names=np.array(list(found)), counts=counts, rows=np.concatenate(list(found.values())))
    return found
