"""The doctor: is everything here that the assistant needs, and what is to be done where it is not?

Every check gives one finding, in words that a screen reader reads well, and none of them ends the others.
"""

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

from assistant import config, weights
from assistant.devices.control_client import ask
from assistant.devices.permission import remedy
from assistant.devices.socket_path import runtime_path, serving_path
from assistant.domain.ports import Camera, PictureSkill, Skill
from assistant.domain.values import Utterance, announce
from assistant.errors import (
    AssistantError,
    CameraError,
    ConfigError,
    ModelMissing,
    NotRunning,
    SkillFailed,
    SpeechError,
    TriggerError,
    UnknownName,
)
from assistant.service import known_people, loudness
from assistant.settings import Settings
from assistant.speech.engines import Audio
from assistant.speech.phrases import Phrases

FREE_MB = 50
"""So much room is needed where models and people are kept, megabytes."""
INPUT = Path("/dev/input")
"""Where Linux shows keyboards and keys."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found."""

    part: str
    """What was looked at, in one word."""
    ok: bool
    text: str
    """One sentence or two: how it is, and where it is wrong what to do."""
    needed: bool = True
    """Whether the assistant cannot do its work without it."""

    def __str__(self) -> str:
        return f"{'ok' if self.ok else 'wrong'} {self.part}: {self.text}"


@dataclass(frozen=True, slots=True)
class Factories:
    """How the parts that the settings name are made; each may raise an AssistantError."""

    camera: Callable[[Settings], Camera]
    phrases: Callable[[Settings], Phrases]
    audio: Callable[[Settings], Audio]
    skills: Callable[[Settings], tuple[list[Skill], list[SkillFailed]]]
    try_senses: Callable[[Settings], None]
    """Makes the senses with their models, and lets them go."""


def examine(path: Path, make: Factories) -> Iterator[Finding]:
    """Looks at everything, one finding after the other.

    Args:
        path: The settings file.
        make: Of the composition root.
    """
    settings, finding = _settings(path)
    yield finding
    running = _running()
    yield _guarded("camera", lambda: _camera(settings, make, running))
    yield _guarded("sound", lambda: _sound(settings, make, running))
    yield _guarded("voices", lambda: _voices(settings, make))
    yield _guarded("models", lambda: _models(settings, make))
    yield from _skills(settings, make)
    yield _guarded("people", lambda: known_people.examine(settings, running is not None))
    yield _guarded("socket", lambda: _socket(running))
    yield _disk(weights.install_folder())
    yield _keys(INPUT)


def _guarded(part: str, check: Callable[[], str], *, needed: bool = True) -> Finding:
    """A check that gives its sentence, or raises one of our errors."""
    try:
        return Finding(part, True, check(), needed)
    except AssistantError as error:
        return Finding(part, False, str(error), needed)


def _settings(path: Path) -> tuple[Settings, Finding]:
    """The settings, or the defaults when the file is wrong, so that the other checks can go on."""
    try:
        return config.load(path), Finding("config", True, f"{path} has no mistakes.")
    except ConfigError as error:
        return Settings(), Finding("config", False, f"{error} Correct it; the other checks use the default settings.")


def _running() -> Mapping[str, Any] | None:
    """What a running assistant says of itself; None when there is none that this user may ask."""
    try:
        return ask(runtime_path(), {"ask": "status", "aloud": False})
    except (NotRunning, TriggerError):
        return None


def _camera(settings: Settings, make: Factories, running: Mapping[str, Any] | None) -> str:
    """One frame; a camera that the running assistant holds is judged by what that says."""
    if running:
        return _camera_in_use(running, make.phrases(settings))
    camera = make.camera(settings)
    try:
        camera.open()
        frame = camera.read()
        name = camera.name
    finally:
        camera.close()
    if frame is None:
        raise AssistantError(f"{name} ended before its first picture.")
    height, width = frame.pixels.shape[:2]
    return f"{name} gives pictures of {width} by {height}."


