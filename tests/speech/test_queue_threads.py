"""The speech queue with its serving thread and a voice that takes its time."""

import time
from collections.abc import Callable
from functools import partial
from threading import Event, Thread

from assistant.domain.values import Outcome, Urgency, Utterance, announce
from assistant.speech.queue import SpeechQueue
from assistant.speech.silent import SilentVoice
from tests.speech.house import INTERRUPTED

HANG_S = 30.0


class Serving:
    """A queue served by a thread, with a voice that takes its time."""

    def __init__(self, seconds_per_letter: float = 0.02) -> None:
        self.voice = SilentVoice(seconds_per_letter=seconds_per_letter)
        self.outcomes: list[tuple[str, Outcome]] = []
        self.queue = SpeechQueue(
            self.voice,
            lambda announcement: (Utterance(announcement.message, "en"),),
            lambda announcement: True,
            lambda announcement, text, outcome: self.outcomes.append((text, outcome)),
            time.monotonic,
            lambda utterance: utterance,
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


def _progresses_after(queue: SpeechQueue, moment: float) -> bool:
    return queue.progressed_at > moment


def test_the_serving_thread_speaks_and_idleness_can_be_waited_for() -> None:
    with Serving(seconds_per_letter=0.01) as serving:
        for message in ("one", "two", "three"):
            serving.queue.put(announce(message))
        assert serving.queue.wait_idle(HANG_S)
        assert [text for text, _ in serving.outcomes] == ["one", "two", "three"]


def test_waiting_for_idleness_is_bounded() -> None:
    with Serving() as serving:
        serving.queue.put(announce("a long sentence that takes a while" * 5))
        assert not serving.queue.wait_idle(0.05)


def test_stop_from_another_thread_is_heard_at_once() -> None:
    with Serving() as serving:
        serving.queue.put(announce("a long sentence that takes two minutes" * 150))
        _until(lambda: serving.voice.said)
        serving.queue.stop()
        assert serving.queue.wait_idle(HANG_S)
        assert serving.outcomes[0][1] is INTERRUPTED


def test_a_stop_in_the_midst_of_many_announcements_never_hangs_and_reports_each() -> None:
    with Serving(seconds_per_letter=0.0005) as serving:
        for number in range(200):
            serving.queue.put(announce(f"{number}", urgency=Urgency(number % 3)))
            if number % 7 == 0:
                serving.queue.stop()
        assert serving.queue.wait_idle(HANG_S)
        assert sorted(int(text) for text, _ in serving.outcomes) == list(range(200))


def test_the_queue_is_seen_at_work_while_it_idles_and_while_a_long_sentence_is_said() -> None:
    with Serving() as serving:
        for message in (None, "a sentence that takes two minutes in silence" * 150):
            if message:
                serving.queue.put(announce(message))
                _until(lambda: serving.voice.said)
            _until(partial(_progresses_after, serving.queue, time.monotonic()))
