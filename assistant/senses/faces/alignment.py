"""How a face is laid out before it is recognised: the one function that run time and training share.

A similarity transform carries the five points as near as it can to where eyes, nose and mouth belong. Their places are
those that the documentation of Open Model Zoo gives for the network face-reidentification-retail-0095, the teacher.
"""

import numpy as np
from numpy import uint8
from numpy.typing import NDArray

from assistant.domain.values import Landmarks, Pixels
from assistant.senses.faces.crop import Square, Template, crop_square, crop_square_in_colour

PLACES = np.array(
    [
        [0.31556875, 0.46157410],
        [0.68262270, 0.46157410],
        [0.50026250, 0.64050540],
        [0.34947187, 0.82469190],
        [0.65343640, 0.82469190],
    ]
)
"""Where eyes, nose and corners of the mouth lie in the square, as fractions of its side, in `Landmarks`' order."""

_TEMPLATE = Template(PLACES)


def aligned_square(landmarks: Landmarks, width: int, height: int) -> Square:
    """The square that holds a face upright: landmarks in fractions of a frame of this size -> pixels of the frame."""
    return _TEMPLATE.fit([(x * width, y * height) for x, y in landmarks])


def align(pixels: Pixels, landmarks: Landmarks, size: int) -> NDArray[uint8]:
    """Lays out a face.

    Args:
        pixels: uint8 (height, width, 3), RGB, any size from 1x1 on.
        landmarks: In fractions of the frame; may lie beyond its edge, where the border pixels are repeated.
        size: Side of what comes back, pixels.

    Returns:
        uint8 (size, size), grey.
    """
    return crop_square(pixels, aligned_square(landmarks, pixels.shape[1], pixels.shape[0]), size)


def align_in_colour(pixels: Pixels, landmarks: Landmarks, size: int) -> NDArray[uint8]:
    """As `align`, but uint8 (size, size, 3), RGB."""
    return crop_square_in_colour(pixels, aligned_square(landmarks, pixels.shape[1], pixels.shape[0]), size)
