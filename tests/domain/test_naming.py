"""Names as beliefs, and how they are said: the name first, doubt as doubt, nobody guessed."""

from dataclasses import replace
from typing import Any

import pytest

from assistant.domain.naming import Identity, Names
from assistant.domain.policy import Policy, Preferences
from assistant.domain.scene import Scene
from assistant.domain.values import Announcement, Box, Confidence, Percept, Query, Thresholds
from assistant.domain.views import PersonView
from assistant.speech.phrases import Phrases
from tests.domain.test_policy import person, scene

BOX = Box(0.4, 0.3, 0.2, 0.3)
PHRASES = Phrases("en")
SURE, UNSURE, CANNOT_TELL = Confidence.SURE, Confidence.UNSURE, Confidence.CANNOT_TELL
STRANGER = Identity(certainty=0.9, stranger=True)


def named(name: str, confidence: Confidence = SURE, expression: str = "happy", **given: Any) -> PersonView:
    return person(expression, identity=Identity(name, 0.96, confidence), facing="you", **given)


def told(*people: PersonView, verb: str = "now", verbosity: str = "normal", **preferences: Any) -> str:
    policy = Policy(Preferences(verbosity=verbosity, **preferences))
    return PHRASES.text(policy.answer(Query(verb, 0.0), scene(*people)), verbosity)


def test_one_person() -> None:
    assert told(named("Ana")) == "Ana is in front of you, facing you. Ana looks happy."
    assert told(replace(named("Ana"), confidence=CANNOT_TELL)) == ("Ana is in front of you, facing you.")
    assert told(named("Ana", UNSURE)) == (
        "It may be Ana, in front of you, facing you. The person in front of you looks happy."
    )
    assert told(person(identity=STRANGER)) == (
        "Somebody I do not know is in front of you. The person in front of you looks happy."
    )
    assert told(person(identity=STRANGER), strangers=False) == "The person in front of you looks happy."
    assert told(person()) == "The person in front of you looks happy."
    assert told(named("left")) == "Left is in front of you, facing you. Left looks happy."


def test_in_a_word() -> None:
    assert told(named("Ana"), verbosity="brief") == "Ana: happy."
    assert told(replace(named("Ana"), confidence=UNSURE, expression="sad"), verbosity="brief") == "Ana: perhaps sad."
    assert told(replace(named("Ana"), confidence=CANNOT_TELL), verbosity="brief") == "Ana."
    assert told(named("Ana", UNSURE), verbosity="brief") == "Perhaps Ana."


def test_groups() -> None:
    tom, other = named("Tom", id=2, box=Box(0.1, 0.3, 0.1, 0.1)), person("sad", id=3, identity=STRANGER)
    other = replace(other, box=Box(0.7, 0.3, 0.1, 0.1), confidence=CANNOT_TELL)
    assert told(named("Ana"), tom, other) == ("Three people: Ana, Tom and somebody I do not know. Two look happy.")
    assert told(named("Ana"), tom, other, strangers=False) == "Three people: Ana and Tom. Two look happy."
    assert (
        told(named("Ana"), replace(tom, expression="sad")) == "Two people: Ana and Tom. Ana looks happy. Tom looks sad."
    )
    assert told(named("Ana", UNSURE), other) == ("Two people: perhaps Ana and somebody I do not know. One looks happy.")
    assert told(replace(other, id=1), other) == "Two people in view. I see a face but cannot tell the expression."


def test_in_detail() -> None:
    assert told(named("Ana"), verb="detail") == "Ana is ahead, near, facing you, looks happy, I am sure."
    tom = named("Tom", id=2, box=Box(0.1, 0.3, 0.1, 0.1), place="left")
    assert told(named("Ana"), tom, verb="detail") == (
        "Two people: Ana and Tom. Ana is ahead, near, facing you, looks happy, I am sure. Tom looks happy."
    )


def test_at_work_there_are_no_expressions() -> None:
    assert told(person(), expressions_told=False) == "A person is in front of you."


@pytest.mark.parametrize("language", ["de", "es", "ar"])
def test_names_come_first_in_every_language(language: str) -> None:
    answer = Policy(Preferences()).answer(Query("now", 0.0), scene(named("Ana")))
    phrases = Phrases(language)
    assert all(each.text.startswith("Ana") and each.language == language for each in phrases.words(answer))


def frames(world: Scene, guess: dict[str, float] | None, begin: float, seconds: float, track: int = 1) -> None:
    for number in range(round(seconds * 10)):
        at = begin + number / 10
        percepts = [Percept("face", track, "person", 0.9, BOX)]
        if guess is not None and number % 2 == 0:
            likely = max(guess, key=guess.__getitem__)
            percepts.append(Percept("identity", track, likely, guess[likely], BOX, guess))
        world.believe(percepts, at)


def believed(world: Scene) -> Identity:
    return world.view().people[0].identity


