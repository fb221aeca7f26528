"""The main thread's round: what is looked at every so often, what is told of it, and the watchdog that it feeds."""

import errno
import logging
from collections.abc import Callable, Sequence
from threading import Event

from assistant.capture import Capture
from assistant.domain.ports import Sounds
from assistant.domain.system_health import HealthMonitor
from assistant.domain.values import Announcement, Cue, Phrase, Urgency, announce
from assistant.environment import Ending, Environment, Reread
from assistant.errors import AlreadyRunning, AssistantError, ConfigError
from assistant.perceiving import SLOW_S, Perceiving
from assistant.speech.queue import SpeechQueue
from assistant.store.choices import Choices
from assistant.threads import Period

log = logging.getLogger(__name__)

SUPERVISE_S = 0.05
"""How often the main thread looks round, seconds."""
FEED_S = 1.0
"""How often the watchdog is fed; far below WatchdogSec in the unit, seconds."""
REREAD_S = 1.0
"""How often the settings file is looked at, seconds."""
HEALTH_S = 30.0
"""How often battery and temperature are looked at, seconds."""
READY_S = 2.0
"""How long "ready" waits for the first picture, seconds."""
STUCK_S = 10.0
"""A thread without progress for longer starves the watchdog, seconds."""


class Supervisor:
    """Looks after a run until it ends, and knows why it did.

    Args:
        capture: Whose camera "ready" waits for, and whose progress counts.
        perceiving: Whose senses may be slow, and whose progress counts.
        queue: Speaks, and its progress counts.
        sounds: Plays the sign of life.
        choices: What the user turned, and whether it can be kept.
        environment: Clock, settings, health, and the service manager.
    """

    def __init__(
        self,
        capture: Capture,
        perceiving: Perceiving,
        queue: SpeechQueue,
        sounds: Sounds,
        choices: Choices,
        environment: Environment,
    ) -> None:
        self._capture = capture
        self._perceiving = perceiving
        self._queue = queue
        self._sounds = sounds
        self._choices = choices
        self._environment = environment
        self._clock = environment.clock
        self._health_monitor = HealthMonitor()
        self._slow_told: set[str] = set()
        self._quit_asked = False
        self._reload_asked = False
        self.stop = Event()
        """Set when all threads are to end."""
        self.ending: Ending | None = None
        """Why, as soon as it is known."""

    def reload(self) -> None:
        """Reads the settings again, soon. Safe in a signal handler, which must not wait for the lock of an event."""
        self._reload_asked = True

    def quit(self) -> None:
        """Ends the run, soon. Safe in a signal handler."""
        self._quit_asked = True

    def end(self, ending: Ending) -> None:
        """Ends the run, from any thread; the first reason counts."""
        self.ending = self.ending or ending
        self.stop.set()

    def run(self, greeting: Announcement, tick_s: float, ticks: Sequence[Callable[[], None]]) -> None:
        """Goes round until the run ends.

        Args:
            greeting: Told when everything is up.
            tick_s: Seconds between soft sounds as a sign of life; 0 for none.
            ticks: Called at every round: what waits for a moment to come.
        """
        now = started_at = self._clock()
        feeding, rereading = Period(FEED_S, now), Period(REREAD_S, now)
        looking, ticking = Period(HEALTH_S, now), Period(tick_s, now)
        self._look_at_health()
        greeted = False
        while not self.stop.wait(SUPERVISE_S):
            now = self._clock()
            for tick in ticks:
                tick()
            self._look_at_senses(now)
            if not greeted and (self._capture.known.is_set() or now - started_at > READY_S):
                greeted = True
                self._queue.put(greeting)
                self._environment.notify("READY=1")
            if feeding.due(now) and self._progressing(now):
                self._environment.notify("WATCHDOG=1")
            if rereading.due(now) or self._reload_asked:
                self._look_at_settings()
                self._look_at_choices()
            if looking.due(now):
                self._look_at_health()
            if ticking.due(now) and self._choices["sound"] != "off":
                self._sounds.play(Cue("tick"))
            self._look_at_the_end()

    def _look_at_the_end(self) -> None:
        if self._perceiving.all_seen.is_set() and self._queue.wait_idle(0):
            self.end(Ending.ENDED)
        if self._quit_asked:
            self.end(Ending.STOPPED)

    def _look_at_senses(self, now: float) -> None:
        """Tells, once for each, of a sense that holds all others up."""
        slow = self._perceiving.slow_sense(SLOW_S)
        if slow and slow not in self._slow_told:
            self._slow_told.add(slow)
            log.warning("the sense %s has looked at one frame for %.1f s", slow, now - self._perceiving.progressed_at)
            self._queue.put(announce("sense_slow", {"sense": slow}, urgency=Urgency.ALERT, topic=f"sense {slow}"))

    def _look_at_health(self) -> None:
        for announcement in self._health_monitor.notice(self._environment.health()):
            self._queue.put(announcement)

    def _look_at_choices(self) -> None:
        """Tells, once, that what was chosen will be forgotten."""
        if trouble := self._choices.trouble():
            full = trouble.errno in (errno.ENOSPC, errno.EDQUOT)
            message = "choice_lost_full" if full else "choice_lost"
            self._queue.put(announce(message, urgency=Urgency.ALERT, topic="choices"))

    def _look_at_settings(self) -> None:
        asked, self._reload_asked = self._reload_asked, False
        try:
            found = self._environment.reread(asked)
        except AlreadyRunning:
            raise
        except AssistantError as error:
            log.error("%s", error)
            self._queue.put(_kept(error))
            return
        if found is Reread.OTHER:
            self.end(Ending.RELOAD)
        elif found is Reread.MENDED:
            self._queue.put(announce("settings_mended", urgency=Urgency.ALERT, topic="settings"))

    def _progressing(self, now: float) -> bool:
        progress = self._capture.progressed_at, self._perceiving.progressed_at, self._queue.progressed_at
        return min(progress) > now - STUCK_S


def _kept(error: AssistantError) -> Announcement:
    """Tells that new settings cannot be used, and that those in use stay."""
    if isinstance(error, ConfigError):
        return announce(error.kept, error.facts, urgency=Urgency.ALERT, topic="settings")
    return announce(error.phrase, error.facts, Phrase("settings_kept"), urgency=Urgency.ALERT, topic="settings")
