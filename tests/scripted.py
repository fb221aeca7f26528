"""Made input for tests of the whole: a sense that guesses by a script, and a house to put it in."""

import atexit
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import numpy as np

from assistant.devices.replay_camera import ReplayCamera
from assistant.domain.policy import Policy, Preferences
from assistant.domain.ports import Camera
from assistant.domain.scene import Scene
from assistant.domain.system_health import SystemHealth
from assistant.domain.values import Announcement, Box, Frame, Percept, Thresholds, Utterance, announce
from assistant.environment import Ending, Environment, Reread, SpokenEvent
from assistant.errors import AssistantError
from assistant.pipeline import Pipeline
from assistant.runtime import Runtime
from assistant.settings import Settings, Speech
from assistant.speech.phrases import Phrases
from assistant.speech.queue import SpeechQueue
from assistant.speech.silent import SilentSounds, SilentVoice
from assistant.store import people_requests
from assistant.store.choices import Choices
from assistant.store.people import People

HANG_S = 60.0
"""Nothing in these tests takes nearly as long, unless it hangs (seconds)."""
STATES = Path(tempfile.mkdtemp(prefix="states-"))
"""Where each house has a state directory of its own."""
atexit.register(shutil.rmtree, STATES, ignore_errors=True)
GREY = np.full((48, 64, 3), 128, np.uint8)


class ScriptedSense:
    """Sees one person whose expression is what `reading` says, by the seconds since the first frame; None: nobody."""

    name = "scripted"
    kinds: Collection[str] = ("face", "expression")

    def __init__(self, reading: Callable[[float], str | None]) -> None:
        self._reading = reading
        self._first: float | None = None

    def look(self, frame: Frame) -> Sequence[Percept]:
        self._first = frame.at if self._first is None else self._first
        value = self._reading(frame.at - self._first)
        if value is None:
            return []
        box = Box(0.4, 0.3, 0.2, 0.3)
        return [
            Percept("face", 1, "person", 0.9, box),
            Percept("expression", 1, value, 0.95, box, {value: 0.95, "neutral" if value != "neutral" else "sad": 0.05}),
        ]

    def close(self) -> None:
        pass


class House:
    """A runtime in a thread of its own, with a silent voice that takes time, and what it said."""

    def __init__(self, sense: Any, camera: Camera | None = None, **given: Any) -> None:
        self.voice = SilentVoice(seconds_per_letter=given.pop("seconds_per_letter", 0.0))
        self.sounds = SilentSounds()
        self.heard: list[SpokenEvent] = []
        self.states: list[str] = []
        self.endings: list[Ending] = []
        self.errors: list[AssistantError] = []
        phrases = self.phrases = Phrases("en")
        settings = Settings(sound=given.pop("sound", "speech"), speech=Speech(rate_wpm=170))
        self.choices = Choices(settings, given.pop("state", None) or Path(tempfile.mkdtemp(dir=STATES)))
        self.people = People(Path(tempfile.mkdtemp(dir=STATES)), "toy@1")
        pipeline = Pipeline([sense], Scene({"happy": Thresholds(0.7, 0.4)}), Policy(Preferences()))

        def words(announcement: Announcement) -> tuple[Utterance, ...]:
            return phrases.words(announcement, self.choices["verbosity"])

        def true(announcement: Announcement) -> bool:
            return pipeline.policy.still_true(announcement, pipeline.view)

        self.runtime = Runtime(
            camera=camera or ReplayCamera([GREY] * 3, realtime=True, fps=20, loop=True),
            pipeline=pipeline,
            make_queue=lambda told: SpeechQueue(self.voice, words, true, told, monotonic, phrases.spelled),
            voice=self.voice,
            sounds=self.sounds,
            skills=given.pop("skills", ()),
            triggers=given.pop("triggers", ()),
            choices=self.choices,
            greeting=announce("ready", topic="greeting"),
            tick_s=given.pop("tick_s", 0.0),
            environment=Environment(
                clock=monotonic,
                health=given.pop("health", lambda: SystemHealth(None, False, None)),
                reread=given.pop("reread", lambda asked: Reread.SAME),
                notify=self.states.append,
                hear=self.heard.append,
                people=partial(people_requests.serve, self.people),
                models=1,
            ),
        )
        assert not given
        self._thread = Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.endings.append(self.runtime.run())
        except AssistantError as error:
            self.errors.append(error)

    @contextmanager
    def running(self) -> Iterator["House"]:
        """Runs it, and ends it."""
        self._thread.start()
        try:
            yield self
        finally:
            self.runtime.quit()
            self.join()

    def join(self) -> None:
        self._thread.join(HANG_S)
        assert not self._thread.is_alive(), "the runtime hangs"

    def messages(self, outcome: str = "played") -> list[str]:
        return [heard.message for heard in self.heard if heard.outcome == outcome]

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Waits until something happened."""
        deadline = monotonic() + HANG_S
        while not condition():
            assert monotonic() < deadline, f"it never happened; heard: {self.heard}, errors: {self.errors}"
            sleep(0.02)
