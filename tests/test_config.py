"""config.yaml: what is read, in which order it is looked for, and how mistakes are told."""

import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from assistant import config, files
from assistant.domain.values import EXPRESSIONS
from assistant.errors import ConfigError
from assistant.settings import Expression, Settings

ROOT = Path(__file__).parent.parent


def read(folder: Path, text: str | bytes) -> Settings:
    path = folder / "config.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return config.load(path)


def problems(folder: Path, text: str | bytes) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    return caught.value.problems


def leaves(values: dict[str, Any], path: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{path}{key}.")
        else:
            yield path + key


def test_the_packaged_file_is_complete_and_says_the_defaults() -> None:
    packaged = ROOT / "config.yaml"
    assert config.load(packaged) == Settings()
    written = yaml.safe_load(packaged.read_text(encoding="utf-8"))
    assert list(leaves(written)) == list(leaves(msgspec.to_builtins(Settings())))


def test_every_setting_in_the_packaged_file_is_explained() -> None:
    lines = (ROOT / "config.yaml").read_text(encoding="utf-8").splitlines()
    settings = [line for line in lines if ": " in line and not line.startswith("#")]
    assert [line for line in settings if " # " not in line] == []


def test_expressions_are_those_of_the_models_without_neutral() -> None:
    assert set(get_args(Expression)) == set(EXPRESSIONS) - {"neutral"}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "camera:\nspeech:\n", "{}", "\ufeffverbosity: normal\n"])
def test_what_is_left_out_keeps_its_default(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == Settings()


def test_values_are_read(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        """
        verbosity: brief
        senses: [light]
        camera: {source: http://127.0.0.1:8080/stream, rotate: 90, mirror: yes}
        beliefs: {settle_s: 2}
        announce: {expressions: [], quiet_hours: 22:00-07:00}
        keys: {gpio: {pin: 17}, evdev: {press: [KEY_F1, BTN_LEFT]}}
        """,
    )
    assert settings.verbosity == "brief"
    assert settings.senses == ("light",)
    assert settings.camera.source == "http://127.0.0.1:8080/stream"
    assert (settings.camera.rotate, settings.camera.mirror) == (90, True)
    assert settings.beliefs.settle_s == 2.0
    assert settings.announce.expressions == ()
    assert settings.announce.quiet_hours == "22:00-07:00"
    assert settings.keys.gpio.pin == 17
    assert settings.keys.evdev.press == ("KEY_F1", "BTN_LEFT")
    assert settings.speech == Settings().speech


def test_the_traps_of_yaml_are_no_traps(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        """
        sound: off
        language: no
        triggers: socket
        camera: {source: 0, width: "320", mirror: on}
        beliefs: {lost_s: .5, settle_s: 1e1}
        speech: {voice: null, rate_wpm: 200.0}
        """,
    )
    assert (settings.sound, settings.language, settings.triggers) == ("off", "no", ("socket",))
    assert (settings.camera.source, settings.camera.width, settings.camera.mirror) == ("0", 320, True)
    assert (settings.beliefs.lost_s, settings.beliefs.settle_s) == (0.5, 10.0)
    assert (settings.speech.voice, settings.speech.rate_wpm) == ("", 200)


def test_every_mistake_is_told_at_once_with_its_line_and_the_nearest_name(tmp_path: Path) -> None:
    assert problems(
        tmp_path,
        """verbosity: Normall
speach: {rate: 1}
width: 640
qqq: 1
camera:
  fps: 1000
  widht: 3
  height: 480
  height: 240
  rotate: 45
  mirror: "on"
  source:
beliefs: {lost_s: 4, settle_s: 100}
announce:
  expressions: [happy, sadd, happy]
  quiet_hours: 24:00-07:00
speech: loud
keys: {gpio: {pin: 017}, evdev: {press: [space]}}
senses: {faces: true}
""",
    ) == [
        'Line 1: verbosity must be one of quiet, brief, normal, detailed, not "Normall". Did you mean "normal"?',
        'Line 2: There is no setting "speach". Did you mean "speech"?',
        'Line 3: There is no setting "width". Did you mean "camera.width"?',
        'Line 4: There is no setting "qqq".',
        'Line 6: camera.fps must be a whole number from 1 to 60, not "1000".',
        'Line 7: There is no setting "camera.widht". Did you mean "camera.width"?',
        "Line 9: camera.height is set twice, first in line 8.",
        'Line 10: camera.rotate must be one of 0, 90, 180, 270, not "45".',
        'Line 11: camera.mirror must be true or false, not "on".',
        "Line 12: camera.source must be text, not empty.",
        'Line 13: beliefs.settle_s must be a number from 0.3 to 10, not "100".',
        "Line 15: announce.expressions must be one of angry, disgust, fear, happy, sad, surprise, "
        'not "sadd". Did you mean "sad"?',
        'Line 15: announce.expressions: "happy" is there twice.',
        'Line 16: announce.quiet_hours must be two times of day, like "22:00-07:00", or "" for never, '
        'not "24:00-07:00".',
        "Line 17: speech must be settings, each as name: value.",
        'Line 18: keys.evdev.press must be the name of a key, like KEY_SPACE, not "space".',
        'Line 18: keys.gpio.pin must be a whole number from 0 to 27 or null, not "017".',
        "Line 19: senses must be text, not a section.",
    ]


def test_the_error_names_the_file_and_the_first_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("language: en\nverbosity: loud\nsound: none\n")
    with pytest.raises(ConfigError, match=r"mine\.yaml: Line 2: .* Line 3: ") as caught:
        config.load(path)
    assert (caught.value.path, caught.value.first_line, len(caught.value.problems)) == (str(path), 2, 2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("camera: [1\n", "Line 2: This is not YAML: "),
        ("camera:\n\twidth: 3\n", "Indent with spaces, not with tabs."),
        ("a: 1\n---\nb: 2\n", "Line 2: This is not YAML: "),
        ("camera: *nowhere\n", "Line 1: This is not YAML: "),
        ("- verbosity\n", "Line 1: The file must be settings, each as name: value."),
        ("verbosity\n", "Line 1: The file must be settings, each as name: value."),
        ("verbosity: quiet\nlanguage: \x01\n", "Line 1: This is not YAML text."),
        ("[" * 5000, "Line 1: This is no settings file: it goes too deep."),
        (b"language: en\nsound: \xff\n", "Line 2: This is not UTF-8 text; save the file as UTF-8."),
        ("camera: {width: !!int x}", 'Line 1: camera.width must be a whole number from 160 to 3840, not "x".'),
        ("camera: {width: .nan}", 'Line 1: camera.width must be a whole number from 160 to 3840, not ".nan".'),
        ("beliefs: {settle_s: .inf}", 'Line 1: beliefs.settle_s must be a number from 0.3 to 10, not ".inf".'),
        ("language: &a [*a]", 'Line 1: language must be a language, like "en", not a list.'),
        ("senses: []\ntriggers: [[evdev]]", "Line 2: triggers must be text, not a list."),
    ],
)
def test_what_is_no_settings_file_is_refused(tmp_path: Path, text: str | bytes, told: str) -> None:
    (problem,) = problems(tmp_path, text)
    assert told in problem


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path, told in ((tmp_path / "none.yaml", "No such file or directory"), (tmp_path, "")):
        with pytest.raises(ConfigError, match=f"{path}: .*{told}") as caught:
            config.load(path)
        assert caught.value.first_line is None


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("any")


