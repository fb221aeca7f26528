"""Enrolment: which looks at a face are wanted to learn it, which of them count, and which are missing at the end."""

from collections.abc import Collection, Mapping, Sequence
from enum import StrEnum

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.domain.people import NEAREST, Sample
from assistant.domain.values import Pose


class View(StrEnum):
    """How the head is turned; left and right are the person's own."""

    AHEAD = "ahead"
    LEFT = "left"
    RIGHT = "right"


class Refusal(StrEnum):
    """Why a look does not count, though the face in it is good enough."""

    TURNED = "turned"
    """The camera is to be faced."""
    UNTURNED = "unturned"
    """The head is to be turned."""
    OTHER_WAY = "other_way"
    """It is turned to the other side."""
    ALIKE = "alike"
    """It shows nothing that another look does not show."""


WANTED: Mapping[View, int] = {View.AHEAD: 4, View.LEFT: NEAREST, View.RIGHT: NEAREST}
"""So many looks of each, in the order in which they are asked for: a face is compared with its `NEAREST` samples."""
SEEN = 2
"""With fewer looks a view is missing."""
FACING = 15.0
"""Turned less than this the head faces the camera, degrees of yaw: the shape of a head is taken for some."""
TURNED = 10.0
"""From so much more yaw than while the camera was faced the head is turned, degrees; what the shape of a head and the
place of the camera do to the yaw is the same in both."""
SAME, NEAR = 0.97, 3.0
"""Two looks are of one moment where the likeness is greater and the difference of yaw and pitch smaller than these. Of
somebody 0.8 s later, 19 in 20 have a likeness below 0.94 (8 clips of signers, face-reidentification-retail-0095); those
of a photograph that is moved, turned and noisy have 0.977 or more."""


class Enrolment:
    """The looks taken of somebody so far."""

    def __init__(self) -> None:
        self._taken: list[tuple[View, Sample, Pose]] = []
        self._asked = list(WANTED)

    @property
    def wanted(self) -> View | None:
        """How the head is to be turned now; None when nothing more is wanted."""
        return self._asked[0] if self._asked else None

    @property
    def samples(self) -> Sequence[Sample]:
        """Those that were taken, in their order."""
        return [sample for _, sample, _ in self._taken]

    def refusal(self, vector: NDArray[float32], pose: Pose) -> Refusal | None:
        """Why a look does not count now; None where it does.

        Args:
            vector: What the network made of the face, of length 1.
            pose: How the head is turned.
        """
        if turned := self._misturned(pose.yaw):
            return turned
        return Refusal.ALIKE if any(_alike(vector, pose, sample, of) for _, sample, of in self._taken) else None

    def add(self, sample: Sample, pose: Pose) -> None:
        """Takes a look that is not refused."""
        view = self._asked[0]
        self._taken.append((view, sample, pose))
        if len(self._of(view)) >= WANTED[view]:
            del self._asked[0]

    def skip(self) -> bool:
        """Goes on without what is wanted now; not without any look from the front, by which the others are told."""
        if self._asked and self._taken:
            del self._asked[0]
            return True
        return False

    def restart(self) -> None:
        """Takes nothing back into account: what was seen so far was not somebody."""
        self._taken.clear()
        self._asked = list(WANTED)

    def missing(self, without: Collection[int]) -> list[View]:
        """The views of which there is too little.

        Args:
            without: Numbers of the samples that are left out.
        """
        kept = [view for number, (view, _, _) in enumerate(self._taken) if number not in without]
        return [view for view in WANTED if kept.count(view) < SEEN]

    def _of(self, view: View) -> list[Pose]:
        return [pose for each, _, pose in self._taken if each is view]

    def _misturned(self, yaw: float) -> Refusal | None:
        """Whether the head is turned otherwise than is wanted; to the person's left is to the right of the picture."""
        view = self._asked[0]
        if view is View.AHEAD:
            return Refusal.TURNED if abs(yaw) > FACING else None
        ahead = float(np.median([pose.yaw for pose in self._of(View.AHEAD)]))
        turned = yaw - ahead if view is View.LEFT else ahead - yaw
        if turned >= TURNED:
            return None
        return Refusal.OTHER_WAY if turned <= -TURNED else Refusal.UNTURNED


def _alike(vector: NDArray[float32], pose: Pose, sample: Sample, of: Pose) -> bool:
    near = np.hypot(pose.yaw - of.yaw, pose.pitch - of.pitch) < NEAR
    return bool(near and float(vector @ sample.vector) > SAME)
