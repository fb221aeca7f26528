"""The threads: capture, perceive, speak and one per trigger, started, supervised, stopped and joined.

Threads and not asyncio: each wait is a blocking C call that releases the interpreter lock. Every state has one owner;
only the slot and the speech queue lock. The main thread supervises: it fires held keys, notices new settings and feeds
the watchdog, only while capture, perceive and speak all progress.
"""

import errno
import logging
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from threading import Event
from typing import Any

from assistant.acts import Acts
from assistant.answering import Answering
from assistant.attending import Attended
from assistant.capture import Capture
from assistant.commands import Commands
from assistant.domain.answers import is_old
from assistant.domain.frame_throttle import FrameThrottle
from assistant.domain.ports import Camera, Look, Skill, Sounds, Trigger, Voice
from assistant.domain.scene import SceneView
from assistant.domain.system_health import HealthMonitor
from assistant.domain.values import Announcement, Cue, Outcome, Phrase, Query, Urgency, announce
from assistant.environment import Ending, Environment, Reread, SpokenEvent
from assistant.errors import AlreadyRunning, AssistantError, CameraFrozen, ConfigError, StillRunning
from assistant.pipeline import Pipeline
from assistant.speech.queue import FAULT, SpeechQueue
from assistant.store.choices import Choices
from assistant.threads import Period, Threads

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
FRAME_WAIT_S = 0.2
"""How long the perceiving thread waits for a frame before it looks whether it should end, seconds."""
FLUSH_S = 2.0
"""How long the end waits for a choice that is being written, seconds."""
JOIN_S = 5.0
"""How long the threads have for ending, on a machine that is very busy too, seconds."""
FRESH_S = 1.0
"""Answers come from beliefs no older than this, where nothing explains that they are, seconds."""
SLOW_S = 3.0
"""A sense that looks at one frame for longer is told by its name, seconds."""


