"""A still picture is searched in parts too: every face once, where it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.values import Box, Face, Landmarks, Pixels
from assistant.senses.faces.detectors import detector
from assistant.senses.faces.finder import HEIGHT, WIDTH
from assistant.senses.faces.tiles import TiledDetector

MIDDLE: Landmarks = ((0.4, 0.4), (0.6, 0.4), (0.5, 0.5), (0.4, 0.6), (0.6, 0.6))


class Bright:
    """Takes the rectangle round everything white for a face, in pictures in which it is at least 20 pixels high."""

    name = "bright"

    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def detect(self, pixels: Pixels) -> list[Face]:
        height, width = pixels.shape[:2]
        self.seen.append((width, height))
        scale = min(1, WIDTH / width, HEIGHT / height)
        rows, columns = np.nonzero(pixels[..., 0] > 200)
        if not len(rows) or (rows.max() - rows.min() + 1) * scale < 20:
            return []
        left, top = columns.min() / width, rows.min() / height
        across, down = (columns.max() + 1) / width - left, (rows.max() + 1) / height - top
        points = [(left + x * across, top + y * down) for x, y in MIDDLE]
        eye, other_eye, nose, corner, other_corner = points
        return [Face(Box(left, top, across, down), (eye, other_eye, nose, corner, other_corner), 0.9)]


def scene(width: int, height: int, left: int, top: int, side: int) -> Pixels:
    pixels = np.zeros((height, width, 3), np.uint8)
    pixels[top : top + side, left : left + side] = 255
    return pixels


@given(st.integers(0, 960 - 30), st.integers(0, 720 - 30))
def test_a_face_too_small_for_the_whole_picture_is_found_once_wherever_it_is(left: int, top: int) -> None:
    pixels = scene(960, 720, left, top, 30)
    assert Bright().detect(pixels) == []
    (face,) = TiledDetector(Bright()).detect(pixels)
    assert face.box.left * 960 == pytest.approx(left, abs=0.1)
    assert face.box.top * 720 == pytest.approx(top, abs=0.1)
    assert face.box.width * 960 == pytest.approx(30, abs=0.1)
    assert face.landmarks is not None
    assert face.landmarks[2] == pytest.approx(face.box.centre)


def test_a_large_face_is_found_once_and_whole() -> None:
    (face,) = TiledDetector(Bright()).detect(scene(960, 720, 200, 100, 500))
    assert (face.box.width * 960, face.box.height * 720) == pytest.approx((500, 500))


def test_a_face_that_only_a_part_shows_is_less_sure_than_one_that_the_whole_shows() -> None:
    (small,) = TiledDetector(Bright()).detect(scene(960, 720, 200, 100, 30))
    (large,) = TiledDetector(Bright()).detect(scene(960, 720, 200, 100, 500))
    assert small.score < large.score == 0.9


def test_a_picture_of_the_detectors_own_size_is_searched_once() -> None:
    inner = Bright()
    TiledDetector(inner).detect(scene(WIDTH, HEIGHT, 10, 10, 50))
    assert inner.seen == [(WIDTH, HEIGHT)]


@pytest.mark.parametrize("shape", [(1, 1), (1, 3000), (3000, 1), (4000, 6000)])
def test_pictures_of_any_size_take_a_limited_number_of_searches(shape: tuple[int, int]) -> None:
    inner = Bright()
    assert TiledDetector(inner).detect(np.zeros((*shape, 3), np.uint8)) == []
    assert len(inner.seen) <= 40


def test_every_detector_can_search_finely_under_its_own_name() -> None:
    assert detector("haar", finely=True).name == "haar"
    assert not isinstance(detector("haar"), TiledDetector)
