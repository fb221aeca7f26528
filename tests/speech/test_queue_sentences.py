"""Announcements of several sentences: said in turn, steered by the user, cut by alerts and gone on with."""

from collections.abc import Callable

import pytest

from assistant.domain.values import Announcement, Phrase
from tests.speech.house import ALERT, AMBIENT, ANSWER, DROPPED, INTERRUPTED, PLAYED, House


@pytest.fixture
def house() -> House:
    return House()


def once(house: House, sentence: str, act: Callable[[], object]) -> None:
    """Lets something happen the first time that a sentence is said."""
    done = []

    def meanwhile(text: str) -> None:
        if text == f"{sentence}." and not done:
            done.append(text)
            act()

    house.voice.meanwhile = meanwhile


def test_one_after_the_other_and_one_outcome(house: House) -> None:
    house.put_several("a", "b", "c")
    assert house.run() == ["a", "b", "c"]
    assert house.outcomes == [("a. b. c.", PLAYED)]


def test_an_alert_cuts_in_and_the_sentence_is_begun_again(house: House) -> None:
    house.put_several("a", "b", "c")
    once(house, "b", lambda: house.put("alert", ALERT))
    assert house.run() == ["a", "b", "alert", "b", "c"]
    assert house.outcomes == [("alert.", PLAYED), ("a. b. c.", PLAYED)]


def test_several_alerts_cut_in(house: House) -> None:
    house.put_several("a", "b")
    house.voice.meanwhile = lambda text: house.put(f"alert {len(house.voice.said)}", ALERT) if text == "b." else None
    for _ in range(6):
        house.queue.step()
    said = [utterance.text.rstrip(".") for utterance in house.voice.said]
    assert said == ["a", "b", "alert 2", "b", "alert 4", "b", "alert 6"]
    house.voice.meanwhile = lambda text: None
    house.run()
    assert house.outcomes[-1] == ("a. b.", PLAYED)


def test_what_is_in_view_may_have_changed_and_is_not_gone_on_with(house: House) -> None:
    house.put_several("a", "b", resumes=False)
    once(house, "a", lambda: house.put("alert", ALERT))
    assert house.run() == ["a", "alert"]
    assert house.outcomes == [("a. b.", INTERRUPTED), ("alert.", PLAYED)]


def test_another_answer_ends_it(house: House) -> None:
    house.put_several("a", "b")
    once(house, "a", lambda: house.put("new", ANSWER))
    assert house.run() == ["a", "new"]
    assert house.outcomes == [("a. b.", INTERRUPTED), ("new.", PLAYED)]


def test_an_answer_after_the_alert_takes_its_place(house: House) -> None:
    def both() -> None:
        house.put("alert", ALERT)
        house.put("new", ANSWER)

    house.put_several("a", "b")
    once(house, "a", both)
    assert house.run() == ["a", "alert", "new"]
    assert ("a. b.", INTERRUPTED) in house.outcomes or ("a. b.", DROPPED) in house.outcomes


@pytest.mark.parametrize("at", ["a", "b", "c"])
def test_stop_ends_all_sentences(house: House, at: str) -> None:
    house.put_several("a", "b", "c", urgency=AMBIENT)
    once(house, at, house.queue.stop)
    assert house.run() == ["a", "b", "c"][: "abc".index(at) + 1]
    assert house.outcomes == [("a. b. c.", INTERRUPTED)]


def test_stop_while_an_alert_has_cut_in_ends_it_too(house: House) -> None:
    house.put_several("a", "b")
    once(house, "a", lambda: house.put("alert", ALERT))
    house.queue.step()
    once(house, "alert", house.queue.stop)
    assert house.run() == ["alert"]
    assert [outcome for _, outcome in house.outcomes] == [DROPPED, INTERRUPTED]


def test_next_goes_on_with_the_next_sentence(house: House) -> None:
    house.put_several("a", "b", "c")
    once(house, "b", house.queue.next)
    assert house.run() == ["a", "b", "c"]
    assert house.outcomes == [("a. b. c.", PLAYED)]


def test_next_in_the_last_sentence_ends_it_and_then_there_is_no_next(house: House) -> None:
    house.put_several("a", "b")
    once(house, "b", house.queue.next)
    house.run()
    assert not house.queue.next()


@pytest.mark.parametrize("steer", ["next", "spell"])
def test_what_was_stopped_is_not_gone_on_with(house: House, steer: str) -> None:
    def stop_and_steer() -> None:
        house.queue.stop()
        assert not getattr(house.queue, steer)()

    house.put_several("a", "b", "c")
    once(house, "a", stop_and_steer)
    assert house.run() == ["a"]


def test_again_begins_the_sentence_anew_and_goes_on(house: House) -> None:
    house.put_several("a", "b", "c")
    once(house, "b", house.queue.again)
    assert house.run() == ["a", "b", "b", "c"]


def test_again_in_silence_repeats(house: House) -> None:
    assert not house.queue.again()
    house.put_several("a", "b")
    house.run()
    assert house.queue.again()
    assert house.run() == ["a", "b"]


def test_spell_while_it_is_said_and_in_silence(house: House) -> None:
    assert not house.queue.spell()
    house.put_several("hi you", "b")
    once(house, "hi you", house.queue.spell)
    assert house.run() == ["hi you", "h, i. y, o, u", "b"]
    assert house.queue.spell()
    assert house.run() == ["b"]


def test_a_repetition_can_be_steered(house: House) -> None:
    house.put_several("a", "b", "c")
    house.run()
    house.queue.repeat()
    once(house, "a", house.queue.next)
    assert house.run() == ["a", "b", "c"]


def test_parts_of_an_answer_follow_each_other(house: House) -> None:
    def part(message: str, follows: bool) -> None:
        house.queue.put(Announcement((Phrase(message),), ANSWER, topic="answer", follows=follows))

    def more() -> None:
        part("b", True)
        part("c", True)

    part("a", False)
    once(house, "a", more)
    assert house.run() == ["a", "b", "c"]
    part("a", False)
    once(house, "a", lambda: (more(), part("new", False)))
    assert house.run() == ["a", "new"]
    assert [outcome for _, outcome in house.outcomes] == [PLAYED] * 3 + [DROPPED, DROPPED, INTERRUPTED, PLAYED]
