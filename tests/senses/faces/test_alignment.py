"""A face is laid out alike, whatever the frame, the roll, the size and the edge."""

from math import cos, radians, sin

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.values import Landmarks, Pixels
from assistant.senses.faces.alignment import PLACES, align, align_in_colour, aligned_square
from tests.senses.scenes import astronaut

WIDTH, HEIGHT = 640, 480
ASTRONAUT = (
    (201.5 / 512, 108.0 / 512),
    (247.0 / 512, 105.5 / 512),
    (226.0 / 512, 131.0 / 512),
    (208.5 / 512, 153.5 / 512),
    (246.5 / 512, 151.5 / 512),
)
"""Her five points, as a detector finds them."""


def points(x: float, y: float, side: float, roll: float, off: float = 0.0) -> Landmarks:
    """Five points that lie where they belong in a turned square, but for `off` of its side; pixels and degrees."""
    moved = PLACES - 0.5 + off * np.array([[1, 0], [-1, 0], [0, 1], [0, -1], [0, 0]])
    angle = radians(roll)
    turned = moved @ np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]]) * side + (x, y)
    eye, other_eye, nose, corner, other_corner = (turned / (WIDTH, HEIGHT)).tolist()
    return tuple(eye), tuple(other_eye), tuple(nose), tuple(corner), tuple(other_corner)


@given(st.floats(-100, 740), st.floats(-100, 580), st.floats(8, 900), st.floats(-179, 179))
def test_points_that_fit_give_their_square(x: float, y: float, side: float, roll: float) -> None:
    found = aligned_square(points(x, y, side, roll), WIDTH, HEIGHT)
    assert (found.x, found.y, found.side) == pytest.approx((x, y, side), abs=1e-6 * 1000)
    assert (cos(found.roll), sin(found.roll)) == pytest.approx((cos(radians(roll)), sin(radians(roll))), abs=1e-6)


def test_points_that_do_not_fit_give_the_square_nearest_to_them() -> None:
    given = points(320, 240, 100, 20, off=0.03)
    found = aligned_square(given, WIDTH, HEIGHT)

    def distance(x: float, y: float, side: float, roll: float) -> float:
        return float(((np.array(points(x, y, side, roll)) - np.array(given)) * (WIDTH, HEIGHT)).__pow__(2).sum())

    best = distance(found.x, found.y, found.side, np.degrees(found.roll))
    for change in np.concatenate([np.eye(4), -np.eye(4)]) * 0.2:
        x, y, side, roll = np.array([found.x, found.y, found.side, np.degrees(found.roll)]) + change
        assert distance(x, y, side, roll) > best


def test_five_equal_points_give_a_square_of_one_pixel() -> None:
    spot = (0.5, 0.5)
    found = aligned_square((spot, spot, spot, spot, spot), WIDTH, HEIGHT)
    assert found.side == 1


def turned(pixels: Pixels, landmarks: Landmarks) -> tuple[Pixels, Landmarks]:
    """Both, a quarter to the left."""
    eye, other_eye, nose, corner, other_corner = [(y, 1 - x) for x, y in landmarks]
    return np.ascontiguousarray(np.rot90(pixels)), (eye, other_eye, nose, corner, other_corner)


def test_a_turned_frame_gives_the_same_face() -> None:
    pixels = astronaut()
    upright = align(pixels, ASTRONAUT, 64).astype(int)
    assert abs(align(*turned(pixels, ASTRONAUT), 64) - upright).mean() < 1


@pytest.mark.parametrize("size", [64, 128])
def test_grey_and_colour_show_the_same(size: int) -> None:
    pixels = astronaut()
    grey, colour = align(pixels, ASTRONAUT, size), align_in_colour(pixels, ASTRONAUT, size)
    assert (grey.shape, colour.shape, grey.dtype, colour.dtype) == ((size, size), (size, size, 3), np.uint8, np.uint8)
    assert abs(colour @ (0.299, 0.587, 0.114) - grey).max() < 2


@pytest.mark.parametrize("where", [(0, 0, 60), (640, 480, 200), (-300, 900, 50), (320, 240, 5000)])
def test_what_reaches_over_the_edge_is_filled(where: tuple[float, float, float]) -> None:
    frame = np.full((HEIGHT, WIDTH, 3), 77, np.uint8)
    assert (align(frame, points(*where, 30), 64) == 77).all()
    assert (align_in_colour(np.full((1, 1, 3), 77, np.uint8), points(*where, 30), 64) == 77).all()
