"""Triggers by their words."""

import os
import pty
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.devices.control_socket import ask
from assistant.devices.triggers import beside_terminal, triggers
from assistant.errors import UnknownName
from tests.devices.recorder import served

EVDEV = ["evdev"] if find_spec("evdev") and Path("/dev/input").is_dir() else []
"""What "auto" adds on a machine with input devices."""


@pytest.fixture(params=[False, True], ids=["no terminal", "terminal"])
def terminal(request: pytest.FixtureRequest) -> Iterator[bool]:
    """Whether standard input is a terminal."""
    before = os.dup(0)
    keyboard, program = pty.openpty() if request.param else os.pipe()
    os.dup2(program if request.param else keyboard, 0)
    yield request.param
    os.dup2(before, 0)
    for descriptor in (before, keyboard, program):
        os.close(descriptor)


def names(*words: str, pin: int | None = None) -> list[str]:
    return [trigger.name for trigger in triggers(words, pin=pin)]


def test_by_name_each_once_and_the_socket_first() -> None:
    assert names("terminal", "gpio", "socket", "evdev", "terminal") == ["socket", "terminal", "gpio", "evdev"]
    assert names() == []


def test_unknown() -> None:
    with pytest.raises(UnknownName, match="evdev, gpio, socket, terminal"):
        triggers(["telepathy"])


def test_auto_takes_what_is_there(terminal: bool) -> None:
    there = ["socket", *(["terminal"] if terminal else []), *EVDEV]
    assert names("auto") == there
    assert names("auto", pin=17) == [*there, "gpio"]
    assert names("gpio", "auto") == ["socket", "gpio", *there[1:]]


def test_beside_a_terminal_writing_keys_are_not_pressed_twice() -> None:
    press = ["KEY_SPACE", "KEY_A", "KEY_7", "KEY_KPENTER", "KEY_ENTER", "KEY_PLAYPAUSE", "KEY_F12", "BTN_TRIGGER"]
    assert beside_terminal(press) == ["KEY_PLAYPAUSE", "KEY_F12", "BTN_TRIGGER"]


def test_the_socket_lies_where_it_is_told(tmp_path: Path) -> None:
    (socket,) = triggers(["socket"], socket_path=tmp_path / "here" / "it.socket")
    with served(socket):
        assert ask(tmp_path / "here" / "it.socket", {"ask": "now"})["ok"] is True
