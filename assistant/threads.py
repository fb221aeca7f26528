"""Threads that are started together, watched together and joined together."""

import logging
from collections.abc import Callable, Mapping
from threading import Thread
from time import monotonic

log = logging.getLogger(__name__)


class Threads:
    """Runs each job in a thread of its own.

    Args:
        jobs: Work by name; each returns when the program stops.
        failed: Told at once when a job ends with an error, in the job's thread.
    """

    def __init__(self, jobs: Mapping[str, Callable[[], None]], failed: Callable[[], None]) -> None:
        self._failed = failed
        self.failure: BaseException | None = None
        """What ended the first job that failed."""
        self._threads = [
            Thread(target=self._guard, args=(name, job), name=name, daemon=True) for name, job in jobs.items()
        ]

    def start(self) -> None:
        """Starts all."""
        for thread in self._threads:
            thread.start()

    def join(self, timeout_s: float) -> list[str]:
        """Waits for all, together at most so many seconds; gives the names of those that are still running."""
        deadline = monotonic() + timeout_s
        for thread in self._threads:
            thread.join(max(0.0, deadline - monotonic()))
        survivors = [thread.name for thread in self._threads if thread.is_alive()]
        if survivors:
            log.error("still running: %s", ", ".join(survivors))
        return survivors

    def _guard(self, name: str, job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # whatever kills a thread must be seen (SystemExit would go by in silence): it
            # is raised again where all are joined
            log.debug("thread %s", name, exc_info=True)
            self.failure = self.failure or error
            self._failed()


class Period:
    """Something to be done every so often; by the clock of its caller."""

    def __init__(self, seconds: float, now: float) -> None:
        self._seconds = seconds
        self._at = now + seconds

    def due(self, now: float) -> bool:
        """Whether it is time; if so, the next time begins."""
        if not self._seconds or now < self._at:
            return False
        self._at = now + self._seconds
        return True
