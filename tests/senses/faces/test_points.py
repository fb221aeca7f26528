"""The points lie where the face is, however the crop, the roll and the edge lie; and what is no face is none."""

from math import cos, pi, radians, sin

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.values import Box, Face, Landmarks, Pixels
from assistant.senses.faces.crop import Square, crop_square
from assistant.senses.faces.points import PADDING, PointsNetwork, in_frame, padded
from tests.senses.scenes import astronaut, masked, noisy

CROP = 64
TEACHER = np.array([[202.9, 102.9], [246.1, 105.1], [223.4, 126.6], [203.2, 143.6], [240.9, 145.4]])
"""YuNet's points of the astronaut, the mean of eight looks, pixels."""
EYES_APART = 43.3
MIDDLE, WIDTH, HEIGHT = (224.6, 118.3), 91.3, 115.0
"""YuNet's box of the same face."""


@pytest.fixture(scope="module")
def network() -> PointsNetwork:
    return PointsNetwork()


def boxed(middle: tuple[float, float], width: float, height: float, pixels: Pixels) -> Face:
    """A face without points, given in pixels."""
    down, across = pixels.shape[:2]
    return Face(
        Box((middle[0] - width / 2) / across, (middle[1] - height / 2) / down, width / across, height / down), None, 0.9
    )


def square(x: float = MIDDLE[0], y: float = MIDDLE[1], scale: float = 1.0, roll: float = 0.0) -> Square:
    """The padded square round the astronaut's face, or one that is off."""
    return Square(x, y, PADDING * (WIDTH * HEIGHT) ** 0.5 * scale, roll)


def in_pixels(face: Face, pixels: Pixels) -> np.ndarray:
    assert face.landmarks is not None
    return np.array(face.landmarks) * pixels.shape[1::-1]


def off(face: Face, truth: np.ndarray, pixels: Pixels, apart: float = EYES_APART) -> float:
    """Mean distance of the points from where they should be, in distances between the eyes."""
    return float(np.hypot(*(in_pixels(face, pixels) - truth).T).mean() / apart)


@given(
    st.floats(100, 540),
    st.floats(100, 380),
    st.floats(40, 300),
    st.floats(-pi, pi),
    st.floats(-0.4, 0.4),
    st.floats(-0.4, 0.4),
)
def test_a_place_in_the_crop_is_the_same_place_in_the_frame(
    x: float, y: float, side: float, roll: float, right: float, down: float
) -> None:
    spot = (x + side * (cos(roll) * right - sin(roll) * down), y + side * (sin(roll) * right + cos(roll) * down))
    scene = np.zeros((480, 640, 3), np.uint8)
    # OpenCV counts from the middle of the first pixel, places in a frame from its corner.
    centre = (round(spot[0] * 16 - 8), round(spot[1] * 16 - 8))
    cv2.circle(scene, centre, round(side / 40 * 16), (255, 255, 255), -1, cv2.LINE_AA, 4)
    where = Square(x, y, side, roll)
    seen = crop_square(scene, where, CROP).astype(float)
    if 8 < spot[0] < 632 and 8 < spot[1] < 472:
        rows, columns = np.mgrid[:CROP, :CROP] + 0.5
        found = np.array([[(columns * seen).sum(), (rows * seen).sum()]]) / seen.sum() / CROP
        np.testing.assert_allclose(in_frame(found, where)[0], spot, atol=0.02 * side)


def test_the_square_round_a_box_is_upright_and_loose() -> None:
    where = padded(boxed((300, 200), 80, 100, np.zeros((480, 640, 3), np.uint8)), 640, 480)
    assert (where.x, where.y, where.roll) == (pytest.approx(300), pytest.approx(200), 0.0)
    assert where.side == pytest.approx(PADDING * 8000**0.5)


@pytest.mark.parametrize("degrees", [-60, -20, 0, 35])
def test_the_square_of_a_face_with_points_is_turned_with_it(degrees: float) -> None:
    truth = turned(TEACHER, radians(degrees))
    pixels = np.zeros((512, 512, 3), np.uint8)
    face = boxed(MIDDLE, WIDTH, HEIGHT, pixels)
    where = padded(Face(face.box, landmarks(truth, pixels), 0.9), 512, 512)
    assert where.roll == pytest.approx(radians(degrees), abs=0.06)


