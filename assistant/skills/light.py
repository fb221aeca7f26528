"""How bright it is, and on which side the light is."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from assistant.domain.commands import Command
from assistant.domain.place import STRAIGHT, place
from assistant.domain.ports import Answer, Finding, Look
from assistant.domain.values import Box, Cue, Fact, Phrase, Pixels, Query, Word
from assistant.senses.colours import linear, luminance
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
AGAIN_S = 6.0
"""Asked again within so many seconds it guides to the light."""
GUIDE_S = 30.0
"""For so long, seconds of the camera's clock; while the key is held for as long as that."""
SEMITONES = 24
"""Brightest against darkest, two octaves."""
SLOWEST_S, QUICKEST_S = 0.5, 0.12
"""Between two tones, where it is darkest and where it is brightest, seconds."""
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
    """`light`; held, or asked twice in a row, it guides to a window or a lamp by a tone.

    Args:
        clock: Whether places are hours.
        field_of_view: Of the camera, degrees across; None where it is not known.
    """

    name = "light"
    lens = ""
    commands: Sequence[Command] = (Command("light", "u", goes_on=True),)

    def __init__(self, *, clock: bool = False, field_of_view: float | None = None) -> None:
        self._clock = clock
        self._field_of_view = field_of_view
        self._asked_at = float("-inf")

    def answer(self, query: Query, looks: Iterator[Look]) -> Answer:
        """How bright it is; held, or the second time, a tone that rises and quickens with the light ahead."""
        if query.held:
            self._asked_at = float("-inf")
            yield from _guide(looks)
            return
        again = 0 <= query.at - self._asked_at < AGAIN_S
        self._asked_at = float("-inf") if again else query.at
        if again:
            yield from _guide(looks, GUIDE_S)
        yield from answered(self, query, looks)

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
    light = luminance(linear(reduced(pixels, LONGEST_SIDE)))
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


def ahead(pixels: Pixels) -> float:
    """How light it is in the middle of the picture, 0 to 1 as eyes reckon (the cube root of luminance)."""
    light = luminance(linear(reduced(pixels, LONGEST_SIDE)))
    height, width = light.shape
    down, across = (np.linspace(-1, 1, side)[:, None] if side > 1 else np.zeros((1, 1)) for side in (height, width))
    weight = np.exp(-((down**2 + across.T**2) / (2 * (2 * SPREAD) ** 2)))
    return float(np.cbrt((light * weight).sum() / weight.sum()))


def _guide(looks: Iterator[Look], longest_s: float = math.inf) -> Answer:
    began = next_at = None
    for look in looks:
        at = look.frame.at
        began = at if began is None else began
        if at - began > longest_s:
            return
        if next_at is None or at >= next_at:
            bright = ahead(look.frame.pixels)
            next_at = at + SLOWEST_S + (QUICKEST_S - SLOWEST_S) * bright
            yield Cue("light", semitones=round(SEMITONES * bright))


def _phrase(light: Light) -> Phrase:
    facts: dict[str, Fact] = {"light": Word("brightness", light.level)}
    if light.level == "dark":
        return Phrase("light_dark")
    if light.side is None:
        return Phrase("light_even", facts)
    side = Word("light_side", light.side) if light.side == "above" else Word("place", light.side)
    return Phrase("light_from", {**facts, "side": side})