def _camera_in_use(running: Mapping[str, Any], phrases: Phrases) -> str:
    state = running.get("camera")
    if state == "ok":
        return f"the running assistant gets {running.get('fps')} pictures a second from it."
    if state in ("off", "starting", "ended"):
        return f"the running assistant has it in hand; its state is {state}."
    raise CameraError(phrases.text(announce(str(state))), "Check its cable.")


def _sound(settings: Settings, make: Factories, running: Mapping[str, Any] | None) -> str:
    """Opens the sound device and looks whether it is muted; a running assistant has opened it already."""
    if settings.sound == "off" or settings.speech.engine == "silent":
        return "switched off in the settings."
    if running and running.get("engine") != "silent":
        loudness.check()
        return f"the running assistant speaks with {running.get('engine')}."
    audio = make.audio(settings)
    try:
        audio.voice.speak(Utterance("", settings.language), Event())
        loudness.check()  # while the device is open
        if audio.player and audio.player.volume == 0:
            raise SpeechError("The assistant's own volume is 0.", "Set speech.volume to 100, or ask for louder.")
    except SpeechError as error:
        raise SpeechError(error.message, error.remedy or "Plug in headphones or a speaker.") from error
    finally:
        audio.close()
    return f"{audio.voice.name} can speak."


def _voices(settings: Settings, make: Factories) -> str:
    language = make.phrases(settings).language
    review = "" if language.reviewed else " No speaker of it has checked them."
    return f"{language.name}, {len(language.phrases)} phrases.{review}"


def _models(settings: Settings, make: Factories) -> str:
    """Every installed model has the right hash, and those that the settings need can be loaded."""
    good, absent = [], []
    for name in weights.names():
        try:
            weights.locate(name)
            good.append(f"{name} ({weights.manifest(name).file.sha256[:8]})")
        except ModelMissing:
            absent.append(name)
    make.try_senses(settings)
    optional = f" Not installed, and not needed: {', '.join(absent)}." if absent else ""
    return f"{', '.join(good)} as they should be.{optional}"


def _skills(settings: Settings, make: Factories) -> Iterator[Finding]:
    """What each skill needs is welcome: without it the others answer."""
    try:
        skills, failed = make.skills(settings)
    except UnknownName as error:
        yield Finding("skills", False, str(error), needed=False)
        return
    yield from (Finding(error.facts["skill"], False, str(error), needed=False) for error in failed)
    yield from (_guarded(skill.name, skill.check, needed=False) for skill in skills if isinstance(skill, PictureSkill))


def _socket(running: Mapping[str, Any] | None) -> str:
    if running:
        return f"the running assistant answers at {runtime_path()}."
    path = serving_path()
    folder = next(folder for folder in path.parents if folder.exists())
    if not os.access(folder, os.W_OK | os.X_OK):
        raise AssistantError(f"{folder} cannot be written.", f"Let this user write there, for {path}.")
    return f"no assistant is running; one could answer at {path}."


def _disk(target: Path) -> Finding:
    folder = next(folder for folder in (target, *target.parents) if folder.exists())
    free_mb = shutil.disk_usage(folder).free // 10**6
    if free_mb < FREE_MB:
        return Finding("disk", False, f"Only {free_mb} megabytes are free at {folder}. Make room there.")
    return Finding("disk", True, f"{free_mb} megabytes are free at {folder}.")


def _keys(folder: Path) -> Finding:
    """Keys are welcome, not needed: there is always the command line."""
    devices = sorted(folder.glob("event*"))
    barred = [device for device in devices if not _readable(device)]
    if barred:
        return Finding("keys", False, f"{barred[0]} may not be read by this user. {remedy(barred[0])}", needed=False)
    if not devices:
        return Finding("keys", True, 'no keyboard is connected; "assistant ask now" asks as well.', needed=False)
    return Finding("keys", True, f"{len(devices)} input devices can be read.", needed=False)


def _readable(path: Path) -> bool:
    try:
        with path.open("rb"):
            return True
    except OSError:
        return False
