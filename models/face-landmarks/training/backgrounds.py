"""Squares in which nobody is: parts of pictures away from faces, and what detectors take for faces."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from photographs import TRAINING, group_of, progress
from sources import Source

from assistant.domain.ports import FaceDetector
from assistant.senses.faces.detectors import detector
from assistant.senses.faces.follow import candidates
from assistant.senses.faces.points import PADDING

PATCH = 112
"""Side of a cached patch, pixels."""

PATCHES_EACH = (14, 100)
"""Patches from one picture that is known to show no face, and from one of COCO."""

REACH = 1.5
"""Side of a patch round a false face / side of its loose square, so that it can be moved about."""

LONGEST_SIDES = (640, 1280)
"""The teacher looks at the pictures of COCO at these sizes, pixels; nothing that it takes for a face at either, even
faintly, is background."""

ENLARGED = 960
"""The finder looks at photographs of this longer side, as `look` does, whole and in parts, pixels."""

HAAR_BOX = 0.95
"""Geometric mean of width and height of a face's box / side of the cascade's square (assistant.senses.faces.haar)."""


@dataclass(frozen=True)
class Backgrounds:
    """Squares in which nobody is.

    Attributes:
        patches: (n, PATCH, PATCH) uint8, grey.
        groups: (n,) group of the picture that each is from.
        false: (n,) whether the Haar cascade, the teacher or, where it trains, the finder sees a face in its middle; its
            loose square is then 1 / `REACH` as large.
    """

    patches: np.ndarray
    groups: np.ndarray
    false: np.ndarray

    def save(self, cache: Path) -> None:
        """Writes one file into the cache."""
        np.savez(cache / "backgrounds.npz", **vars(self))

    @classmethod
    def load(cls, cache: Path) -> Backgrounds:
        """What `save` wrote."""
        with np.load(cache / "backgrounds.npz") as known:
            return cls(**known)


def backgrounds(sources: list[Source], look: Callable[[np.ndarray, int], np.ndarray]) -> Backgrounds:
    """Cuts squares away from faces out of photographs, and out of those where the cascade or the teacher errs.

    Where the finder errs, which is what the network is asked about when it runs, squares are cut out of photographs
    that train alone: those that choose and judge stay what they were before there was a finder.

    Args:
        sources: all photographs; those of COCO and those known to show no face are searched.
        look: the teacher's answer to a BGR picture brought to a longest side; its first four columns are left, top,
            width and height, pixels.
    """
    random = np.random.default_rng(1)
    cascade = cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"))
    finder = detector("finder", finely=True)
    rows: list[tuple[np.ndarray, int, bool]] = []
    chosen = [each for each in sources if each.kind == "coco" or each.faceless]
    for source in progress(chosen, "pictures"):
        picture, group = cv2.cvtColor(source.pixels(), cv2.COLOR_RGB2BGR), group_of(source)
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        found = np.concatenate(
            [look(picture, longest)[:, :4] for longest in LONGEST_SIDES[: 1 + (source.kind == "coco")]]
        )
        boxes = np.concatenate([found[:, :2] + found[:, 2:] / 2, found[:, 2:]], axis=1)
        if source.faceless:
            rows += [(_patch(grey, x, y, float(np.sqrt(w * h)) / HAAR_BOX), group, True) for x, y, w, h in boxes]
            boxes = boxes[:0]
            if group == TRAINING:
                rows += [(_patch(grey, *square), group, True) for square in _finder(finder, source.pixels())]
        each = PATCHES_EACH[source.kind == "coco"]
        rows += [(_patch(grey, *square), group, False) for square in _anywhere(grey, boxes, random, each)]
        rows += [(_patch(grey, *square), group, True) for square in _haar(cascade, grey, boxes)]
    patches, groups, false = zip(*rows, strict=True)
    return Backgrounds(np.array(patches), np.array(groups), np.array(false))


def _away(x: float, y: float, side: float, boxes: np.ndarray) -> bool:
    """Whether a square of the cascade's overlaps no face by much."""
    reach = 0.5 * (side + np.sqrt(boxes[:, 2] * boxes[:, 3]))
    return bool((np.maximum(np.abs(boxes[:, 0] - x), np.abs(boxes[:, 1] - y)) > reach).all())


def _anywhere(
    grey: np.ndarray, boxes: np.ndarray, random: np.random.Generator, each: int
) -> Iterator[tuple[float, float, float]]:
    """Middle and side of squares of many sizes from anywhere in a picture but its faces."""
    height, width = grey.shape
    for _ in range(each):
        whole = float(np.exp(random.uniform(np.log(30), np.log(min(height, width)))))
        x, y = random.uniform(0, width), random.uniform(0, height)
        if _away(x, y, whole, boxes):
            yield x, y, whole / (PADDING * REACH * HAAR_BOX)


def _haar(cascade: cv2.CascadeClassifier, grey: np.ndarray, boxes: np.ndarray) -> Iterator[tuple[float, float, float]]:
    """Middle and side of the squares in which the cascade sees a face, even weakly, and the teacher none."""
    for left, top, side, _ in cascade.detectMultiScale(grey, scaleFactor=1.1, minNeighbors=1, minSize=(24, 24)):
        x, y = left + side / 2, top + side / 2
        if _away(x, y, 0.8 * side, boxes):
            yield x, y, float(side)


def _finder(finder: FaceDetector, pixels: np.ndarray) -> Iterator[tuple[float, float, float]]:
    """Middle and side of the squares of the faces that the finder asks about."""
    height, width = pixels.shape[:2]
    scale = ENLARGED / max(height, width)
    large = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    for face in candidates(finder, large):
        x, y = face.box.centre
        yield x * width, y * height, float(np.sqrt(face.box.area * width * height)) / HAAR_BOX


def _patch(grey: np.ndarray, x: float, y: float, side: float) -> np.ndarray:
    """The patch round a square of the cascade's: (PATCH, PATCH), the border repeated beyond the picture."""
    reach = side * HAAR_BOX * PADDING * REACH
    scale = PATCH / reach
    if scale < 0.5:
        grey = cv2.resize(grey, None, fx=2 * scale, fy=2 * scale, interpolation=cv2.INTER_AREA)
        x, y, scale = 2 * scale * x, 2 * scale * y, 0.5
    matrix = np.array([[scale, 0, PATCH / 2 - scale * x], [0, scale, PATCH / 2 - scale * y]])
    return cv2.warpAffine(grey, matrix, (PATCH, PATCH), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