def test_a_box_of_no_size_still_has_a_square() -> None:
    assert padded(Face(Box(0.5, 0.5, 0.0, 0.0), None, 0.1), 640, 480).side == 1.0


def test_no_squares_no_answers(network: PointsNetwork) -> None:
    assert network.locate(astronaut(), []) == []


def test_a_face_is_found_with_its_points_and_its_box(network: PointsNetwork) -> None:
    (found,) = network.locate(astronaut(), [padded(boxed(MIDDLE, WIDTH, HEIGHT, astronaut()), 512, 512)])
    assert found.score > 0.9
    assert off(found, TEACHER, astronaut()) < 0.08
    assert found.box.iou(boxed(MIDDLE, WIDTH, HEIGHT, astronaut()).box) > 0.8


@pytest.mark.parametrize(
    ("where", "most"),
    [
        (square(x=MIDDLE[0] + 35), 0.15),
        (square(y=MIDDLE[1] - 35), 0.15),
        (square(scale=1.5), 0.25),  # the eyes are nine pixels apart there; the program looks again, closer
        (square(scale=0.7), 0.15),
        (square(roll=0.5), 0.15),
    ],
    ids=["beside", "above", "too large", "too small", "turned"],
)
def test_a_crop_that_is_off_finds_the_same_points(network: PointsNetwork, where: Square, most: float) -> None:
    (found,) = network.locate(astronaut(), [where])
    assert found.score > 0.5
    assert off(found, TEACHER, astronaut()) < most


