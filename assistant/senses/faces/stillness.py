"""Tells pictures of faces (a poster, a photograph on a screen) from people, also while the camera moves.

A person's face moves against what is round it, and in itself: eyes blink, the mouth and the head move. A picture does
neither: face and surroundings change together, as a flat thing does when the camera moves (`planar_template.py`). Every
doubt makes it a person, for a person who is not told is the worse mistake.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.domain.tracks import Track
from assistant.domain.values import Frame
from assistant.senses.faces.crop import Square, square
from assistant.senses.faces.planar_template import PlanarTemplate

SURROUNDINGS = 1.6
"""Side of what is watched, in sides of the face's square."""
STILL_AFTER_S = 6.0
"""Nothing moved for this long: a picture."""
LIVELY_S = 15.0
"""The same for a face that has moved before: people keep quiet for a while, and blink all the same."""
MOVED = 0.4
"""From this difference on (`PlanarTemplate.difference`) something moved."""
LOOK_S = 0.09
"""It is looked at no more often than this; a blink lasts 0.15 s or more."""
REST_S = 0.5
"""After something moved it is looked at again only after this time."""
LEAST_LOOKS = 8
"""Never decided on fewer looks."""


@dataclass(frozen=True, slots=True)
class _Watch:
    """One face since it last moved."""

    picture: PlanarTemplate
    since: float
    looked_at: float
    looks: int = 0
    lively: bool = False
    """Whether it has ever moved."""

    def is_still(self, at: float) -> bool:
        return self.looks >= LEAST_LOOKS and at - self.since >= (LIVELY_S if self.lively else STILL_AFTER_S)

    def is_due(self, at: float) -> bool:
        return at - self.looked_at >= (LOOK_S if self.looks or not self.lively else REST_S)


class Stillness:
    """Watches every face together with its near surroundings."""

    def __init__(self) -> None:
        self._watches: dict[int, _Watch] = {}

    def observe(self, frame: Frame, tracks: Sequence[Track]) -> set[int]:
        """Takes in one frame and its living tracks; gives the ids of those that are still pictures.

        A face is watched from its second frame on, so that single pictures cost nothing.
        """
        known = {track.id: self._watches[track.id] for track in tracks if track.id in self._watches}
        again = [track for track in tracks if track.seen_now and track.first_seen < frame.at]
        self._watches = known | {track.id: _look(frame, track, known.get(track.id)) for track in again}
        return {id for id, watch in self._watches.items() if watch.is_still(frame.at)}


def _look(frame: Frame, track: Track, watch: _Watch | None) -> _Watch:
    if watch is not None and not watch.is_due(frame.at):
        return watch
    where = _watched(frame, track)
    if watch is not None and watch.picture.difference(frame.pixels, where, MOVED) < MOVED:
        return replace(watch, looked_at=frame.at, looks=watch.looks + 1)
    since = track.first_seen if watch is None else frame.at
    return _Watch(PlanarTemplate(frame.pixels, where), since, frame.at, lively=watch is not None)


def _watched(frame: Frame, track: Track) -> Square:
    height, width = frame.pixels.shape[:2]
    found = square(track.face, width, height)
    return replace(found, side=found.side * SURROUNDINGS)
