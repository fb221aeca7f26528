"""The composition root: settings in, a runtime out. The only file that knows everyone."""

import logging
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from threading import Event
from time import monotonic
from types import FrameType

from msgspec.structs import replace

from assistant.config import load, stamp
from assistant.devices import cameras, triggers
from assistant.devices.demo_camera import SCRIPT, DemoCamera
from assistant.devices.pictures import SUFFIXES
from assistant.devices.script import Script
from assistant.domain.policy import Manner, Policy
from assistant.domain.ports import Camera, ExpressionClassifier, Sense, Speaker, Trigger
from assistant.domain.scene import Scene
from assistant.domain.values import Announcement, Outcome, Phrase, Utterance
from assistant.errors import AssistantError, ConfigError, SpeechError
from assistant.pipeline import Pipeline
from assistant.plugins import resolve
from assistant.runtime import Ending, Heard, Runtime
from assistant.senses.faces.detectors import detector as make_detector
from assistant.senses.faces.expression import LiteRTClassifier
from assistant.senses.faces.sense import FacesSense
from assistant.service.notify import notify
from assistant.settings import Settings
from assistant.speech import engines
from assistant.speech.phrases import Phrases
from assistant.speech.queue import SpeechQueue

log = logging.getLogger(__name__)

DEMO = "demo"
"""The source that needs no camera: portraits from installed packages."""
SENSES = {"light": "assistant.senses.light:LightSense"}
"""Senses beside "faces", made without arguments, like those that come as entry points (`assistant.senses`)."""


def make_camera(settings: Settings) -> Camera:
    """The camera of the settings, not opened yet; pictures and videos at their own pace.

    Raises:
        UnknownName, PictureError: there is no such source.
    """
    chosen = settings.camera
    if chosen.source == DEMO:
        return DemoCamera()
    return cameras.camera(
        chosen.source,
        chosen.width,
        chosen.height,
        chosen.fps,
        chosen.rotate,
        chosen.mirror,
        realtime=True,
        loop=chosen.loop,
    )


def make_pipeline(settings: Settings, *, detector: str | None = None, settle_s: float | None = None) -> Pipeline:
    """Senses, scene and policy.

    Args:
        settings: What the user chose.
        detector: Instead of the face detector in the settings.
        settle_s: Instead of the time in the settings; 0 for single pictures.

    Raises:
        UnknownName: a sense or a detector that does not exist.
        ModelMissing, ModelBroken: a network that cannot be used.
    """
    told = settings.context == "home"
    classifier: ExpressionClassifier | None = LiteRTClassifier() if told and "faces" in settings.senses else None
    senses: list[Sense] = []
    for name in settings.senses:
        if name == "faces":
            finder = make_detector(detector or settings.faces.detector)
            senses.append(FacesSense(detector=finder, classifier=classifier))
        else:
            senses.append(resolve("sense", name, SENSES)())
    settle_s = settings.beliefs.settle_s if settle_s is None else settle_s
    scene = Scene(classifier.thresholds if classifier else {}, settle_s, settings.beliefs.lost_s)
    manner = Manner(
        verbosity=settings.verbosity,
        expressions_told=told,
        volunteered=frozenset(settings.announce.expressions),
        per_person_s=settings.announce.per_person_s,
        per_minute=settings.announce.per_minute,
        stale_s=settings.announce.stale_s,
    )
    return Pipeline(senses, scene, Policy(manner, hushed=_hushed(settings.announce.quiet_hours)))


def make_phrases(settings: Settings) -> Phrases:
    """The sentences of the chosen language.

    Raises:
        ConfigError: there is no such language, or a mistake in its files.
    """
    return Phrases(settings.language)


def make_speaker(settings: Settings, phrases: Phrases) -> Speaker:
    """The voice; the demo writes a file where there is no sound device.

    Raises:
        UnknownName, SpeechError: there is no such engine, or its file cannot be written.
    """
    if settings.camera.source == DEMO and settings.speech.engine == "auto" and not _sound_device(settings):
        settings = replace(settings, speech=replace(settings.speech, engine="wav"))
    return engines.make_speaker(settings, phrases)


