"""Whatever goes wrong with one announcement is told, the next has its turn, and each has exactly one outcome."""

from threading import Event

import pytest

from assistant.domain.ports import Cancelled
from assistant.domain.values import Announcement, Outcome, Urgency, Utterance
from assistant.errors import SpeechError
from assistant.speech.queue import SpeechQueue
from assistant.speech.reports import FAULT_S
from tests.speech.house import ALERT, AMBIENT, ANSWER, DROPPED, PLAYED, House

ERRORS = [KeyError("phrase"), ValueError("1"), SystemExit(2), RecursionError()]


class Damaged(House):
    """A house in which some words cannot be found, or the voice raises."""

    def __init__(self) -> None:
        super().__init__()
        self.damaged: dict[str, BaseException] = {}
        self.queue = SpeechQueue(
            self.voice,
            self._words,
            lambda announcement: announcement.message not in self.untrue,
            lambda announcement, text, outcome: self.outcomes.append((announcement.message, outcome)),
            lambda: self.now,
            lambda utterance: utterance,
        )

    def _words(self, announcement: Announcement) -> tuple[Utterance, ...]:
        if announcement.message in self.damaged:
            raise self.damaged[announcement.message]
        return (Utterance(f"{announcement.message}.", "en"),)


@pytest.fixture
def house() -> Damaged:
    return Damaged()


@pytest.mark.parametrize("urgency", [AMBIENT, ANSWER, ALERT])
@pytest.mark.parametrize("error", ERRORS)
def test_words_that_cannot_be_found_are_told_and_the_next_is_said(
    house: Damaged, urgency: Urgency, error: BaseException
) -> None:
    house.damaged["bad"] = error
    house.put("bad", urgency)
    house.put("good", urgency if urgency is not ANSWER else AMBIENT)
    assert sorted(house.run()) == ["fault", "good"]
    assert house.outcomes.count(("bad", DROPPED)) == 1


@pytest.mark.parametrize("error", ERRORS)
def test_a_voice_that_raises_something_else_is_told(house: Damaged, error: BaseException) -> None:
    def fail(text: str) -> None:
        if text == "bad.":
            raise error

    house.voice.meanwhile = fail
    house.put("bad")
    house.put("good")
    assert house.run() == ["bad", "fault", "good"]
    assert house.outcomes == [("bad", DROPPED), ("fault", PLAYED), ("good", PLAYED)]
    assert [spoken.announcement.message for spoken in house.queue.history()] == ["fault", "good"]


def test_when_the_words_for_the_fault_are_damaged_too_the_queue_goes_on(house: Damaged) -> None:
    house.damaged |= {"bad": KeyError("bad"), "fault": KeyError("fault")}
    house.put("bad")
    house.put("good")
    assert house.run() == ["good"]
    assert house.outcomes == [("bad", DROPPED), ("fault", DROPPED), ("good", PLAYED)]


def test_what_nobody_asked_for_is_not_told_as_a_fault_again_and_again_but_each_answer_is(house: Damaged) -> None:
    house.damaged["bad"] = KeyError("bad")
    said = []
    for _ in range(5):
        house.put("bad")
        said += house.run()
    assert said == ["fault"]
    for _ in range(2):
        house.put("bad", ANSWER)
        said += house.run()
    assert said == ["fault"] * 3
    house.now += FAULT_S + 1
    house.put("bad")
    assert house.run() == ["fault"]


def test_damaged_words_of_what_is_dropped_harm_nobody_who_asks(house: Damaged) -> None:
    house.damaged["bad"] = KeyError("bad")
    house.put("bad", ANSWER)
    house.put("good", ANSWER)
    house.put("bad")
    house.queue.stop()
    assert sorted(house.outcomes) == [("bad", DROPPED), ("bad", DROPPED), ("good", DROPPED)]


def test_whoever_listens_in_and_fails_does_not_silence_the_voice(house: Damaged) -> None:
    def fail(announcement: Announcement, text: str, outcome: Outcome) -> None:
        raise BrokenPipeError

    house.queue = SpeechQueue(
        house.voice,
        lambda announcement: (Utterance("Yes.", "en"),),
        lambda _: True,
        fail,
        lambda: house.now,
        lambda utterance: utterance,
    )
    house.put("a")
    house.put("b")
    assert house.run() == ["Yes", "Yes"]


def test_an_alert_whose_newer_self_came_while_it_could_not_be_heard_has_an_outcome(house: Damaged) -> None:
    def newer(utterance: Utterance, cancelled: Cancelled) -> None:
        house.put("alert", ALERT, topic="camera")
        raise SpeechError("No sound device.")

    house.voice.speak = newer  # type: ignore[method-assign]
    house.put("alert", ALERT, topic="camera")
    house.queue.step()
    assert house.outcomes == [("alert", DROPPED)]


def test_what_waits_at_the_end_and_what_comes_later_is_reported(house: Damaged) -> None:
    stopped = Event()
    stopped.set()
    house.put("ambient")
    house.put("alert", ALERT)
    house.queue.serve(stopped.is_set)
    house.put("late", ALERT)
    assert sorted(house.outcomes) == [("alert", DROPPED), ("ambient", DROPPED), ("late", DROPPED)]
    assert house.queue.wait_idle(0)
