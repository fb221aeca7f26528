"""How a head is turned: on a rendered head of points, on mirrored pictures, on nonsense, and on a person who looks."""

from math import cos, radians, sin, tan
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant import weights
from assistant.domain.values import Landmarks, Point, Pose
from assistant.senses.faces.pose import facing, head_pose
from assistant.senses.faces.yunet import YuNetDetector
from tests.senses.shared import MEDIA, YUNET, needs

WIDTH, HEIGHT = 640, 480
CANONICAL = np.array([[-31.5, 0, 0], [31.5, 0, 0], [0, 34.3, -37.3], [-24.6, 69.7, -4.8], [24.6, 69.7, -4.8]])
"""MediaPipe's canonical face: a head of another shape than the one that is looked for, millimetres."""
TURNS = [
    Pose(roll, yaw, pitch) for roll in (-40, -15, 0, 40) for yaw in (-60, -35, 0, 10, 60) for pitch in (-30, 0, 15, 30)
]

Matrix = NDArray[np.float64]


def turned(about: str, angle: float) -> Matrix:
    """A right-handed rotation about x (right), y (down) or z (away), degrees."""
    c, s = cos(radians(angle)), sin(radians(angle))
    return {
        "x": np.array([[1, 0, 0], [0, c, -s], [0, s, c]]),
        "y": np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]),
        "z": np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]),
    }[about]


def rendered(
    pose: Pose, pan: float = 0, tilt: float = 0, distance: float = 1000, view: float = 60, head: Matrix = CANONICAL
) -> Landmarks:
    """A head's points in a picture: at so many degrees to the right and up, so many millimetres away."""
    sight = turned("y", pan) @ turned("x", tilt)
    rotation = sight @ turned("z", pose.roll) @ turned("y", -pose.yaw) @ turned("x", -pose.pitch)
    seen = head @ rotation.T + sight @ (0, 0, distance)
    focal = WIDTH / 2 / tan(radians(view) / 2)
    return as_landmarks(seen[:, :2] / seen[:, 2:] * focal / (WIDTH, HEIGHT) + 0.5)


def as_landmarks(points: Matrix) -> Landmarks:
    a, b, c, d, e = ((float(x), float(y)) for x, y in points)
    return a, b, c, d, e


def mirrored(points: Landmarks) -> Landmarks:
    eye, other_eye, nose, corner, other_corner = ((1 - x, y) for x, y in points)
    return other_eye, eye, nose, other_corner, corner


def errors(pose: Pose | None, truth: Pose) -> Matrix:
    """How far roll, yaw and pitch are off, degrees."""
    assert pose is not None
    return np.abs([pose.roll - truth.roll, pose.yaw - truth.yaw, pose.pitch - truth.pitch])


@pytest.mark.parametrize("distance", [350, 1000, 4000])
@pytest.mark.parametrize("view", [40, 60, 100])
@pytest.mark.parametrize(("pan", "tilt"), [(0, 0), (-16, 8), (15, -12)])
def test_a_head_of_another_shape_in_every_place(distance: float, view: float, pan: float, tilt: float) -> None:
    for pose in TURNS:
        found = head_pose(rendered(pose, pan, tilt, distance, view), WIDTH, HEIGHT, view)
        assert (errors(found, pose) < (5, 8, 11)).all(), pose


def test_heads_of_many_shapes_with_points_a_little_off() -> None:
    random = np.random.default_rng(4)
    off = []
    for index in range(600):
        head = CANONICAL * random.uniform(0.9, 1.1, 3) + random.normal(0, 0.035 * 63, (5, 3)) * (1, 1, 0)
        pose = TURNS[index % len(TURNS)]
        off.append(errors(head_pose(rendered(pose, head=head), WIDTH, HEIGHT), pose))
    assert (np.percentile(off, 95, axis=0) < (8, 10, 12)).all()


def test_who_looks_into_the_camera_from_the_edge_of_the_picture_faces_it() -> None:
    for pan in (-28, 28):
        at_it = Pose(0, 0, 0)
        assert (errors(head_pose(rendered(at_it, pan), WIDTH, HEIGHT), at_it) < (1, 1, 9)).all()
        past_it = Pose(0, -pan, 0)  # along the camera's axis
        assert (errors(head_pose(rendered(past_it, pan), WIDTH, HEIGHT), past_it) < (5, 6, 9)).all()


def test_the_signs() -> None:
    upright = Pose(0, 0, 0)
    assert rendered(upright)[0][0] < rendered(upright)[1][0]
    assert rendered(Pose(20, 0, 0))[1][1] > rendered(upright)[1][1]  # clockwise: the eye at the right is lower
    assert rendered(Pose(0, 20, 0))[2][0] > rendered(upright)[2][0]  # the nose points to the right
    assert rendered(Pose(0, 0, 20))[2][1] < rendered(upright)[2][1]  # the nose points up


angles = st.builds(Pose, st.floats(-40, 40), st.floats(-60, 60), st.floats(-30, 30))


