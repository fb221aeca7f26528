"""The same real pictures, made harder; the faces' boxes go along."""

from __future__ import annotations

import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import cv2
import numpy as np

FRAME = (640, 480)
"""Width and height of the frame into which small pictures are laid, pixels."""


@dataclass(frozen=True)
class Case:
    """One picture that a detector is shown.

    Attributes:
        name: of the photograph.
        pixels: uint8 (height, width, 3) RGB.
        boxes: (n, 4) x, y, width, height of the faces, in pixels.
        others: (m, 4) places where the teacher is not sure: neither to be found nor wrong.
        labels: what each face wears, or the group of its person; nothing where nobody knows.
    """

    name: str
    pixels: np.ndarray
    boxes: np.ndarray
    others: np.ndarray
    labels: list[str] = field(default_factory=list)

    @property
    def draw(self) -> float:
        """A number from 0 to 1 that is always the same for this photograph."""
        return zlib.crc32(self.name.encode()) % 1009 / 1008


def rolled(case: Case) -> Case:
    """Turned by 30 degrees, to the left or to the right; the edge is repeated outwards."""
    height, width = case.pixels.shape[:2]
    angle = math.radians(30 if case.draw < 0.5 else -30)
    cos, sin = math.cos(angle), math.sin(angle)
    turn = np.array([[cos, -sin], [sin, cos]])
    size = np.ceil(np.abs(turn) @ (width, height)).astype(int)
    shift = size / 2 - turn @ (width / 2, height / 2)
    matrix = np.column_stack([turn, shift])
    pixels = cv2.warpAffine(case.pixels, matrix, tuple(size.tolist()), borderMode=cv2.BORDER_REPLICATE)

    def moved(boxes: np.ndarray) -> np.ndarray:
        middles = (boxes[:, :2] + boxes[:, 2:] / 2) @ turn.T + shift
        sides = np.sqrt(boxes[:, 2:] ** 2 @ (turn**2).T)
        return np.concatenate([middles - sides / 2, sides], axis=1)

    return replace(case, pixels=pixels, boxes=moved(case.boxes), others=moved(case.others))


def dimmed(share: float) -> Callable[[Case], Case]:
    """A part of the light, rounded to whole grey levels."""
    return lambda case: replace(case, pixels=np.round(case.pixels * share).astype(np.uint8))


def blurred(case: Case) -> Case:
    """A Gaussian blur with a deviation of 2 pixels."""
    return replace(case, pixels=cv2.GaussianBlur(case.pixels, (0, 0), 2.0))


def shrunk(case: Case) -> Case:
    """The whole picture reduced until its largest face is 24 to 40 pixels high, in the middle of a grey frame."""
    scale = min(1.0, (24 + 16 * case.draw) / case.boxes[:, 3].max())
    small = cv2.resize(case.pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)[: FRAME[1], : FRAME[0]]
    height, width = small.shape[:2]
    left, top = (FRAME[0] - width) // 2, (FRAME[1] - height) // 2
    pixels = np.full((FRAME[1], FRAME[0], 3), 110, np.uint8)
    pixels[top : top + height, left : left + width] = small
    shift = np.array([left, top, 0, 0])
    return replace(case, pixels=pixels, boxes=case.boxes * scale + shift, others=case.others * scale + shift)


def covered(case: Case) -> Case:
    """A third of each face under a grey patch: below, at the left or at the right."""
    pixels = case.pixels.copy()
    for number, (x, y, width, height) in enumerate(case.boxes.tolist()):
        side = (int(case.draw * 1008) + number) % 3
        left, top, across, down = {
            0: (x, y + height * 2 / 3, width, height / 3),
            1: (x, y, width / 3, height),
            2: (x + width * 2 / 3, y, width / 3, height),
        }[side]
        corner, far = (round(left), round(top)), (round(left + across), round(top + down))
        cv2.rectangle(pixels, corner, far, (110, 110, 110), -1)
    return replace(case, pixels=pixels)


CONDITIONS: dict[str, Callable[[Case], Case]] = {
    "as they are": lambda case: case,
    "rolled 30 degrees": rolled,
    "half the light": dimmed(0.5),
    "a tenth of the light": dimmed(0.1),
    "blurred": blurred,
    "shrunk to 24-40 pixels": shrunk,
    "a third covered": covered,
}
