"""How bright it is, and on which side the light is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.domain.commands import Command
from assistant.domain.place import STRAIGHT, place
from assistant.domain.ports import Answer, Finding, Look
from assistant.domain.values import Box, Fact, Phrase, Pixels, Query, Word
from assistant.senses.light import judge
from assistant.senses.picture import reduced
from assistant.skills.spoken import answered

LONGEST_SIDE = 64
"""Pictures are looked at in this size, pixels."""
MIDDLE_GREY = 0.18
"""Luminance at which cameras expose what they see, of 1 for white."""
DIM_STOPS = 2.0
"""From so many stops below on it is dim: a camera that could make the picture brighter would have done so."""
SPREAD = 1 / 8
"""Standard deviation of the blur in which a light is sought, of the picture's width: a point of glare is no window."""
STANDS_OUT = 2.0
"""Where the brightest place has so many times the luminance of the median, the light is there: one stop."""
ABOVE = 1 / 3
"""A light whose middle is in this upper part of the picture is above, where it is not at a side."""


@dataclass(frozen=True, slots=True)
class Light:
    """How light falls into a picture."""

    level: str
    """"dark", "dim" or "bright"."""
    side: str | None
    """A place as `domain/place.py` gives it, or "above"; None: on no side more than on the others."""


class LightSkill:
    """`light`.

    Args:
        clock: Whether places are hours.
        field_of_view: Of the camera, degrees across; None where it is not known.
    """

    name = "light"
    lens = ""
    commands: Sequence[Command] = (Command("light", "u"),)

    def __init__(self, *, clock: bool = False, field_of_view: float | None = None) -> None:
        self._clock = clock
        self._field_of_view = field_of_view

    def answer(self, query: Query, looks: Iterator[Look]) -> Answer:
        """How bright it is."""
        return answered(self, query, looks)

    def study(self, query: Query, look: Look) -> Finding:
        """How bright it is in this picture, and where the light is; see `Light`."""
        light = light_in(look.frame.pixels, self._clock, self._field_of_view)
        return Finding((_phrase(light),), {"light": light.level, "side": light.side})

    def check(self) -> str:
        """It needs nothing."""
        return "needs nothing else."

    def close(self) -> None:
        """Holds nothing."""


def light_in(pixels: Pixels, clock: bool = False, field_of_view: float | None = None) -> Light:
    """How bright it is, and where most of the light is.

    A camera evens out how bright its pictures are, within what it can; so a picture two stops below middle grey was
    taken where it could do no more. The light is where the luminance, blurred, is highest, if that stands out.

    Args:
        pixels: uint8 (height, width, 3), RGB, any size from 1x1 on.
        clock: Whether the side is an hour.
        field_of_view: Of the camera, degrees across.
    """
    light = luminance(reduced(pixels, LONGEST_SIDE))
    mean = float(light.mean())
    if judge(pixels) in ("dark", "covered") and mean < MIDDLE_GREY / 2**DIM_STOPS:
        return Light("dark", None)
    level = "dim" if mean < MIDDLE_GREY / 2**DIM_STOPS else "bright"
    blurred = cv2.GaussianBlur(light, (0, 0), SPREAD * light.shape[1], borderType=cv2.BORDER_REPLICATE)
    height, width = blurred.shape
    row, column = divmod(int(blurred.argmax()), width)
    if blurred[row, column] < STANDS_OUT * float(np.median(blurred)):
        return Light(level, None)
    where = place(Box(column / width, row / height, 1 / width, 1 / height), field_of_view, clock)
    return Light(level, "above" if where in STRAIGHT and (row + 0.5) / height < ABOVE else where)


def luminance(pixels: Pixels) -> NDArray[float32]:
    """Linear luminance (sRGB, Rec. 709): float32 (height, width), 0 to 1."""
    values = pixels.astype(float32) / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return np.asarray(linear @ np.array([0.2126, 0.7152, 0.0722]), float32)


def _phrase(light: Light) -> Phrase:
    facts: dict[str, Fact] = {"light": Word("brightness", light.level)}
    if light.level == "dark":
        return Phrase("light_dark")
    if light.side is None:
        return Phrase("light_even", facts)
    side = Word("light_side", light.side) if light.side == "above" else Word("place", light.side)
    return Phrase("light_from", {**facts, "side": side})
