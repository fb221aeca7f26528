"""The one split of all photographs: who trains, who chooses and who judges, in every training of this project.

A side belongs to a group, never to a picture: a person, a house, a photograph with its near-duplicates. It is decided
by a hash of the group's name alone, so that no list has to be kept, and a picture added later changes nobody's side.
What judges has trained nothing and chosen nothing: no weight, no threshold, no calibration, in no network here.
"""

from __future__ import annotations

import re
import zlib
from pathlib import PurePath
from typing import Literal

Side = Literal["train", "choose", "judge"]
SHARES = {"lfw": (10, 5), "utk": (15, 10), "photos": (18, 12), "coco": (40, 12), "clip": (60, 0), "fer": (0, 0)}
"""Hundredths of the groups of a source that judge, and of those that choose; all others train."""


def side_of(source: str, group: str) -> Side:
    """What a group of pictures is for.

    Args:
        source: a key of `SHARES`.
        group: as the functions below name it.
    """
    judging, choosing = SHARES[source]
    place = zlib.crc32(group.encode()) % 100
    return "judge" if place < judging else "choose" if place < judging + choosing else "train"


def person(path: str) -> str:
    """The person of a photograph of LFW, by its path: `lfw/<name>/<name>_0001.jpg`."""
    return re.sub(r"_\d+$", "", PurePath(path).stem)


def photograph(name: str, origin: str, twins: dict[str, str] | None = None) -> str:
    """The group of one of train-photos.

    Args:
        name: of its file.
        origin: its `from`: rooms of one house, numbered there, belong together.
        twins: for photographs that look the same, the name of the first of them.
    """
    first = (twins or {}).get(name, PurePath(name).stem)
    house = re.search(r"Houses Dataset/(\d+)_", origin)
    return f"house {house[1]}" if house else first
