"""The thread of a trigger: opened, served, and again when it fails; told once by its name, and when it works again."""

import logging
from collections.abc import Callable
from time import monotonic, sleep

from assistant.domain.ports import Control, Trigger
from assistant.domain.values import Announcement, Urgency, announce
from assistant.errors import TriggerError

log = logging.getLogger(__name__)

RETRY_S = 1.0
"""How often one that cannot be used is tried again, seconds."""
_LOOK_S = 0.1


class Attended:
    """Keeps one trigger working, as far as it can be; its failure is nobody else's.

    Args:
        trigger: Opened, served and closed here and nowhere else.
        tell: Is given what the listener should know.
    """

    def __init__(self, trigger: Trigger, tell: Callable[[Announcement], None]) -> None:
        self._trigger = trigger
        self._tell = tell
        self._open = False
        self._lost = False
        self.name = trigger.name

    def open(self) -> None:
        """Opens it for the first time; a failure is told, and tried again while serving."""
        try:
            self._trigger.open()
        except BaseException as error:  # noqa: BLE001 - it may be anybody's plugin
            self._lose(error)
        else:
            self._open = True
            self._found()

    def serve(self, control: Control, stopped: Callable[[], bool]) -> None:
        """Serves it until stopped, or until it has come to its own end; opens it again whenever it fails."""
        while not stopped():
            if not self._open:
                _wait(RETRY_S, stopped)
                self.open()
                continue
            try:
                self._trigger.serve(control, stopped)
            except BaseException as error:  # noqa: BLE001 - as above
                self._lose(error)
            else:
                return

    def close(self) -> None:
        """Closes it, whatever state it is in."""
        self._open = False
        try:
            self._trigger.close()
        except BaseException:
            log.exception("trigger %s, while it was closed", self.name)

    def _lose(self, error: BaseException) -> None:
        self.close()
        if self._lost:
            log.debug("trigger %s: %s", self.name, error)
            return
        self._lost = True
        unforeseen = not isinstance(error, TriggerError)
        log.warning("trigger %s: %s", self.name, error, exc_info=error if unforeseen else None)
        self._say("trigger_lost")

    def _found(self) -> None:
        if self._lost:
            self._lost = False
            self._say("trigger_back")

    def _say(self, message: str) -> None:
        self._tell(announce(message, {"trigger": self.name}, urgency=Urgency.ALERT, topic=f"trigger {self.name}"))


def _wait(seconds: float, stopped: Callable[[], bool]) -> None:
    until = monotonic() + seconds
    while not stopped() and monotonic() < until:
        sleep(_LOOK_S)
