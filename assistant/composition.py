"""From a settings file to a runtime: the first settings that can be used, and what is said of the others."""

import logging
from collections.abc import Callable
from dataclasses import dataclass

from assistant import app, parts
from assistant.domain.values import Announcement, Outcome, Phrase, Urgency, announce
from assistant.environment import Reread, SpokenEvent
from assistant.errors import AssistantError, Unforeseen
from assistant.runtime import Runtime
from assistant.service.settings_file import SettingsFile
from assistant.settings import Settings
from assistant.speech.engines import Audio
from assistant.store import tour
from assistant.store.choices import Choices, state_folder

log = logging.getLogger(__name__)

TOUR = "tour"
TAKEN = "settings_taken"
Reader = Callable[[bool], Reread]
Listener = Callable[[SpokenEvent], None]


@dataclass(frozen=True, slots=True)
class Composed:
    """A runtime that can be started, with what it is made of."""

    settings: Settings
    audio: Audio
    choices: Choices
    runtime: Runtime


def first(settings_file: SettingsFile, message: str, reread: Reader, hear: Listener) -> Composed:
    """Composes the first settings that can be used; if they are not those of the file, that is told.

    Args:
        settings_file: The settings file, and what may be used in its place.
        message: The key of the greeting.
        reread: See `Environment`.
        hear: Is given what became of every announcement.

    Raises:
        AssistantError: none can be; what is wrong with the file.
    """
    errors: list[AssistantError] = []
    for read in settings_file.candidates():
        try:
            settings = read()
            wrong = settings_file.located(errors[0]) if errors else None
            made = _composed(settings, message, wrong, reread, hear)
        except AssistantError as error:
            errors.append(error)
        else:
            for refused in errors:
                log.error("%s", refused)
            settings_file.take(settings, refused=bool(errors))
            return made
    raise errors[0]


def another(settings_file: SettingsFile, reread: Reader, hear: Listener) -> Composed:
    """Composes what the file says now, while the runtime before goes on.

    Raises:
        AssistantError: it cannot be used; what is used stays.
    """
    try:
        settings = settings_file.read()
        made = _composed(settings, TAKEN, None, reread, hear)
    except AssistantError as error:
        settings_file.refuse()
        raise settings_file.located(error) from error
    settings_file.take(settings, refused=False)
    return made


def greeting(settings: Settings, message: str, wrong: AssistantError | None = None) -> Announcement:
    """What is said when everything is up; the first time, in front of a real camera, after the tour.

    Args:
        settings: Those in use.
        message: The key of the phrase.
        wrong: Why these are not the settings of the file, which the listener expects.
    """
    then = [] if settings.context == "home" else [Phrase(f"context_{settings.context}")]
    if wrong:
        told = (Phrase(message), *then)
        return announce(wrong.phrase, wrong.facts, *told, urgency=Urgency.ALERT, topic="greeting")
    if settings.tour and app.is_live(settings) and not tour.told(state_folder()):
        return announce(TOUR, None, Phrase(message), *then, urgency=Urgency.ANSWER, topic="greeting")
    return announce(message, None, *then, topic="greeting")


def remembering_the_tour(hear: Listener) -> Listener:
    """The tour counts as told once it was heard, or as much of it as the listener wanted to hear."""

    def both(event: SpokenEvent) -> None:
        if event.message == TOUR and event.outcome != Outcome.DROPPED:
            tour.remember(state_folder())
        hear(event)

    return both


def _composed(
    settings: Settings, message: str, wrong: AssistantError | None, reread: Reader, hear: Listener
) -> Composed:
    """Everything that the settings name, with its greeting.

    Raises:
        AssistantError: a part cannot be made; whatever a plugin raises becomes one.
    """
    try:
        return _made(settings, greeting(settings, message, wrong), reread, hear)
    except (AssistantError, KeyboardInterrupt):
        raise
    except BaseException as error:  # other packages may raise what is no Exception
        log.exception("these settings cannot be used")
        raise Unforeseen(error) from error


def _made(settings: Settings, greeting: Announcement, reread: Reader, hear: Listener) -> Composed:
    phrases = parts.make_phrases(settings)
    choices = app.make_choices(settings, phrases)
    audio = app.make_audio(settings, phrases, choices)
    try:
        runtime = app.make_runtime(
            settings, phrases, audio, choices, greeting=greeting, reread=reread, hear=remembering_the_tour(hear)
        )
    except BaseException:
        audio.close()
        raise
    return Composed(settings, audio, choices, runtime)
