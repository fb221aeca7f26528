"""What is worth a blind person's ear."""

from typing import Any

import pytest

from assistant.domain.policy import Policy, Preferences
from assistant.domain.values import (
    Announcement,
    Box,
    Change,
    Confidence,
    Cue,
    Listing,
    Outcome,
    Query,
    Urgency,
)
from assistant.domain.views import PersonView, SceneView


def person(expression: str | None = "happy", **given: Any) -> PersonView:
    facts: dict[str, Any] = {
        "id": 1,
        "box": Box(0.4, 0.3, 0.2, 0.3),
        "place": "ahead",
        "distance": "near",
        "metres": None,
        "facing": None,
        "pose": None,
        "expression": expression,
        "certainty": 0.95,
        "settled": True,
        "confidence": Confidence.SURE,
        "picture": False,
        "truncated": False,
        "landmarks": None,
        "probabilities": {},
    }
    return PersonView(**(facts | given))


def scene(*people: PersonView, at: float = 0.0, pictures: int = 0, light: str = "ok", **given: Any) -> SceneView:
    return SceneView(at=at, people=people, pictures=pictures, light=light, **given)


class Listener:
    """A policy together with a voice that plays everything at once."""

    def __init__(self, **preferences: Any) -> None:
        self.policy = Policy(Preferences(**preferences))

    def see(self, view: SceneView, now: float, *changes: Change, outcome: Outcome = Outcome.PLAYED) -> list[str]:
        """Shows a view; gives what is heard: sentences as "message expression", cues in brackets."""
        heard = []
        for item in self.policy.volunteer(changes, view, now):
            if isinstance(item, Cue):
                heard.append(f"[{item.name}]")
                continue
            self.policy.outcome(item, outcome, now)
            heard.append(f"{item.message} {item.phrases[0].facts.get('expression', '')}".strip())
        return heard


def test_a_settled_expression_is_told_once() -> None:
    listener = Listener()
    assert listener.see(scene(person()), 0) == ["expression_sure happy"]
    assert all(listener.see(scene(person()), now) == [] for now in range(1, 100))


@pytest.mark.parametrize(
    "view",
    [
        person("neutral"),
        person("fear"),
        person("disgust"),
        person(confidence=Confidence.UNSURE),
        person(confidence=Confidence.CANNOT_TELL),
        person(settled=False),
    ],
)
def test_what_is_not_volunteered(view: PersonView) -> None:
    assert Listener().see(scene(view), 0) == []


def test_at_most_one_per_person_in_twenty_seconds_and_then_what_is_true_by_then() -> None:
    listener = Listener()
    assert listener.see(scene(person("happy")), 0) == ["expression_sure happy"]
    assert listener.see(scene(person("sad")), 5) == []
    assert listener.see(scene(person("surprise")), 10) == []
    assert listener.see(scene(person("surprise")), 20) == ["expression_sure surprise"]


def test_when_the_limit_lifts_and_it_is_as_told_nothing_is_said() -> None:
    listener = Listener()
    listener.see(scene(person("happy")), 0)
    listener.see(scene(person("sad")), 5)
    assert listener.see(scene(person("happy")), 20) == []


def test_at_most_two_a_minute_in_all_and_the_one_in_front_comes_first() -> None:
    listener = Listener()
    three = scene(person("happy"), person("sad", id=2, place="left"), person("happy", id=3, place="right"))
    assert listener.see(three, 0) == ["expression_sure happy", "expression_sure sad"]
    assert listener.see(three, 59) == []
    assert listener.see(three, 60) == ["expression_sure happy"]


def test_the_end_of_a_told_expression_is_a_soft_sound() -> None:
    listener = Listener()
    listener.see(scene(person("happy")), 0)
    assert listener.see(scene(person("neutral")), 5) == ["[neutral]"]
    assert listener.see(scene(person("neutral")), 6) == []
    assert listener.see(scene(person("happy")), 10) == []
    assert listener.see(scene(person("happy")), 20) == ["expression_sure happy"]


