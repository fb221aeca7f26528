"""A trigger that fails is told once, tried again, and told when it works; nothing else ends with it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import pytest

from assistant import attending
from assistant.attending import Attended
from assistant.domain.ports import Control
from assistant.domain.values import Announcement
from assistant.errors import TriggerError
from tests.devices.recorder import HANG_S, Recorder


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attending, "RETRY_S", 0.05)


class Moody:
    """Fails while it is opened, and while it serves, as often as it is told to; then asks once and ends."""

    name = "moody"

    def __init__(self, opening: int, serving: int, error: BaseException) -> None:
        self._opening, self._serving, self._error = opening, serving, error
        self.closed = 0

    def open(self) -> None:
        self._opening -= 1
        if self._opening >= 0:
            raise self._error

    def serve(self, control: Control, stopped: Callable[[], bool]) -> None:
        self._serving -= 1
        if self._serving >= 0:
            raise self._error
        control.ask("now", self.name)

    def close(self) -> None:
        self.closed += 1
        raise ValueError("made for this test")


@contextmanager
def attended(trigger: Moody) -> Iterator[tuple[Recorder, list[Announcement]]]:
    told: list[Announcement] = []
    recorder, stop = Recorder(), Event()
    kept = Attended(trigger, told.append)
    kept.open()
    thread = Thread(target=kept.serve, args=(recorder, stop.is_set))
    thread.start()
    try:
        yield recorder, told
    finally:
        stop.set()
        thread.join(HANG_S)
        kept.close()
    assert not thread.is_alive()


@pytest.mark.parametrize("error", [TriggerError("Made."), ValueError("made"), OSError(), SystemExit(3)])
@pytest.mark.parametrize(("opening", "serving"), [(3, 0), (0, 3), (2, 2)])
def test_it_is_told_once_and_tried_again(error: BaseException, opening: int, serving: int) -> None:
    with attended(Moody(opening, serving, error)) as (recorder, told):
        recorder.wait_for("moody now")
    messages = [each.message for each in told]
    assert messages[:2] == ["trigger_lost", "trigger_back"]
    assert all(each.phrases[0].facts == {"trigger": "moody"} for each in told)


def test_one_that_works_is_not_spoken_of() -> None:
    with attended(Moody(0, 0, ValueError())) as (recorder, told):
        recorder.wait_for("moody now")
    assert told == []
