"""The threads: capture, perceive, speak and one per trigger, started, supervised, stopped and joined.

Threads and not asyncio: each wait is a blocking C call that releases the interpreter lock. Every state has one owner;
only the slot and the speech queue lock. The main thread supervises (`supervising.py`).
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from assistant.acts import Acts
from assistant.answering import Answering
from assistant.attending import Attended
from assistant.capture import Capture
from assistant.commands import Commands
from assistant.domain.answers import is_old
from assistant.domain.ports import Camera, Skill, Sounds, Trigger, Voice
from assistant.domain.values import Announcement, Cue, Outcome, Phrase, Query, Urgency, announce
from assistant.domain.views import SceneView
from assistant.environment import Ending, Environment, SpokenEvent
from assistant.errors import CameraFrozen, StillRunning
from assistant.perceiving import FRESH_S, Perceiving
from assistant.pipeline import Pipeline
from assistant.speech.queue import SpeechQueue
from assistant.speech.reports import FAULT
from assistant.store.choices import Choices
from assistant.supervising import Supervisor
from assistant.threads import Threads

FLUSH_S = 2.0
"""How long the end waits for a choice that is being written, seconds."""
JOIN_S = 5.0
"""How long the threads have for ending, on a machine that is very busy too, seconds."""


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
        self._started_at = self._clock()
        self._queue = queue = make_queue(self._told)
        self._triggers = [Attended(trigger, queue.put) for trigger in triggers]
        self._capture = Capture(camera, self._alert, self._clock)
        self._perceiving = Perceiving(pipeline, self._capture.slot, self._capture.ended, queue.put, sounds, self._clock)
        self._answering = Answering(self._perceiving.look, queue.put, sounds, self._clock, self._capture.look_closely)
        self._supervisor = Supervisor(self._capture, self._perceiving, queue, sounds, choices, environment)
        acts = Acts(self, pipeline.policy, queue, sounds, choices, self._clock)
        self.commands = Commands(acts, skills, self._answering, queue, sounds, choices, self.status, self._clock)

    # What the commands may do with it: the protocol ProgramControl of acts.py.

    def view(self) -> SceneView:
        """The newest beliefs."""
        return self._perceiving.view

    def patience_s(self) -> float:
        """How old the beliefs may be from which an answer is given, seconds; a sense at work is waited for."""
        return self._perceiving.patience_s()

    def blind(self, query: Query, view: SceneView) -> Phrase | None:
        """Why a question cannot be answered from these beliefs, where it is known; the one to blame is named."""
        if self._capture.state == CameraFrozen.phrase:
            return Phrase("cannot_see_frozen")
        if self._capture.state in self._capture.FAULTLESS:
            slow = self._perceiving.slow_sense(FRESH_S) if is_old(query, view) else None
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
        self._supervisor.reload()

    def quit(self) -> None:
        """Ends the run, soon. Safe in a signal handler."""
        self._supervisor.quit()

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
        supervisor, stop = self._supervisor, self._supervisor.stop
        jobs: dict[str, Callable[[], None]] = {
            "capture": partial(self._capture.run, stop),
            "perceive": partial(self._perceiving.run, stop),
            "speak": partial(self._queue.serve, stop.is_set),
            "answer": partial(self._answering.serve, stop.is_set),
        }
        for trigger in self._triggers:
            trigger.open()
            jobs[trigger.name] = partial(trigger.serve, self.commands, stop.is_set)
        threads = Threads(jobs, failed=partial(supervisor.end, Ending.FAILED))
        threads.start()
        try:
            supervisor.run(self._greeting, self._tick_s, (self.commands.tick, self._answering.tick))
        finally:
            stop.set()
            if supervisor.ending is not Ending.RELOAD:  # systemd would wait for the end of a process that goes on
                self._environment.notify("STOPPING=1")
            self._queue.stop()
            survivors = threads.join(JOIN_S)
            self._choices.flush(FLUSH_S)
            for trigger in self._triggers:
                trigger.close()
            self._pipeline.close()
        if threads.failure:
            raise threads.failure
        if survivors and supervisor.ending is Ending.RELOAD:
            raise StillRunning(survivors)
        return supervisor.ending or Ending.FAILED

    def _told(self, announcement: Announcement, text: str, outcome: Outcome) -> None:
        """Takes in what became of an announcement; called by the speech queue, from any thread."""
        now = self._clock()
        self._perceiving.outcome(announcement, outcome, now)
        if announcement.message == FAULT and outcome is Outcome.DROPPED and not self._supervisor.stop.is_set():
            self._sounds.play(Cue("fault"))  # not even that could be put into words
        at = round(now - self._started_at, 3)
        urgency = announcement.urgency.name.lower()
        self._environment.hear(SpokenEvent(at, announcement.message, text, urgency, outcome.value))

    def _alert(self, message: str) -> None:
        self._queue.put(announce(message, urgency=Urgency.ALERT, topic="camera"))
