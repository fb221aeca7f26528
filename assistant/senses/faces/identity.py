"""Whose faces are in view: one at a time, so that the others are found and followed as fast as ever."""

from collections.abc import Callable, Collection, Mapping, Sequence
from math import inf
from time import perf_counter

import numpy as np

from assistant.domain.people import Gallery, whose
from assistant.domain.ports import FaceRecognizer
from assistant.domain.tracks import Track
from assistant.domain.values import Frame, Percept, Pose
from assistant.senses.faces.alignment import align_in_colour
from assistant.senses.faces.fitness import lack

PART = 0.2
"""At most this part of the time goes into embeddings."""


class IdentityReader:
    """A percept "identity" for the face that was not read for longest, with a probability for everybody.

    Embeddings are made only while somebody is learnt, of faces that can carry an identity, and kept nowhere: a guess is
    all that is left of them, and it ends with the track.

    Args:
        recognizer: Makes embeddings.
        gallery: Gives everybody who is learnt, at this moment.
        all_at_once: For single pictures: every face of every frame.
    """

    def __init__(
        self, recognizer: FaceRecognizer, gallery: Callable[[], Gallery], *, all_at_once: bool = False
    ) -> None:
        self._recognizer = recognizer
        self._gallery = gallery
        self._all = all_at_once
        self._read_at: dict[int, float] = {}
        self._next_at = -inf

    def read(
        self, frame: Frame, tracks: Sequence[Track], pictures: Collection[int], poses: Mapping[int, Pose | None]
    ) -> list[Percept]:
        """Reads what there is time for.

        Args:
            frame: The newest picture.
            tracks: The faces in it.
            pictures: Numbers of those that are pictures of faces, which are not read.
            poses: How the heads are turned.
        """
        known = self._gallery()
        self._read_at = {track.id: self._read_at.get(track.id, -inf) for track in tracks}
        if not known.names or not (self._all or self._is_time(frame.at)):
            return []
        waiting = [track for track in tracks if track.id not in pictures]
        waiting.sort(key=lambda track: self._read_at[track.id])
        guesses = []
        for track in waiting:
            if lack(frame.pixels, track.face, poses.get(track.id)) is None:
                guesses.append(self._guess(frame, track, known))
                if not self._all:
                    break
        return guesses

    def _is_time(self, at: float) -> bool:
        return not self._next_at - 1 < at < self._next_at

    def _guess(self, frame: Frame, track: Track, known: Gallery) -> Percept:
        began = perf_counter()
        self._read_at[track.id] = frame.at
        assert track.face.landmarks is not None  # what lacks nothing has them
        crop = align_in_colour(frame.pixels, track.face.landmarks, self._recognizer.size)
        odds = whose(self._recognizer.embed(crop[np.newaxis])[0], known, self._recognizer.matching)
        self._next_at = frame.at + (perf_counter() - began) / PART
        likely = max(odds, key=odds.__getitem__)
        return Percept("identity", track.id, likely, odds[likely], track.face.box, odds)