@given(
    data=st.binary()
    | st.text().map(str.encode)
    | st.from_regex(r"(?:(?:camera|sound|senses|  width|  ):[ \n][a-z0-9\[\]{}:&*!\n -]{0,9}\n){1,5}").map(str.encode)
)
def test_anything_is_settings_or_problems_with_lines(folder: Path, data: bytes) -> None:
    told: list[str] = []
    try:
        assert isinstance(read(folder, data), Settings)
    except ConfigError as error:
        told = error.problems
    numbers = [int(problem.split()[1].rstrip(":")) for problem in told]
    assert numbers == sorted(numbers)
    assert all(1 <= number <= data.count(b"\n") + data.count(b"\r") + data.count(b"\xc2\x85") + 2 for number in numbers)


def test_search_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert config.find() == ROOT / "config.yaml"
    config.SYSTEM.write_text("verbosity: quiet\n")
    assert config.find() == config.SYSTEM
    home = tmp_path / "home"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    (home / "assistant").mkdir(parents=True)
    mine = home / "assistant" / "config.yaml"
    mine.write_text("verbosity: brief\n")
    assert config.find() == mine
    assert config.load().verbosity == "brief"
    monkeypatch.setenv("ASSISTANT_CONFIG", str(tmp_path / "named.yaml"))
    assert config.find() == tmp_path / "named.yaml"
    assert config.find(Path("explicit.yaml")) == Path("explicit.yaml")


def test_without_the_variable_the_home_folder_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_CONFIG_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    mine = tmp_path / ".config" / "assistant" / "config.yaml"
    mine.parent.mkdir(parents=True)
    mine.touch()
    assert config.find() == mine