def test_in_detail_the_end_is_a_sentence() -> None:
    listener = Listener(verbosity="detailed")
    listener.see(scene(person("happy")), 0)
    assert listener.see(scene(person("neutral")), 5) == ["expression_sure neutral"]


@pytest.mark.parametrize("mouth", ["covered", "perhaps"])
def test_behind_a_mask_the_end_of_an_expression_is_no_sentence(mouth: str) -> None:
    listener = Listener(verbosity="detailed")
    listener.see(scene(person("happy")), 0)
    assert listener.see(scene(person("neutral", confidence=Confidence.CANNOT_TELL, mouth=mouth)), 5) == ["[neutral]"]


def test_a_told_expression_that_gives_way_to_an_unsure_one_is_corrected_with_a_hedge() -> None:
    listener = Listener()
    listener.see(scene(person("happy")), 0)
    assert listener.see(scene(person("sad", confidence=Confidence.UNSURE)), 21) == ["expression_unsure sad"]


def test_what_was_dropped_was_not_told() -> None:
    listener = Listener()
    assert listener.see(scene(person()), 0, outcome=Outcome.DROPPED) == ["expression_sure happy"]
    assert listener.see(scene(person()), 1) == ["expression_sure happy"]


def test_what_was_cut_is_not_said_again_at_once_but_when_the_limit_lifts() -> None:
    listener = Listener()
    assert listener.see(scene(person()), 0, outcome=Outcome.INTERRUPTED) == ["expression_sure happy"]
    assert listener.see(scene(person()), 19) == []
    assert listener.see(scene(person()), 20) == ["expression_sure happy"]


def test_what_waits_to_be_spoken_is_not_said_again() -> None:
    policy = Policy(Preferences())
    assert len(policy.volunteer([], scene(person()), 0)) == 1
    assert policy.volunteer([], scene(person()), 0.1) == []


def test_what_was_answered_counts_as_told() -> None:
    listener = Listener()
    answer = listener.policy.answer(Query("now", 0.0), scene(person()))
    listener.policy.outcome(answer, Outcome.PLAYED, 0.0)
    assert listener.see(scene(person()), 1) == []
    assert listener.see(scene(person("sad")), 2) == ["expression_sure sad"]


def test_quiet_tells_faults_only() -> None:
    listener = Listener(verbosity="quiet")
    came = Change("presence", 1, None, "person", 0)
    dark = Change("light", None, "ok", "dark", 0)
    assert listener.see(scene(person()), 0, came, dark) == ["too_dark"]


def test_a_quiet_hour_tells_faults_only_and_then_what_is_true_by_then() -> None:
    night = True
    policy = Policy(Preferences(), hushed=lambda: night)
    assert policy.volunteer([], scene(person()), 0) == []
    night = False
    assert len(policy.volunteer([], scene(person()), 1)) == 1


def test_a_snooze_is_quiet_and_ends_with_one_sentence() -> None:
    listener = Listener()
    listener.policy.snooze(until=1800)
    came, went = Change("presence", 1, None, "person", 0), Change("presence", 1, "person", None, 3)
    assert listener.see(scene(person()), 10, came) == []
    assert listener.see(scene(), 20, went) == []
    assert listener.see(scene(light="dark"), 30, Change("light", None, "ok", "dark", 30)) == ["too_dark"]
    assert listener.see(scene(), 1800) == ["snooze_over_with_people"]
    assert listener.see(scene(), 1801) == []


def test_a_snooze_in_which_nobody_came_says_so() -> None:
    listener = Listener()
    listener.policy.snooze(until=10)
    assert listener.see(scene(), 10) == ["snooze_over"]


def test_at_work_expressions_are_neither_volunteered_nor_answered() -> None:
    listener = Listener(expressions_told=False)
    assert listener.see(scene(person()), 0) == []
    for verb in ("now", "detail"):
        answer = listener.policy.answer(Query(verb, 0.0), scene(person()))
        assert "happy" not in str(answer)
        assert not answer.tells


