"""Aiming by ear."""

import pytest

from assistant.domain.values import Announcement, Box, Confidence
from assistant.domain.views import NOTHING_SEEN, PersonView, SceneView
from assistant.service.aim import AGAIN_S, aim, describe
from assistant.speech.phrases import Phrases


def truncated(box: Box, place: str = "ahead") -> PersonView:
    return person(box, place, truncated=True)


def view(*people: PersonView, at: float = 0.0, pictures: int = 0) -> SceneView:
    return SceneView(at=at, people=people, pictures=pictures, light="ok")


def person(box: Box, place: str = "ahead", truncated: bool = False) -> PersonView:
    return PersonView(
        id=1,
        box=box,
        place=place,
        distance="near",
        metres=None,
        facing=None,
        pose=None,
        expression=None,
        certainty=0.0,
        settled=False,
        confidence=Confidence.CANNOT_TELL,
        picture=False,
        truncated=truncated,
        landmarks=None,
        probabilities={},
    )


@pytest.mark.parametrize(
    ("seen", "sentence"),
    [
        (view(), "Nobody in view."),
        (view(pictures=1), "I see a picture of a face, not a person."),
        (view(person(Box(0.4, 0.3, 0.2, 0.3))), "A person is ahead."),
        (view(person(Box(0.1, 0.3, 0.2, 0.3), "left")), "A person is on your left."),
        (view(person(Box(0.45, 0.4, 0.05, 0.08))), "A face, too far away to read."),
        (
            view(person(Box(-0.1, 0.3, 0.2, 0.3), "left", truncated=True)),
            "A face at the left edge. Turn a little left.",
        ),
        (
            view(person(Box(0.9, 0.3, 0.2, 0.3), "right", truncated=True)),
            "A face at the right edge. Turn a little right.",
        ),
        (
            view(person(Box(0.4, -0.2, 0.2, 0.3), truncated=True)),
            "A face at the upper edge. Tilt the camera up a little.",
        ),
        (
            view(person(Box(0.4, 0.8, 0.2, 0.4), truncated=True)),
            "A face at the lower edge. Tilt the camera down a little.",
        ),
    ],
)
def test_it_says_what_helps(seen: SceneView, sentence: str) -> None:
    assert Phrases("en").text(describe(seen)) == sentence


def test_it_speaks_when_something_changes_and_every_few_seconds() -> None:
    said: list[Announcement] = []
    nobody = [view(at=second / 2) for second in range(round(4 * AGAIN_S))]
    somebody = [view(person(Box(0.4, 0.3, 0.2, 0.3)), at=2 * AGAIN_S + second / 2) for second in range(4)]
    aim([NOTHING_SEEN, *nobody, *somebody], said.append)
    assert [item.message for item in said] == ["nobody", "nobody", "nobody", "expression_off"]
