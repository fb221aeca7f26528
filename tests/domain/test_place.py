"""Where somebody is and how far: on rendered faces, mirrored, and at any size of the picture."""

from math import cos, radians, sin, tan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.place import FACE_M, FIELD_OF_VIEW, bearing, distance, edge, metres, place
from assistant.domain.values import Box

MIRRORED = {"left": "right", "right": "left", "ahead": "ahead"} | {
    f"{hour} o'clock": f"{(12 - hour) % 12 or 12} o'clock" for hour in range(1, 13)
}

boxes = st.builds(Box, st.floats(-0.2, 0.9), st.floats(-0.2, 0.9), st.floats(0.02, 0.5), st.floats(0.02, 0.5))
views = st.none() | st.floats(20, 150)


def at(x: float, size: float = 0.2) -> Box:
    return Box(x - size / 2, 0.4, size, size)


def rendered(pan: float, tilt: float, away_m: float, view: float, aspect: float) -> Box:
    """The box of a square face that looks into the camera, drawn by its area as FACE_M says."""
    across = np.array([cos(radians(pan)), 0, -sin(radians(pan))])
    sight = np.array(
        [sin(radians(pan)) * cos(radians(tilt)), -sin(radians(tilt)), cos(radians(pan)) * cos(radians(tilt))]
    )
    corners = [
        away_m * sight + FACE_M / 2 * (a * across + b * np.cross(sight, across)) for a in (-1, 1) for b in (-1, 1)
    ]
    half = tan(radians(view) / 2)
    points = np.array([(x / z / half / 2 + 0.5, y / z / half / 2 * aspect + 0.5) for x, y, z in corners])
    order = points[[0, 1, 3, 2]]
    area = abs(np.sum(order[:, 0] * np.roll(order[:, 1], -1) - order[:, 1] * np.roll(order[:, 0], -1))) / 2
    (x, y), width, height = points.mean(axis=0).tolist(), (area / aspect) ** 0.5, (area * aspect) ** 0.5
    return Box(x - width / 2, y - height / 2, width, height)


@pytest.mark.parametrize("view", [40, 60, 120])
@pytest.mark.parametrize("aspect", [3 / 4, 4 / 3, 16 / 9])
@pytest.mark.parametrize("away_m", [0.4, 1.0, 3.0])
def test_distance_and_bearing_of_a_rendered_face(view: float, aspect: float, away_m: float) -> None:
    for pan in (-18, 0, 15):
        for tilt in (-10, 0, 10):
            box = rendered(pan, tilt, away_m, view, aspect)
            assert metres(box, aspect, view) == pytest.approx(away_m, rel=0.03)
            assert bearing(box, view) == pytest.approx(pan, abs=1)


@pytest.mark.parametrize(
    ("x", "view", "clock", "word"),
    [
        (0.5, None, False, "ahead"),
        (0.3, None, False, "left"),
        (0.7, None, False, "right"),
        (0.36, None, False, "ahead"),
        (0.3, 60, False, "ahead"),  # 13 degrees
        (0.2, 60, False, "left"),  # 19 degrees
        (0.3, 100, False, "left"),  # 25 degrees
        (0.5, None, True, "12 o'clock"),
        (0.1, None, True, "11 o'clock"),  # 25 degrees of the 60 that are assumed
        (0.9, None, True, "1 o'clock"),
        (0.02, 120, True, "10 o'clock"),  # 59 degrees
        (0.98, 150, True, "2 o'clock"),
        (1.0, 150, True, "2 o'clock"),
    ],
)
def test_places(x: float, view: float | None, clock: bool, word: str) -> None:
    assert place(at(x), view, clock) == word


@given(boxes, views, st.booleans())
def test_a_mirrored_picture_has_mirrored_places(box: Box, view: float | None, clock: bool) -> None:
    other = Box(1 - box.left - box.width, box.top, box.width, box.height)
    if abs(abs(bearing(box, view)) % 15) > 0.01 and abs(abs(box.centre[0] - 0.5) - 1 / 6) > 0.001:  # not on a border
        assert place(other, view, clock) == MIRRORED[place(box, view, clock)]
    assert metres(other, 1.5, view) == pytest.approx(metres(box, 1.5, view))


@given(boxes, views, st.floats(1.1, 4))
def test_a_face_half_as_large_is_twice_as_far(box: Box, view: float | None, factor: float) -> None:
    x, y = box.centre
    width, height = box.width / factor, box.height / factor
    smaller = Box(x - width / 2, y - height / 2, width, height)
    assert metres(smaller, 4 / 3, view) == pytest.approx(metres(box, 4 / 3, view) * factor)
    assert place(smaller, view, False) == place(box, view, False)


def test_a_face_that_is_tilted_or_turned_is_no_farther() -> None:
    assert metres(Box(0.4, 0.4, 0.2, 0.2), 1, 60) == pytest.approx(metres(Box(0.45, 0.3, 0.1, 0.4), 1, 60))


def test_without_a_field_of_view_one_is_assumed() -> None:
    assert metres(at(0.4), 4 / 3, None) == metres(at(0.4), 4 / 3, FIELD_OF_VIEW)


@pytest.mark.parametrize(
    ("away_m", "rough", "word"),
    [
        (0.3, "near", "very_near"),
        (0.7, "near", "one_metre"),
        (1.37, "near", "one_metre"),
        (1.6, "far", "two_metres"),
        (2.4, "far", "two_metres"),
        (2.6, "far", "far"),
        (30.0, "far", "far"),
    ],
)
def test_distances_are_words(away_m: float, rough: str, word: str) -> None:
    assert (distance(away_m, configured=False), distance(away_m, configured=True)) == (rough, word)


@pytest.mark.parametrize(
    ("box", "side"),
    [
        (Box(-0.1, 0.3, 0.2, 0.3), "left"),
        (Box(0.9, 0.3, 0.2, 0.3), "right"),
        (Box(0.4, -0.2, 0.2, 0.3), "top"),
        (Box(0.4, 0.8, 0.2, 0.4), "bottom"),
        (Box(-0.05, -0.1, 0.2, 0.3), "top"),
        (Box(0.01, 0.3, 0.2, 0.3), "left"),
    ],
)
def test_the_edge_that_cuts(box: Box, side: str) -> None:
    assert edge(box) == side
