"""Draws a box round each face, its points, its expression and how sure that is."""

import cv2

from assistant.domain.values import Confidence, Pixels
from assistant.domain.views import PersonView, SceneView

COLOURS = {
    Confidence.SURE: (64, 220, 64),
    Confidence.UNSURE: (255, 200, 0),
    Confidence.CANNOT_TELL: (190, 190, 190),
}
"""RGB, by how firmly the expression may be said."""


def annotate(pixels: Pixels, view: SceneView) -> Pixels:
    """A copy with every person's box and points, and above it the expression and its certainty in per cent.

    Args:
        pixels: uint8 (height, width, 3), RGB.
        view: What is believed about it.
    """
    drawn = pixels.copy()
    for person in view.people:
        _draw(drawn, person)
    return drawn


def _draw(pixels: Pixels, person: PersonView) -> None:
    height, width = pixels.shape[:2]
    unit = max(1, round(min(height, width) / 300))
    left, top = round(person.box.left * width), round(person.box.top * height)
    right = round((person.box.left + person.box.width) * width)
    bottom = round((person.box.top + person.box.height) * height)
    colour = COLOURS[person.confidence]
    cv2.rectangle(pixels, (left, top), (right, bottom), colour, unit)
    for x, y in person.landmarks or ():
        cv2.circle(pixels, (round(x * width), round(y * height)), 2 * unit, colour, cv2.FILLED)
    words = f"{person.expression} {person.certainty:.0%}" if person.expression else "face"
    place = (max(0, left), max(12 * unit, top - 4 * unit))
    cv2.putText(pixels, words, place, cv2.FONT_HERSHEY_SIMPLEX, 0.45 * unit, (0, 0, 0), 3 * unit)
    cv2.putText(pixels, words, place, cv2.FONT_HERSHEY_SIMPLEX, 0.45 * unit, colour, unit)
