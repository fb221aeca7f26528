"""What `run` would refuse in a settings file that is well-formed: names that nobody knows, files that are not there."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from msgspec.structs import replace

from assistant import app, config, parts
from assistant.errors import AssistantError, ConfigError, Unforeseen
from assistant.settings import Settings


def check(path: Path) -> None:
    """Makes everything that the file names, without opening a device, and lets it go.

    Args:
        path: The settings file.

    Raises:
        ConfigError: with every mistake in it, each with its line.
    """
    settings = config.load(path)
    lines = config.lines(path)
    problems = sorted(_located(setting, error, lines) for setting, error in _refused(settings))
    if problems:
        told = [f"Line {line}: {text}" if line else text for line, text in problems]
        raise ConfigError(str(path), told, problems[0][0] or None)


def _refused(settings: Settings) -> Iterator[tuple[str, AssistantError]]:
    """Each setting that cannot be used, and why."""
    for setting, make in _parts(settings):
        try:
            make()
        except AssistantError as error:
            yield setting, error
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - of somebody's plugin
            yield setting, Unforeseen(error)


def _parts(settings: Settings) -> Iterator[tuple[str, Callable[[], object]]]:
    """How each part is made, with the setting that names it."""
    standing = Settings()  # in for what is checked by itself
    yield "language", partial(parts.make_phrases, settings)
    yield "camera.source", lambda: app.make_camera(settings) and app.is_live(settings)
    for name in settings.senses:
        one = replace(settings, senses=(name,))
        yield "faces.detector" if name == "faces" else f"senses.{name}", partial(_try_senses, one)
    for name in settings.skills:
        yield f"skills.{name}", partial(_try_skills, replace(settings, skills=(name,)))
    for name in settings.triggers:
        one = replace(settings, triggers=(name,))
        yield f"triggers.{name}", partial(app.make_triggers, one, app.make_camera(standing), ())
    for key in settings.keys.evdev.press:
        yield f"keys.evdev.press.{key}", partial(_look_up, key)
    if settings.speech.engine not in ("wav", "silent"):  # those open their file at once, or are always there
        voiced = replace(standing, speech=settings.speech)
        phrases = parts.make_phrases(standing)
        yield "speech.engine", lambda: app.make_audio(voiced, phrases, app.make_choices(voiced, phrases)).close()


def _try_skills(settings: Settings) -> None:
    _, failed = parts.make_skills(settings)
    if failed:
        raise failed[0]


def _try_senses(settings: Settings) -> None:
    parts.make_pipeline(settings).close()


def _look_up(key: str) -> None:
    """Whether the kernel has a key of this name; nobody can tell without the package for keys."""
    if find_spec("evdev") is not None:
        code_of = import_module("assistant.devices.key_devices").code_of
        code_of(key)


def _located(setting: str, error: AssistantError, lines: Mapping[str, int]) -> tuple[int, str]:
    """The line of a setting, or of the section that it was left out of; 0 where the default is refused."""
    while setting and setting not in lines:
        setting = setting.rpartition(".")[0]
    return lines.get(setting, 0), str(error)
