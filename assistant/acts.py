"""What the quick commands do: at once, in the thread of the key that asked, from the beliefs of that moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from assistant.domain.commands import Command
from assistant.domain.policy import Policy
from assistant.domain.ports import Sounds
from assistant.domain.values import Announcement, Cue, Fact, Phrase, Query, Urgency, Word, announce
from assistant.domain.views import SceneView
from assistant.speech.phrases import joined
from assistant.speech.queue import SpeechQueue
from assistant.store.choices import Choices

SNOOZE_S = 30 * 60.0
"""How long a snooze lasts, seconds."""

Reply = Mapping[str, Any]
"""What the control socket answers."""


class ProgramControl(Protocol):
    """What a command may do with the running program as a whole."""

    def view(self) -> SceneView:
        """The newest beliefs."""

    def patience_s(self) -> float:
        """How old the beliefs may be from which an answer is given, seconds."""

    def blind(self, query: Query, view: SceneView) -> Phrase | None:
        """Why a question cannot be answered from these beliefs, where it is known."""

    def status(self) -> Reply:
        """Figures about the running program; the keys are those of the reply to `status`."""

    def watching(self) -> bool:
        """Whether the camera is meant to be on."""

    def watch(self, on: bool) -> None:
        """Switches the camera."""

    def people(self, request: str) -> Reply:
        """Answers a request about the people who are learnt; see `store/people_requests.py`."""

    def reload(self) -> None:
        """Reads the settings again, soon."""

    def quit(self) -> None:
        """Ends the program, soon."""


class Acts:
    """One method for each command that is done at once, called by one thread at a time.

    Args:
        program: The running program.
        policy: Finds the answers.
        queue: Speaks them.
        sounds: Beside it.
        choices: What can be turned by key.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        program: ProgramControl,
        policy: Policy,
        queue: SpeechQueue,
        sounds: Sounds,
        choices: Choices,
        clock: Callable[[], float],
    ) -> None:
        self._program = program
        self._policy = policy
        self._queue = queue
        self._sounds = sounds
        self._choices = choices
        self._clock = clock
        self.table: Mapping[str, Callable[[], Reply]] = {
            "now": lambda: self._answer("now"),
            "detail": lambda: self._answer("detail"),
            "who": lambda: self._answer("who"),
            "why": lambda: self._answer("why"),
            "repeat": lambda: self._steer(queue.repeat),
            "stop": self._stop,
            "next": lambda: self._steer(queue.next, "nothing_follows"),
            "again": lambda: self._steer(queue.again),
            "spell": lambda: self._steer(queue.spell),
            "verbosity": self._turn_verbosity,
            "sound": lambda: self.say("sound_now", {"sound": choices.next("sound")}),
            "louder": lambda: self._step("volume", 1),
            "softer": lambda: self._step("volume", -1),
            "faster": lambda: self._step("rate_wpm", 1),
            "slower": lambda: self._step("rate_wpm", -1),
            "snooze": self._snooze,
            "camera": self._switch_camera,
            "status": self._status,
            "disclose": lambda: self.say("disclose"),
            "history": self._history,
            "reload": lambda: self._later(program.reload),
            "quit": lambda: self._later(program.quit),
        }
        """Verb -> what is done; it gives the reply for the control socket."""

    def say(self, message: str, facts: Mapping[str, Fact] | None = None) -> Reply:
        """Answers with one sentence."""
        return self.put(announce(message, facts, urgency=Urgency.ANSWER, topic="answer"))

    def put(self, announcement: Announcement) -> Reply:
        """Answers."""
        self._queue.put(announcement)
        return {"ok": True, "message": announcement.message}

    def help(self, commands: Sequence[Command]) -> Reply:
        """Names the keys, one sentence each."""
        named = (Phrase("key", {"key": Word("key", row.key), "verb": row.verb}) for row in commands if row.key)
        return self.put(Announcement(tuple(named), Urgency.ANSWER, topic="answer", resumes=True))

    def blind(self, query: Query) -> Phrase | None:
        """Why nothing that is in view can be told, where it is known."""
        if not self._program.watching():
            return Phrase("camera_off")
        return self._program.blind(query, self._program.view())

    def people(self, request: str) -> Reply:
        """Answers a program that asks about the people who are learnt."""
        return self._program.people(request)

    def _answer(self, verb: str) -> Reply:
        query = Query(verb, self._clock(), patience_s=self._program.patience_s())
        if blind := self.blind(query):
            return self.say(blind.message, blind.facts)
        return self.put(self._policy.answer(query, self._program.view()))

    def _steer(self, steer: Callable[[], bool], otherwise: str = "nothing_to_repeat") -> Reply:
        return {"ok": True} if steer() else self.say(otherwise)

    def _stop(self) -> Reply:
        self._queue.stop()
        return {"ok": True}

    def _history(self) -> Reply:
        now = self._clock()
        return {
            "ok": True,
            "history": [
                {
                    "seconds_ago": round(now - spoken.at),
                    "text": joined(spoken.utterances),
                    "outcome": spoken.outcome.value,
                }
                for spoken in self._queue.history()
            ],
        }

    def _turn_verbosity(self) -> Reply:
        verbosity = self._choices.next("verbosity")
        self._policy.preferences = replace(self._policy.preferences, verbosity=verbosity)
        return self.say("verbosity_now", {"verbosity": verbosity})

    def _step(self, name: str, direction: int) -> Reply:
        return self.say(f"{name}_now", {"value": self._choices.step(name, direction)})

    def _snooze(self) -> Reply:
        if self._policy.snoozing:
            self._policy.snooze(self._clock())
            return {"ok": True}
        self._policy.snooze(self._clock() + SNOOZE_S)
        return self.say("snooze", {"minutes": round(SNOOZE_S / 60)})

    def _switch_camera(self) -> Reply:
        on = not self._program.watching()
        self._program.watch(on)
        self._sounds.play(Cue("camera_on" if on else "camera_off"))
        return self.say("camera_on" if on else "camera_off")

    def _status(self) -> Reply:
        status = self._program.status()
        phrases = [
            _camera(status["camera"], status["fps"]),
            *([Phrase("status_camera_losses", {"count": losses})] if (losses := status["camera_losses"]) else []),
            Phrase("status_models", {"count": status["models"]}),
            Phrase("status_sound", {"engine": status["engine"]}),
            Phrase("status_uptime", {"minutes": round(status["uptime_s"] / 60)}),
        ]
        if status["battery_percent"] is not None:
            phrases.append(Phrase("status_battery", {"percent": status["battery_percent"]}))
        if status["temperature_c"] is not None:
            phrases.append(Phrase("status_temperature", {"degrees": round(status["temperature_c"])}))
        self.put(Announcement(tuple(phrases), Urgency.ANSWER, topic="answer", resumes=True))
        return {"ok": True, **status}

    def _later(self, act: Callable[[], None]) -> Reply:
        act()
        return {"ok": True}


def _camera(state: str, fps: float) -> Phrase:
    """The clause about the camera, which gives pictures, none, or always the same."""
    if state == "ok":
        return Phrase("status_camera_ok", {"fps": max(1, round(fps))}) if fps >= 0.5 else Phrase("status_camera_slow")
    return Phrase(state if state == "camera_frozen" else "status_camera_missing")
