"""Five points of a face, its box, whether its mouth is covered and there is a face at all, from one padded crop.

The network of `models/face-landmarks` (its card says how it was trained) confirms and completes what any detector
found, and follows a face from frame to frame: what it answers for one frame says where to look in the next.
"""

from collections.abc import Sequence
from math import cos, sin, sqrt

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant import weights
from assistant.domain.values import Box, Face, Landmarks, Pixels, Thresholds
from assistant.senses.faces.crop import Square, crop_square, square
from assistant.senses.litert import Network

MODEL = "face-landmarks"

PADDING = 1.8
"""Side of the crop / geometric mean of width and height of the face's box."""


def padded(face: Face, width: int, height: int) -> Square:
    """The square round a face that the network is given.

    Args:
        face: In fractions of the frame; with landmarks the square is turned upright by their roll.
        width: Width of the frame, pixels.
        height: Height of the frame, pixels.

    Returns:
        The square in pixels; its side is at least one pixel.
    """
    x, y = face.box.centre
    side = PADDING * sqrt(max(0.0, face.box.width * width * face.box.height * height))
    return Square(x * width, y * height, max(1.0, side), square(face, width, height).roll)


class PointsNetwork:
    """Finds the points of faces whose place is roughly known, on one thread.

    Raises:
        ModelMissing, ModelBroken: its weights are not there, or are other ones.
    """

    def __init__(self) -> None:
        manifest = weights.manifest(MODEL)
        self.covered: Thresholds = manifest.thresholds["covered"]
        """From which probability on a mouth is called covered how firmly."""
        self._network = Network(weights.locate(MODEL), input=manifest.input, output=manifest.output)
        self._shape = manifest.input.shape
        (self._output,) = manifest.output.names

    def locate(self, pixels: Pixels, squares: Sequence[Square]) -> list[Face]:
        """Looks into each of the squares.

        Args:
            pixels: uint8 (height, width, 3), RGB, any size from 1x1 on.
            squares: As `padded` makes them; they may reach over the edge.

        Returns:
            One for each square, in their order. Its score is the calibrated probability that there is a face; without
            one, box and landmarks mean nothing. A box has the face's width and height as if it were upright, round
            its middle in the frame.
        """
        return [self._face(pixels, where) for where in squares]

    def _face(self, pixels: Pixels, where: Square) -> Face:
        crop = crop_square(pixels, where, self._shape[1])
        answer = self._network(crop.astype(float32).reshape(self._shape))[self._output][0].astype(float)
        height, width = pixels.shape[:2]
        places = np.vstack([answer[1:11].reshape(5, 2), answer[11:13]])
        *points, (x, y) = (in_frame(places, where) / (width, height)).tolist()
        across, down = (np.maximum(answer[13:15], 0.0) * where.side / (width, height)).tolist()
        box = Box(x - across / 2, y - down / 2, across, down)
        return Face(box, _landmarks(points), float(answer[0]), covered=float(answer[15]))


def in_frame(places: NDArray[np.float64], where: Square) -> NDArray[np.float64]:
    """(n, 2) fractions of a square's side, from its top left, as pixels of the frame."""
    turned = np.array([[cos(where.roll), sin(where.roll)], [-sin(where.roll), cos(where.roll)]])
    return np.asarray((places - 0.5) @ turned * where.side + (where.x, where.y))


def _landmarks(points: list[list[float]]) -> Landmarks:
    eye, other_eye, nose, corner, other_corner = [(x, y) for x, y in points]
    return eye, other_eye, nose, corner, other_corner
