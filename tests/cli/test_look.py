"""The line of JSON for a picture."""

import json

import pytest

from assistant.cli.described import describe
from assistant.domain.scene import Scene
from assistant.domain.values import EXPRESSIONS, Box, Landmarks, Percept, Pose, Thresholds

POINTS: Landmarks = ((0.45, 0.45), (0.55, 0.45), (0.5, 0.5), (0.46, 0.55), (0.54, 0.55))
FACE = Percept("face", 1, "person", 0.9, Box(0.4, 0.35, 0.2, 0.25), landmarks=POINTS)
EXPRESSION = Percept("expression", 1, "happy", 0.9)
LEFT = Percept("facing", 1, "left", 0.9, pose=Pose(roll=-3.04, yaw=-41.26, pitch=7.0))


def described(*percepts: Percept, field_of_view: float | None = None) -> dict[str, object]:
    scene = Scene({}, settle_s=0, field_of_view=field_of_view, covered=Thresholds(0.8, 0.5))
    scene.believe(percepts, 0.0, 640 / 480)
    line = json.loads(json.dumps(describe("a.png", 640, 480, scene.view(), "")))
    (person,) = line["people"]
    assert isinstance(person, dict)
    return person


def test_everything_that_is_known_of_a_person() -> None:
    assert described(FACE, EXPRESSION, LEFT, field_of_view=60) == {
        "box": [256, 168, 128, 120],
        "landmarks": [[288.0, 216.0], [352.0, 216.0], [320.0, 240.0], [294.4, 264.0], [345.6, 264.0]],
        "name": None,
        "name_certainty": 0.0,
        "expression": "happy",
        "certainty": 0.9,
        "statement": "unsure",
        "probabilities": dict.fromkeys(EXPRESSIONS, 0.0) | {"happy": 0.9},
        "pose": {"roll": -3.0, "yaw": -41.3, "pitch": 7.0},
        "mouth_covered": None,
        "facing_you": False,
        "place": "ahead",
        "distance": "one_metre",
        "distance_m": 0.67,
    }


def test_who_faces_you() -> None:
    assert described(FACE, Percept("facing", 1, "you", 0.9, pose=Pose(0, 0, 0)))["facing_you"] is True


@pytest.mark.parametrize(("covered", "told"), [(0.97, True), (0.6, None), (0.02, False)])
def test_whose_mouth_is_covered(covered: float, told: bool | None) -> None:
    percept = Percept("mouth", 1, "covered", covered, distribution={"covered": covered, "bare": 1 - covered})
    assert described(FACE, EXPRESSION, percept)["mouth_covered"] is told


def test_what_is_not_known_is_null() -> None:
    person = described(Percept("face", 1, "person", 0.9, FACE.box))
    assert {key for key, value in person.items() if value is None} == {
        "landmarks",
        "name",
        "expression",
        "pose",
        "mouth_covered",
        "facing_you",
        "distance_m",
    }
    assert person["distance"] == "near"
