"""From frames to percepts, with the real detector and the real network."""

from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy import float32, uint8
from numpy.typing import NDArray

from assistant.domain.ports import Sense
from assistant.domain.values import EXPRESSIONS, Box, Face, Frame, Percept, Pixels
from assistant.errors import ModelBroken, ModelMissing
from assistant.senses.faces.crop import Square
from assistant.senses.faces.expression import LiteRTClassifier
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.haar import HaarDetector
from assistant.senses.faces.points import PointsNetwork
from assistant.senses.faces.sense import FacesSense
from tests.senses.scenes import astronaut, hopper, noisy, pasted, portrait


@pytest.fixture
def sense() -> FacesSense:
    return FacesSense(follower=Follower(HaarDetector(), PointsNetwork()), classifier=LiteRTClassifier())


def of(kind: str, percepts: Sequence[Percept]) -> list[Percept]:
    return [percept for percept in percepts if percept.kind == kind]


def look(sense: FacesSense, pixels: Pixels, at: float = 0.0) -> Sequence[Percept]:
    return sense.look(Frame(pixels, at))


def test_it_is_a_sense(sense: FacesSense) -> None:
    assert isinstance(sense, Sense)
    sense.close()


def test_a_face_gives_a_person_and_an_expression(sense: FacesSense) -> None:
    person, turn, mouth, expression = look(sense, astronaut())
    assert (person.kind, person.value) == ("face", "person")
    assert (turn.kind, turn.value) == ("facing", "you")
    assert (mouth.kind, mouth.value) == ("mouth", "bare")
    assert (expression.kind, expression.value) == ("expression", "happy")
    assert person.subject == turn.subject == mouth.subject == expression.subject
    assert person.box == turn.box == expression.box
    assert person.landmarks is not None
    assert person.pose is not None
    assert abs(person.pose.yaw) < 25
    assert person.certainty > 0.9
    assert turn.certainty == turn.distribution["you"]
    assert mouth.distribution == {"bare": mouth.certainty, "covered": pytest.approx(1 - mouth.certainty)}
    assert expression.certainty == expression.distribution["happy"] > 0.9
    assert tuple(expression.distribution) == EXPRESSIONS
    assert sum(expression.distribution.values()) == pytest.approx(1, abs=1e-4)


def test_two_faces_are_read_each_by_itself(sense: FacesSense) -> None:
    scene = pasted(portrait(astronaut(), 400), 0, 40)
    scene[40:440, 360:] = portrait(hopper(), 400)[:, :280]
    for index in range(3):
        percepts = look(sense, scene, index / 5)
        values = {percept.subject: percept.value for percept in of("expression", percepts)}
        boxes = {percept.subject: percept.box for percept in of("face", percepts)}
        (smiling,) = (subject for subject, value in values.items() if value == "happy")
        assert boxes[smiling] is not None
        assert boxes[smiling].centre[0] < 0.5
        assert set(boxes) == set(values) == {1, 2}


def test_a_face_that_walks_keeps_its_number(sense: FacesSense) -> None:
    numbers = set()
    for index in range(8):
        percepts = look(sense, pasted(portrait(astronaut(), 420), 15 * index, 30), index / 5)
        numbers |= {percept.subject for percept in percepts}
    assert numbers == {1}


def test_the_camera_s_field_of_view_counts() -> None:
    def turn(field_of_view: float | None) -> float:
        follower = Follower(HaarDetector(), PointsNetwork())
        sense = FacesSense(follower=follower, classifier=None, field_of_view=field_of_view)
        (face, *_) = look(sense, pasted(astronaut()[:480], 128, 0))
        assert face.pose is not None
        return face.pose.pitch

    assert turn(None) == turn(60.0)
    assert abs(turn(100.0) - turn(60.0)) > 0.5


class Surprised:
    """A classifier that sees surprise everywhere."""

    thresholds = LiteRTClassifier().thresholds

    def classify(self, crops: NDArray[uint8]) -> NDArray[float32]:
        return np.tile(np.eye(len(EXPRESSIONS), dtype=float32)[EXPRESSIONS.index("surprise")], (len(crops), 1))


def speaking(opened: float) -> Pixels:
    """A portrait with its mouth open by up to 1."""
    picture = hopper().copy()
    middle, axes = (268, 284), (30, max(1, round(28 * opened)))
    return np.asarray(cv2.ellipse(picture, middle, axes, 0, 0, 360, (40, 20, 20), -1, cv2.LINE_AA), uint8)


@pytest.mark.parametrize(("open_by", "surprised"), [(lambda at: abs(np.sin(7 * at)), False), (lambda at: 1.0, True)])
def test_who_talks_is_not_told_as_surprised(open_by: Callable[[float], float], surprised: bool) -> None:
    detector = Pointed(178 / 512, 118 / 600, 172 / 512, 210 / 600)
    sense = FacesSense(follower=Follower(detector, Undecided()), classifier=Surprised())
    read: list[Percept] = []
    for index in range(30):
        read += of("expression", look(sense, noisy(speaking(open_by(index / 15)), 2, index), index / 15))
    assert (read[-1].distribution["surprise"] > 0.9) == surprised
    assert (read[-1].distribution["surprise"] < 0.3) != surprised


