"""What of a picture can be learnt from, on pictures of people: one face, sharp, bright and near, and no picture."""

from collections.abc import Iterator

import cv2
import numpy as np
import pytest
from numpy import uint8

from assistant.domain.people import Gallery
from assistant.domain.ports import Look
from assistant.domain.values import Announcement, Cue, Frame, Pixels, Query, Question
from assistant.parts import make_pipeline
from assistant.senses.faces.finder import FinderDetector
from assistant.senses.faces.fitness import Lack
from assistant.senses.faces.sampling import Crowd, Sampler
from assistant.settings import Settings
from assistant.skills.learning import PICTURE, LearnSkill
from tests.senses.faces.test_identity import Toy
from tests.senses.scenes import astronaut, hopper, noisy, pasted, portrait

NEAR = pasted(portrait(astronaut(), 400), 100, 40)


@pytest.fixture(scope="module")
def sampler() -> Sampler:
    return Sampler(FinderDetector(), Toy())


def blurred(picture: Pixels) -> Pixels:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 8), uint8)


def dark(picture: Pixels) -> Pixels:
    return np.asarray(picture // 25, uint8)


def two() -> Pixels:
    scene = pasted(portrait(astronaut(), 400), -60, 40)
    scene[40:440, 340:] = portrait(hopper(), 400)[:, :300]
    return scene


@pytest.mark.parametrize("picture", [astronaut(), NEAR, pasted(portrait(hopper(), 420), 150, 30)])
def test_a_good_face(sampler: Sampler, picture: Pixels) -> None:
    sampled = sampler.sample(picture)
    assert sampled.why is None
    assert sampled.vector is not None
    assert sampled.pose is not None
    assert abs(sampled.pose.yaw) < 40


@pytest.mark.parametrize(
    ("picture", "why"),
    [
        (np.full((480, 640, 3), 128, uint8), {Crowd.NOBODY}),
        (two(), {Crowd.SEVERAL}),
        (blurred(NEAR), {Lack.BLURRED, Crowd.NOBODY}),
        (dark(NEAR), {Lack.DARK, Crowd.NOBODY}),
        (pasted(portrait(astronaut(), 150), 200, 100), {Lack.SMALL}),
        (pasted(portrait(astronaut(), 480), -170, 0), {Lack.CUT, Crowd.NOBODY}),
    ],
)
def test_a_face_that_is_refused(sampler: Sampler, picture: Pixels, why: set[Lack | Crowd]) -> None:
    sampled = sampler.sample(picture)
    assert sampled.vector is None
    assert sampled.why in why


@pytest.mark.parametrize("moved", [False, True])
def test_a_photograph_of_a_face_is_not_learnt(sampler: Sampler, moved: bool) -> None:
    """As the program sees it: the senses tell the skill that this is a picture."""
    learnt: list[object] = []
    people = type("Nobody", (), {"gallery": Gallery(Toy.model), "add": lambda self, more: learnt.extend(more)})()
    answer = LearnSkill(people, lambda: (sampler, Toy())).answer(Query("learn", 0.0, "Ana"), looks(moved))
    said, agreed = [], None
    while True:
        try:
            item = answer.send(agreed)
        except StopIteration:
            break
        agreed = True if isinstance(item, Question) else None
        said += [item] if isinstance(item, Announcement) else []
        assert not isinstance(item, Cue) or len(said) < 3
    assert PICTURE in [phrase.facts.get("hint") for each in said for phrase in each.phrases]
    assert said[-1].message == "learn_too_few"
    assert learnt == []


def looks(moved: bool) -> Iterator[Look]:
    """A photograph for thirteen seconds, still or carried about, with the noise of a camera."""
    pipeline = make_pipeline(Settings())
    try:
        for number in range(65):
            left = 40 + (round(30 * np.sin(number / 4)) if moved else 0)
            frame = Frame(noisy(pasted(astronaut(), left, -20), 2, number), number / 5)
            yield Look(frame, pipeline.step(frame, frame.at).view)
    finally:
        pipeline.close()
