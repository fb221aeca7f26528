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
from assistant.devices.sole import sole
from assistant.domain.values import Announcement, Outcome, Phrase, Urgency, announce
from assistant.errors import AssistantError, ConfigError
from assistant.runtime import Runtime
from assistant.service.restart import marked
from assistant.service.saved import Saved
from assistant.settings import Settings
from assistant.speech.engines import Audio
from assistant.store import tour
from assistant.store.choices import state_folder
from assistant.surroundings import Ending, Heard

log = logging.getLogger(__name__)

TOUR = "tour"
TAKEN = "settings_taken"


def run(path: Path, change: Callable[[Settings], Settings], hear: Callable[[Heard], None]) -> Ending:
    """Runs until the source ends or somebody ends it; composes itself anew when the settings change.

    As a service it tells when the last run broke off, for a listener cannot see why it went quiet; and it does not fail
    for a mistake in the settings, for nobody may be there who could mend them.

    Args:
        path: The settings file.
        change: What the command line sets over the file.
        hear: Is given what became of every announcement.

    Raises:
        AssistantError: it cannot go on; its sentence was spoken where that was possible.
    """
    service = "NOTIFY_SOCKET" in os.environ
    saved = Saved(path, change, state_folder() if service else None)
    try:
        with sole(), marked() if service else nullcontext(False) as broke_off, _Signals() as signals:
            message = "started_again" if broke_off else "ready"
            while (ending := _run_once(saved, message, signals, hear)) is Ending.RELOAD:
                message = TAKEN
            return ending
    except AssistantError as error:
        _tell(error, saved.readable())
        raise


def _run_once(saved: Saved, message: str, signals: "_Signals", hear: Callable[[Heard], None]) -> Ending:
    audio, runtime = _composed(saved, message, hear)
    try:
        with signals.to(runtime):
            return runtime.run()
    finally:
        audio.close()


def _composed(saved: Saved, message: str, hear: Callable[[Heard], None]) -> tuple[Audio, Runtime]:
    """Composes the first settings that can be used; if they are not those of the file, that is told.

    Raises:
        AssistantError: none can be; what is wrong with the file.
    """
    errors: list[AssistantError] = []
    for read in saved.candidates():
        try:
            settings = read()
            wrong = saved.located(errors[0]) if errors else None
            made = _compose(settings, _greeting(settings, message, wrong), saved.other, hear)
        except AssistantError as error:
            errors.append(error)
        else:
            for refused in errors:
                log.error("%s", refused)
            saved.take(settings, refused=bool(errors))
            return made
    raise errors[0]


def _compose(
    settings: Settings, greeting: Announcement, reread: Callable[[bool], bool], hear: Callable[[Heard], None]
) -> tuple[Audio, Runtime]:
    logging.getLogger("assistant").setLevel(settings.logging.level.upper())
    phrases = app.make_phrases(settings)
    choices = app.make_choices(settings, phrases)
    audio = app.make_audio(settings, phrases, choices)
    heard = _remembering_the_tour(hear)
    try:
        return audio, app.make_runtime(settings, phrases, audio, choices, greeting=greeting, reread=reread, hear=heard)
    except AssistantError:
        audio.close()
        raise


def _tell(error: AssistantError, settings: Settings) -> None:
    """Speaks an error, where there is a voice."""
    with suppress(AssistantError):
        phrases = app.make_phrases(settings)
        audio = app.make_audio(settings, phrases, app.make_choices(settings, phrases))
        try:
            for utterance in phrases.words(announce(error.phrase, error.facts)):
                audio.voice.speak(utterance, Event())
        finally:
            audio.close()


def _greeting(settings: Settings, message: str, wrong: AssistantError | None = None) -> Announcement:
    """What is said when everything is up; the first time, in front of a real camera, after the tour.

    Args:
        settings: Those in use.
        message: The key of the phrase.
        wrong: Why these are not the settings of the file, which the listener expects.
    """
    then = [] if settings.context == "home" else [Phrase(f"context_{settings.context}")]
    if wrong and message == TAKEN:
        kept = "settings_bad" if isinstance(wrong, ConfigError) else wrong.phrase
        return announce(kept, wrong.facts, urgency=Urgency.ALERT, topic="settings")
    if wrong:
        told = (Phrase(message), *then)
        return announce(wrong.phrase, wrong.facts, *told, urgency=Urgency.ALERT, topic="greeting")
    if settings.tour and app.is_live(settings) and not tour.told(state_folder()):
        return announce(TOUR, None, Phrase(message), *then, urgency=Urgency.ANSWER, topic="greeting")
    return announce(message, None, *then, topic="greeting")


def _remembering_the_tour(hear: Callable[[Heard], None]) -> Callable[[Heard], None]:
    """The tour counts as told once it was heard, or as much of it as the listener wanted to hear."""

    def both(heard: Heard) -> None:
        if heard.message == TOUR and heard.outcome != Outcome.DROPPED:
            tour.remember(state_folder())
        hear(heard)

    return both


class _Signals:
    """SIGTERM and Ctrl-C end the session, SIGHUP takes new settings; as before afterwards.

    One that comes while there is no runtime, between two of them above all, is for the next one.
    """

    def __init__(self) -> None:
        self._runtime: Runtime | None = None
        self._waiting: set[int] = set()

    def __enter__(self) -> "_Signals":
        numbers = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
        self._before = {number: signal.signal(number, self._act) for number in numbers}
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    @contextmanager
    def to(self, runtime: Runtime) -> Iterator[None]:
        """Passes them on to a runtime for as long as the block runs."""
        self._runtime = runtime
        for number in self._waiting:
            self._act(number)
        self._waiting.clear()
        try:
            yield
        finally:
            self._runtime = None

    def _act(self, number: int, _: FrameType | None = None) -> None:
        if self._runtime is None:
            self._waiting.add(number)
        elif number == signal.SIGHUP:
            self._runtime.reload()
        else:
            self._runtime.quit()