@pytest.mark.parametrize(
    ("topics", "heard"),
    [
        ({"people"}, ["[person]"]),
        ({"expressions"}, ["expression_sure happy"]),
        ({"light"}, ["too_dark"]),
        (set(), []),
    ],
)
def test_topics_can_be_switched(topics: set[str], heard: list[str]) -> None:
    came, dark = Change("presence", 1, None, "person", 0), Change("light", None, "ok", "dark", 0)
    assert Listener(topics=frozenset(topics)).see(scene(person()), 0, came, dark) == heard


def test_coming_and_going_are_sounds_and_in_detail_sentences() -> None:
    came, went = Change("presence", 1, None, "person", 0), Change("presence", 1, "person", None, 3)
    assert Listener().see(scene(person(settled=False)), 0, came) == ["[person]"]
    assert Listener().see(scene(), 3, went) == ["[gone]"]
    assert Listener(verbosity="detailed").see(scene(person(settled=False)), 0, came) == ["person_came"]
    assert Listener(verbosity="detailed").see(scene(), 3, went) == ["person_left"]


def test_a_fault_of_the_light_is_a_sentence_once_and_then_a_sound() -> None:
    listener = Listener()
    dark, light = Change("light", None, "ok", "dark", 0), Change("light", None, "dark", "ok", 5)
    assert listener.see(scene(light="dark"), 0, dark) == ["too_dark"]
    listener.see(scene(), 5, light)
    assert listener.see(scene(light="dark"), 9, dark) == ["[fault]"]


@pytest.mark.parametrize(
    ("view", "message"),
    [
        (scene(), "nobody"),
        (scene(pictures=1), "still_picture"),
        (scene(light="dark"), "too_dark"),
        (scene(light="covered"), "covered"),
        (scene(at=-1.5), "cannot_see"),
        (scene(at=-1.5, interval_s=1.1), "nobody"),
        (scene(person(), at=-4.9, interval_s=5.0), "expression_sure"),
        (scene(at=-3, interval_s=1.1), "cannot_see"),
        (scene(newest_light="covered"), "covered"),
        (scene(newest_light="dark"), "too_dark"),
        (scene(newest_light="ok", light="covered"), "nobody"),
        (scene(newest_light="covered", starting=True), "camera_starting"),
        (scene(unsure=1), "perhaps_somebody"),
        (scene(searched=False), "faces_unwatched"),
        (scene(person(), searched=False), "faces_unwatched"),
        (scene(person()), "expression_sure"),
        (scene(person(), light="dark"), "expression_sure"),
        (scene(person(confidence=Confidence.UNSURE)), "expression_unsure"),
        (scene(person(confidence=Confidence.CANNOT_TELL)), "expression_unknown"),
        (scene(person(), person(id=2)), "people_count"),
    ],
)
def test_answers(view: SceneView, message: str) -> None:
    answer = Policy(Preferences()).answer(Query("now", 0.0), view)
    assert (answer.message, answer.urgency) == (message, Urgency.ANSWER)


def test_the_age_of_an_old_picture_is_told() -> None:
    policy = Policy(Preferences())
    for view, verb in ((scene(at=-4, interval_s=5), "now"), (scene(person(), at=-4, interval_s=5), "detail")):
        assert policy.answer(Query(verb, 0.0), view).phrases[-1].facts == {"seconds": 4}


def test_a_snooze_that_ends_in_the_dark_does_not_say_that_nobody_is_there() -> None:
    policy = Policy(Preferences())
    policy.snooze(until=10)
    (over,) = policy.volunteer([], scene(newest_light="dark"), 10)
    assert isinstance(over, Announcement)
    assert over.phrases[1].message == "too_dark"


def test_detail_has_its_order() -> None:
    view = scene(person(), person("sad", id=2, place="left"))
    answer = Policy(Preferences()).answer(Query("detail", 0.0), view)
    assert [phrase.message for phrase in answer.phrases] == ["people_detail", "expression_sure"]
    details = answer.phrases[0].facts["details"]
    assert isinstance(details, Listing)
    assert [getattr(part, "key", None) or getattr(part, "message", None) for part in details.items] == [
        "ahead",
        "near",
        "looks",
        "sure",
    ]


