"""The rules of the speech queue, with a made clock and no thread."""

from itertools import pairwise

import pytest

from assistant.domain.values import Announcement, Outcome, Urgency, Utterance, announce
from assistant.speech.history import HISTORY, REPEAT_RUN_S
from assistant.speech.queue import SpeechQueue
from assistant.speech.turn import PATIENCE_S
from tests.speech.house import ALERT, AMBIENT, ANSWER, DROPPED, INTERRUPTED, PLAYED, House


@pytest.fixture
def house() -> House:
    return House()


def test_one_after_the_other(house: House) -> None:
    house.put("a")
    house.put("b")
    assert house.run() == ["a", "b"]
    assert house.outcomes == [("a.", PLAYED), ("b.", PLAYED)]


def test_nothing_to_say(house: House) -> None:
    assert not house.queue.step()


def test_stale_and_untrue_is_dropped_when_its_turn_comes(house: House) -> None:
    house.put("stale", expires=101.0)
    house.put("untrue")
    house.put("fresh", expires=110.0)
    house.now = 102.0
    house.untrue.add("untrue")
    assert house.run() == ["fresh"]
    assert house.outcomes == [("stale.", DROPPED), ("untrue.", DROPPED), ("fresh.", PLAYED)]


def test_an_answer_can_be_stale_too(house: House) -> None:
    house.put("late", ANSWER, expires=99.0)
    assert house.run() == []


def test_an_alert_is_never_dropped_for_its_age(house: House) -> None:
    house.put("alert", ALERT, expires=99.0)
    house.untrue.add("alert")
    assert house.run() == ["alert"]


@pytest.mark.parametrize(
    ("current", "new", "outcome"),
    [
        (AMBIENT, AMBIENT, PLAYED),
        (AMBIENT, ANSWER, INTERRUPTED),
        (AMBIENT, ALERT, INTERRUPTED),
        (ANSWER, AMBIENT, PLAYED),
        (ANSWER, ANSWER, INTERRUPTED),
        (ANSWER, ALERT, INTERRUPTED),
        (ALERT, ANSWER, PLAYED),
        (ALERT, ALERT, PLAYED),
    ],
)
def test_what_cuts_what(house: House, current: Urgency, new: Urgency, outcome: Outcome) -> None:
    house.voice.meanwhile = lambda text: house.put("new", new) if text == "current." else None
    house.put("current", current)
    assert house.run() == ["current", "new"]
    assert house.outcomes == [("current.", outcome), ("new.", PLAYED)]


def test_a_topic_is_replaced_while_it_waits(house: House) -> None:
    house.put("happy", topic="expression 1")
    house.put("sad", topic="expression 1")
    assert house.run() == ["sad"]
    assert house.outcomes[0] == ("happy.", DROPPED)


def test_stop_ends_the_current_and_drops_what_waits_but_alerts(house: House) -> None:
    def stop(text: str) -> None:
        if text == "current.":
            house.put("waiting")
            house.put("alert", ALERT)
            house.outcomes.clear()
            house.queue.stop()

    house.voice.meanwhile = stop
    house.put("current", ALERT)
    assert house.run() == ["current", "alert"]
    assert house.outcomes == [("waiting.", DROPPED), ("current.", INTERRUPTED), ("alert.", PLAYED)]


def test_a_stop_while_the_words_are_sought_is_not_too_early() -> None:
    house = House()

    def stop(announcement: Announcement) -> bool:
        house.queue.stop()
        return True

    queue = SpeechQueue(
        house.voice,
        lambda announcement: (Utterance("Late.", "en"),),
        stop,
        lambda announcement, text, outcome: house.outcomes.append((text, outcome)),
        lambda: house.now,
        lambda utterance: utterance,
    )
    house.queue = queue
    queue.put(announce("late"))
    assert house.run() == []
    assert house.outcomes == [("Late.", DROPPED)]


def test_answering(house: House) -> None:
    during = []
    house.voice.meanwhile = lambda text: during.append(house.queue.answering)
    house.put("ambient")
    house.run()
    house.put("answer", ANSWER)
    assert house.queue.answering
    house.run()
    assert during == [False, True]
    assert not house.queue.answering


def test_repeat_gives_what_was_really_played_and_then_the_one_before(house: House) -> None:
    for message in ("a", "b", "c"):
        house.put(message)
    house.run()
    house.untrue.add("dropped")
    house.put("dropped")
    house.voice.meanwhile = lambda text: house.queue.stop() if text == "cut." else None
    house.put("cut")
    house.run()
    said = []
    for _ in range(4):
        assert house.queue.repeat()
        said += house.run()
    assert said == ["c", "b", "a", "a"]


def test_after_something_new_was_played_repeat_gives_that(house: House) -> None:
    house.put("a")
    house.put("b")
    house.run()
    house.queue.repeat()
    house.run()
    house.put("c")
    house.run()
    house.queue.repeat()
    assert house.run() == ["c"]


def test_a_later_repeat_begins_anew(house: House) -> None:
    house.put("a")
    house.put("b")
    house.run()
    house.queue.repeat()
    house.run()
    house.now += REPEAT_RUN_S + 1
    house.queue.repeat()
    assert house.run() == ["b"]


def test_repeat_says_the_same_words_even_when_it_is_no_longer_true(house: House) -> None:
    house.put("a", expires=101.0)
    house.run()
    house.now = 105.0
    house.untrue.add("a")
    house.queue.repeat()
    assert house.run() == ["a"]
    assert [spoken.utterances[0].text for spoken in house.queue.history()] == ["a."]


def test_repeat_is_an_answer_and_nothing_to_repeat_is_told_to_the_caller(house: House) -> None:
    assert not house.queue.repeat()
    house.put("a", ALERT)
    house.run()
    assert house.queue.repeat()
    assert house.queue.answering


def test_the_history_is_bounded_and_knows_what_was_cut(house: House) -> None:
    for number in range(HISTORY + 5):
        house.put(str(number))
        house.run()
    house.voice.meanwhile = lambda text: house.queue.stop()
    house.put("cut")
    house.run()
    history = house.queue.history()
    assert len(history) == HISTORY
    assert (history[-1].utterances[0].text, history[-1].outcome) == ("cut.", INTERRUPTED)
    assert all(early.at <= late.at for early, late in pairwise(history))


def test_a_flood_is_bounded(house: House) -> None:
    for number in range(1000):
        house.put(str(number))
    assert len(house.run()) < 10
    assert len(house.outcomes) == 1000


def test_a_voice_that_hangs_is_seen_to_make_no_progress(house: House) -> None:
    seen = []

    def hang(text: str) -> None:
        house.now += PATIENCE_S[0] + PATIENCE_S[1] * len(text) + 1
        seen.append(house.now - house.queue.progressed_at)

    house.voice.meanwhile = hang
    house.put("stuck")
    house.run()
    assert seen[0] > PATIENCE_S[0]
