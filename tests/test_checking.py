"""`config check` finds what `run` would refuse, with its line."""

from pathlib import Path

import pytest

from assistant.checking import check
from assistant.errors import ConfigError


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("tour: false\nlanguage: en-US\n", 2),
        ("language: no\n", 1),
        ("speech:\n  engine: megaphone\n", 2),
        ("faces:\n  detector: eyes\n", 2),
        ("senses:\n  - light\n  - telepathy\n", 3),
        ("triggers: [socket,\n  telepathy]\n", 2),
        ("skills: [telepathy]\n", 1),
        ("camera: {source: telescope}\n", 1),
        ("camera:\n  source: /nowhere/video.avi\n", 2),
        (f"camera:\n  source: {'x' * 300}.avi\n", 2),
        ('camera:\n  source: "a\\0b"\n', 2),
        ("camera: {source: ftp://there/it}\n", 1),
    ],
)
def test_what_run_would_refuse_is_found_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        check(path)
    assert (len(caught.value.problems), caught.value.first_line) == (1, line)
    assert caught.value.problems[0].startswith(f"Line {line}: ")


def test_a_key_that_does_not_exist_is_found(tmp_path: Path) -> None:
    pytest.importorskip("evdev")
    path = tmp_path / "config.yaml"
    path.write_text("keys:\n  evdev:\n    press: [KEY_SPACE, KEY_SPACEBAR]\n")
    with pytest.raises(ConfigError, match="Line 3: There is no key called KEY_SPACEBAR"):
        check(path)


def test_every_mistake_is_told_at_once_and_a_good_file_is_good(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text("language: no\nsenses: [light, x, y]\n")
    with pytest.raises(ConfigError) as caught:
        check(path)
    assert len(caught.value.problems) == 3
    path.write_text("language: de\nsenses: [light]\nspeech: {engine: espeak}\n")
    check(path)
