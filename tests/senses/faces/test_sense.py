"""From frames to percepts, with the real detector and the real network."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.domain.ports import Sense
from assistant.domain.values import EXPRESSIONS, Box, Face, Frame, Percept, Pixels
from assistant.errors import ModelBroken, ModelMissing
from assistant.senses.faces.expression import LiteRTClassifier
from assistant.senses.faces.haar import HaarDetector
from assistant.senses.faces.sense import FacesSense
from tests.senses.scenes import astronaut, hopper, noisy, pasted, portrait


@pytest.fixture
def sense() -> FacesSense:
    return FacesSense(detector=HaarDetector(), classifier=LiteRTClassifier())


def of(kind: str, percepts: Sequence[Percept]) -> list[Percept]:
    return [percept for percept in percepts if percept.kind == kind]


def look(sense: FacesSense, pixels: Pixels, at: float = 0.0) -> Sequence[Percept]:
    return sense.look(Frame(pixels, at))


def test_it_is_a_sense(sense: FacesSense) -> None:
    assert isinstance(sense, Sense)
    sense.close()


def test_a_face_gives_a_person_and_an_expression(sense: FacesSense) -> None:
    person, expression = look(sense, astronaut())
    assert (person.kind, person.value) == ("face", "person")
    assert (expression.kind, expression.value) == ("expression", "happy")
    assert person.subject == expression.subject
    assert person.box == expression.box
    assert person.certainty > 0.9
    assert expression.certainty == expression.distribution["happy"] > 0.9
    assert tuple(expression.distribution) == EXPRESSIONS
    assert sum(expression.distribution.values()) == pytest.approx(1, abs=1e-4)


def test_two_faces_are_read_each_by_itself(sense: FacesSense) -> None:
    scene = pasted(portrait(astronaut(), 400), 0, 40)
    scene[40:440, 360:] = portrait(hopper(), 400)[:, :280]
    for index in range(3):
        percepts = look(sense, scene, index / 10)
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


def test_nobody_gives_nothing(sense: FacesSense) -> None:
    assert look(sense, np.full((480, 640, 3), 120, np.uint8)) == []
    assert look(sense, np.zeros((1, 1, 3), np.uint8), 1.0) == []


class Pointed:
    """A detector that is told where the face is, for faces that the cascade does not find."""

    name = "pointed"

    def __init__(self, left: float, top: float, width: float, height: float) -> None:
        self._face = Face(Box(left, top, width, height), None, 0.9)

    def detect(self, pixels: Pixels) -> list[Face]:
        return [self._face]


def told(pixels: Pixels, left: float, top: float, width: float, height: float) -> tuple[Percept, Percept]:
    """The two percepts of a face whose box is given in pixels."""
    down, across = pixels.shape[:2]
    detector = Pointed(left / across, top / down, width / across, height / down)
    face, expression = look(FacesSense(detector=detector, classifier=LiteRTClassifier()), pixels)
    return face, expression


def test_a_face_cut_by_the_edge_is_told_and_hardly_believed() -> None:
    whole = told(astronaut(), 181, 66, 85, 108)
    cut = told(np.ascontiguousarray(astronaut()[:, 215:]), 181 - 215, 66, 85, 108)
    assert (whole[0].value, cut[0].value) == ("person", "cut")
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
    for index in range(30):
        (face, *_) = look(sense, noisy(pasted(astronaut()[:480], 0, 0), 3, index), index / 4)
        values.append(face.value)
    assert values[0] == "person"
    assert values[-1] == "still"


def test_without_a_classifier_there_are_faces_and_no_expressions() -> None:
    (percept,) = look(FacesSense(detector=HaarDetector(), classifier=None), astronaut())
    assert percept.kind == "face"


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