def test_a_name_is_believed_after_seconds_and_gone_when_it_is_forgotten() -> None:
    known = {"Ana", "Tom"}
    world = Scene({}, names=Names(Thresholds(0.9, 0.6), lambda: known))
    frames(world, {"Ana": 0.99, "Tom": 0.0, "": 0.01}, 0.0, 0.8)
    assert believed(world) == Identity()
    frames(world, {"Ana": 0.99, "Tom": 0.0, "": 0.01}, 0.8, 3)
    assert (believed(world).name, believed(world).confidence) == ("Ana", SURE)
    known.remove("Ana")
    assert believed(world).name is None
    assert "Ana" not in believed(world).odds


def test_one_wrong_guess_changes_nothing_and_a_stranger_is_told_as_one() -> None:
    world = Scene({}, names=Names(Thresholds(0.9, 0.6), lambda: {"Ana"}))
    frames(world, {"Ana": 0.02, "": 0.98}, 0.0, 3)
    frames(world, {"Ana": 0.99, "": 0.01}, 3.0, 0.2)
    frames(world, {"Ana": 0.02, "": 0.98}, 3.2, 1)
    assert believed(world).stranger
    assert believed(world).name is None


def test_doubt_is_doubt() -> None:
    world = Scene({}, names=Names(Thresholds(0.9, 0.6), lambda: {"Ana"}))
    frames(world, {"Ana": 0.7, "": 0.3}, 0.0, 3)
    assert (believed(world).name, believed(world).confidence) == ("Ana", UNSURE)
    frames(world, {"Ana": 0.55, "": 0.45}, 3.0, 6)
    assert believed(world).name is None


def test_two_cannot_be_the_same_person() -> None:
    world = Scene({}, settle_s=0, names=Names(Thresholds(0.9, 0.6), lambda: {"Ana"}))
    beside = Box(0.7, 0.3, 0.2, 0.3)
    world.believe(
        [
            Percept("face", 1, "person", 0.9, BOX),
            Percept("face", 2, "person", 0.9, beside),
            Percept("identity", 1, "Ana", 0.93, BOX, {"Ana": 0.93, "": 0.07}),
            Percept("identity", 2, "Ana", 0.97, beside, {"Ana": 0.97, "": 0.03}),
        ],
        0.0,
    )
    assert {each.id: each.identity.name for each in world.view().people} == {1: None, 2: "Ana"}


class Listener:
    def __init__(self, **preferences: Any) -> None:
        self.policy = Policy(Preferences(**preferences))

    def hears(self, now: float, *people: PersonView) -> list[str]:
        said = self.policy.volunteer([], scene(*people, at=now), now)
        return [PHRASES.text(item) for item in said if isinstance(item, Announcement)]


def test_who_comes_and_goes_is_told_once_in_ten_minutes() -> None:
    listener = Listener(topics=frozenset({"people"}))
    ana = named("Ana", place="left")
    assert listener.hears(0.0, ana) == ["Ana is here, on your left."]
    assert listener.hears(1.0, ana) == []
    assert listener.hears(2.0) == []
    assert listener.hears(3.0, replace(ana, id=2)) == []
    assert listener.hears(4.0) == []
    assert listener.hears(8.0) == ["Ana has left the view."]
    assert listener.hears(9.0, replace(ana, id=3)) == []
    assert listener.hears(15.0) == []
    assert listener.hears(700.0, replace(ana, id=4)) == ["Ana is here, on your left."]


def test_within_the_limits_and_never_a_stranger_or_a_doubt() -> None:
    listener = Listener(topics=frozenset({"people"}), per_minute=2)
    people = [named(name, id=number) for number, name in enumerate(("Ana", "Tom", "Eva"))]
    assert listener.hears(0.0, person(identity=STRANGER), named("Ann", UNSURE, id=9)) == []
    assert len(listener.hears(1.0, *people)) == 2
    quiet = Listener(verbosity="quiet")
    assert quiet.hears(0.0, named("Ana")) == []
    assert Listener(topics=frozenset({"light"})).hears(0.0, named("Ana")) == []


def test_who_is_there_from_left_to_right() -> None:
    left = named("Tom", id=2, box=Box(0.1, 0.3, 0.1, 0.1))
    right = person(id=3, box=Box(0.8, 0.3, 0.1, 0.1), identity=STRANGER)
    assert told(named("Ana", UNSURE), left, right, verb="who") == (
        "Three people, from left to right: Tom, perhaps Ana and somebody I do not know."
    )
    assert told(named("Ana"), verb="who") == "One person: Ana."
    assert told(person(), person(id=2), verb="who") == "Two people in view."
    assert told(verb="who") == "Nobody in view."


def test_why() -> None:
    odds = {"Ana": 0.86, "Eva": 0.12, "": 0.02}
    ana = person(identity=Identity("Ana", 0.86, SURE, odds=odds), probabilities={"happy": 0.7, "neutral": 0.3})
    assert told(ana, verb="why") == (
        "Ana: 86 percent sure, next comes Eva with twelve. Happy: 70 percent sure, next comes neutral with 30."
    )
    assert told(person(identity=Identity(stranger=True, odds={"": 0.9, "Ana": 0.1})), verb="why") == (
        "Somebody I do not know: 90 percent sure, next comes Ana with ten."
    )
    assert told(person(probabilities={"happy": 1.0, "sad": 0.0}), verb="why") == "Happy: 100 percent sure."
    assert told(person(), verb="why") == "I have nothing to go by."
