"""Things in words: how far, how high, which first, and how many at one place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import atan, degrees, radians, sqrt, tan

from assistant.domain.place import FIELD_OF_VIEW, place
from assistant.domain.values import Box, Confidence, Counted, Fact, Listing, Phrase, Thing, Thresholds, Word

SIZES: Mapping[str, float] = {
    **{"bicycle": 1.2, "car": 2.4, "motorcycle": 1.3, "bus": 4.5, "truck": 3.6},
    **{"traffic light": 0.5, "fire hydrant": 0.5, "stop sign": 0.75, "parking meter": 0.6, "bench": 1.0},
    **{"cat": 0.35, "backpack": 0.38, "suitcase": 0.5, "sports ball": 0.22, "skateboard": 0.4, "tennis racket": 0.42},
    **{"bottle": 0.13, "wine glass": 0.12, "cup": 0.09, "fork": 0.08, "knife": 0.08, "spoon": 0.08, "bowl": 0.13},
    **{"banana": 0.1, "apple": 0.08, "orange": 0.08, "pizza": 0.3, "donut": 0.09},
    **{"chair": 0.65, "couch": 1.2, "toilet": 0.55, "laptop": 0.28, "mouse": 0.07, "remote": 0.09, "keyboard": 0.24},
    **{"cell phone": 0.1, "microwave": 0.38, "oven": 0.6, "toaster": 0.24, "sink": 0.35, "refrigerator": 1.1},
    **{"book": 0.18, "scissors": 0.11, "hair drier": 0.2, "toothbrush": 0.06},
}
"""Side of the square that has the area of a thing's box, metres, seen from the side on which it mostly stands or lies.
Rough: things of a kind are within about a third of it. Kinds of no one size have none (a dog, a table, a clock)."""
REACH_M, NEAR_M = 0.8, 2.5
"""Nearer than this it is within an arm's reach, or near; beyond, far."""
UNSURE_LENS = 1.45
"""By so much a distance may be wrong where the field of view is not known and a webcam has 50 to 80 degrees."""
EDGE = 0.01
"""A box that comes so close to the edge of the frame is cut there, of the frame's sides."""
HIGH = 12.0
"""From so many degrees above or below the middle on it is told that a thing is high or low."""
MOST = 5
"""No more is told at a time."""
DANGERS = frozenset({"bicycle", "car", "motorcycle", "bus", "train", "truck", "knife", "scissors"})
"""Told first, where they are not far."""
_MESSAGES = {Confidence.SURE: "things_at", Confidence.UNSURE: "things_perhaps_at"}
_NEARNESS = {"within_reach": 0, "near": 1, None: 2, "far": 3}


@dataclass(frozen=True, slots=True)
class Placed:
    """A thing as it is told."""

    thing: Thing
    confidence: Confidence
    place: str
    """As `domain/place.py` gives it."""
    height: str | None
    """"high" or "low"; None: neither."""
    distance: str | None
    """"within_reach", "near" or "far"; None where it cannot be told."""


@dataclass(frozen=True, slots=True)
class Lens:
    """How the camera sees, and how places are told."""

    field_of_view: float | None
    """Across the frame, degrees; None: not known."""
    clock: bool
    """Whether places are hours."""


def placed(thing: Thing, thresholds: Mapping[str, Thresholds], lens: Lens, aspect: float) -> Placed:
    """Where a thing is.

    Args:
        thing: As it was found.
        thresholds: By label; a label without is not told.
        lens: Of the camera.
        aspect: Width of the frame / its height.
    """
    limits = thresholds.get(thing.label)
    confidence = limits.confidence(thing.certainty) if limits else Confidence.CANNOT_TELL
    where = place(thing.box, lens.field_of_view, lens.clock)
    above = elevation(thing.box, lens.field_of_view, aspect)
    height = "high" if above > HIGH else "low" if above < -HIGH else None
    return Placed(thing, confidence, where, height, distance(thing, lens.field_of_view, aspect))


def elevation(box: Box, field_of_view: float | None, aspect: float) -> float:
    """By how many degrees the middle of a box lies above the middle of the frame; negative: below."""
    half = tan(radians(field_of_view or FIELD_OF_VIEW) / 2) / aspect
    return degrees(atan((1 - 2 * box.centre[1]) * half))


def distance(thing: Thing, field_of_view: float | None, aspect: float) -> str | None:
    """How far away a thing of a typical size is, as a word; None where that would be a guess.

    What is cut by the edge of the frame is nearer than it seems, so that it may be called near, and not far.
    """
    size, box = SIZES.get(thing.label), thing.box
    if size is None or box.area <= 0:
        return None
    side = 2 * tan(radians(field_of_view or FIELD_OF_VIEW) / 2) * sqrt(box.area / aspect)  # in focal lengths
    away_m = size / side
    if away_m * (1 if field_of_view else UNSURE_LENS) < REACH_M:
        return "within_reach"
    if away_m < NEAR_M:
        return "near"
    return None if cut(box) else "far"


def cut(box: Box) -> bool:
    """Whether a box reaches to the edge of the frame, so that there may be more of the thing."""
    right, bottom = box.left + box.width, box.top + box.height
    return min(box.left, box.top) < EDGE or max(right, bottom) > 1 - EDGE


def without_faces(things: Iterable[Placed], faces: Sequence[Box]) -> list[Placed]:
    """The things without the people whose faces are known, of whom more can be told than that they are there."""
    left, kept = list(faces), []
    for each in sorted(things, key=lambda each: each.thing.box.area):
        face = next((face for face in left if each.thing.label == "person" and _holds(each.thing.box, face)), None)
        if face is None:
            kept.append(each)
        else:
            left.remove(face)
    return kept


def _holds(person: Box, face: Box) -> bool:
    """Whether a face lies in somebody's box."""
    x, y = face.centre
    return person.left < x < person.left + person.width and person.top < y < person.top + person.height


def told(things: Iterable[Placed]) -> tuple[list[Phrase], list[Placed]]:
    """The sentences about things, the most important first, and the things that they tell.

    Those of one kind at one place are counted in one sentence; beside such as are sure those in doubt are left out.
    """
    groups: dict[tuple[str, str], list[Placed]] = {}
    for each in sorted((each for each in things if each.confidence in _MESSAGES), key=_importance):
        groups.setdefault((each.thing.label, each.place), []).append(each)
    alike = [[each for each in group if each.confidence is group[0].confidence] for group in groups.values()]
    first = alike[:MOST]
    return [_phrase(group) for group in first], [each for group in first for each in group]


def _importance(each: Placed) -> tuple[bool, bool, int, float]:
    dangerous = each.thing.label in DANGERS and each.distance != "far"
    doubtful = each.confidence is not Confidence.SURE
    return not dangerous, doubtful, _NEARNESS[each.distance], -each.thing.box.area


def _phrase(group: Sequence[Placed]) -> Phrase:
    nearest = group[0]
    thing = Counted(len(group), "thing", nearest.thing.label)
    return Phrase(_MESSAGES[nearest.confidence], {"thing": thing, "details": whereabouts(nearest)})


def whereabouts(each: Placed, *, height: bool = False) -> Fact:
    """The place, the height where wanted and the distance of a thing, as parts of a sentence."""
    parts: list[Fact] = [Word("place", each.place)]
    if height and each.height:
        parts.append(Word("height", each.height))
    if each.distance:
        parts.append(Word("reach", each.distance))
    return Listing(tuple(parts), "comma")
