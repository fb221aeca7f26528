"""The crop keeps to one framing, whatever the frame, the roll, the size and the edge."""

from math import cos, pi, radians, sin

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.values import Box, Face, Landmarks, Pixels
from assistant.senses.faces.crop import SIZE, TEMPLATE, Square, crop, crop_square, square
from tests.senses.scenes import astronaut

WIDTH, HEIGHT = 640, 480


def points(x: float, y: float, side: float, roll: float, width: int = WIDTH, height: int = HEIGHT) -> Landmarks:
    """Five points that lie as `TEMPLATE` says in a turned square; its middle and side in pixels, roll in radians."""
    five = np.insert(TEMPLATE, 2, (0.5, 0.6), axis=0) - 0.5
    turned = five @ np.array([[cos(roll), sin(roll)], [-sin(roll), cos(roll)]]) * side + (x, y)
    eye, other_eye, nose, corner, other_corner = (turned / (width, height)).tolist()
    return tuple(eye), tuple(other_eye), tuple(nose), tuple(corner), tuple(other_corner)


def face(x: float, y: float, side: float, roll: float | None = None) -> Face:
    """A face whose canonical square is the given one, in a frame of 640x480."""
    width, height = side / 1.12 * 0.9, side / 1.12 / 0.9
    lift = 0.025 * side
    box = Box((x - width / 2) / WIDTH, (y - height / 2 + lift) / HEIGHT, width / WIDTH, height / HEIGHT)
    return Face(box, None if roll is None else points(x, y, side, roll), 0.9)


def marked(x: float, y: float, side: float, roll: float) -> Pixels:
    """A scene with white spots where eyes and mouth of that face would be."""
    scene = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    for px, py in np.array(points(x, y, side, roll))[[0, 1, 3, 4]] * (WIDTH, HEIGHT):
        # OpenCV counts from the middle of the first pixel, fractions of a frame from its corner.
        cv2.circle(
            scene, (round(px * 16 - 8), round(py * 16 - 8)), round(side / 30 * 16), (255, 255, 255), -1, cv2.LINE_AA, 4
        )
    return scene


def spots(grey: np.ndarray) -> np.ndarray:
    """Middles of the four white spots of a crop as fractions of its side, in the order of `TEMPLATE`."""
    _, _, _, middles = cv2.connectedComponentsWithStats((grey > 60).astype(np.uint8))
    found = (np.array(middles[1:]) + 0.5) / SIZE
    return found[np.lexsort((found[:, 0], found[:, 1] > 0.5))]


@given(st.floats(100, 500), st.floats(100, 400), st.floats(30, 200), st.floats(-pi / 3, pi / 3))
def test_box_and_points_of_the_same_face_agree(x: float, y: float, side: float, roll: float) -> None:
    found = square(face(x, y, side, roll), WIDTH, HEIGHT)
    assert (found.x, found.y) == (pytest.approx(x, abs=0.03 * side), pytest.approx(y, abs=0.03 * side))
    assert found.side == pytest.approx(side, rel=1e-6)
    assert found.roll == pytest.approx(roll, abs=1e-6)


def test_without_points_the_square_is_upright() -> None:
    found = square(face(300, 200, 100), WIDTH, HEIGHT)
    assert (found.x, found.y, found.side, found.roll) == (
        pytest.approx(300),
        pytest.approx(200),
        pytest.approx(100),
        0.0,
    )


def test_an_error_of_the_box_is_halved_where_there_are_points() -> None:
    good = face(300, 200, 100, 0.0)
    box = good.box
    off = Face(Box(box.left + 0.02, box.top, box.width * 1.21, box.height * 1.21), good.landmarks, 0.9)
    assert square(off, WIDTH, HEIGHT).side == pytest.approx(110, rel=1e-3)


def test_points_that_contradict_the_box_are_not_believed() -> None:
    good = face(300, 200, 100)
    wild = Face(good.box, points(300, 200, 20, 1.0), 0.9)
    assert square(wild, WIDTH, HEIGHT) == square(good, WIDTH, HEIGHT)


@pytest.mark.parametrize("side", [24, 60, 96, 150, 300])
@pytest.mark.parametrize("degrees", [-40, 0, 25])
def test_eyes_and_mouth_come_to_their_places(side: float, degrees: float) -> None:
    roll = radians(degrees)
    grey = crop(marked(321.3, 239.8, side, roll), face(321.3, 239.8, side, roll))
    np.testing.assert_allclose(spots(grey), TEMPLATE, atol=0.03)


@pytest.mark.parametrize(("x", "y"), [(0, 240), (640, 240), (320, 0), (320, 480), (640, 480)])
def test_places_hold_at_the_edge_of_the_frame_too(x: float, y: float) -> None:
    scene = marked(x, y, 120, 0.0)
    inner = cv2.copyMakeBorder(scene, 200, 200, 200, 200, cv2.BORDER_REPLICATE)
    there = crop_square(scene, Square(x, y, 120, 0.0)).astype(int)
    padded = crop_square(np.asarray(inner, np.uint8), Square(x + 200, y + 200, 120, 0.0)).astype(int)
    assert np.abs(there - padded).max() <= 1


def test_a_large_face_is_averaged_and_not_sampled() -> None:
    scene = np.random.default_rng(0).integers(0, 2, (960, 960, 1), np.uint8).repeat(3, axis=2) * 255
    assert crop_square(scene, Square(480, 480, 960, 0.0)).std() < 20


@given(st.integers(1, 12), st.integers(1, 12), st.floats(-1, 2), st.floats(-1, 2), st.floats(0, 3), st.booleans())
def test_any_face_in_any_picture_gives_a_crop(
    width: int, height: int, x: float, y: float, size: float, pointed: bool
) -> None:
    pixels = np.full((height, width, 3), 77, np.uint8)
    landmarks = points(x, y, size + 0.1, 0.7, 1, 1) if pointed else None
    grey = crop(pixels, Face(Box(x, y, size, size), landmarks, 0.5))
    assert (grey.shape, grey.dtype) == ((SIZE, SIZE), np.uint8)
    assert (grey == 77).all()


def test_the_same_face_gives_the_same_crop_at_another_resolution() -> None:
    box = Box(181 / 512, 66 / 512, 85 / 512, 108 / 512)
    large = np.asarray(cv2.resize(astronaut(), (1024, 1024), interpolation=cv2.INTER_CUBIC), np.uint8)
    one, other = crop(astronaut(), Face(box, None, 1)), crop(large, Face(box, None, 1))
    assert np.abs(one.astype(int) - other).mean() < 2


@pytest.mark.parametrize(
    ("middle", "inside"), [((100, 100), 1.0), ((0, 100), 0.5), ((0, 0), 0.25), ((-60, 100), 0.0), ((100, 470), 0.7)]
)
def test_the_part_inside_the_frame(middle: tuple[float, float], inside: float) -> None:
    assert Square(*middle, 50, 0.0).inside(WIDTH, HEIGHT) == pytest.approx(inside)