def _sound_device(settings: Settings) -> bool:
    player = engines.make_player(settings)
    try:
        player.wake()
    except SpeechError:
        return False
    finally:
        player.close()
    return True


def make_triggers(settings: Settings, camera: Camera) -> Sequence[Trigger]:
    """Everything that can be pressed or asked through; the demo asks by itself as well.

    Raises:
        UnknownName: a trigger that does not exist.
    """
    chosen = triggers.triggers(
        settings.triggers,
        press=settings.keys.evdev.press,
        grab=settings.keys.evdev.grab,
        pin=settings.keys.gpio.pin,
        bounce_s=settings.keys.gpio.bounce_s,
    )
    return [*chosen, Script(SCRIPT, camera.seconds)] if isinstance(camera, DemoCamera) else chosen


def run(path: Path, change: Callable[[Settings], Settings], hear: Callable[[Heard], None]) -> Ending:
    """Runs until the source ends or somebody ends it; composes itself anew when the settings change.

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
    greeting = "ready"
    while True:
        ending = _run_once(reader, greeting, hear)
        if ending is not Ending.RELOAD:
            return ending
        greeting = "settings_taken"


def _run_once(reader: "_Reader", greeting: str, hear: Callable[[Heard], None]) -> Ending:
    settings = reader.settings
    logging.getLogger("assistant").setLevel(settings.logging.level.upper())
    phrases = make_phrases(settings)
    speaker = make_speaker(settings, phrases)
    try:
        runtime = _compose(settings, phrases, speaker, _greeting(settings, greeting), reader, hear)
        with _signals(runtime):
            return runtime.run()
    except AssistantError as error:
        _speak(speaker, phrases, error)
        raise
    finally:
        speaker.close()


def _tell(error: AssistantError, settings: Settings) -> None:
    """Speaks an error with the default voice."""
    phrases = make_phrases(settings)
    speaker = make_speaker(settings, phrases)
    try:
        _speak(speaker, phrases, error)
    finally:
        speaker.close()


def _speak(speaker: Speaker, phrases: Phrases, error: AssistantError) -> None:
    with suppress(SpeechError):
        speaker.speak(phrases.words(Announcement(error.phrase, error.facts)), Event())


def _compose(
    settings: Settings,
    phrases: Phrases,
    speaker: Speaker,
    greeting: Announcement,
    reader: "_Reader",
    hear: Callable[[Heard], None],
) -> Runtime:
    single = Path(settings.camera.source).suffix.lower() in SUFFIXES or Path(settings.camera.source).is_dir()
    pipeline = make_pipeline(settings, settle_s=0 if single else None)

    camera = make_camera(settings)

    def logged(heard: Heard) -> None:
        said = f": {heard.text}" if settings.logging.sentences else ""
        log.info("%s %s %s%s", heard.urgency, heard.message, heard.outcome, said)
        hear(heard)

    def words(announcement: Announcement) -> Utterance:
        return phrases.words(announcement, settings.verbosity)

    def make_queue(told: Callable[[Announcement, str, Outcome], None]) -> SpeechQueue:
        return SpeechQueue(
            speaker, words, lambda item: pipeline.policy.still_true(item, pipeline.view), told, monotonic
        )

    return Runtime(
        camera=camera,
        pipeline=pipeline,
        make_queue=make_queue,
        speaker=speaker,
        triggers=make_triggers(settings, camera),
        clock=monotonic,
        greeting=greeting,
        sound=settings.sound,
        tick_s=settings.announce.tick_minutes * 60.0,
        reread=reader.other,
        notify=notify,
        hear=logged,
    )


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
    then = () if settings.context == "home" else (Phrase(f"context_{settings.context}"),)
    return Announcement(message, then=then, topic="greeting")


def _hushed(hours: str) -> Callable[[], bool]:
    """Whether the local time lies within "22:00-07:00"; never for an empty text."""
    begin, _, end = hours.partition("-")

    def hushed() -> bool:
        now = datetime.now().strftime("%H:%M")
        return begin <= now < end if begin <= end else now >= begin or now < end

    return hushed if hours else lambda: False


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
