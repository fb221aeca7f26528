"""Copies with what was seen drawn on them."""

from dataclasses import replace

import numpy as np
import pytest

from assistant.cli.annotate import annotate, words
from assistant.domain.naming import Identity
from assistant.domain.scene import Scene
from assistant.domain.values import Box, Confidence, Landmarks, Percept
from tests.domain.test_policy import person, scene

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


@pytest.mark.parametrize("name", ["Ana", "Ζωή", "محمد", "陳大文", "👩‍👩‍👧", "a" * 200, '"; DROP'])
def test_names_are_drawn_above_the_face_whatever_their_script(name: str) -> None:
    pixels = np.full((480, 640, 3), 90, np.uint8)
    somebody = person(box=Box(0.4, 0.35, 0.2, 0.25))
    known = replace(somebody, identity=Identity(name, 0.96, Confidence.SURE))
    without, drawn = annotate(pixels, scene(somebody)), annotate(pixels, scene(known))
    rows, columns = np.nonzero((without != drawn).any(axis=2))
    assert len(rows) > 20
    assert rows.max() < 0.36 * 480
    assert columns.min() >= 0.39 * 640
    assert drawn.flags.writeable


def test_the_words_above_a_face() -> None:
    ana = person("happy", identity=Identity("Ana", 0.96, Confidence.SURE), certainty=0.8)
    assert words(ana) == "Ana 96%, happy 80%"
    assert words(replace(ana, identity=Identity("Ana", 0.7, Confidence.UNSURE), expression=None)) == "Ana? 70%"
    assert words(person(None)) == "face"
