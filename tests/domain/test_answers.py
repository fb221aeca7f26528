"""The detailed answer, word for word."""

from typing import Any

import pytest

from assistant.domain.answers import answer
from assistant.domain.policy import Policy, Preferences
from assistant.domain.scene import Scene
from assistant.domain.values import Box, Confidence, Listing, Outcome, Percept, Query, Thresholds, Word
from assistant.domain.views import SceneView
from assistant.speech.phrases import Phrases

THRESHOLDS = {"happy": Thresholds(0.7, 0.4), "sad": Thresholds(None, 0.4)}
MIDDLE, LEFT, RIGHT = Box(0.35, 0.3, 0.25, 0.3), Box(0.05, 0.4, 0.12, 0.15), Box(0.6, 0.2, 0.4, 0.6)


def seen(*people: dict[str, Any], **given: Any) -> SceneView:
    """A single picture of these people: box, expression, facing, kind."""
    scene = Scene(THRESHOLDS, settle_s=0, covered=Thresholds(0.8, 0.5), **given)
    percepts = []
    for subject, facts in enumerate(people):
        percepts.append(Percept("face", subject, facts.get("kind", "person"), 0.9, facts.get("box", MIDDLE)))
        for kind in {"expression", "facing", "mouth"} & facts.keys():
            percepts.append(Percept(kind, subject, facts[kind], 0.95))
    scene.believe(percepts, 0.0)
    return scene.view()


def told(view: SceneView, expressions: bool = True) -> str:
    return Phrases("en").text(answer(Query("detail", 0.0), view, "normal", expressions))


@pytest.mark.parametrize(
    ("view", "sentences"),
    [
        (
            seen({"expression": "happy", "facing": "you"}),
            "One person: ahead, near, facing you, looks happy, I am sure.",
        ),
        (
            seen({"box": LEFT, "expression": "sad", "facing": "right"}),
            "One person: on your left, near, turned to the right, may be sad, I am not sure.",
        ),
        (
            seen({"expression": "happy"}, {"box": RIGHT, "expression": "sad", "facing": "left"}, field_of_view=60),
            "Two people, the nearest on your right, very near, turned to the left, may be sad, I am not sure. "
            "The person ahead looks happy.",
        ),
        (
            seen({"box": LEFT, "facing": "you"}, clock=True, field_of_view=80),
            "One person: at eleven o'clock, about one metre away, facing you, I cannot tell the expression.",
        ),
        (
            seen({"box": Box(-0.05, 0.3, 0.25, 0.3), "kind": "truncated"}),
            "One person: on your left, near, I cannot tell the expression. A face at the left edge. "
            "Turn a little left.",
        ),
        (
            seen({"facing": "you", "mouth": "covered", "expression": "happy"}, {"box": LEFT, "mouth": "covered"}),
            "Two people, the nearest ahead, near, facing you, wears a mask, may be happy, I am not sure. "
            "I see a face on your left but cannot tell the expression. The person on your left wears a mask.",
        ),
        (
            seen({"facing": "you", "mouth": "bare", "expression": "happy"}),
            "One person: ahead, near, facing you, looks happy, I am sure.",
        ),
    ],
)
def test_in_detail(view: SceneView, sentences: str) -> None:
    assert told(view) == sentences


def test_at_work_how_somebody_stands_is_told_and_not_how_they_look() -> None:
    view = seen({"expression": "happy", "facing": "you"}, {"box": LEFT, "expression": "sad"})
    assert told(view, expressions=False) == (
        "Two people, the nearest ahead, near, facing you. A person is on your left."
    )


def test_a_verbosity_of_detail_tells_it_at_the_first_press() -> None:
    view = seen({"facing": "you"})
    now, detail = Query("now", 0.0), Query("detail", 0.0)
    assert answer(now, view, "detailed", True) == answer(detail, view, "normal", True)
    assert answer(now, view, "normal", True) != answer(detail, view, "normal", True)


def test_how_to_aim_is_said_only_in_detail() -> None:
    view = seen({"kind": "truncated", "box": Box(0.9, 0.3, 0.2, 0.3), "expression": "happy"})
    policy = Policy(Preferences())
    assert [phrase.message for phrase in policy.answer(Query("now", 0.0), view).phrases[1:]] == []
    assert "face_cut" not in {item.message for item in policy.volunteer([], view, 0.0) if hasattr(item, "message")}
    assert policy.answer(Query("detail", 0.0), view).phrases[-1].facts == {"side": "right"}


def test_what_is_told_of_others_is_not_taken_for_the_nearest() -> None:
    view = seen({}, {"box": LEFT, "expression": "happy"})
    policy = Policy(Preferences(volunteered=frozenset({"happy"})))
    told_all = policy.answer(Query("detail", 0.0), view)
    assert told_all.subject == view.people[0].id
    policy.outcome(told_all, Outcome.PLAYED, 0.0)
    assert len(vars(policy)["_told"]) == 0


def test_the_word_for_a_person_is_the_same_in_every_part_of_an_answer() -> None:
    for box in (MIDDLE, LEFT, RIGHT):
        view = seen({"box": box, "expression": "happy"})
        (person,) = view.people
        details = answer(Query("detail", 0), view, "normal", True).phrases[0].facts["details"]
        assert isinstance(details, Listing)
        assert details.items[0] == Word("place", person.place)
        assert person.confidence is Confidence.SURE
