"""Cuts faces out of photographs that nobody labelled with an expression, as the program itself would.

YuNet (`assistant models install yunet --from FILE`) gives box and points, the program's own `crop` the picture. Which
people and photographs may be used for what is the shared split's to say (`models/training/split.py`).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from sources import Source, read

from assistant.domain.values import Face
from assistant.senses.faces.crop import crop, square
from assistant.senses.faces.detectors import detector

KINDS = ("lfw", "utk", "photos")
EDGE = 0.2
"""So much of a close-up's side is repeated round it: its face fills it."""
SMALLEST = 28.0
"""Side of the square of the smallest face that is taken, pixels."""


def faces(folder: Path, side: str, kinds: tuple[str, ...] = KINDS) -> Iterator[tuple[Source, np.ndarray | None]]:
    """The bare faces of the photographs on one side of the split.

    Args:
        folder: as `sources.read` describes it.
        side: "train", "choose" or "judge".
        kinds: of photographs.

    Yields:
        The photograph and the crop of a face in it, uint8 (48, 48); None for a photograph without a find.
    """
    finder = detector("yunet")
    for source in read(folder, kinds):
        if source.side != side or source.faceless:
            continue
        pixels = source.pixels()
        if source.kind == "utk":
            border = round(EDGE * len(pixels))
            pixels = cv2.copyMakeBorder(pixels, *[border] * 4, cv2.BORDER_REPLICATE)
        height, width = pixels.shape[:2]
        found = [face for face in finder.detect(pixels) if square(face, width, height).side >= SMALLEST]
        bare = [face for face in found if not _masked(face, source, width, height)]
        if not bare:
            yield source, None
        yield from ((source, crop(pixels, face)) for face in bare)


def _masked(face: Face, source: Source, width: int, height: int) -> bool:
    """Whether somebody drew a masked face where this one is."""
    x, y = (place * size for place, size in zip(face.box.centre, (width, height), strict=True))
    drawn = () if source.drawn is None else zip(source.drawn, source.labels, strict=False)
    return any(label != "bare" and 0 < x - left < w and 0 < y - top < h for (left, top, w, h), label in drawn)
