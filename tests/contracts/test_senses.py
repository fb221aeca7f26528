"""Every sense: guesses that are probabilities, for frames of any size, in the order of their time."""

from collections.abc import Callable

import numpy as np
import pytest

from assistant.domain.ports import Sense
from assistant.domain.values import EXPRESSIONS, Frame
from assistant.senses.faces.detectors import detector
from assistant.senses.faces.expression import LiteRTClassifier
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.points import PointsNetwork
from assistant.senses.faces.sense import FacesSense
from assistant.senses.light import LightSense
from tests.scripted import ScriptedSense

SENSES: dict[str, Callable[[], Sense]] = {
    "faces": lambda: FacesSense(
        follower=Follower(detector("haar"), PointsNetwork()), classifier=LiteRTClassifier(), field_of_view=60.0
    ),
    "light": LightSense,
    "scripted": lambda: ScriptedSense(lambda at: "happy"),
}


@pytest.fixture(params=SENSES)
def sense(request: pytest.FixtureRequest) -> Sense:
    return SENSES[request.param]()


def frames() -> list[np.ndarray]:
    noise = np.random.default_rng(1)
    sizes = [(480, 640), (1, 1), (1, 200), (200, 1), (33, 47), (1200, 1600)]
    return [noise.integers(0, 256, (*size, 3), dtype=np.uint8) for size in sizes] + [np.zeros((240, 320, 3), np.uint8)]


def test_it_is_a_sense_with_a_name(sense: Sense) -> None:
    assert isinstance(sense, Sense)
    assert sense.name


def test_it_gives_what_it_says_that_it_gives(sense: Sense) -> None:
    data = pytest.importorskip("skimage.data", reason="scikit-image's portrait is not installed")
    given = {percept.kind for index in range(5) for percept in sense.look(Frame(data.astronaut(), index * 0.5))}
    assert given == set(sense.kinds)


def test_its_guesses_are_probabilities(sense: Sense) -> None:
    data = pytest.importorskip("skimage.data", reason="scikit-image's portrait is not installed")
    for index, pixels in enumerate([*frames(), data.astronaut()]):
        for percept in sense.look(Frame(pixels, index * 0.1)):
            assert percept.kind
            assert 0 <= percept.certainty <= 1
            if percept.distribution:
                assert sum(percept.distribution.values()) == pytest.approx(1, abs=1e-3)
                assert percept.distribution[percept.value] == pytest.approx(percept.certainty, abs=1e-3)
            if percept.kind == "expression":
                assert percept.value in EXPRESSIONS
                assert percept.subject is not None


def test_it_leaves_the_frame_as_it_was(sense: Sense) -> None:
    for index, pixels in enumerate(frames()):
        before = pixels.copy()
        sense.look(Frame(pixels, float(index)))
        assert np.array_equal(pixels, before)


def test_it_can_be_closed_twice(sense: Sense) -> None:
    sense.close()
    sense.close()
