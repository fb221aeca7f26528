"""One session of the program: runs it, composes it anew when the settings change, and speaks what ends it."""

import logging
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from threading import Event
from types import FrameType

from assistant import app
from assistant.config import load, stamp
from assistant.domain.ports import Speaker
from assistant.domain.values import Announcement, Outcome, Phrase, Urgency
from assistant.errors import AssistantError, ConfigError, SpeechError
from assistant.runtime import Runtime
from assistant.service.restart import marked
from assistant.settings import Settings
from assistant.speech.phrases import Phrases
from assistant.store import tour
from assistant.store.choices import state_folder
from assistant.surroundings import Ending, Heard

TOUR = "tour"


def run(path: Path, change: Callable[[Settings], Settings], hear: Callable[[Heard], None]) -> Ending:
    """Runs until the source ends or somebody ends it; composes itself anew when the settings change.

    As a service it tells when the last run broke off, for a listener cannot see why it went quiet.

    Args:
        path: The settings file.
        change: What the command line sets over the file.
        hear: Is given what became of every announcement.

    Raises:
        AssistantError: it cannot start; its sentence was spoken where that was possible.
    """
    try:
        reader = _Reader(path, change)
    except ConfigError as error:
        _tell(error, change(Settings()))
        raise
    with marked() if "NOTIFY_SOCKET" in os.environ else nullcontext(False) as broke_off:
        greeting = "started_again" if broke_off else "ready"
        while True:
            ending = _run_once(reader, greeting, hear)
            if ending is not Ending.RELOAD:
                return ending
            greeting = "settings_taken"


def _run_once(reader: "_Reader", greeting: str, hear: Callable[[Heard], None]) -> Ending:
    settings = reader.settings
    logging.getLogger("assistant").setLevel(settings.logging.level.upper())
    phrases = app.make_phrases(settings)
    choices = app.make_choices(settings, phrases)
    speaker = app.make_speaker(settings, phrases, choices)
    try:
        runtime = app.make_runtime(
            settings,
            phrases,
            speaker,
            choices,
            greeting=_greeting(settings, greeting),
            reread=reader.other,
            hear=_remembering_the_tour(hear),
        )
        with _signals(runtime):
            return runtime.run()
    except AssistantError as error:
        _speak(speaker, phrases, error)
        raise
    finally:
        speaker.close()


def _tell(error: AssistantError, settings: Settings) -> None:
    """Speaks an error with the default voice."""
    phrases = app.make_phrases(settings)
    speaker = app.make_speaker(settings, phrases, app.make_choices(settings, phrases))
    try:
        _speak(speaker, phrases, error)
    finally:
        speaker.close()


def _speak(speaker: Speaker, phrases: Phrases, error: AssistantError) -> None:
    with suppress(SpeechError):
        speaker.speak(phrases.words(Announcement(error.phrase, error.facts)), Event())


class _Reader:
    """Notices that the settings file was saved; keeps the last good settings."""

    def __init__(self, path: Path, change: Callable[[Settings], Settings]) -> None:
        self._path = path
        self._change = change
        self._stamp = stamp(path)
        self.settings = change(load(path))

    def other(self, asked: bool) -> bool:
        """Whether there are other settings now, or somebody asked for them to be taken.

        Raises:
            ConfigError: the file was saved with a mistake; told once for each time it is saved.
        """
        now = stamp(self._path)
        if now == self._stamp and not asked:
            return False
        self._stamp = now
        settings = self._change(load(self._path))
        differ = settings != self.settings
        self.settings = settings
        return differ or asked


def _greeting(settings: Settings, message: str) -> Announcement:
    """What is said when everything is up; the first time, in front of a real camera, after the tour."""
    then = [] if settings.context == "home" else [Phrase(f"context_{settings.context}")]
    if settings.tour and app.is_live(settings) and not tour.told(state_folder()):
        return Announcement(TOUR, then=(Phrase(message), *then), urgency=Urgency.ANSWER, topic="greeting")
    return Announcement(message, then=tuple(then), topic="greeting")


def _remembering_the_tour(hear: Callable[[Heard], None]) -> Callable[[Heard], None]:
    """The tour counts as told once it was heard, or as much of it as the listener wanted to hear."""

    def both(heard: Heard) -> None:
        if heard.message == TOUR and heard.outcome != Outcome.DROPPED:
            tour.remember(state_folder())
        hear(heard)

    return both


@contextmanager
def _signals(runtime: Runtime) -> Iterator[None]:
    """SIGTERM and Ctrl-C end the run, SIGHUP takes new settings; as before afterwards."""

    def act(number: int, frame: FrameType | None) -> None:
        if number == signal.SIGHUP:
            runtime.reload()
        else:
            runtime.quit()

    before = {number: signal.signal(number, act) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
