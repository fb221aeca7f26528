"""What every face detector keeps to; one whose weights are not here is skipped by name."""

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest

from assistant import weights
from assistant.domain.ports import FaceDetector
from assistant.domain.values import Box, Face, Pixels
from assistant.errors import ModelMissing, UnknownName
from assistant.senses.faces.detectors import DETECTORS, detector
from tests.senses.scenes import astronaut, hopper, pasted, portrait
from tests.senses.shared import YUNET


@dataclass(frozen=True)
class Portrait:
    """A picture and where its only face is, marked by hand: brows to chin, cheek to cheek, in pixels."""

    pixels: Pixels
    left: int
    top: int
    width: int
    height: int

    @property
    def box(self) -> Box:
        down, across = self.pixels.shape[:2]
        return Box(self.left / across, self.top / down, self.width / across, self.height / down)


PORTRAITS = [Portrait(astronaut(), 181, 66, 85, 108), Portrait(hopper(), 178, 118, 172, 210)]


@pytest.fixture(params=sorted(DETECTORS))
def face_detector(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FaceDetector:
    """One detector, with its weights installed from beside the repository where they lie there."""
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path))
    if request.param == "yunet" and YUNET.exists():
        weights.install("yunet", YUNET)
    try:
        return detector(request.param)
    except ModelMissing as error:
        pytest.skip(f"{request.param}: {error}")


def test_it_is_a_face_detector_with_its_name(face_detector: FaceDetector) -> None:
    assert isinstance(face_detector, FaceDetector)
    assert face_detector.name in DETECTORS


@pytest.mark.parametrize("portrait", PORTRAITS, ids=["astronaut", "hopper"])
def test_the_one_face_is_found_in_its_framing(face_detector: FaceDetector, portrait: Portrait) -> None:
    (found,) = face_detector.detect(portrait.pixels)
    assert found.box.iou(portrait.box) > 0.6
    assert 0.5 < found.score <= 1


def test_fractions_do_not_depend_on_the_size_of_the_picture(face_detector: FaceDetector) -> None:
    (whole,) = face_detector.detect(astronaut())
    (small,) = face_detector.detect(portrait(astronaut(), 400))
    assert small.box.iou(whole.box) > 0.75


def test_two_faces_come_best_first(face_detector: FaceDetector) -> None:
    scene = pasted(portrait(astronaut(), 400), 0, 40)
    scene[40:440, 360:] = portrait(hopper(), 400)[:, :280]
    faces = face_detector.detect(scene)
    assert len(faces) == 2
    assert faces[0].score >= faces[1].score
    assert min(face.box.centre[0] for face in faces) < 0.5 < max(face.box.centre[0] for face in faces)


def test_landmarks_are_points_of_the_face_from_left_to_right(face_detector: FaceDetector) -> None:
    (face,) = face_detector.detect(astronaut())
    if face.landmarks is None:
        pytest.skip(f"{face_detector.name} gives no landmarks")
    eye, other_eye, nose, corner, other_corner = face.landmarks
    assert eye[0] < nose[0] < other_eye[0]
    assert corner[0] < other_corner[0]
    assert max(eye[1], other_eye[1]) < nose[1] < min(corner[1], other_corner[1])
    assert all(_inside(face, x, y) for x, y in face.landmarks)


def _inside(face: Face, x: float, y: float) -> bool:
    box = face.box
    return box.left <= x <= box.left + box.width and box.top <= y <= box.top + box.height


@pytest.mark.parametrize("light", [0.5, 0.2, 0.1, 0.06])
def test_a_dim_face_is_found(face_detector: FaceDetector, light: float) -> None:
    (face,) = face_detector.detect(np.asarray(astronaut() * light, np.uint8))
    assert face.box.iou(PORTRAITS[0].box) > 0.6


def test_a_face_in_grey_is_found(face_detector: FaceDetector) -> None:
    grey = cv2.cvtColor(cv2.cvtColor(astronaut(), cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    assert len(face_detector.detect(np.asarray(grey, np.uint8))) == 1


@pytest.mark.parametrize(
    "shape",
    [(1, 1), (1, 640), (640, 1), (2, 3), (7, 7), (24, 24), (32, 32), (21, 320), (33, 500), (480, 641), (3000, 4000)],
)
def test_nobody_is_found_in_a_blank_picture_of_any_size(face_detector: FaceDetector, shape: tuple[int, int]) -> None:
    for _ in range(5):
        assert face_detector.detect(np.full((*shape, 3), 128, np.uint8)) == []


def test_a_picture_is_not_changed_and_may_be_part_of_another(face_detector: FaceDetector) -> None:
    scene = pasted(astronaut(), 0, 0, 512, 512)
    part = scene[::-1, ::-1][::-1, ::-1][10:500, 5:505]
    before = part.copy()
    assert len(face_detector.detect(part)) == 1
    np.testing.assert_array_equal(part, before)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(UnknownName, match="haar"):
        detector("nonsense")


def test_auto_is_the_finder_whatever_else_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path))
    assert detector("auto").name == "finder"
    if YUNET.exists():
        weights.install("yunet", YUNET)
        assert detector("auto").name == "finder"