@pytest.mark.parametrize("degrees", [-40, -15, 20, 45])
@pytest.mark.parametrize("known", [True, False], ids=["roll known", "roll unknown"])
def test_a_face_that_is_rolled(network: PointsNetwork, degrees: float, known: bool) -> None:
    matrix = cv2.getRotationMatrix2D(MIDDLE, -degrees, 1.0)
    scene = np.asarray(cv2.warpAffine(astronaut(), matrix, (512, 512), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    truth = turned(TEACHER, radians(degrees))
    (found,) = network.locate(scene, [square(roll=radians(degrees) if known else 0.0)])
    assert found.score > 0.5
    assert off(found, truth, scene) < (0.1 if known else 0.2)


def test_a_mirrored_face_has_mirrored_points(network: PointsNetwork) -> None:
    scene = np.ascontiguousarray(astronaut()[:, ::-1])
    (found,) = network.locate(scene, [square(x=512 - MIDDLE[0])])
    truth = (TEACHER * (-1, 1) + (512, 0))[[1, 0, 2, 4, 3]]
    assert off(found, truth, scene) < 0.1


def test_each_square_has_an_answer_of_its_own_in_order(network: PointsNetwork) -> None:
    both = np.concatenate([np.full_like(astronaut(), 90), astronaut()], axis=1)
    empty, face = network.locate(both, [square(), square(x=MIDDLE[0] + 512)])
    assert empty.score < 0.5 < face.score
    assert off(face, np.add(TEACHER, (512, 0)), both) < 0.1


@pytest.mark.parametrize("side", [24, 40, 80, 300])
def test_a_face_of_any_size(network: PointsNetwork, side: float) -> None:
    scale = side / HEIGHT
    size = round(512 * scale)
    scene = np.asarray(cv2.resize(astronaut(), (size, size), interpolation=cv2.INTER_AREA), np.uint8)
    scale = size / 512
    (found,) = network.locate(scene, [padded(boxed(MIDDLE, WIDTH, HEIGHT, astronaut()), size, size)])
    assert found.score > 0.5
    assert off(found, TEACHER * scale, scene, EYES_APART * scale) < 0.2


def test_a_face_in_a_tenth_of_the_light(network: PointsNetwork) -> None:
    dark = np.asarray(astronaut() // 10, np.uint8)
    (found,) = network.locate(dark, [square()])
    assert found.score > 0.5
    assert off(found, TEACHER, dark) < 0.15


@pytest.mark.parametrize("shade", [(225, 232, 240), (40, 40, 44)], ids=["white", "black"])
def test_a_mask_covers_the_mouth(network: PointsNetwork, shade: tuple[int, int, int]) -> None:
    bare, covered = (network.locate(pixels, [square()])[0] for pixels in (astronaut(), masked(shade)))
    assert bare.covered is not None
    assert bare.covered < 0.1
    assert covered.covered is not None
    assert covered.covered > 0.5
    assert covered.score > 0.5


def test_a_face_at_the_edge_of_the_frame(network: PointsNetwork) -> None:
    left, top = 190, 62
    scene = np.ascontiguousarray(astronaut()[top:, left:])
    (found,) = network.locate(scene, [square(MIDDLE[0] - left, MIDDLE[1] - top)])
    assert found.score > 0.5
    assert off(found, TEACHER - (left, top), scene) < 0.2


def test_points_that_are_followed_stay_on_the_face(network: PointsNetwork) -> None:
    """The crop of each frame is that of the last answer: it must not creep away, grow or turn."""
    face = boxed((MIDDLE[0] + 20, MIDDLE[1] - 15), WIDTH * 1.2, HEIGHT * 1.2, astronaut())
    for number in range(30):
        frame = noisy(astronaut(), 4.0, number)
        (face,) = network.locate(frame, [padded(face, 512, 512)])
    assert face.score > 0.5
    assert off(face, TEACHER, astronaut()) < 0.12
    assert face.box.iou(boxed(MIDDLE, WIDTH, HEIGHT, astronaut()).box) > 0.75


def textures() -> list[tuple[str, Pixels]]:
    random = np.random.default_rng(3)
    stripes = np.tile((np.arange(512) // 16 % 2 * 120 + 60).astype(np.uint8), (512, 1))
    return [
        ("black", np.zeros((512, 512, 3), np.uint8)),
        ("grey", np.full((512, 512, 3), 128, np.uint8)),
        ("white", np.full((512, 512, 3), 255, np.uint8)),
        ("noise", random.integers(0, 256, (512, 512, 3), np.uint8)),
        ("gradient", np.tile(np.linspace(0, 255, 512).astype(np.uint8)[:, None, None], (1, 512, 3))),
        ("stripes", np.repeat(stripes[:, :, None], 3, axis=2)),
    ]


@pytest.mark.parametrize("picture", [pixels for _, pixels in textures()], ids=[name for name, _ in textures()])
def test_what_is_no_face(network: PointsNetwork, picture: Pixels) -> None:
    (found,) = network.locate(picture, [square()])
    assert found.score < 0.5


@pytest.mark.parametrize("middle", [(420.0, 60.0), (80.0, 300.0), (300.0, 400.0), (60.0, 80.0)])
def test_what_stands_beside_a_face_is_none(network: PointsNetwork, middle: tuple[float, float]) -> None:
    (found,) = network.locate(astronaut(), [square(*middle)])
    assert found.score < 0.5


@given(
    st.integers(1, 12),
    st.integers(1, 12),
    st.floats(-30, 30),
    st.floats(-30, 30),
    st.floats(1, 200),
    st.floats(-pi, pi),
)
def test_any_square_in_any_picture_gives_an_answer(
    network: PointsNetwork, width: int, height: int, x: float, y: float, side: float, roll: float
) -> None:
    (found,) = network.locate(np.full((height, width, 3), 77, np.uint8), [Square(x, y, side, roll)])
    assert 0 <= found.score <= 1
    assert np.isfinite(in_pixels(found, np.zeros((height, width, 3), np.uint8))).all()
    assert found.box.width >= 0 <= found.box.height


def turned(points: np.ndarray, roll: float) -> np.ndarray:
    """Points turned round the middle of the face, clockwise in the picture."""
    matrix = np.array([[cos(roll), sin(roll)], [-sin(roll), cos(roll)]])
    return np.asarray((points - MIDDLE) @ matrix + MIDDLE)


def landmarks(points: np.ndarray, pixels: Pixels) -> Landmarks:
    eye, other_eye, nose, corner, other_corner = [(x, y) for x, y in (points / pixels.shape[1::-1]).tolist()]
    return eye, other_eye, nose, corner, other_corner