def test_a_fast_camera_is_not_read_more_often_than_expressions_change() -> None:
    detector = Pointed(181 / 512, 66 / 512, 85 / 512, 108 / 512)
    sense = FacesSense(follower=Follower(detector, Undecided()), classifier=Surprised())
    seen = [look(sense, astronaut(), index / 30) for index in range(30)]
    assert all(of("face", percepts) for percepts in seen)
    assert sum(len(of("expression", percepts)) for percepts in seen) == 5


def test_nobody_gives_nothing(sense: FacesSense) -> None:
    assert look(sense, np.full((480, 640, 3), 120, np.uint8)) == []
    assert look(sense, np.zeros((1, 1, 3), np.uint8), 1.0) == []


class Undecided:
    """Points that leave it to the detector, and say this of the mouth."""

    def __init__(self, covered: float | None = None) -> None:
        self._covered = covered

    def locate(self, pixels: Pixels, squares: Sequence[Square]) -> list[Face]:
        return [Face(Box(0, 0, 1, 1), None, 0.4, self._covered) for _ in squares]


class Pointed:
    """A detector that is told where the face is, for faces that the cascade does not find."""

    name = "pointed"

    def __init__(self, left: float, top: float, width: float, height: float) -> None:
        self._face = Face(Box(left, top, width, height), None, 0.999)

    def detect(self, pixels: Pixels) -> list[Face]:
        return [self._face]


def told(pixels: Pixels, left: float, top: float, width: float, height: float) -> tuple[Percept, Percept]:
    """The two percepts of a face whose box is given in pixels."""
    down, across = pixels.shape[:2]
    detector = Pointed(left / across, top / down, width / across, height / down)
    face, expression = look(FacesSense(follower=Follower(detector, Undecided()), classifier=LiteRTClassifier()), pixels)
    return face, expression


def test_a_face_cut_by_the_edge_is_told_and_hardly_believed() -> None:
    whole = told(astronaut(), 181, 66, 85, 108)
    cut = told(np.ascontiguousarray(astronaut()[:, 215:]), 181 - 215, 66, 85, 108)
    assert (whole[0].value, cut[0].value) == ("person", "truncated")
    assert cut[1].certainty < 0.5 < whole[1].certainty


def test_a_far_face_is_told_and_hardly_believed() -> None:
    face, expression = told(portrait(astronaut(), 80), 181 / 6.4, 66 / 6.4, 85 / 6.4, 108 / 6.4)
    assert face.value == "person"
    assert expression.certainty < 0.5


def test_what_is_not_believed_keeps_its_best_guess_and_sums_to_one() -> None:
    _, expression = told(portrait(astronaut(), 80), 181 / 6.4, 66 / 6.4, 85 / 6.4, 108 / 6.4)
    assert expression.value == max(expression.distribution, key=expression.distribution.__getitem__)
    assert sum(expression.distribution.values()) == pytest.approx(1, abs=1e-4)


def test_a_poster_is_told_after_a_while(sense: FacesSense) -> None:
    values = []
    for index in range(32):
        (face, *_) = look(sense, noisy(pasted(astronaut()[:480], 0, 0), 3, index), index / 4)
        values.append(face.value)
    assert values[0] == "person"
    assert values[-1] == "picture"


def test_without_a_classifier_there_are_faces_and_no_expressions() -> None:
    percepts = look(FacesSense(follower=Follower(HaarDetector(), PointsNetwork()), classifier=None), astronaut())
    assert [percept.kind for percept in percepts] == ["face", "facing", "mouth"]


def test_of_a_face_that_only_the_detector_sees_the_points_tell_the_mouth() -> None:
    """The points doubt faces behind masks: what they say of the mouth counts all the same."""
    detector = Pointed(181 / 512, 66 / 512, 85 / 512, 108 / 512)
    for covered in (0.9, 0.1):
        follower = Follower(detector, Undecided(covered))
        (mouth,) = of("mouth", look(FacesSense(follower=follower, classifier=None), astronaut()))
        assert (mouth.value, mouth.distribution["covered"]) == ("covered" if covered > 0.5 else "bare", covered)


def test_a_missing_model_is_named() -> None:
    with pytest.raises(ModelMissing, match="nonsense"):
        LiteRTClassifier(model="nonsense")


def test_a_model_of_something_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path))
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "manifest.yaml").write_text(
        "{name: other, version: '1', task: none, file: {name: a.tflite, size: 1, sha256: a}, licence: {weights: none},"
        " input: {shape: [1, 64, 64, 1]}, output: {labels: [cat, dog], names: [answer], shape: [1, 2]}}"
    )
    with pytest.raises(ModelBroken, match="other"):
        LiteRTClassifier(model="other")
