"""The sense of faces: find, follow, crop, read."""

from collections.abc import Sequence

import numpy as np

from assistant.domain.ports import ExpressionClassifier, FaceDetector
from assistant.domain.tracks import Track, Tracker
from assistant.domain.values import EXPRESSIONS, Frame, Percept
from assistant.senses.faces.crop import cut, square
from assistant.senses.faces.legible import legibility
from assistant.senses.faces.stillness import Stillness

CUT_BELOW = 0.85
"""A face of which less than this part lies within the frame is told as cut by the edge."""


class FacesSense:
    """Two percepts for every face in the frame.

    "face", with the value "still" (a poster, a screen: nothing in it moves), "cut" (a person of whom the edge of the
    frame cuts off a part) or "person"; its certainty is the detector's score.

    "expression", with the probability of all seven; where the crop is too small, too dark, too flat, too blurred or too
    much cut to be read, the distribution is drawn towards the even one (`legible.py`), so that it is not believed.

    Args:
        detector: Finds the faces.
        classifier: Reads them; None where expressions are not wanted (`context: work`): no percept of that kind then.
    """

    name = "faces"

    def __init__(
        self,
        *,
        detector: FaceDetector,
        classifier: ExpressionClassifier | None,
    ) -> None:
        self._detector = detector
        self._classifier = classifier
        self._tracker = Tracker()
        self._stillness = Stillness()

    def look(self, frame: Frame) -> Sequence[Percept]:
        """The guesses about this frame; frames come in the order of their time."""
        tracks = self._tracker.update(frame.at, self._detector.detect(frame.pixels))
        still = self._stillness.observe(frame, tracks)
        seen = [track for track in tracks if track.seen_now]
        faces = [_presence(frame, track, track.id in still) for track in seen]
        return [*faces, *self._read(frame, seen)]

    def close(self) -> None:
        """Holds nothing that needs letting go."""

    def _read(self, frame: Frame, tracks: Sequence[Track]) -> list[Percept]:
        if self._classifier is None or not tracks:
            return []
        height, width = frame.pixels.shape[:2]
        squares = [square(track.face, width, height) for track in tracks]
        crops = np.stack([cut(frame.pixels, each) for each in squares])
        percepts = []
        for track, where, crop, answer in zip(tracks, squares, crops, self._classifier.classify(crops), strict=True):
            trust = legibility(crop, where.side, where.inside(width, height))
            blended = trust * answer + (1 - trust) / len(EXPRESSIONS)
            best = int(np.argmax(answer))
            percepts.append(
                Percept(
                    kind="expression",
                    subject=track.id,
                    value=EXPRESSIONS[best],
                    certainty=float(blended[best]),
                    box=track.face.box,
                    distribution=dict(zip(EXPRESSIONS, blended.tolist(), strict=True)),
                    landmarks=track.face.landmarks,
                )
            )
        return percepts


def _presence(frame: Frame, track: Track, still: bool) -> Percept:
    height, width = frame.pixels.shape[:2]
    whole = square(track.face, width, height).inside(width, height) >= CUT_BELOW
    return Percept(
        kind="face",
        subject=track.id,
        value="still" if still else "person" if whole else "cut",
        certainty=track.face.score,
        box=track.face.box,
        landmarks=track.face.landmarks,
    )
