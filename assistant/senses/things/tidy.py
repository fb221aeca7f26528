"""What both detectors leave to do with their boxes."""

from collections.abc import Iterable

from assistant.domain.values import Box, Thing

SAME = 0.75
"""Boxes that overlap more than this (IoU) are one thing, whatever they are called: the more certain name stays."""


def tidied(things: Iterable[Thing]) -> list[Thing]:
    """The things within the frame, each under one name, the most certain first."""
    kept: list[Thing] = []
    for thing in sorted(things, key=lambda thing: -thing.certainty):
        box = _within(thing.box)
        if box.width > 0 and box.height > 0 and all(box.iou(other.box) <= SAME for other in kept):
            kept.append(Thing(thing.label, thing.certainty, box))
    return kept


def _within(box: Box) -> Box:
    """The part of a box that lies in the frame."""
    left, top = max(0.0, box.left), max(0.0, box.top)
    return Box(left, top, min(1.0, box.left + box.width) - left, min(1.0, box.top + box.height) - top)
