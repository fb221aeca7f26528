"""Tells pictures of faces (a poster, a photograph on a screen) from people: nothing in them moves, for seconds."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from assistant.domain.tracks import Track
from assistant.domain.values import Box, Frame

BLOCKS = 16
"""The region is looked at as this many by this many means."""
STILL_AFTER_S = 5.0
"""Nothing moved for this long: a picture."""
MOVED = 0.08
"""Difference of normalised block means, as a root mean square, that is movement and not noise."""
LEAST_LOOKS = 8
"""Never decided on fewer frames."""


@dataclass(slots=True)
class _Watch:
    """One region of the frame, fixed while nothing moves in it."""

    region: Box
    first: NDArray[np.float32]
    since: float
    looks: int


class Stillness:
    """Watches the faces' regions in fixed coordinates of the frame."""

    def __init__(self) -> None:
        self._watches: dict[int, _Watch] = {}

    def observe(self, frame: Frame, tracks: Sequence[Track]) -> set[int]:
        """Takes in one frame and its living tracks; gives the ids of those that are still pictures."""
        self._watches = {track.id: self._watch(frame, track) for track in tracks}
        return {
            id
            for id, watch in self._watches.items()
            if watch.looks >= LEAST_LOOKS and frame.at - watch.since >= STILL_AFTER_S
        }

    def _watch(self, frame: Frame, track: Track) -> _Watch:
        known = self._watches.get(track.id)
        if known is not None:
            means = _block_means(frame, known.region)
            if float(np.sqrt(np.mean((means - known.first) ** 2))) < MOVED:
                return _Watch(known.region, known.first, known.since, known.looks + 1)
        region = track.face.box
        return _Watch(region, _block_means(frame, region), frame.at, 1)


def _block_means(frame: Frame, region: Box) -> NDArray[np.float32]:
    """Means of 16x16 blocks of a region, (16, 16), freed of brightness and contrast."""
    height, width = frame.pixels.shape[:2]
    left = int(np.clip(round(region.left * width), 0, width - 1))
    top = int(np.clip(round(region.top * height), 0, height - 1))
    right = int(np.clip(round((region.left + region.width) * width), left + 1, width))
    bottom = int(np.clip(round((region.top + region.height) * height), top + 1, height))
    grey = cv2.cvtColor(frame.pixels[top:bottom, left:right], cv2.COLOR_RGB2GRAY)
    means = cv2.resize(grey, (BLOCKS, BLOCKS), interpolation=cv2.INTER_AREA).astype(np.float32)
    return np.asarray((means - means.mean()) / (means.std() + 1.0), np.float32)