def test_a_stamp_tells_when_the_file_was_saved(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    assert config.stamp(path) is None
    path.write_text("sound: off\n")
    first = config.stamp(path)
    assert first is not None
    assert config.stamp(path) == first
    other = tmp_path / "other"
    other.write_text("sound: off\n")
    other.replace(path)
    second = config.stamp(path)
    assert second != first
    path.chmod(0o600)  # As when it could not be read before.
    assert config.stamp(path) != second


def test_the_table_in_the_manual_says_the_defaults() -> None:
    rows = re.findall(
        r"^\| `([\w.]+)` \| `(.*?)` \|", (ROOT / "docs" / "manual.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) > 10
    for name, told in rows:
        value: Any = Settings()
        for part in name.split("."):
            value = getattr(value, part)
        assert yaml.safe_load(told) == (value[0] if isinstance(value, tuple) else value), name


def special(folder: Path, kind: str) -> Path:
    """Something in the place of a settings file that must not be read."""
    path = folder / f"{kind}.yaml"
    match kind:
        case "pipe":
            os.mkfifo(path)
        case "socket":
            with socket.socket(socket.AF_UNIX) as made:
                made.bind(str(path))
        case "folder":
            path.mkdir()
        case "device":
            path.symlink_to("/dev/zero")
        case "loop":
            path.symlink_to(path)
        case "large":
            with path.open("wb") as file:
                file.truncate(100_000_000)
        case "nul":
            return folder / "config\0.yaml"
        case "long":
            return folder / ("x" * 300)
    return path


@pytest.mark.parametrize("kind", ["pipe", "socket", "folder", "device", "loop", "large", "nul", "long"])
def test_what_is_no_ordinary_file_is_refused_and_not_waited_for(tmp_path: Path, kind: str) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(special(tmp_path, kind))
    assert caught.value.first_line is None
    assert config.stamp(tmp_path / "nul\0") is None


def test_the_null_device_is_a_file_without_settings() -> None:
    assert config.load(Path("/dev/null")) == Settings()


def test_a_file_that_grows_while_it_is_read_is_not_read_to_its_end(tmp_path: Path) -> None:
    """/proc tells a size of nothing and gives much."""
    with pytest.raises(files.TooLarge):
        files.read(Path("/proc/self/maps"), 10)


@pytest.mark.parametrize(
    "text",
    [
        "verbosity: brief\n" * 58_000,
        ("a" * 20 + ": 1\n") * 40_000,
        "senses: [" + "x," * 400_000 + "]",
        "senses: [&a x, " + "*a, " * 240_000 + "]",
        "a: &a [x, x]\n" + "".join(f"a{n}: &a{n} [*a, *a]\n" for n in range(2000)),
        "[" * 900_000,
        "[" * 900,
        "{a: " * 900,
        "- " * 400_000,
        "? " * 400_000,
        "".join(f"{' ' * n}a:\n" for n in range(100)),
    ],
)
def test_what_would_take_long_to_read_is_refused(tmp_path: Path, text: str) -> None:
    (told, *more) = problems(tmp_path, text)
    assert "This is no settings file: it goes too deep." in told or "there is too much in it" in told
    assert more == []


def test_of_very_many_mistakes_the_first_are_told_and_the_others_counted(tmp_path: Path) -> None:
    told = problems(tmp_path, "".join(f"name{n}: 1\n" for n in range(300)))
    assert told[0].startswith('Line 1: There is no setting "name0"')
    assert (len(told), told[-1]) == (21, "There are 280 more.")


@pytest.mark.parametrize(
    "text", ["x" * 900_000 + ": 1", "camera: {width: " + "9" * 900_000 + "}", "sound: " + "b" * 900_000]
)
def test_a_mistake_is_never_told_at_length(tmp_path: Path, text: str) -> None:
    (told,) = problems(tmp_path, text)
    assert len(told) < 200


def test_a_second_document_is_a_mistake(tmp_path: Path) -> None:
    (told,) = problems(tmp_path, "verbosity: brief\n---\nverbosity: quiet\n")
    assert told.startswith("Line 2: ")
    (told,) = problems(tmp_path, "---\n---\nverbosity: quiet\n")
    assert told.startswith("Line 2: ")


def test_every_setting_has_its_line_even_in_a_file_with_mistakes(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("sound: off\ncamera:\n  source: 0\n  width: 1\nspeech: {engine: espeak}\n")
    assert config.lines(path) == {
        "sound": 1, "camera": 2, "camera.source": 3, "camera.width": 4, "speech": 5, "speech.engine": 5,
    }  # fmt: skip
