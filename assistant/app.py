"""The composition root: settings in, a runtime out. The only file that knows everyone."""

import dataclasses
import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from threading import Event
from time import monotonic

from msgspec.structs import replace

from assistant import weights
from assistant.commands import table
from assistant.devices import cameras, triggers
from assistant.devices.camera_light import LitCamera
from assistant.devices.demo_camera import SCRIPT, DemoCamera
from assistant.devices.pictures import SUFFIXES
from assistant.devices.script import Script
from assistant.devices.system_health import read_health
from assistant.domain.ports import Camera, Skill, Trigger
from assistant.domain.values import Announcement, Phrase, Utterance
from assistant.environment import Environment, Reread, SpokenEvent
from assistant.errors import SpeechError, StoreError
from assistant.parts import make_learning, make_pipeline, make_skills
from assistant.runtime import Runtime
from assistant.senses.faces.recognizers import model_in_use
from assistant.service.notify import notify
from assistant.settings import Settings
from assistant.speech import engines
from assistant.speech.engines import Audio
from assistant.speech.phrases import Phrases
from assistant.speech.queue import SpeechQueue
from assistant.store import people_requests
from assistant.store.choices import Choices, state_folder
from assistant.store.people import People

log = logging.getLogger(__name__)

DEMO = "demo"
"""The source that needs no camera: portraits from installed packages."""


def make_camera(settings: Settings) -> Camera:
    """The camera of the settings, not opened yet; pictures and videos at their own pace.

    Raises:
        UnknownName, PictureError: there is no such source.
    """
    chosen = settings.camera
    if chosen.source == DEMO:
        return DemoCamera()
    made = cameras.camera(
        chosen.source,
        chosen.width,
        chosen.height,
        chosen.fps,
        chosen.rotate,
        chosen.mirror,
        realtime=True,
        loop=chosen.loop,
    )
    return made if chosen.light_pin is None else LitCamera(made, chosen.light_pin)


def make_choices(settings: Settings, phrases: Phrases) -> Choices:
    """What can be turned by key, as it was left."""
    speech = replace(settings.speech, rate_wpm=settings.speech.rate_wpm or phrases.language.rate_wpm)
    return Choices(replace(settings, speech=speech), state_folder())


def make_people() -> People:
    """Who is learnt, not read yet, as the network in use can recognise them."""
    return People(state_folder(), model_in_use())


def known_faults(people: People) -> list[Phrase]:
    """Reads who is learnt; gives why some of them cannot be named, if that is so. The rest of the program goes on."""
    try:
        learnt = people.load()
    except StoreError as error:
        log.error("%s", error)
        return [Phrase(error.phrase, error.facts)]
    model = people.gallery.model
    if all(each.usable(model) for each in learnt):
        return []
    return [Phrase("people_other_model" if model else "people_no_network")]


def make_audio(settings: Settings, phrases: Phrases, choices: Choices) -> Audio:
    """Voice and sounds; the demo writes a file where there is no sound device.

    Raises:
        UnknownName, SpeechError: there is no such engine, or its file cannot be written.
    """
    if settings.camera.source == DEMO and settings.speech.engine == "auto" and not _sound_device(settings):
        settings = replace(settings, speech=replace(settings.speech, engine="wav"))
    return engines.make_audio(settings, phrases, choices.__getitem__)


def _sound_device(settings: Settings) -> bool:
    player = engines.make_player(settings)
    try:
        player.wake(Event())
    except SpeechError:
        return False
    finally:
        player.close()
    return True


def make_triggers(settings: Settings, camera: Camera, skills: Sequence[Skill]) -> Sequence[Trigger]:
    """Everything that can be pressed or asked through; the demo asks by itself as well.

    Raises:
        UnknownName: a trigger that does not exist.
    """
    chosen = triggers.triggers(
        settings.triggers,
        table(skills),
        press=settings.keys.evdev.press,
        grab=settings.keys.evdev.grab,
        pin=settings.keys.gpio.pin,
        bounce_s=settings.keys.gpio.bounce_s,
    )
    return [*chosen, Script(SCRIPT, camera.seconds)] if isinstance(camera, DemoCamera) else chosen


def make_runtime(
    settings: Settings,
    phrases: Phrases,
    audio: Audio,
    choices: Choices,
    *,
    greeting: Announcement,
    reread: Callable[[bool], Reread],
    hear: Callable[[SpokenEvent], None],
) -> Runtime:
    """Everything together, not running yet.

    Args:
        settings: What the user chose.
        phrases: The sentences of their language.
        audio: Voice and sounds.
        choices: What can be turned by key.
        greeting: Told when everything is up.
        reread: Whether other settings are to be taken; see `Environment`.
        hear: Is given what became of every announcement.

    Raises:
        AssistantError: a part that the settings name cannot be made.
    """
    camera, people = make_camera(settings), make_people()
    skills, failed = make_skills(settings)
    if settings.context == "home":
        skills.append(make_learning(settings, people))
    faults = [Phrase(each.phrase, each.facts) for each in failed]
    faults += known_faults(people) if settings.context == "home" else []
    settle_s = 0 if _is_pictures(settings.camera.source) else None
    shown = replace(settings, verbosity=choices["verbosity"])
    pipeline = make_pipeline(shown, settle_s=settle_s, gallery=lambda: people.gallery)

    def words(announcement: Announcement) -> tuple[Utterance, ...]:
        return phrases.words(announcement, choices["verbosity"])

    def still_true(announcement: Announcement) -> bool:
        return pipeline.policy.still_true(announcement, pipeline.view)

    return Runtime(
        camera=camera,
        pipeline=pipeline,
        make_queue=lambda told: SpeechQueue(audio.voice, words, still_true, told, monotonic, phrases.spelled),
        voice=audio.voice,
        sounds=audio.sounds,
        skills=skills,
        triggers=make_triggers(settings, camera, skills),
        choices=choices,
        greeting=dataclasses.replace(greeting, phrases=(*greeting.phrases, *faults)),
        tick_s=settings.announce.tick_minutes * 60.0,
        environment=_environment(reread, _logged(hear, settings.logging.sentences), people),
    )


def _environment(reread: Callable[[bool], Reread], hear: Callable[[SpokenEvent], None], people: People) -> Environment:
    return Environment(
        clock=monotonic,
        health=read_health,
        reread=reread,
        notify=notify,
        hear=hear,
        people=partial(people_requests.serve, people),
        models=sum(weights.present(name) is not None for name in weights.names()),
    )


def is_live(settings: Settings) -> bool:
    """Whether the source is a camera, and no file, folder or demo."""
    source = Path(settings.camera.source)
    return settings.camera.source != DEMO and not source.is_file() and not source.is_dir()


def _is_pictures(source: str) -> bool:
    """Whether a source is a picture or a folder of them: each is settled evidence by itself."""
    path = Path(source)
    return path.suffix.lower() in SUFFIXES or path.is_dir()


def _logged(hear: Callable[[SpokenEvent], None], sentences: bool) -> Callable[[SpokenEvent], None]:
    """Logs what became of an announcement; its words only where the user wants them in the log."""

    def both(event: SpokenEvent) -> None:
        said = f": {event.text}" if sentences else ""
        log.info("%s %s %s%s", event.urgency, event.message, event.outcome, said)
        hear(event)

    return both
