"""What the user asks for, from whichever key, button or socket, and what is done about it at once.

Runs in the thread of the trigger that asked: an answer comes from the beliefs published by the last thought and never
waits for a camera or a network.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from threading import Lock
from typing import Any, Protocol

from assistant.devices.control_socket import SILENTLY
from assistant.domain.gestures import Gestures
from assistant.domain.policy import Policy
from assistant.domain.ports import Sounds
from assistant.domain.scene import SceneView
from assistant.domain.values import Announcement, Cue, Phrase, Query, Urgency, Verb
from assistant.speech.queue import SpeechQueue
from assistant.store.choices import Choices

SNOOZE_S = 30 * 60.0
"""How long a snooze lasts, seconds."""
PRACTICE_S = 60.0
"""Practice ends by itself after so long without a press, seconds."""
NEVER_PRACTISED = {Verb.PRACTICE, Verb.QUIT, Verb.RELOAD}
"""What is done in practice mode as well."""

Reply = Mapping[str, Any]
"""What the control socket answers."""


class House(Protocol):
    """What an asker may do with the running program as a whole."""

    def view(self) -> SceneView:
        """The newest beliefs."""

    def blind(self) -> Phrase | None:
        """Why nothing can be answered from the beliefs, where it is known."""

    def status(self) -> Reply:
        """Figures about the running program; the keys are those of the reply to `status`."""

    def watching(self) -> bool:
        """Whether the camera is meant to be on."""

    def watch(self, on: bool) -> None:
        """Switches the camera."""

    def reload(self) -> None:
        """Reads the settings again, soon."""

    def quit(self) -> None:
        """Ends the program, soon."""


class Asking:
    """Serves all triggers (the port `Control`).

    Args:
        house: The running program.
        policy: Finds the answers.
        queue: Speaks them.
        sounds: Plays the click of a press.
        choices: What can be turned by key.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        house: House,
        policy: Policy,
        queue: SpeechQueue,
        sounds: Sounds,
        choices: Choices,
        clock: Callable[[], float],
    ) -> None:
        self._house = house
        self._policy = policy
        self._queue = queue
        self._sounds = sounds
        self._choices = choices
        self._clock = clock
        self._gestures: defaultdict[str, Gestures] = defaultdict(Gestures)
        self._lock = Lock()
        self._practised_at: float | None = None
        self._acts: Mapping[Verb, Callable[[], Reply]] = {
            Verb.NOW: partial(self._answer, Verb.NOW),
            Verb.DETAIL: partial(self._answer, Verb.DETAIL),
            Verb.REPEAT: self._repeat,
            Verb.STOP: self._stop,
            Verb.STATUS: self._status,
            Verb.DISCLOSE: partial(self._say, "disclose"),
            Verb.HISTORY: self._history,
            Verb.VERBOSITY: self._turn_verbosity,
            Verb.SOUND: self._turn_sound,
            Verb.FASTER: partial(self._step, "rate_wpm", 1),
            Verb.SLOWER: partial(self._step, "rate_wpm", -1),
            Verb.LOUDER: partial(self._step, "volume", 1),
            Verb.SOFTER: partial(self._step, "volume", -1),
            Verb.SNOOZE: self._snooze,
            Verb.PRACTICE: self._practise,
            Verb.CAMERA: self._switch_camera,
            Verb.RELOAD: partial(self._later, self._house.reload),
            Verb.QUIT: partial(self._later, self._house.quit),
            Verb.HELP: partial(self._say, "keys_help"),
        }

    def press(self, source: str) -> None:
        """A key or button that reports its release went down; `source` names it."""
        self._sounds.play(Cue("click"))
        with self._lock:
            verb = self._gestures[source].press(self._clock(), self._queue.answering)
        if verb is not None:
            self._do(verb)

    def release(self, source: str) -> None:
        """It went up."""
        with self._lock:
            self._gestures[source].release(self._clock())

    def ask(self, verb: Verb, source: str) -> Reply:
        """Does what a direct verb says; gives the reply for the control socket."""
        if source == SILENTLY and verb is Verb.STATUS:
            return {"ok": True, **self._house.status()}
        self._sounds.play(Cue("click"))
        return self._do(verb)

    def tick(self) -> None:
        """Fires the gestures that are due while a key is held; called every tenth of a second or so."""
        now = self._clock()
        with self._lock:
            due = [verb for gestures in self._gestures.values() if (verb := gestures.due(now)) is not None]
        for verb in due:
            self._do(verb)

    def _do(self, verb: Verb) -> Reply:
        if self._choices["sound"] == "off" and verb is not Verb.SOUND:
            self._choices.put("sound", "speech")
        if self._practising() and verb not in NEVER_PRACTISED:
            self._practised_at = self._clock()
            return self._say("practice_verb", {"verb": verb.value})
        return self._acts[verb]()

    def _practising(self) -> bool:
        return self._practised_at is not None and self._clock() - self._practised_at < PRACTICE_S

    def _answer(self, what: Verb) -> Reply:
        if not self._house.watching():
            return self._say("camera_off")
        if blind := self._house.blind():
            return self._say(blind.message, blind.facts)
        return self._put(self._policy.answer(Query(what, self._clock()), self._house.view()))

    def _say(self, message: str, facts: Mapping[str, Any] | None = None) -> Reply:
        return self._put(Announcement(message, facts or {}, urgency=Urgency.ANSWER, topic="answer"))

    def _put(self, announcement: Announcement) -> Reply:
        self._queue.put(announcement)
        return {"ok": True, "message": announcement.message}

    def _repeat(self) -> Reply:
        return {"ok": True} if self._queue.repeat() else self._say("nothing_to_repeat")

    def _stop(self) -> Reply:
        self._queue.stop()
        return {"ok": True}

    def _history(self) -> Reply:
        now = self._clock()
        return {
            "ok": True,
            "history": [
                {"seconds_ago": round(now - spoken.at), "text": spoken.utterance.text, "outcome": spoken.outcome.value}
                for spoken in self._queue.history()
            ],
        }

    def _turn_verbosity(self) -> Reply:
        verbosity = self._choices.next("verbosity")
        self._policy.manner = replace(self._policy.manner, verbosity=verbosity)
        return self._say("verbosity_now", {"verbosity": verbosity})

    def _turn_sound(self) -> Reply:
        return self._say("sound_now", {"sound": self._choices.next("sound")})

    def _step(self, name: str, direction: int) -> Reply:
        return self._say(f"{name}_now", {"value": self._choices.step(name, direction)})

    def _snooze(self) -> Reply:
        if self._policy.snoozing:
            self._policy.snooze(self._clock())
            return {"ok": True}
        self._policy.snooze(self._clock() + SNOOZE_S)
        return self._say("snooze", {"minutes": round(SNOOZE_S / 60)})

    def _practise(self) -> Reply:
        self._practised_at = None if self._practising() else self._clock()
        return self._say("practice_begins" if self._practised_at is not None else "practice_ends")

    def _switch_camera(self) -> Reply:
        on = not self._house.watching()
        self._house.watch(on)
        self._sounds.play(Cue("camera_on" if on else "camera_off"))
        return self._say("camera_on" if on else "camera_off")

    def _status(self) -> Reply:
        status = self._house.status()
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
        first, *then = phrases
        self._put(Announcement(first.message, first.facts, tuple(then), urgency=Urgency.ANSWER, topic="answer"))
        return {"ok": True, **status}

    def _later(self, act: Callable[[], None]) -> Reply:
        act()
        return {"ok": True}


def _camera(state: str, fps: float) -> Phrase:
    """The clause about the camera, which gives pictures, none, or always the same."""
    if state == "ok":
        return Phrase("status_camera_ok", {"fps": max(1, round(fps))}) if fps >= 0.5 else Phrase("status_camera_slow")
    return Phrase(state if state == "camera_frozen" else "status_camera_missing")
