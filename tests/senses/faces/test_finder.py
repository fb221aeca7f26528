"""How a picture is framed for our own detector, and how its answers become faces."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import weights
from assistant.errors import ModelBroken
from assistant.senses.faces.finder import HEIGHT, WIDTH, FinderDetector, faces_in, framed
from tests.senses.scenes import astronaut, pasted, portrait
from tests.senses.shared import MEDIA, needs

SIDES = st.integers(1, 900)


@given(width=SIDES, height=SIDES)
def test_every_picture_fits_and_keeps_its_shape(width: int, height: int) -> None:
    canvas, across, down = framed(np.full((height, width, 3), 200, np.uint8))
    assert canvas.shape == (HEIGHT, WIDTH, 3)
    assert 1 <= across <= WIDTH
    assert 1 <= down <= HEIGHT
    assert across == pytest.approx(max(1, width * min(1, WIDTH / width, HEIGHT / height)), abs=1.5)
    assert (canvas[:down, :across] == 200).all()
    assert canvas[down:].sum() == canvas[:, across:].sum() == 0


def test_a_frame_of_a_camera_fills_the_width() -> None:
    assert framed(np.zeros((480, 640, 3), np.uint8))[1:] == (480, 360)


def test_a_dark_picture_is_made_bright_and_a_bright_one_is_left_alone() -> None:
    dark = np.zeros((240, 320, 3), np.uint8)
    dark[100:200, 100:200] = 20
    assert framed(dark)[0].max() == 255
    assert framed(dark + np.uint8(100))[0].max() == 120


def row(score: float, left: float, top: float = 0.2, side: float = 0.1) -> list[float]:
    return [score, left, top, side, side * WIDTH / HEIGHT, *[left, top] * 5]


def test_of_answers_that_overlap_the_best_stays() -> None:
    answer = np.array([row(0.5, 0.2), row(0.3, 0.7), row(0.9, 0.21), row(0.1, 0.5)], np.float32)
    faces = faces_in(answer, WIDTH, HEIGHT, 0.25)
    assert [face.score for face in faces] == pytest.approx([0.9, 0.3])
    assert [face.box.left for face in faces] == pytest.approx([0.21, 0.7])


def test_answers_are_told_in_fractions_of_the_picture_and_not_of_the_canvas() -> None:
    (face,) = faces_in(np.array([row(0.9, 0.2, 0.3)], np.float32), WIDTH // 2, HEIGHT, 0.25)
    assert face.box.left == pytest.approx(0.4)
    assert face.box.top == pytest.approx(0.3)
    assert face.landmarks is not None
    assert face.landmarks[4] == pytest.approx((0.4, 0.3))


def test_without_an_answer_there_is_no_face() -> None:
    assert faces_in(np.array([row(0.1, 0.2)], np.float32), WIDTH, HEIGHT, 0.25) == []


@pytest.mark.parametrize("angle", [-40, -20, 20, 40])
def test_a_tilted_face_is_found_with_its_eyes_where_they_are(angle: float) -> None:
    scene = pasted(portrait(astronaut(), 400), 120, 40)
    turn = cv2.getRotationMatrix2D((320, 240), -angle, 1)
    tilted = np.asarray(cv2.warpAffine(scene, turn, (640, 480), borderValue=(90, 90, 90)), np.uint8)
    (upright,) = FinderDetector().detect(scene)
    (face,) = FinderDetector().detect(tilted)
    assert upright.landmarks is not None
    assert face.landmarks is not None
    for before, after in zip(upright.landmarks, face.landmarks, strict=True):
        expected = turn @ (before[0] * 640, before[1] * 480, 1)
        # Roughly: the points network, which looks closer, needs no more.
        assert np.hypot(*(expected - (after[0] * 640, after[1] * 480))) < 15


def test_a_model_of_another_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.senses.faces.finder.MODEL", "expression")
    with pytest.raises(ModelBroken, match="expression"):
        FinderDetector()


def test_no_face_is_given_below_the_scores_of_the_manifest() -> None:
    limits = weights.manifest("face-detection").thresholds["score"]
    assert limits.sure is not None
    finder = FinderDetector()
    noise = np.random.default_rng(3).integers(0, 256, (480, 640, 3), np.uint8)
    for picture in (noise, pasted(astronaut(), 60, 0)):
        given, all_of_them = finder.detect(picture), finder.candidates(picture)
        assert all(face.score >= limits.sure for face in given)
        assert all(face.score >= limits.unsure for face in all_of_them)
        assert given == [face for face in all_of_them if face.score >= limits.sure]
    assert given


@needs(MEDIA)
def test_the_signer_is_found_in_every_clip() -> None:
    finder = FinderDetector()
    for path in sorted(MEDIA.glob("*.mkv")):
        there, frame = cv2.VideoCapture(str(path)).read()
        assert there
        best = finder.detect(np.asarray(frame[:, :, ::-1], np.uint8))[0]
        assert 0.4 < best.box.centre[0] < 0.6, path.name
        assert best.box.centre[1] < 0.4, path.name