class Runtime:
    """One run of the program, from `run()` to its return.

    Args:
        camera: Where frames come from.
        pipeline: What is thought of them.
        make_queue: Makes the speech queue, given the function to call with what became of each announcement.
        voice: The queue's, for its name.
        sounds: Beside it.
        skills: What answers the questions that take longer.
        triggers: How the user asks.
        choices: What can be turned by key.
        greeting: Told when everything is up.
        tick_s: Seconds between soft sounds as a sign of life; 0 for none.
        environment: Clock, settings, service manager, and who listens in.
    """

    def __init__(
        self,
        *,
        camera: Camera,
        pipeline: Pipeline,
        make_queue: Callable[[Callable[[Announcement, str, Outcome], None]], SpeechQueue],
        voice: Voice,
        sounds: Sounds,
        skills: Sequence[Skill],
        triggers: Sequence[Trigger],
        choices: Choices,
        greeting: Announcement,
        tick_s: float,
        environment: Environment,
    ) -> None:
        self._pipeline = pipeline
        pipeline.policy.sound = partial(choices.__getitem__, "sound")
        self._voice = voice
        self._sounds = sounds
        self._choices = choices
        self._greeting = greeting
        self._tick_s = tick_s
        self._environment = environment
        self._clock = environment.clock
        self._health_monitor = HealthMonitor()
        self._stop = Event()
        self._quit_asked = False
        self._reload_asked = False
        self._all_seen = Event()
        self._slow_told: set[str] = set()
        self._ending: Ending | None = None
        self._outcomes: deque[tuple[Announcement, Outcome, float]] = deque()
        self._started_at = self._clock()
        self._progress = dict.fromkeys(("capture", "perceive"), self._started_at)
        self._queue = make_queue(self._told)
        self._triggers = [Attended(trigger, self._queue.put) for trigger in triggers]
        self._capture = Capture(camera, self._alert, lambda: self._mark("capture"))
        self._answering = Answering(self._look, self._queue.put, sounds, self._clock)
        acts = Acts(self, pipeline.policy, self._queue, sounds, choices, self._clock)
        self.commands = Commands(acts, skills, self._answering, self._queue, sounds, choices, self.status, self._clock)

    # What the commands may do with it: the protocol ProgramControl of acts.py.

    def view(self) -> SceneView:
        """The newest beliefs."""
        return self._pipeline.view

    def patience_s(self) -> float:
        """How old the beliefs may be from which an answer is given, seconds; a sense at work is waited for."""
        return SLOW_S if self._pipeline.looking else FRESH_S

    def blind(self, query: Query, view: SceneView) -> Phrase | None:
        """Why a question cannot be answered from these beliefs, where it is known; the one to blame is named."""
        if self._capture.state == CameraFrozen.phrase:
            return Phrase("cannot_see_frozen")
        if self._capture.state in self._capture.FAULTLESS:
            slow = self._slow_sense(FRESH_S) if is_old(query, view) else None
            return Phrase("sense_slow", {"sense": slow}) if slow else None
        return Phrase("cannot_see")

    def watching(self) -> bool:
        """Whether the camera is meant to be on."""
        return self._capture.wanted.is_set()

    def watch(self, on: bool) -> None:
        """Switches the camera; off lets the device go."""
        if on:
            self._capture.wanted.set()
        else:
            self._capture.wanted.clear()

    def people(self, request: str) -> Mapping[str, Any]:
        """Answers a request about the people who are learnt."""
        return self._environment.people(request)

    def reload(self) -> None:
        """Reads the settings again, soon. Safe in a signal handler, which must not wait for the lock of an event."""
        self._reload_asked = True

    def quit(self) -> None:
        """Ends the run, soon. Safe in a signal handler."""
        self._quit_asked = True

    def status(self) -> Mapping[str, Any]:
        """Figures about the run, for the reply to `status`."""
        view, health = self.view(), self._environment.health()
        return {
            "camera": self._capture.state,
            "fps": round(self._capture.fps, 1),
            "camera_losses": self._capture.losses,
            "dropped_frames": self._capture.slot.dropped,
            "people": len(view.people),
            "light": view.light,
            "engine": self._voice.name,
            "models": self._environment.models,
            "verbosity": self._choices["verbosity"],
            "sound": self._choices["sound"],
            "battery_percent": health.battery_percent,
            "temperature_c": health.temperature_c,
            "uptime_s": round(self._clock() - self._started_at, 1),
        }

    def run(self) -> Ending:
        """Starts all threads, supervises them, and stops and joins them; bounded in time.

        Raises:
            PictureError: the source is a file that cannot be read.
            StillRunning: other settings are to be taken, but what uses the camera does not end.
        """
        jobs: dict[str, Callable[[], None]] = {
            "capture": partial(self._capture.run, self._stop),
            "perceive": self._perceive,
            "speak": partial(self._queue.serve, self._stop.is_set),
            "answer": partial(self._answering.serve, self._stop.is_set),
        }
        for trigger in self._triggers:
            trigger.open()
            jobs[trigger.name] = partial(trigger.serve, self.commands, self._stop.is_set)
        threads = Threads(jobs, failed=partial(self._end, Ending.FAILED))
        threads.start()
        try:
            self._supervise()
        finally:
            self._stop.set()
            if self._ending is not Ending.RELOAD:  # systemd would wait for the end of a process that goes on
                self._environment.notify("STOPPING=1")
            self._queue.stop()
            survivors = threads.join(JOIN_S)
            self._choices.flush(FLUSH_S)
            for trigger in self._triggers:
                trigger.close()
            self._pipeline.close()
        if threads.failure:
            raise threads.failure
        if survivors and self._ending is Ending.RELOAD:
            raise StillRunning(survivors)
        return self._ending or Ending.FAILED

    def _perceive(self) -> None:
        throttle = FrameThrottle()
        while not self._stop.is_set():
            self._mark("perceive")
            while self._outcomes:
                self._pipeline.policy.outcome(*self._outcomes.popleft())
            frame = self._capture.slot.take(FRAME_WAIT_S)
            if frame is None:
                if self._capture.ended.is_set():
                    self._all_seen.set()
                continue
            thought = self._pipeline.step(frame, self._clock())
            for item in thought.announcements:
                self._volunteer(item)
            self._capture.slot.rest(throttle.pause(thought.percepts, frame.at), self._stop)

    def _volunteer(self, item: Announcement | Cue) -> None:
        """Lets what nobody asked for be heard."""
        if isinstance(item, Announcement):
            self._queue.put(item)
        else:
            self._sounds.play(item)

    def _supervise(self) -> None:
        now = self._clock()
        feeding, rereading = Period(FEED_S, now), Period(REREAD_S, now)
        looking, ticking = Period(HEALTH_S, now), Period(self._tick_s, now)
        self._look_at_health()
        greeted = False
        while not self._stop.wait(SUPERVISE_S):
            now = self._clock()
            self.commands.tick()
            self._answering.tick()
            self._look_at_senses(now)
            if not greeted and (self._capture.known.is_set() or now - self._started_at > READY_S):
                greeted = True
                self._queue.put(self._greeting)
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
            if self._all_seen.is_set() and self._queue.wait_idle(0):
                self._end(Ending.ENDED)
            if self._quit_asked:
                self._end(Ending.STOPPED)

    def _look_at_senses(self, now: float) -> None:
        """Tells, once for each, of a sense that holds all others up."""
        slow = self._slow_sense(SLOW_S)
        if slow and slow not in self._slow_told:
            self._slow_told.add(slow)
            log.warning("the sense %s has looked at one frame for %.1f s", slow, now - self._progress["perceive"])
            self._queue.put(announce("sense_slow", {"sense": slow}, urgency=Urgency.ALERT, topic=f"sense {slow}"))

    def _slow_sense(self, seconds: float) -> str | None:
        """The sense that has looked at one frame for longer than so many seconds, if one has."""
        looking = self._pipeline.looking
        return looking if self._clock() - self._progress["perceive"] > seconds else None

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
            self._end(Ending.RELOAD)
        elif found is Reread.MENDED:
            self._queue.put(announce("settings_mended", urgency=Urgency.ALERT, topic="settings"))

    def _told(self, announcement: Announcement, text: str, outcome: Outcome) -> None:
        """Takes in what became of an announcement; called by the speech queue, from any thread."""
        now = self._clock()
        self._outcomes.append((announcement, outcome, now))
        if announcement.message == FAULT and outcome is Outcome.DROPPED and not self._stop.is_set():
            self._sounds.play(Cue("fault"))  # not even that could be put into words
        at = round(now - self._started_at, 3)
        urgency = announcement.urgency.name.lower()
        self._environment.hear(SpokenEvent(at, announcement.message, text, urgency, outcome.value))

    def _alert(self, message: str) -> None:
        self._queue.put(announce(message, urgency=Urgency.ALERT, topic="camera"))

    def _look(self, at: float, timeout_s: float) -> Look | None:
        """The newest frame, once it is newer than `at`, with what is believed."""
        frame = self._capture.slot.newer(at, timeout_s)
        return None if frame is None else Look(frame, self._pipeline.view)

    def _mark(self, thread: str) -> None:
        self._progress[thread] = self._clock()

    def _progressing(self, now: float) -> bool:
        return min(*self._progress.values(), self._queue.progressed_at) > now - STUCK_S

    def _end(self, ending: Ending) -> None:
        self._ending = self._ending or ending
        self._stop.set()


def _kept(error: AssistantError) -> Announcement:
    """Tells that new settings cannot be used, and that those in use stay."""
    if isinstance(error, ConfigError):
        return announce(error.kept, error.facts, urgency=Urgency.ALERT, topic="settings")
    return announce(error.phrase, error.facts, Phrase("settings_kept"), urgency=Urgency.ALERT, topic="settings")
