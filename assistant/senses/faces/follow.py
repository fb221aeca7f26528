"""Follows faces from frame to frame by their points, so that the detector need not search every frame.

A small network that finds five points in a padded crop (`points.py`) does three things with one pass: it confirms what
the detector found, gives it points, and shows where the face is in the next frame. A face that turns or tilts after it
was found stays found, whatever the detector thinks of it. All times are seconds, never frames.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp, inf, log
from typing import Protocol, runtime_checkable

from assistant.domain.ports import FaceDetector
from assistant.domain.tracks import COASTING_S, SAME_PERSON_S, turned_towards
from assistant.domain.values import Face, Frame, Pixels, Point
from assistant.senses.faces.crop import Square
from assistant.senses.faces.points import padded

SEARCH_S = 0.3
"""While every known face is followed, new ones are searched for this often: who walks in from the side is found within
a third of a second, counts after as long again (`domain/scene.py`), and is told within 0.7 s."""
STAYS = 0.5
"""A followed face is still there while its presence is not below this."""
CONFIRMED = 0.98
"""A new face counts if the odds of the detector and of the points together say at least this: somebody who is not there
is worse than somebody who is told a moment later."""
DOUBT, TRUST = 0.3, 0.97
"""The points never speak more firmly against or for a new face than this: of masked faces they doubt every fourth, and
a pattern that fools the detector fools them more often than their own certainty says."""
GRACE_S = 0.3
"""A face that is not seen is looked for at its place for this long, and at least in the next frame."""
RESTART_S = SAME_PERSON_S
"""Frames farther apart have nothing to do with each other."""
SAME = 0.3
"""Boxes that overlap more than this (IoU) are one face."""


class FacePoints(Protocol):
    """Finds the points of faces whose place is roughly known."""

    def locate(self, pixels: Pixels, squares: Sequence[Square]) -> list[Face]:
        """What is in each of the padded squares; the score of a face is the probability that there is one."""


@runtime_checkable
class Faint(Protocol):
    """A face detector that can tell fainter faces too, for somebody who looks closer."""

    def candidates(self, pixels: Pixels) -> list[Face]:
        """All faces that `detect` gives, and fainter ones."""


def candidates(detector: FaceDetector, pixels: Pixels) -> list[Face]:
    """All that a detector takes for a face, however faint."""
    return detector.candidates(pixels) if isinstance(detector, Faint) else detector.detect(pixels)


@dataclass(frozen=True, slots=True)
class _Followed:
    """A face and where it is going."""

    face: Face
    velocity: Point
    """Fractions of the frame per second."""
    seen_at: float

    def expected(self, at: float) -> Face:
        """The face moved to where it should be by now."""
        elapsed = min(at - self.seen_at, COASTING_S)
        return _moved(self.face, self.velocity[0] * elapsed, self.velocity[1] * elapsed)

    def seen(self, face: Face, at: float) -> "_Followed":
        """As it was found now."""
        velocity = turned_towards(self.velocity, self.face.box.centre, face.box.centre, at - self.seen_at)
        return _Followed(face, velocity, at)


class Follower:
    """Finds the faces of every frame, with points.

    Args:
        detector: Searches the whole frame.
        points: Looks where a face was found or should be.
    """

    def __init__(self, detector: FaceDetector, points: FacePoints) -> None:
        self._detector = detector
        self._points = points
        self._followed: list[_Followed] = []
        self._at = -inf
        self._searched_at = -inf

    def find(self, frame: Frame) -> list[Face]:
        """All faces of one frame; frames come in the order of their time.

        A clock that was set back, or a pause, starts anew.
        """
        if not 0 <= frame.at - self._at <= RESTART_S:
            self._followed, self._searched_at = [], -inf
        before, self._at = self._at, frame.at
        self._follow(frame, [each for each in self._followed if each.seen_at >= min(before, frame.at - GRACE_S)])
        if self._should_search():
            self._search(frame.pixels)
        return [each.face for each in self._followed if each.seen_at == frame.at]

    def _follow(self, frame: Frame, known: Sequence[_Followed]) -> None:
        """Looks for every known face at its expected place; two that have come together are one."""
        kept: list[_Followed] = []
        for each, face in zip(known, self._locate(frame.pixels, [e.expected(frame.at) for e in known]), strict=True):
            now = each.seen(face, frame.at) if face.score >= STAYS else each
            if not any(now.face.box.iou(other.face.box) > SAME for other in kept):
                kept.append(now)
        self._followed = kept

    def _should_search(self) -> bool:
        everybody_seen = bool(self._followed) and all(each.seen_at == self._at for each in self._followed)
        return not everybody_seen or self._at - self._searched_at >= SEARCH_S

    def _search(self, pixels: Pixels) -> None:
        self._searched_at = self._at
        for found in candidates(self._detector, pixels):
            if self._is_seen(found):
                continue
            face = self._confirmed(pixels, found)
            if face is not None and not self._is_seen(face):
                again = next((each for each in self._followed if each.face.box.iou(face.box) > SAME), None)
                if again is not None:
                    self._followed.remove(again)
                self._followed.append(again.seen(face, self._at) if again else _Followed(face, (0.0, 0.0), self._at))

    def _is_seen(self, face: Face) -> bool:
        """Whether this is a face that is followed already and seen in this frame."""
        return any(each.seen_at == self._at and each.face.box.iou(face.box) > SAME for each in self._followed)

    def _confirmed(self, pixels: Pixels, found: Face) -> Face | None:
        """What the detector found as the points see it; a face of which one is very sure survives the other's doubt."""
        (located,) = self._locate(pixels, [found])
        if found.landmarks is None and located.score >= STAYS:  # a box alone may be far off: look again, upright
            (located,) = self._locate(pixels, [located])
        together = _logit(found.score) + _logit(min(max(DOUBT, located.score), TRUST))
        if together < _logit(CONFIRMED):
            return None
        # The points doubt faces that they do not see whole: of the mouth they know better than nothing.
        face = located if located.score >= STAYS else replace(found, covered=located.covered)
        return replace(face, score=1 / (1 + exp(-together)))

    def _locate(self, pixels: Pixels, faces: Sequence[Face]) -> list[Face]:
        height, width = pixels.shape[:2]
        return self._points.locate(pixels, [padded(face, width, height) for face in faces])


def _moved(face: Face, dx: float, dy: float) -> Face:
    box = replace(face.box, left=face.box.left + dx, top=face.box.top + dy)
    if face.landmarks is None:
        return replace(face, box=box)
    eye, other_eye, nose, corner, other_corner = [(x + dx, y + dy) for x, y in face.landmarks]
    return replace(face, box=box, landmarks=(eye, other_eye, nose, corner, other_corner))


def _logit(probability: float) -> float:
    inside = min(max(probability, 1e-3), 1 - 1e-3)
    return log(inside / (1 - inside))
