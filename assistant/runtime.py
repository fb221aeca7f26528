"""The threads: capture, perceive, speak and one per trigger, started, supervised, stopped and joined.

Threads and not asyncio: each wait is a blocking C call that releases the interpreter lock. Every state has one owner;
only the slot and the speech queue lock. The main thread supervises: it fires held keys, notices new settings and feeds
the watchdog, only while capture, perceive and speak all progress.
"""

import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from threading import Event, Thread
from typing import Any

from assistant.asking import Asking
from assistant.capture import Capture
from assistant.domain.pace import Pace
from assistant.domain.ports import Camera, Speaker, Trigger
from assistant.domain.scene import SceneView
from assistant.domain.values import Announcement, Cue, Outcome, Urgency
from assistant.errors import AlreadyRunning, ConfigError, SenseFailed, TriggerError
from assistant.pipeline import Pipeline
from assistant.speech.queue import SpeechQueue

log = logging.getLogger(__name__)

SUPERVISE_S = 0.05
"""How often the main thread looks round, seconds."""
REREAD_S = 1.0
"""How often the settings file is looked at, seconds."""
READY_S = 2.0
"""How long "ready" waits for the first picture, seconds."""
STUCK_S = 10.0
"""A thread without progress for longer starves the watchdog, seconds."""
FRAME_WAIT_S = 0.2
"""How long the perceiving thread waits for a frame before it looks whether it should end, seconds."""
JOIN_S = 2.0
"""How long each thread has for ending, seconds."""
MAX_FAULTS = 5
"""So many failures of the senses in a row end the program, so that the service manager starts it afresh."""


class Ending(StrEnum):
    """Why a run ended."""

    ENDED = "ended"
    """The source came to its end."""
    STOPPED = "stopped"
    """Somebody asked for it."""
    RELOAD = "reload"
    """New settings are to be taken."""
    FAILED = "failed"
    """It could not go on."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One event of the voice, as `run --json` prints it."""

    at: float
    """Seconds since the start."""
    message: str
    text: str
    urgency: str
    outcome: str


