"""What is believed about a picture, as a line of JSON."""

from dataclasses import asdict
from typing import Any

from assistant.domain.values import EXPRESSIONS, Box
from assistant.domain.views import PersonView, SceneView

MOUTH_COVERED = {"covered": True, "bare": False}
"""What is told of a mouth; null where that is not sure."""


def describe(source: str, width: int, height: int, view: SceneView, says: str) -> dict[str, Any]:
    """The line of JSON for a picture.

    Args:
        source: How it is called.
        width: Of the picture as it is stored, pixels.
        height: Likewise.
        view: What is believed about it.
        says: The sentence at normal verbosity.
    """
    nearest = sorted(view.people, key=lambda person: person.box.height, reverse=True)
    return {
        "source": source,
        "width": width,
        "height": height,
        "people": [_person(person, width, height) for person in nearest],
        "light": view.light,
        "says": says,
    }


def in_pixels(box: Box, width: int, height: int) -> list[int]:
    """A box as [left, top, width, height] in pixels of a picture of this size."""
    return [round(box.left * width), round(box.top * height), round(box.width * width), round(box.height * height)]


def _person(person: PersonView, width: int, height: int) -> dict[str, Any]:
    box = person.box
    return {
        "box": in_pixels(box, width, height),
        "landmarks": [[round(x * width, 1), round(y * height, 1)] for x, y in person.landmarks]
        if person.landmarks
        else None,
        "name": person.identity.name,
        "name_certainty": round(person.identity.certainty, 4),
        "expression": person.expression,
        "certainty": round(person.certainty, 4),
        "statement": person.confidence.value,
        "probabilities": {label: round(person.probabilities.get(label, 0.0), 4) for label in EXPRESSIONS},
        "pose": {name: round(angle, 1) for name, angle in asdict(person.pose).items()} if person.pose else None,
        "mouth_covered": MOUTH_COVERED.get(person.mouth or ""),
        "facing_you": person.facing == "you" if person.facing else None,
        "place": person.place,
        "distance": person.distance,
        "distance_m": None if person.metres is None else round(person.metres, 2),
    }
