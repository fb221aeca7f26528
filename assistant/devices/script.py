"""A trigger that asks by the clock: somebody pressing keys, for the demo and for tests."""

from collections.abc import Callable, Sequence
from time import sleep

from assistant.domain.ports import Control

_LOOK_S = 0.05


class Script:
    """Asks what it is told to, when it is told to.

    Args:
        asks: Seconds, and what is asked then; in order of time.
        seconds: The time by which it asks.
    """

    name = "script"

    def __init__(self, asks: Sequence[tuple[float, str]], seconds: Callable[[], float]) -> None:
        self._asks = asks
        self._seconds = seconds

    def open(self) -> None:
        """Nothing to prepare."""

    def serve(self, control: Control, stopped: Callable[[], bool]) -> None:
        """Asks one after the other, until all are asked or it is stopped."""
        for at, verb in self._asks:
            while self._seconds() < at:
                if stopped():
                    return
                sleep(_LOOK_S)
            control.ask(verb, self.name)

    def close(self) -> None:
        """Nothing to restore."""
