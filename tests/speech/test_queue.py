"""The speech queue: with a made clock and no thread where a rule is tested, with threads where timing is."""

import time
from collections.abc import Callable
from itertools import pairwise
from threading import Event, Thread

import pytest

from assistant.domain.ports import Cancelled
from assistant.domain.values import Announcement, Outcome, Urgency, Utterance
from assistant.errors import SpeechError
from assistant.speech.history import HISTORY, REPEAT_RUN_S
from assistant.speech.queue import LOOK_S, PATIENCE_S, RETRY_S, SpeechQueue
from assistant.speech.silent import SilentSpeaker

AMBIENT, ANSWER, ALERT = Urgency.AMBIENT, Urgency.ANSWER, Urgency.ALERT
PLAYED, DROPPED, CUT = Outcome.PLAYED, Outcome.DROPPED, Outcome.CUT
HANG_S = 10.0


class Moody(SilentSpeaker):
    """A voice that can be made to fail, and that does something while it speaks."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = True
        self.meanwhile: Callable[[str], None] = lambda text: None

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        if not self.heard:
            raise SpeechError("No sound device.")
        super().speak(utterance, cancelled)
        self.meanwhile(utterance.text)


class House:
    """A queue with everything that it needs, and a clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.speaker = Moody()
        self.untrue: set[str] = set()
        self.outcomes: list[tuple[str, Outcome]] = []
        self.queue = SpeechQueue(
            speaker=self.speaker,
            words=lambda announcement: Utterance(f"{announcement.message}.", "en"),
            still_true=lambda announcement: announcement.message not in self.untrue,
            on_outcome=lambda announcement, text, outcome: self.outcomes.append((text, outcome)),
            clock=lambda: self.now,
        )

    def put(self, message: str, urgency: Urgency = AMBIENT, topic: str = "", expires: float | None = None) -> None:
        self.queue.put(Announcement(message, urgency=urgency, topic=topic, expires=expires))

    def run(self) -> list[str]:
        """Says everything that waits."""
        before = len(self.speaker.said)
        while self.queue.step():
            pass
        return [utterance.text.rstrip(".") for utterance in self.speaker.said[before:]]


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
        (AMBIENT, ANSWER, CUT),
        (AMBIENT, ALERT, CUT),
        (ANSWER, AMBIENT, PLAYED),
        (ANSWER, ANSWER, CUT),
        (ANSWER, ALERT, CUT),
        (ALERT, ANSWER, PLAYED),
        (ALERT, ALERT, PLAYED),
    ],
)
def test_what_cuts_what(house: House, current: Urgency, new: Urgency, outcome: Outcome) -> None:
    house.speaker.meanwhile = lambda text: house.put("new", new) if text == "current." else None
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

    house.speaker.meanwhile = stop
    house.put("current", ALERT)
    assert house.run() == ["current", "alert"]
    assert house.outcomes == [("waiting.", DROPPED), ("current.", CUT), ("alert.", PLAYED)]


def test_a_stop_while_the_words_are_sought_is_not_too_early() -> None:
    house = House()

    def stop(announcement: Announcement) -> bool:
        house.queue.stop()
        return True

    queue = SpeechQueue(
        house.speaker,
        lambda announcement: Utterance("Late.", "en"),
        stop,
        lambda announcement, text, outcome: house.outcomes.append((text, outcome)),
        lambda: house.now,
    )
    house.queue = queue
    queue.put(Announcement("late"))
    assert house.run() == []
    assert house.outcomes == [("Late.", DROPPED)]


def test_answering(house: House) -> None:
    during = []
    house.speaker.meanwhile = lambda text: during.append(house.queue.answering)
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
    house.speaker.meanwhile = lambda text: house.queue.stop() if text == "cut." else None
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
    assert [spoken.utterance.text for spoken in house.queue.history()] == ["a."]


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
    house.speaker.meanwhile = lambda text: house.queue.stop()
    house.put("cut")
    house.run()
    history = house.queue.history()
    assert len(history) == HISTORY
    assert (history[-1].utterance.text, history[-1].outcome) == ("cut.", CUT)
    assert all(early.at <= late.at for early, late in pairwise(history))


def test_a_flood_is_bounded(house: House) -> None:
    for number in range(1000):
        house.put(str(number))
    assert len(house.run()) < 10
    assert len(house.outcomes) == 1000


def test_without_sound_what_nobody_heard_is_counted_and_told_when_it_is_back(house: House) -> None:
    house.speaker.heard = False
    house.put("a")
    house.put("b")
    house.put("alert", ALERT)
    assert house.run() == []
    house.now += RETRY_S[0] / 2
    assert house.run() == []
    house.speaker.heard = True
    house.now += RETRY_S[0]
    assert house.run() == ["sound_back_complete", "alert", "a", "b"]


