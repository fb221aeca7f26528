"""Draws a box round each face, its points, and above it the name and the expression with how sure they are."""

from functools import cache

import cv2
import numpy as np
from numpy import uint8
from PIL import Image, ImageDraw, ImageFont

from assistant.domain.values import Confidence, Pixels
from assistant.domain.views import PersonView, SceneView

COLOURS = {
    Confidence.SURE: (64, 220, 64),
    Confidence.UNSURE: (255, 200, 0),
    Confidence.CANNOT_TELL: (190, 190, 190),
}
"""RGB, by how firmly the expression may be said."""
FONT = "DejaVuSans.ttf"
"""Has the letters of most names, where the system has it; else Pillow's own font, which has the Latin ones."""


def annotate(pixels: Pixels, view: SceneView) -> Pixels:
    """A copy with every person's box and points, and above it who it is and how they look, in per cent.

    Args:
        pixels: uint8 (height, width, 3), RGB.
        view: What is believed about it.
    """
    drawn = pixels.copy()
    for person in view.people:
        _draw(drawn, person)
    return _written(drawn, view) if view.people else drawn


def words(person: PersonView) -> str:
    """What stands above a face: "Ana 96%, happy 80%"; a name that is in doubt has a question mark."""
    parts = []
    if name := person.identity.name:
        doubt = "" if person.identity.sure else "?"
        parts.append(f"{name}{doubt} {person.identity.certainty:.0%}")
    if person.expression:
        parts.append(f"{person.expression} {person.certainty:.0%}")
    return ", ".join(parts) or "face"


def _unit(pixels: Pixels) -> int:
    height, width = map(int, pixels.shape[:2])
    return max(1, round(min(height, width) / 300))


def _draw(pixels: Pixels, person: PersonView) -> None:
    height, width = pixels.shape[:2]
    unit = _unit(pixels)
    left, top = round(person.box.left * width), round(person.box.top * height)
    right = round((person.box.left + person.box.width) * width)
    bottom = round((person.box.top + person.box.height) * height)
    colour = COLOURS[person.confidence]
    cv2.rectangle(pixels, (left, top), (right, bottom), colour, unit)
    for x, y in person.landmarks or ():
        cv2.circle(pixels, (round(x * width), round(y * height)), 2 * unit, colour, cv2.FILLED)


def _written(pixels: Pixels, view: SceneView) -> Pixels:
    """The same with the words, which Pillow writes in any script that its font knows."""
    height, width = pixels.shape[:2]
    unit = _unit(pixels)
    picture = Image.fromarray(pixels)
    draw, font = ImageDraw.Draw(picture), _font(12 * unit)
    for person in view.people:
        left, top = max(0, round(person.box.left * width)), round(person.box.top * height) - 4 * unit
        place = left, max(12 * unit, top)
        draw.text(
            place, words(person), COLOURS[person.confidence], font, "ls", stroke_width=unit, stroke_fill=(0, 0, 0)
        )
    return np.array(picture, uint8)


@cache
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    try:
        return ImageFont.truetype(FONT, size)
    except OSError:
        return ImageFont.load_default(size)
