"""Whether the picture can be used at all: ok, too dark, lens covered, nothing but blur.

The thresholds were set on 128 photographs of COCO and 29 frames of the signing clips, with the noise of a sensor.
Judged rightly were, of 157: all as they are; 156 dimmed to a fifth (ok: faces are still found and read); all dimmed to
a twentieth (dark: one expression in four is read differently there); 147 blurred by 8 pixels at 640 of width (ok); 153
blurred by 12, where three quarters of the faces are lost; and all of a black cap, a finger lit from behind and cloth of
one colour. Of 1,413 ninths of these pictures, many of them plain sky or wall, 1.8 % are told as covered or blurred and
0.4 % as dark.
"""

from collections.abc import Collection, Sequence
from math import inf

import cv2
import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.domain.values import Frame, Percept, Pixels
from assistant.senses.picture import fineness, reduced, slopes, smoothed

LONGEST_SIDE = 160
"""Pictures are judged at this size, pixels."""
COVERED_BELOW = 0.025
EDGES = 0.01
"""Steepness, grey levels per pixel, against brightness; where less than this part of the picture is so steep, nothing
has an outline."""
DARK_BELOW = 15.0
LIT = 0.05
"""Grey level; where less than this part of the picture is so bright, it is dark."""
BLURRED_BELOW = 0.12
"""`picture.fineness`: below, there is no fine detail at all."""
JUDGE_S = 0.24
"""It is judged no more often than this: light changes slowly, and a belief about it takes a second to settle."""
CERTAINTY = 0.98
"""Part of 2,041 such judgements that were right."""


class LightSense:
    """One percept every `JUDGE_S`, of kind "light": "ok", "dark", "covered" or "blurred"."""

    name = "light"
    kinds: Collection[str] = ("light",)

    def __init__(self) -> None:
        self._judged_at = -inf

    def look(self, frame: Frame) -> Sequence[Percept]:
        """The guess about this frame, if it is time for one; frames come in the order of their time."""
        if 0 <= frame.at - self._judged_at < JUDGE_S:
            return []
        self._judged_at = frame.at
        return [Percept(kind="light", subject=None, value=judge(frame.pixels), certainty=CERTAINTY)]

    def close(self) -> None:
        """Holds nothing that needs letting go."""


def judge(pixels: Pixels) -> str:
    """How usable a picture is.

    Args:
        pixels: uint8 (height, width, 3), RGB, any size from 1x1 on.

    Returns:
        "covered" (flat, whether black or of one colour), "dark", "blurred" or "ok".
    """
    small = cv2.cvtColor(reduced(pixels, LONGEST_SIDE), cv2.COLOR_RGB2GRAY)
    grey = smoothed(small.astype(float32))
    if not _reaches(slopes(grey), COVERED_BELOW * (float(grey.mean()) + 10), EDGES):
        return "covered"
    if not _reaches(grey, DARK_BELOW, LIT):
        return "dark"
    if fineness(grey) < BLURRED_BELOW:
        return "blurred"
    return "ok"


def _reaches(values: NDArray[float32], level: float, part: float) -> bool:
    """Whether at least a part of the values reaches a level; several times as fast as a percentile."""
    return bool(np.count_nonzero(values >= level) >= part * values.size)