def test_an_alert_survives_an_outage_and_the_rest_is_missed(house: House) -> None:
    house.speaker.heard = False
    house.put("a")
    house.put("alert", ALERT)
    house.run()
    house.put("b")
    house.now += RETRY_S[0]
    assert house.run() == []
    assert house.outcomes == [("a.", DROPPED), ("b.", DROPPED)]
    house.now += RETRY_S[1]
    house.speaker.heard = True
    assert house.run() == ["sound_back", "alert"]


def test_the_number_of_the_missed_is_told() -> None:
    facts = []
    house = House()
    house.queue = SpeechQueue(
        house.speaker,
        lambda announcement: Utterance(f"{announcement.message} {dict(announcement.facts)}.", "en"),
        lambda announcement: True,
        lambda announcement, text, outcome: facts.append((text, outcome)),
        lambda: house.now,
    )
    house.speaker.heard = False
    house.put("a")
    house.run()
    house.put("b")
    house.put("c")
    house.now += RETRY_S[0]
    house.run()
    house.now += RETRY_S[1]
    house.speaker.heard = True
    house.run()
    assert facts[-1] == ("sound_back {'missed': 3}.", PLAYED)


def test_pauses_between_tries_grow_but_an_answer_hurries_them(house: House) -> None:
    tries = []
    house.speaker.heard = False
    speak = house.speaker.speak

    def noted(utterance: Utterance, cancelled: Cancelled) -> None:
        tries.append(house.now)
        speak(utterance, cancelled)

    house.speaker.speak = noted  # type: ignore[method-assign]
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
    house.speaker.heard = False
    house.put("alert", ALERT)
    house.run()
    assert house.queue.wait_idle(0.0)


# -- with threads -----------------------------------------------------------------------------------------------------


class Serving:
    """A queue served by a thread, with a voice that takes its time."""

    def __init__(self, seconds_per_letter: float = 0.02) -> None:
        self.speaker = SilentSpeaker(seconds_per_letter=seconds_per_letter)
        self.outcomes: list[tuple[str, Outcome]] = []
        self.queue = SpeechQueue(
            self.speaker,
            lambda announcement: Utterance(announcement.message, "en"),
            lambda announcement: True,
            lambda announcement, text, outcome: self.outcomes.append((text, outcome)),
            time.monotonic,
        )
        self.stopped = Event()
        self.thread = Thread(target=self.queue.serve, args=(self.stopped.is_set,))

    def __enter__(self) -> "Serving":
        self.thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.stopped.set()
        self.queue.stop()
        self.thread.join(HANG_S)
        assert not self.thread.is_alive()


def _until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + HANG_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_the_serving_thread_speaks_and_idleness_can_be_waited_for() -> None:
    with Serving(seconds_per_letter=0.01) as serving:
        for message in ("one", "two", "three"):
            serving.queue.put(Announcement(message))
        assert serving.queue.wait_idle(HANG_S)
        assert [text for text, _ in serving.outcomes] == ["one", "two", "three"]


def test_waiting_for_idleness_is_bounded() -> None:
    with Serving() as serving:
        serving.queue.put(Announcement("a long sentence that takes a while" * 5))
        assert not serving.queue.wait_idle(0.05)


def test_stop_from_another_thread_is_heard_at_once() -> None:
    with Serving() as serving:
        serving.queue.put(Announcement("a long sentence that takes a while" * 5))
        _until(lambda: serving.speaker.said)
        began = time.monotonic()
        serving.queue.stop()
        assert serving.queue.wait_idle(HANG_S)
        assert time.monotonic() - began < 0.6
        assert serving.outcomes[0][1] is CUT


def test_a_stop_in_the_midst_of_many_announcements_never_hangs_and_reports_each() -> None:
    with Serving(seconds_per_letter=0.0005) as serving:
        for number in range(200):
            serving.queue.put(Announcement(f"{number}", urgency=Urgency(number % 3)))
            if number % 7 == 0:
                serving.queue.stop()
        assert serving.queue.wait_idle(HANG_S)
        assert sorted(int(text) for text, _ in serving.outcomes) == list(range(200))


def test_the_queue_is_seen_at_work_while_it_idles_and_while_a_long_sentence_is_said() -> None:
    with Serving() as serving:
        for message in (None, "a sentence that takes a second and more in silence" * 2):
            if message:
                serving.queue.put(Announcement(message))
            time.sleep(3 * LOOK_S)
            assert time.monotonic() - serving.queue.progressed_at < 3 * LOOK_S


def test_a_voice_that_hangs_is_seen_to_make_no_progress(house: House) -> None:
    seen = []

    def hang(text: str) -> None:
        house.now += PATIENCE_S[0] + PATIENCE_S[1] * len(text) + 1
        seen.append(house.now - house.queue.progressed_at)

    house.speaker.meanwhile = hang
    house.put("stuck")
    house.run()
    assert seen[0] > PATIENCE_S[0]
