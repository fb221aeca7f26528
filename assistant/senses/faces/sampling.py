"""Somebody's face from a picture that is to be learnt: one face, and one that can carry an identity."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.domain.ports import FaceDetector, FaceRecognizer
from assistant.domain.values import Frame, Pixels, Pose
from assistant.senses.faces.alignment import align_in_colour
from assistant.senses.faces.fitness import Lack, lack
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.points import PointsNetwork
from assistant.senses.faces.pose import head_pose


class Crowd(StrEnum):
    """A picture shows not one face."""

    NOBODY = "nobody"
    SEVERAL = "several"


@dataclass(frozen=True, slots=True, eq=False)
class Sampled:
    """What became of a picture."""

    vector: NDArray[float32] | None
    """The embedding, of length 1; None where there is none."""
    why: Lack | Crowd | None = None
    """Why not."""
    pose: Pose | None = None
    """How the head is turned; known of every face that has an embedding."""


class Sampler:
    """Takes samples of pictures that have nothing to do with each other.

    Args:
        detector: Finds the faces.
        recognizer: Makes embeddings of them.
    """

    def __init__(self, detector: FaceDetector, recognizer: FaceRecognizer) -> None:
        self._detector = detector
        self._recognizer = recognizer
        self._points = PointsNetwork()

    def sample(self, pixels: Pixels) -> Sampled:
        """The only face of a picture, uint8 (height, width, 3) RGB."""
        faces = Follower(self._detector, self._points).find(Frame(pixels, 0.0))
        if len(faces) != 1:
            return Sampled(None, Crowd.SEVERAL if faces else Crowd.NOBODY)
        (face,) = faces
        height, width = pixels.shape[:2]
        pose = head_pose(face.landmarks, width, height) if face.landmarks else None
        why = lack(pixels, face, pose)
        if why or face.landmarks is None:
            return Sampled(None, why)
        crop = align_in_colour(pixels, face.landmarks, self._recognizer.size)
        return Sampled(self._recognizer.embed(crop[np.newaxis])[0], pose=pose)
