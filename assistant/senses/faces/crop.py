"""How a face becomes the network's input: the one function that run time and training share.

The framing is that of FER-2013, whose 48x48 pictures were cut out by a face detector with some margin. It was measured
by looking for faces with YuNet in 1,500 training pictures of FER-2013, enlarged and padded (in about 1,390 of them a
face was found), and by laying the squares that the Haar cascade finds on 500 photographs of LFW beside YuNet's boxes:

- the picture's side is 1.12 times the geometric mean of the box's width and height, its middle 0.025 of a side above
  the middle of the box;
- the eyes lie at (0.312, 0.396) and (0.688, 0.396) of the picture, the corners of the mouth at (0.345, 0.757) and
  (0.655, 0.757).

A box alone predicts the data set's own square as well as the points do (mean error of the side 12 % against 13 %, of
the middle 4 % of a side for both), so where both exist their means are taken: an error of one is halved.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import atan2, ceil, cos, floor, hypot, sin, sqrt
from typing import Any

import cv2
import numpy as np
from numpy import uint8
from numpy.typing import NDArray

from assistant.domain.values import Box, Face, Landmarks, Pixels

SIZE = 48
"""Side of a crop in pixels."""

BOX_SCALE = 1.12
"""Side of the square / sqrt(width * height) of the box."""

RISE = 0.025
"""How far the middle of the square lies above the middle of the box, in sides of the square."""

TEMPLATE = np.array([[0.312, 0.396], [0.688, 0.396], [0.345, 0.757], [0.655, 0.757]])
"""Where eyes and corners of the mouth lie in the square, as fractions of its side."""

_OVERSAMPLING = 3
"""The turned square is first sampled at this multiple of the crop's size, then averaged down."""


@dataclass(frozen=True, slots=True)
class Square:
    """A turned square in a frame, in pixels."""

    x: float
    y: float
    """Its middle."""
    side: float
    roll: float
    """By how much it is turned, radians; positive: its right-hand side is lower than its left."""

    def inside(self, width: int, height: int) -> float:
        """Part of the square that lies within a frame of this size, 0 to 1 (as if it were not turned)."""
        half = self.side / 2
        across = min(self.x + half, width) - max(self.x - half, 0)
        down = min(self.y + half, height) - max(self.y - half, 0)
        return max(across, 0.0) * max(down, 0.0) / self.side**2


class Template:
    """Where points of a face belong in a square.

    Args:
        places: (n, 2), n >= 2, fractions of the square's side, from its top left.
    """

    def __init__(self, places: NDArray[np.float64]) -> None:
        self._right, self._down = (0.5 - places.mean(axis=0)).tolist()
        self._wanted = (places - places.mean(axis=0)).tolist()
        self._spread = float(((places - places.mean(axis=0)) ** 2).sum())

    def fit(self, points: Sequence[tuple[float, float]]) -> Square:
        """The square in which the points lie nearest to their places, by least squares (Umeyama, PAMI 1991).

        Args:
            points: One for each place, in pixels of the frame.

        Returns:
            Turned with the face; its side is at least one pixel.
        """
        middle_x, middle_y = sum(x for x, _ in points) / len(points), sum(y for _, y in points) / len(points)
        along = across = 0.0
        for (x, y), (u, v) in zip(points, self._wanted, strict=True):
            along += (x - middle_x) * u + (y - middle_y) * v
            across += (y - middle_y) * u - (x - middle_x) * v
        side = max(1.0, hypot(along, across) / self._spread)
        roll = atan2(across, along)
        dx, dy = side * self._right, side * self._down
        return Square(
            middle_x + cos(roll) * dx - sin(roll) * dy,
            middle_y + sin(roll) * dx + cos(roll) * dy,
            side,
            roll,
        )


_EXPRESSIVE = Template(TEMPLATE)


