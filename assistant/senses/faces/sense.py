"""The sense of faces: find, follow, crop, read."""

from collections.abc import Collection, Mapping, Sequence
from math import inf

import numpy as np
from numpy.typing import NDArray

from assistant.domain.ports import ExpressionClassifier
from assistant.domain.tracks import Track, Tracker
from assistant.domain.values import EXPRESSIONS, Frame, Percept, Pose
from assistant.senses.faces.crop import crop_square, square
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.identity import IdentityReader
from assistant.senses.faces.pose import facing, head_pose
from assistant.senses.faces.quality import quality
from assistant.senses.faces.stillness import Stillness
from assistant.senses.faces.talking import Talking, suppress_surprise

CUT_BELOW = 0.85
"""A face of which less than this part lies within the frame is told as truncated by the edge."""
READ_S = 0.19
"""Faces are read no more often than this: what they show lasts for half a second or more, and reading costs most."""


class FacesSense:
    """One percept for every face in every frame, and two more whenever faces are read (`READ_S`, and for a new face).

    "face", with the value "picture" (a poster, a screen: it moves as flat things do), "truncated" (a person of whom the
    edge of the frame leaves out a part) or "person", with its points and the pose of the head; its certainty is that it
    is a face at all.

    "facing", with the probability that the head is turned to "you", to the "left" or to the "right"; not where the face
    has no points.

    "mouth", with the probability that it is "covered", as by a mask, or "bare".

    "identity", of one face after the other, with the probability of everybody who is learnt (`identity.py`).

    "expression", with the probability of all seven; where the crop is too small, too dark, too flat, too blurred or too
    much truncated to be read, the distribution is drawn towards the even one (`quality.py`), so that it is not
    believed; and while the mouth is moving (`talking.py`), surprise is.

    Args:
        follower: Finds the faces.
        classifier: Reads them; None where expressions are not wanted (`context: work`): no percept of that kind then.
        field_of_view: Of the camera, across the frame, degrees; None where it is not known.
        identities: Tells whose they are; None where nobody is to be named: no percept of that kind then.
    """

    name = "faces"

    def __init__(
        self,
        *,
        follower: Follower,
        classifier: ExpressionClassifier | None,
        field_of_view: float | None = None,
        identities: IdentityReader | None = None,
    ) -> None:
        self._follower = follower
        self._classifier = classifier
        self._field_of_view = field_of_view
        self.kinds: Collection[str] = ("face", "facing", "mouth", "expression", *(("identity",) if identities else ()))
        """What it gives."""
        self._identities = identities
        self._tracker = Tracker()
        self._stillness = Stillness()
        self._talking = Talking()
        self._poses: dict[int, Pose | None] = {}
        self._read_at = -inf

    def look(self, frame: Frame) -> Sequence[Percept]:
        """The guesses about this frame; frames come in the order of their time."""
        tracks = self._tracker.update(frame.at, self._follower.find(frame))
        pictures = self._stillness.observe(frame, tracks)
        seen = [track for track in tracks if track.seen_now]
        read = self._read(frame, seen, pictures) if self._is_due(frame.at, seen) else []
        return [*(_presence(frame, track, track.id in pictures, self._poses.get(track.id)) for track in seen), *read]

    def close(self) -> None:
        """Holds nothing that needs letting go."""

    def _is_due(self, at: float, tracks: Sequence[Track]) -> bool:
        return not 0 <= at - self._read_at < READ_S or any(track.id not in self._poses for track in tracks)

    def _read(self, frame: Frame, tracks: Sequence[Track], pictures: Collection[int]) -> list[Percept]:
        """Where the heads are turned, whether mouths are covered, what the faces show, and whose they are."""
        self._read_at = frame.at
        self._poses = {track.id: self._pose(frame, track) for track in tracks}
        turns = [_facing(track, facing(self._poses[track.id])) for track in tracks if track.face.landmarks]
        whose = self._identities.read(frame, tracks, pictures, self._poses) if self._identities else []
        mouths = [_mouth(track, track.face.covered) for track in tracks if track.face.covered is not None]
        return [*turns, *mouths, *self._expressions(frame, tracks), *whose]

    def _pose(self, frame: Frame, track: Track) -> Pose | None:
        height, width = frame.pixels.shape[:2]
        landmarks = track.face.landmarks
        return head_pose(landmarks, width, height, self._field_of_view) if landmarks else None

    def _expressions(self, frame: Frame, tracks: Sequence[Track]) -> list[Percept]:
        if self._classifier is None or not tracks:
            return []
        height, width = frame.pixels.shape[:2]
        squares = [square(track.face, width, height) for track in tracks]
        crops = np.stack([crop_square(frame.pixels, each) for each in squares])
        talk = self._talking.observe(frame.at, {track.id: crop for track, crop in zip(tracks, crops, strict=True)})
        percepts = []
        for track, where, crop, answer in zip(tracks, squares, crops, self._classifier.classify(crops), strict=True):
            trust = quality(crop, where.side, where.inside(width, height))
            percepts.append(_expression(track, suppress_surprise(answer, talk[track.id]), trust))
        return percepts


def _presence(frame: Frame, track: Track, picture: bool, pose: Pose | None) -> Percept:
    height, width = frame.pixels.shape[:2]
    whole = square(track.face, width, height).inside(width, height) >= CUT_BELOW
    return Percept(
        kind="face",
        subject=track.id,
        value="picture" if picture else "person" if whole else "truncated",
        certainty=track.face.score,
        box=track.face.box,
        landmarks=track.face.landmarks,
        pose=pose,
    )


def _facing(track: Track, sides: Mapping[str, float]) -> Percept:
    best = max(sides, key=sides.__getitem__)
    return Percept("facing", track.id, best, sides[best], track.face.box, sides)


def _mouth(track: Track, covered: float) -> Percept:
    odds = {"bare": 1 - covered, "covered": covered}
    best = max(odds, key=odds.__getitem__)
    return Percept("mouth", track.id, best, odds[best], track.face.box, odds)


def _expression(track: Track, answer: NDArray[np.float32], trust: float) -> Percept:
    """The network's answer as far as it is to be trusted."""
    blended = trust * answer + (1 - trust) / len(EXPRESSIONS)
    best = int(np.argmax(answer))
    return Percept(
        kind="expression",
        subject=track.id,
        value=EXPRESSIONS[best],
        certainty=float(blended[best]),
        box=track.face.box,
        distribution=dict(zip(EXPRESSIONS, blended.tolist(), strict=True)),
        landmarks=track.face.landmarks,
    )