def test_what_is_no_longer_true_is_not_said() -> None:
    policy = Policy(Preferences())
    (said,) = policy.volunteer([], scene(person("happy")), 0)
    assert isinstance(said, Announcement)
    assert policy.still_true(said, scene(person("happy")))
    assert not policy.still_true(said, scene(person("sad")))
    assert not policy.still_true(said, scene())


@pytest.mark.parametrize("sound", ["speech", "beeps"])
def test_years_of_people_do_not_fill_the_memory(sound: str) -> None:
    listener = Listener(per_minute=60)
    listener.policy.sound = lambda: sound
    for index in range(500):
        listener.see(scene(person(id=index)), index * 30)
    assert len(vars(listener.policy)["_told"]) < 100


def _six(expression: str = "happy") -> SceneView:
    return scene(*(person(expression, id=number) for number in range(1, 7)))


def test_six_people_in_beeps_are_six_sounds_and_sentences_are_told_once_they_are_wanted() -> None:
    listener = Listener()
    listener.policy.sound = lambda: "beeps"
    assert listener.see(_six(), 0) == ["[notice]"] * 6
    assert all(listener.see(_six(), now) == [] for now in range(1, 100))
    listener.policy.sound = lambda: "speech"
    assert listener.see(_six(), 100) == ["expression_sure happy"] * 2  # as many as a minute may have
    assert listener.see(_six(), 160) == ["expression_sure happy"] * 2


def test_in_beeps_a_person_is_no_more_talkative_than_in_sentences_and_an_end_sounds_softly() -> None:
    listener = Listener()
    listener.policy.sound = lambda: "beeps"
    assert listener.see(scene(person("happy")), 0) == ["[notice]"]
    assert listener.see(scene(person("sad")), 5) == []
    assert listener.see(scene(person("sad")), 21) == ["[notice]"]
    assert listener.see(scene(person("neutral")), 22) == ["[neutral]"]
    assert listener.see(scene(person("neutral")), 23) == []


def test_what_was_told_in_sentences_is_not_beeped_and_beeps_are_forgotten_with_the_next_sentences() -> None:
    listener = Listener()
    assert listener.see(scene(person("happy")), 0) == ["expression_sure happy"]
    listener.policy.sound = lambda: "beeps"
    assert listener.see(scene(person("happy")), 30) == []
    assert listener.see(scene(person("sad")), 60) == ["[notice]"]
    listener.policy.sound = lambda: "speech"
    assert listener.see(scene(person("happy")), 90) == []
    listener.policy.sound = lambda: "beeps"
    assert listener.see(scene(person("sad")), 120) == ["[notice]"]


def test_in_detail_beeps_are_sounds_as_well() -> None:
    listener = Listener(verbosity="detailed")
    listener.policy.sound = lambda: "beeps"
    came = Change("presence", 1, None, "person", 0)
    assert listener.see(scene(person("neutral")), 0, came) == ["[person]"]
    covered = Change("light", None, "ok", "covered", 0)
    assert [listener.see(scene(light="covered"), now, covered) for now in (1, 2)] == [["[fault]"]] * 2
    listener.policy.sound = lambda: "speech"
    assert listener.see(scene(light="covered"), 3, covered) == ["covered"]


def test_with_sound_off_nothing_is_told_and_then_what_is_true_by_then() -> None:
    listener = Listener()
    listener.policy.sound = lambda: "off"
    listener.policy.snooze(10)
    came = Change("presence", 1, None, "person", 0)
    assert listener.see(scene(person("sad")), 0, came) == []
    assert listener.see(scene(person("happy")), 20) == []
    listener.policy.sound = lambda: "speech"
    assert listener.see(scene(person("happy")), 30) == ["snooze_over_with_people", "expression_sure happy"]
