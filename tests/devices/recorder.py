"""A `Control` that remembers what triggers told it, and a thread that serves one."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from threading import Condition, Event, Thread
from typing import Any

from assistant.domain.ports import Trigger

HANG_S = 30.0
"""Nothing here takes nearly as long, unless it hangs (seconds)."""


class Recorder:
    """Remembers presses, releases and verbs, in their order."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self._changed = Condition()

    def press(self, source: str) -> None:
        self._add(f"{source} down")

    def release(self, source: str) -> None:
        self._add(f"{source} up")

    def hold(self, verb: str, source: str) -> Mapping[str, Any]:
        self._add(f"{source} {verb} held")
        return {"ok": True}

    def ask(self, verb: str, source: str, about: str = "") -> Mapping[str, Any]:
        self._add(f"{source} {verb} {about}".strip())
        return {"ok": True, "message": verb}

    def wait(self, done: Callable[[list[str]], bool]) -> list[str]:
        """Waits until what was heard satisfies `done`; gives it."""
        with self._changed:
            assert self._changed.wait_for(lambda: done(self.heard), HANG_S), f"heard only {self.heard}"
            return list(self.heard)

    def wait_for(self, *heard: str) -> None:
        """Waits until exactly this was heard."""
        assert self.wait(lambda so_far: len(so_far) >= len(heard)) == list(heard)

    def _add(self, what: str) -> None:
        with self._changed:
            self.heard.append(what)
            self._changed.notify_all()


@contextmanager
def served(trigger: Trigger) -> Iterator[Recorder]:
    """Opens a trigger and serves it in a thread; stops, joins and closes it at the end."""
    recorder, stop = Recorder(), Event()
    trigger.open()
    thread = Thread(target=trigger.serve, args=(recorder, stop.is_set))
    thread.start()
    try:
        yield recorder
    finally:
        stop.set()
        thread.join(HANG_S)
        trigger.close()
        assert not thread.is_alive()
