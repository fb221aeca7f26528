"""The speech queue while nothing can be heard: alerts are kept, the rest is counted, and sound's return is told."""

from itertools import pairwise

import pytest

from assistant.domain.ports import Cancelled
from assistant.domain.values import Utterance
from assistant.speech.outage import RETRY_S
from assistant.speech.queue import SpeechQueue
from tests.speech.house import ALERT, ANSWER, DROPPED, PLAYED, House


@pytest.fixture
def house() -> House:
    return House()


def test_without_sound_what_nobody_heard_is_counted_and_told_when_it_is_back(house: House) -> None:
    house.voice.heard = False
    house.put("a")
    house.put("b")
    house.put("alert", ALERT)
    assert house.run() == []
    house.now += RETRY_S[0] / 2
    assert house.run() == []
    house.voice.heard = True
    house.now += RETRY_S[0]
    assert house.run() == ["sound_back_complete", "alert", "a", "b"]


def test_an_alert_survives_an_outage_and_the_rest_is_missed(house: House) -> None:
    house.voice.heard = False
    house.put("a")
    house.put("alert", ALERT)
    house.run()
    house.put("b")
    house.now += RETRY_S[0]
    assert house.run() == []
    assert house.outcomes == [("a.", DROPPED), ("b.", DROPPED)]
    house.now += RETRY_S[1]
    house.voice.heard = True
    assert house.run() == ["sound_back", "alert"]


def test_the_number_of_the_missed_is_told() -> None:
    facts = []
    house = House()
    house.queue = SpeechQueue(
        house.voice,
        lambda announcement: (Utterance(f"{announcement.message} {dict(announcement.phrases[0].facts)}.", "en"),),
        lambda announcement: True,
        lambda announcement, text, outcome: facts.append((text, outcome)),
        lambda: house.now,
        lambda utterance: utterance,
    )
    house.voice.heard = False
    house.put("a")
    house.run()
    house.put("b")
    house.put("c")
    house.now += RETRY_S[0]
    house.run()
    house.now += RETRY_S[1]
    house.voice.heard = True
    house.run()
    assert facts[-1] == ("sound_back {'missed': 3}.", PLAYED)


def test_pauses_between_tries_grow_but_an_answer_hurries_them(house: House) -> None:
    tries = []
    house.voice.heard = False
    speak = house.voice.speak

    def noted(utterance: Utterance, cancelled: Cancelled) -> None:
        tries.append(house.now)
        speak(utterance, cancelled)

    house.voice.speak = noted  # type: ignore[method-assign]
    house.put("a")
    for _ in range(600):
        house.queue.step()
        house.now += 0.1
    pauses = [round(late - early, 1) for early, late in pairwise(tries)]
    assert pauses[:6] == pytest.approx([*RETRY_S, RETRY_S[-1]], abs=0.15)
    house.put("answer", ANSWER)
    count = len(tries)
    house.now += RETRY_S[0]
    house.queue.step()
    assert len(tries) == count + 1


def test_nothing_is_waited_for_while_nothing_can_be_heard(house: House) -> None:
    house.voice.heard = False
    house.put("alert", ALERT)
    house.run()
    assert house.queue.wait_idle(0.0)
