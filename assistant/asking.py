"""What the user asks for, from whichever key, button or socket, and what is done about it at once.

Runs in the thread of the trigger that asked: an answer comes from the beliefs published by the last thought and never
waits for a camera or a network.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Protocol

from assistant.domain.gestures import Gestures
from assistant.domain.policy import Policy
from assistant.domain.ports import Speaker
from assistant.domain.scene import SceneView
from assistant.domain.values import Announcement, Phrase, Query, Urgency, Verb
from assistant.speech.queue import SpeechQueue


class House(Protocol):
    """What an asker may do with the running program as a whole."""

    def view(self) -> SceneView:
        """The newest beliefs."""

    def status(self) -> Mapping[str, Any]:
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
        speaker: Plays the click of a press at once.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        house: House,
        policy: Policy,
        queue: SpeechQueue,
        speaker: Speaker,
        clock: Callable[[], float],
    ) -> None:
        self._house = house
        self._policy = policy
        self._queue = queue
        self._speaker = speaker
        self._clock = clock
        self._gestures: defaultdict[str, Gestures] = defaultdict(Gestures)
        self._lock = Lock()
        self._acts: Mapping[Verb, Callable[[], Mapping[str, Any]]] = {
            Verb.NOW: lambda: self._answer(Verb.NOW),
            Verb.DETAIL: lambda: self._answer(Verb.DETAIL),
            Verb.REPEAT: self._repeat,
            Verb.STOP: self._stop,
            Verb.STATUS: self._status,
            Verb.DISCLOSE: lambda: self._say("disclose"),
            Verb.CAMERA: self._switch_camera,
            Verb.RELOAD: lambda: self._later(self._house.reload),
            Verb.QUIT: lambda: self._later(self._house.quit),
            Verb.HELP: lambda: self._say("keys_help"),
        }

    def press(self, source: str) -> None:
        """A key or button that reports its release went down; `source` names it."""
        self._speaker.earcon("click")
        with self._lock:
            verb = self._gestures[source].press(self._clock(), self._queue.answering)
        self._act(verb)

    def release(self, source: str) -> None:
        """It went up."""
        with self._lock:
            self._gestures[source].release(self._clock())

    def ask(self, verb: Verb, source: str) -> Mapping[str, Any]:
        """Does what a direct verb says; gives the reply for the control socket."""
        self._speaker.earcon("click")
        return self._acts[verb]()

    def tick(self) -> None:
        """Fires the gestures that are due while a key is held; called every tenth of a second or so."""
        now = self._clock()
        with self._lock:
            due = [gestures.due(now) for gestures in self._gestures.values()]
        for verb in due:
            self._act(verb)

    def _act(self, verb: Verb | None) -> None:
        if verb is not None:
            self._acts[verb]()

    def _answer(self, what: Verb) -> Mapping[str, Any]:
        if not self._house.watching():
            return self._say("camera_off")
        return self._put(self._policy.answer(Query(what, self._clock()), self._house.view()))

    def _say(self, message: str) -> Mapping[str, Any]:
        return self._put(Announcement(message, urgency=Urgency.ANSWER, topic="answer"))

    def _put(self, announcement: Announcement) -> Mapping[str, Any]:
        self._queue.put(announcement)
        return {"ok": True, "message": announcement.message}

    def _repeat(self) -> Mapping[str, Any]:
        return {"ok": True} if self._queue.repeat() else self._say("nothing_to_repeat")

    def _stop(self) -> Mapping[str, Any]:
        self._queue.stop()
        return {"ok": True}

    def _switch_camera(self) -> Mapping[str, Any]:
        on = not self._house.watching()
        self._house.watch(on)
        self._speaker.earcon("camera_on" if on else "camera_off")
        return self._say("camera_on" if on else "camera_off")

    def _status(self) -> Mapping[str, Any]:
        status = self._house.status()
        camera = (
            Phrase("status_camera_ok", {"fps": round(status["fps"])})
            if status["camera"] == "ok"
            else Phrase("status_camera_missing")
        )
        then = (
            Phrase("status_sound", {"engine": status["engine"]}),
            Phrase("status_uptime", {"minutes": round(status["uptime_s"] / 60)}),
        )
        self._put(Announcement(camera.message, camera.facts, then, urgency=Urgency.ANSWER, topic="answer"))
        return {"ok": True, **status}

    def _later(self, act: Callable[[], None]) -> Mapping[str, Any]:
        act()
        return {"ok": True}