def square(face: Face, width: int, height: int) -> Square:
    """The canonical square round a face.

    Args:
        face: With or without landmarks, in fractions of the frame.
        width: Width of the frame, pixels.
        height: Height of the frame, pixels.

    Returns:
        The square in pixels, upright where there are no landmarks; its side is at least one pixel.
    """
    boxed = _from_box(face.box, width, height)
    if face.landmarks is None:
        return boxed
    pointed = _from_points(face.landmarks, width, height)
    if not 0.5 < pointed.side / boxed.side < 2:
        return boxed
    upright = _from_box(face.box, width, height, pointed.roll)
    return Square(
        (upright.x + pointed.x) / 2, (upright.y + pointed.y) / 2, sqrt(upright.side * pointed.side), pointed.roll
    )


def crop(pixels: Pixels, face: Face) -> NDArray[uint8]:
    """Cuts a face out of a frame.

    Args:
        pixels: uint8 (height, width, 3), RGB, any size from 1x1 on.
        face: Where it is; may reach over the edge, beyond which the border pixels are repeated.

    Returns:
        uint8 (48, 48), grey, roll corrected where landmarks exist, reduced by area averaging.
    """
    height, width = pixels.shape[:2]
    return crop_square(pixels, square(face, width, height))


def crop_square(pixels: Pixels, where: Square, size: int = SIZE) -> NDArray[uint8]:
    """Samples a turned square: pixels uint8 (height, width, 3) RGB -> uint8 (size, size) grey."""
    patch, left, top = _surroundings(pixels, where)
    return _sampled(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY), where, left, top, size)


def crop_square_in_colour(pixels: Pixels, where: Square, size: int) -> NDArray[uint8]:
    """Samples a turned square: pixels uint8 (height, width, 3) RGB -> uint8 (size, size, 3) RGB."""
    patch, left, top = _surroundings(pixels, where)
    return _sampled(patch, where, left, top, size)


def _sampled(patch: NDArray[Any], where: Square, left: int, top: int, size: int) -> NDArray[uint8]:
    target = size * _OVERSAMPLING
    factor = max(1, min(int(where.side // target), *patch.shape[:2]))
    if factor > 1:
        width, height = patch.shape[1] // factor, patch.shape[0] // factor
        patch = cv2.resize(patch[: height * factor, : width * factor], (width, height), interpolation=cv2.INTER_AREA)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    matrix = _to_patch(where, left, top, target, factor)
    turned = cv2.warpAffine(patch, matrix, (target, target), flags=flags, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(turned, (size, size), interpolation=cv2.INTER_AREA), uint8)


def _from_box(box: Box, width: int, height: int, roll: float = 0.0) -> Square:
    x, y = box.centre
    side = max(1.0, BOX_SCALE * sqrt(max(0.0, box.width * width * box.height * height)))
    return Square(x * width + RISE * side * sin(roll), y * height - RISE * side * cos(roll), side, roll)


def _from_points(landmarks: Landmarks, width: int, height: int) -> Square:
    eye, other_eye, _, corner, other_corner = landmarks
    return _EXPRESSIVE.fit([(x * width, y * height) for x, y in (eye, other_eye, corner, other_corner)])


def _surroundings(pixels: Pixels, where: Square) -> tuple[Pixels, int, int]:
    """The upright part of the frame that holds the turned square, at least one pixel, and its left and top."""
    height, width = pixels.shape[:2]
    reach = where.side / 2 * (abs(cos(where.roll)) + abs(sin(where.roll))) + 2
    left = floor(min(max(where.x - reach, 0), width - 1))
    top = floor(min(max(where.y - reach, 0), height - 1))
    right = ceil(min(max(where.x + reach, left + 1), width))
    bottom = ceil(min(max(where.y + reach, top + 1), height))
    return pixels[top:bottom, left:right], left, top


def _to_patch(where: Square, left: int, top: int, target: int, factor: int) -> NDArray[np.float64]:
    """The affine matrix (2, 3) from pixel middles of the sampled square to those of the reduced patch."""
    step = where.side / target
    a, b = step * cos(where.roll), step * sin(where.roll)
    half = (target - 1) / 2
    x = where.x - left - a * half + b * half
    y = where.y - top - b * half - a * half
    return np.array([[a, -b, x], [b, a, y]]) / factor - [[0, 0, 0.5], [0, 0, 0.5]]
