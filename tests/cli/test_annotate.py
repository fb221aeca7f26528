"""Copies with what was seen drawn on them."""

import numpy as np

from assistant.cli.annotate import annotate
from assistant.domain.scene import Scene
from assistant.domain.values import Box, Landmarks, Percept

POINTS: Landmarks = ((0.45, 0.45), (0.55, 0.45), (0.5, 0.5), (0.46, 0.55), (0.54, 0.55))


def test_the_points_are_drawn_where_they_are_and_the_picture_is_left_alone() -> None:
    pixels = np.zeros((480, 640, 3), np.uint8)
    scene = Scene({}, settle_s=0)
    scene.believe([Percept("face", 1, "person", 0.9, Box(0.4, 0.35, 0.2, 0.25), landmarks=POINTS)], 0.0)
    drawn = annotate(pixels, scene.view())
    for x, y in POINTS:
        assert drawn[round(y * 480), round(x * 640)].any()
    inside = drawn[185:280, 265:375].any(axis=2)
    assert 5 * 12 < inside.sum() < 5 * 60  # five dots and nothing else
    assert not pixels.any()