class Runtime:
    """One run of the program, from `run()` to its return.

    Args:
        camera: Where frames come from.
        pipeline: What is thought of them.
        make_queue: Makes the speech queue, given the function to call with what became of each announcement.
        speaker: For the earcons.
        triggers: How the user asks.
        clock: Monotonic seconds.
        greeting: Told when everything is up.
        sound: "speech", "beeps" (what nobody asked for is a sound) or "off" (and not even that).
        tick_s: Seconds between soft sounds as a sign of life; 0 for none.
        reread: Called once a second, and with True when asked: whether other settings are to be taken; what it raises
            as ConfigError is told.
        notify: Tells the service manager, e.g. "READY=1".
        hear: Is given what became of every announcement.
    """

    def __init__(
        self,
        *,
        camera: Camera,
        pipeline: Pipeline,
        make_queue: Callable[[Callable[[Announcement, str, Outcome], None]], SpeechQueue],
        speaker: Speaker,
        triggers: Sequence[Trigger],
        clock: Callable[[], float],
        greeting: Announcement,
        sound: str,
        tick_s: float,
        reread: Callable[[bool], bool],
        notify: Callable[[str], None],
        hear: Callable[[Heard], None],
    ) -> None:
        self._pipeline = pipeline
        self._speaker = speaker
        self._triggers = triggers
        self._clock = clock
        self._greeting = greeting
        self._sound = sound
        self._tick_s = tick_s
        self._reread = reread
        self._notify = notify
        self._hear = hear
        self._stop = Event()
        self._reload_asked = Event()
        self._all_seen = Event()
        self._ending: Ending | None = None
        self._failure: Exception | None = None
        self._outcomes: deque[tuple[Announcement, Outcome, float]] = deque()
        self._started_at = clock()
        self._progress = dict.fromkeys(("capture", "perceive"), self._started_at)
        self._queue = make_queue(self._told)
        self._capture = Capture(camera, self._alert, lambda: self._mark("capture"))
        self.asking = Asking(self, pipeline.policy, self._queue, speaker, clock)

    # What the askers may do with it: the protocol House of asking.py.

    def view(self) -> SceneView:
        """The newest beliefs."""
        return self._pipeline.view

    def watching(self) -> bool:
        """Whether the camera is meant to be on."""
        return self._capture.wanted.is_set()

    def watch(self, on: bool) -> None:
        """Switches the camera; off lets the device go."""
        if on:
            self._capture.wanted.set()
        else:
            self._capture.wanted.clear()

    def reload(self) -> None:
        """Reads the settings again, soon."""
        self._reload_asked.set()

    def quit(self) -> None:
        """Ends the run, soon; safe in a signal handler."""
        self._end(Ending.STOPPED)

    def status(self) -> Mapping[str, Any]:
        """Figures about the run, for the reply to `status`."""
        view = self.view()
        return {
            "camera": self._capture.state,
            "fps": round(self._capture.fps, 1),
            "dropped_frames": self._capture.slot.dropped,
            "people": len(view.people),
            "light": view.light,
            "engine": self._speaker.name,
            "uptime_s": round(self._clock() - self._started_at, 1),
        }

    def run(self) -> Ending:
        """Starts all threads, supervises them, and stops and joins them; bounded in time.

        Raises:
            AlreadyRunning: another assistant holds the socket.
            PictureError: the source is a file that cannot be read.
        """
        opened = self._open_triggers()
        jobs: dict[str, Callable[[], None]] = {
            "capture": partial(self._capture.run, self._stop),
            "perceive": self._perceive,
            "speak": partial(self._queue.serve, self._stop.is_set),
        }
        jobs |= {trigger.name: partial(trigger.serve, self.asking, self._stop.is_set) for trigger in opened}
        threads = [Thread(target=self._guard, args=(name, job), name=name, daemon=True) for name, job in jobs.items()]
        for thread in threads:
            thread.start()
        try:
            self._supervise()
        finally:
            self._stop_all(threads, opened)
        if self._failure:
            raise self._failure
        return self._ending or Ending.FAILED

    def _open_triggers(self) -> list[Trigger]:
        opened: list[Trigger] = []
        for trigger in self._triggers:
            try:
                trigger.open()
                opened.append(trigger)
            except TriggerError as error:
                log.warning("trigger %s: %s", trigger.name, error)
            except AlreadyRunning:
                for other in opened:
                    other.close()
                raise
        return opened

    def _guard(self, name: str, job: Callable[[], None]) -> None:
        """Runs a thread's work; what it raises ends the run instead of vanishing with the thread."""
        try:
            job()
        except Exception as error:  # whatever kills a thread must be seen: it is raised again by run()
            log.debug("thread %s", name, exc_info=True)
            self._failure = error
            self._end(Ending.FAILED)

    def _perceive(self) -> None:
        faults = 0
        pace = Pace()
        while not self._stop.is_set():
            self._mark("perceive")
            while self._outcomes:
                self._pipeline.policy.outcome(*self._outcomes.popleft())
            frame = self._capture.slot.take(FRAME_WAIT_S)
            if frame is None:
                if self._capture.ended.is_set():
                    self._all_seen.set()
                continue
            try:
                thought = self._pipeline.step(frame, self._clock())
                said, faults = thought.said, 0
                self._stop.wait(pace.pause(thought.percepts, frame.at))
            except SenseFailed as error:
                faults += 1
                log.exception("sense %s", error.sense)
                said = [] if faults > 1 else [Announcement(error.phrase, error.facts, urgency=Urgency.ALERT)]
                if faults >= MAX_FAULTS:
                    raise
            for item in said:
                self._volunteer(item)

    def _volunteer(self, item: Announcement | Cue) -> None:
        """Says what nobody asked for, as the listener wants to hear it; faults are always told."""
        if isinstance(item, Announcement) and (self._sound == "speech" or item.urgency is Urgency.ALERT):
            self._queue.put(item)
        elif self._sound != "off":
            cue = item if isinstance(item, Cue) else Cue("notice")
            self._speaker.earcon(cue.name, cue.pan)

    def _supervise(self) -> None:
        greeted = False
        reread_at = self._clock() + REREAD_S
        tick_at = self._clock() + self._tick_s
        while not self._stop.wait(SUPERVISE_S):
            now = self._clock()
            self.asking.tick()
            if not greeted and (self._capture.known.is_set() or now - self._started_at > READY_S):
                greeted = True
                self._queue.put(self._greeting)
                self._notify("READY=1")
            if self._tick_s and now >= tick_at:
                tick_at = now + self._tick_s
                self._speaker.earcon("tick")
            if self._progressing(now):
                self._notify("WATCHDOG=1")
            if now >= reread_at or self._reload_asked.is_set():
                reread_at = now + REREAD_S
                self._look_at_settings()
            if self._all_seen.is_set() and self._queue.wait_idle(0):
                self._end(Ending.ENDED)

    def _look_at_settings(self) -> None:
        asked = self._reload_asked.is_set()
        self._reload_asked.clear()
        try:
            if self._reread(asked):
                self._end(Ending.RELOAD)
        except ConfigError as error:
            log.error("%s", error)
            self._queue.put(Announcement("settings_bad", error.facts, urgency=Urgency.ALERT, topic="settings"))

    def _stop_all(self, threads: Sequence[Thread], triggers: Sequence[Trigger]) -> None:
        """Stops all, then joins all, then names the survivor."""
        self._stop.set()
        self._notify("STOPPING=1")
        self._queue.stop()
        deadline = self._clock() + JOIN_S
        for thread in threads:
            thread.join(max(0.0, deadline - self._clock()))
        for trigger in triggers:
            trigger.close()
        survivors = [thread.name for thread in threads if thread.is_alive()]
        if survivors:
            log.error("still running: %s", ", ".join(survivors))
        self._pipeline.close()

    def _told(self, announcement: Announcement, text: str, outcome: Outcome) -> None:
        """Takes in what became of an announcement; called by the speech queue, from any thread."""
        now = self._clock()
        self._outcomes.append((announcement, outcome, now))
        at = round(now - self._started_at, 3)
        self._hear(Heard(at, announcement.message, text, announcement.urgency.name.lower(), outcome.value))

    def _alert(self, message: str) -> None:
        self._queue.put(Announcement(message, urgency=Urgency.ALERT, topic="camera"))

    def _mark(self, thread: str) -> None:
        self._progress[thread] = self._clock()

    def _progressing(self, now: float) -> bool:
        return min(*self._progress.values(), self._queue.progressed_at) > now - STUCK_S

    def _end(self, ending: Ending) -> None:
        self._ending = self._ending or ending
        self._stop.set()
