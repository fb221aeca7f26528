"""Whether a face can carry an identity: whole, large, sharp, bright and turned to the camera; else what it lacks."""

from enum import StrEnum

import cv2
import numpy as np
from numpy import float32, uint8
from numpy.typing import NDArray

from assistant.domain.values import Face, Pixels, Pose
from assistant.senses.faces.alignment import align_in_colour, aligned_square
from assistant.senses.picture import fineness, smoothed

SIDE = 56.0
"""Of the aligned square in the frame, pixels: a face is about as wide as half of it."""
INSIDE = 0.9
"""Part of the aligned square inside the frame."""
YAW, PITCH = 40.0, 35.0
"""Turned farther, a face is like others turned so, degrees."""
CONTRAST = 8.0
"""Standard deviation of the crop, grey levels."""
FINENESS = 0.20
"""`picture.fineness` of the crop, reduced to 64 pixels."""
_LOOK = 64


class Lack(StrEnum):
    """Why a face says too little of whose it is."""

    POINTS = "points"
    SMALL = "small"
    CUT = "cut"
    TURNED = "turned"
    DARK = "dark"
    BLURRED = "blurred"


def lack(pixels: Pixels, face: Face, pose: Pose | None) -> Lack | None:
    """What a face lacks to be recognised; None where it lacks nothing.

    Args:
        pixels: uint8 (height, width, 3), RGB.
        face: Where it is.
        pose: How the head is turned; None where that is not known, which no face with good points is.
    """
    if face.landmarks is None:
        return Lack.POINTS
    height, width = pixels.shape[:2]
    where = aligned_square(face.landmarks, width, height)
    if where.side < SIDE:
        return Lack.SMALL
    if where.inside(width, height) < INSIDE:
        return Lack.CUT
    if pose is None or abs(pose.yaw) > YAW or abs(pose.pitch) > PITCH:
        return Lack.TURNED
    return _seen(align_in_colour(pixels, face.landmarks, _LOOK))


def _seen(crop: NDArray[uint8]) -> Lack | None:
    grey = np.asarray(cv2.cvtColor(crop, cv2.COLOR_RGB2GRAY), float32)
    if float(np.std(grey)) < CONTRAST:
        return Lack.DARK
    return Lack.BLURRED if fineness(smoothed(grey)) < FINENESS else None
