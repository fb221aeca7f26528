"""Whatever ends a thread is seen."""

import sys
from threading import Event

import pytest

from assistant.threads import Threads


@pytest.mark.parametrize("error", [ValueError("made"), SystemExit(3), KeyboardInterrupt()])
def test_whatever_ends_a_thread_is_told_and_kept(error: BaseException) -> None:
    def fail() -> None:
        raise error

    failed = Event()
    threads = Threads({"good": lambda: None, "bad": fail}, failed.set)
    threads.start()
    assert failed.wait(30)
    assert threads.join(30) == []
    assert threads.failure is error


def test_who_does_not_end_is_named() -> None:
    end = Event()
    threads = Threads({"good": lambda: None, "stuck": lambda: bool(end.wait(30)) and None}, lambda: None)
    threads.start()
    assert threads.join(0.2) == ["stuck"]
    end.set()
    assert threads.join(30) == []


def test_leaving_by_sys_exit_counts_too() -> None:
    threads = Threads({"leaves": lambda: sys.exit(3)}, lambda: None)
    threads.start()
    threads.join(30)
    assert isinstance(threads.failure, SystemExit)
