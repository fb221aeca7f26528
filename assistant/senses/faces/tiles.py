"""Searching a still picture finely: the whole of it, and parts of it at its full resolution.

A detector reduces what it is shown to its own input, so that small faces vanish. A still picture has time: it is cut
into tiles that overlap by half, and each is searched like a picture of its own (Özge Ünel, Özkalayci and Çiğla, "The
Power of Tiling for Small Object Detection", CVPR workshops 2019).
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from assistant.domain.ports import FaceDetector
from assistant.domain.values import Box, Face, Landmarks, Pixels
from assistant.senses.faces.finder import HEIGHT, WIDTH
from assistant.senses.faces.follow import candidates
from assistant.senses.picture import reduced

LONGEST = 3 * WIDTH
"""Larger pictures are reduced to this before they are cut, pixels: at most 25 or so tiles."""
MARGIN = 0.04
"""A face that comes so close to the edge of a tile, in its sides, may be cut off there; a neighbour has it whole."""
SAME = 0.3
"""Boxes that overlap more than this (IoU) are one face: the better one stays."""
DOUBT = 8.0
"""What a part shows has so many times smaller odds: the more places are searched, the more of them show somebody who is
not there."""
INSIDE = 0.6
"""Of a face so much of which lies in another one's box the better one stays too: a part of a face is no second face."""


class TiledDetector:
    """Searches with another detector: the whole picture, then overlapping tiles of it.

    Args:
        detector: is asked about each.
    """

    def __init__(self, detector: FaceDetector) -> None:
        self._detector = detector
        self.name = detector.name

    def detect(self, pixels: Pixels) -> list[Face]:
        """All faces in uint8 (height, width, 3) RGB of any size from 1x1 on, best score first, each once."""
        return _tiled(self._detector.detect, pixels)

    def candidates(self, pixels: Pixels) -> list[Face]:
        """The same, and fainter ones that something else has to confirm."""
        return _tiled(lambda part: candidates(self._detector, part), pixels)


def _tiled(search: Callable[[Pixels], list[Face]], pixels: Pixels) -> list[Face]:
    found = search(pixels)
    pixels = reduced(pixels, LONGEST)
    height, width = pixels.shape[:2]
    for left, top in _corners(width, height):
        tile = pixels[top : top + HEIGHT, left : left + WIDTH]
        down, across = tile.shape[:2]
        share = (left / width, top / height, across / width, down / height)
        found += [_in_picture(_doubted(face), share) for face in search(tile) if _is_whole(face, share)]
    return _each_once(found)


def _corners(width: int, height: int) -> Iterator[tuple[int, int]]:
    """Left and top of each tile; none where the picture is hardly larger than one."""
    if width <= 1.2 * WIDTH and height <= 1.2 * HEIGHT:
        return
    for top in _starts(height, HEIGHT):
        for left in _starts(width, WIDTH):
            yield left, top


def _starts(whole: int, tile: int) -> list[int]:
    """Where tiles begin that overlap by about a half, from one edge to the other."""
    if whole <= tile:
        return [0]
    steps = int(np.ceil((whole - tile) / (tile / 2)))
    return [round(each) for each in np.linspace(0, whole - tile, steps + 1)]


def _is_whole(face: Face, share: tuple[float, float, float, float]) -> bool:
    """Whether a face does not reach to an edge at which the picture goes on."""
    left, top, across, down = share
    box = face.box
    return (
        (left <= 0 or box.left > MARGIN)
        and (top <= 0 or box.top > MARGIN)
        and (left + across >= 1 or box.left + box.width < 1 - MARGIN)
        and (top + down >= 1 or box.top + box.height < 1 - MARGIN)
    )


def _doubted(face: Face) -> Face:
    return replace(face, score=face.score / (face.score + DOUBT * (1 - face.score)))


def _in_picture(face: Face, share: tuple[float, float, float, float]) -> Face:
    """A face in fractions of a tile as one in fractions of the picture."""
    left, top, across, down = share
    box = Box(left + face.box.left * across, top + face.box.top * down, face.box.width * across, face.box.height * down)
    if face.landmarks is None:
        return Face(box, None, face.score)
    eye, other_eye, nose, corner, other_corner = [(left + x * across, top + y * down) for x, y in face.landmarks]
    landmarks: Landmarks = (eye, other_eye, nose, corner, other_corner)
    return Face(box, landmarks, face.score)


def _each_once(found: list[Face]) -> list[Face]:
    kept: list[Face] = []
    for face in sorted(found, key=lambda each: -each.score):
        if not any(_overlap(face.box, other.box) for other in kept):
            kept.append(face)
    return kept


def _overlap(box: Box, other: Box) -> bool:
    shared = box.iou(other) * (box.area + other.area) / (1 + box.iou(other))
    return box.iou(other) > SAME or shared > INSIDE * min(box.area, other.area)