@given(angles, st.floats(-25, 25), st.floats(-18, 18), st.floats(300, 5000))
def test_a_mirrored_picture_gives_the_mirrored_pose(pose: Pose, pan: float, tilt: float, distance: float) -> None:
    points = rendered(pose, pan, tilt, distance)
    one, other = head_pose(points, WIDTH, HEIGHT), head_pose(mirrored(points), WIDTH, HEIGHT)
    assert one
    assert errors(other, Pose(-one.roll, -one.yaw, one.pitch)).max() < 0.01
    this, that = facing(one), facing(other)
    assert (this["you"], this["left"]) == pytest.approx((that["you"], that["right"]), abs=1e-3)


@given(angles, st.floats(0.25, 8))
def test_the_size_of_the_picture_does_not_matter(pose: Pose, scale: float) -> None:
    points = rendered(pose)
    one = head_pose(points, WIDTH, HEIGHT)
    assert one
    assert errors(head_pose(points, round(WIDTH * scale), round(HEIGHT * scale)), one).max() < 1


@pytest.mark.parametrize(
    "points",
    [
        [(0.5, 0.5)] * 5,
        [(0.0, 0.0)] * 5,
        [(float("nan"), 0.5)] * 5,
        [(0.4, 0.4), (0.6, 0.4), (0.5, float("nan")), (0.45, 0.6), (0.55, 0.6)],
        [(float("inf"), 0.5), (0.6, 0.4), (0.5, 0.5), (0.45, 0.6), (0.55, 0.6)],
        [(1e300, 0.5), (-1e300, 0.4), (0.5, 0.5), (0.45, 0.6), (0.55, 0.6)],
        [(0.3, 0.5), (0.4, 0.5), (0.5, 0.5), (0.35, 0.5), (0.45, 0.5)],
        [(0.3, 0.3), (0.4, 0.4), (0.5, 0.5), (0.35, 0.35), (0.45, 0.45)],
        [(0.6, 0.3), (0.4, 0.3), (0.5, 0.4), (0.55, 0.5), (0.45, 0.5)],
    ],
    ids=[
        "one place",
        "zeros",
        "no numbers",
        "one is none",
        "infinite",
        "huge",
        "level line",
        "slanted line",
        "swapped",
    ],
)
def test_nonsense_has_no_pose_and_may_face_anywhere(points: list[Point]) -> None:
    pose = head_pose(as_landmarks(np.array(points)), WIDTH, HEIGHT)
    assert pose is None
    assert facing(pose) == {"you": 1 / 3, "left": 1 / 3, "right": 1 / 3}


@given(st.lists(st.tuples(st.floats(), st.floats()), min_size=5, max_size=5))
def test_nothing_makes_it_fail(points: list[Point]) -> None:
    assert sum(facing(head_pose(as_landmarks(np.array(points)), WIDTH, HEIGHT)).values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("pose", "value"),
    [
        (Pose(0, 0, 0), "you"),
        (Pose(40, 15, -20), "you"),
        (Pose(-40, -15, 25), "you"),
        (Pose(0, -40, 0), "left"),
        (Pose(0, 40, 0), "right"),
        (Pose(0, -60, -25), "left"),
    ],
)
def test_facing(pose: Pose, value: str) -> None:
    assert facing(pose)[value] > 0.75


@pytest.mark.parametrize("pitch", [-60, 60])
def test_a_head_bowed_or_raised_far_does_not_face_you_and_turns_to_neither_side(pitch: float) -> None:
    chances = facing(Pose(0, 0, pitch))
    assert chances["you"] < 0.01
    assert chances["left"] == chances["right"]


@given(st.builds(Pose, st.floats(-180, 180), st.floats(-90, 90), st.floats(-180, 180)))
def test_facing_is_a_distribution(pose: Pose) -> None:
    chances = facing(pose)
    assert sum(chances.values()) == pytest.approx(1)
    assert min(chances.values()) >= 0


@needs(MEDIA)
@needs(YUNET)
def test_a_person_who_faces_the_camera_faces_you(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path))
    weights.install("yunet", YUNET.parent)
    detector = YuNetDetector()
    poses = []
    for clip in sorted(MEDIA.glob("*.mkv")):
        video = cv2.VideoCapture(str(clip))
        for at in range(0, 70, 10):
            video.set(cv2.CAP_PROP_POS_FRAMES, at)
            read, pixels = video.read()
            faces = detector.detect(np.ascontiguousarray(pixels[..., ::-1])) if read else []
            if faces and faces[0].landmarks:
                poses.append(head_pose(faces[0].landmarks, pixels.shape[1], pixels.shape[0]))
    known = np.array([(pose.roll, pose.yaw, pose.pitch) for pose in poses if pose])
    assert len(known) == len(poses) > 40
    assert np.abs(known.mean(axis=0)).max() < 6
    assert np.mean([facing(pose)["you"] > 0.5 for pose in poses]) > 0.95
