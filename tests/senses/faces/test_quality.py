"""A crop that shows nothing is not believed."""

import cv2
import numpy as np
import pytest

from assistant.domain.values import Box, Face
from assistant.senses.faces.crop import SIZE, crop
from assistant.senses.faces.quality import quality
from tests.senses.scenes import astronaut, noisy

FACE = crop(astronaut(), Face(Box(181 / 512, 66 / 512, 85 / 512, 108 / 512), None, 1))


def test_a_clear_face_is_read_as_it_is() -> None:
    assert quality(FACE, side=100, inside=1) == 1


@pytest.mark.parametrize(("side", "low", "high"), [(10, 0, 0), (16, 0.1, 0.5), (24, 1, 1)])
def test_the_smaller_the_face_the_less_it_is_believed(side: float, low: float, high: float) -> None:
    assert low <= quality(FACE, side, inside=1) <= high


@pytest.mark.parametrize(("inside", "low", "high"), [(0.5, 0, 0), (0.7, 0.2, 0.6), (0.9, 1, 1)])
def test_the_more_is_cut_off_the_less_it_is_believed(inside: float, low: float, high: float) -> None:
    assert low <= quality(FACE, 100, inside) <= high


@pytest.mark.parametrize(("sigma", "low", "high"), [(1, 0.9, 1), (2, 0.3, 0.9), (4, 0, 0.1)])
def test_the_more_it_is_blurred_the_less_it_is_believed(sigma: float, low: float, high: float) -> None:
    blurred = noisy(np.asarray(cv2.GaussianBlur(FACE, (0, 0), sigma), np.uint8), 1, seed=0)
    assert low <= quality(blurred, 100, 1) <= high


@pytest.mark.parametrize(("light", "low", "high"), [(0.2, 1, 1), (0.03, 0, 0.5)])
def test_the_darker_it_is_the_less_it_is_believed(light: float, low: float, high: float) -> None:
    dim = noisy(np.asarray(FACE * light, np.uint8), 1, seed=0)
    assert low <= quality(dim, 100, 1) <= high


@pytest.mark.parametrize("level", [0, 128, 255])
def test_nothing_is_believed_of_a_flat_crop(level: int) -> None:
    assert quality(np.full((SIZE, SIZE), level, np.uint8), 100, 1) == 0
