"""Triggers by their words."""

import os
import pty
from collections.abc import Collection, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.devices import triggers as triggers_module
from assistant.devices.control_client import ask
from assistant.devices.evdev_keys import EvdevKeys
from assistant.devices.triggers import not_typed, triggers
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


def test_by_name_each_once() -> None:
    assert names("terminal", "gpio", "socket", "evdev", "terminal") == ["terminal", "gpio", "socket", "evdev"]
    assert names() == []


def test_unknown() -> None:
    with pytest.raises(UnknownName, match="evdev, gpio, socket, terminal"):
        triggers(["telepathy"])


def test_auto_takes_what_is_there(terminal: bool) -> None:
    there = ["socket", *(["terminal"] if terminal else []), *EVDEV]
    assert names("auto") == there
    assert names("auto", pin=17) == [*there, "gpio"]
    assert names("gpio", "auto") == ["gpio", *there]


def test_keys_with_which_people_write() -> None:
    press = ["KEY_SPACE", "KEY_A", "KEY_7", "KEY_KPENTER", "KEY_ENTER", "KEY_PLAYPAUSE", "KEY_F12", "BTN_TRIGGER"]
    assert not_typed(press) == ["KEY_PLAYPAUSE", "KEY_F12", "BTN_TRIGGER"]


@pytest.mark.parametrize("service", [False, True])
@pytest.mark.parametrize("words", [["auto"], ["auto", "evdev"], ["evdev"]])
def test_writing_asks_nothing_unless_nobody_writes_or_it_is_wanted_so(
    words: list[str], service: bool, terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Collection[str]] = []
    monkeypatch.setattr(EvdevKeys, "__init__", lambda self, press, **_: given.append(press))
    monkeypatch.setattr(triggers_module, "_present", lambda pin: ["socket", "evdev"])
    if service:
        monkeypatch.setenv("RUNTIME_DIRECTORY", "/run/assistant")
    triggers(words, press=["KEY_SPACE"])
    listens = words == ["evdev"] or (not terminal and (service or "evdev" in words))
    assert given == [["KEY_SPACE"] if listens else []]


def test_the_socket_lies_where_it_is_told(tmp_path: Path) -> None:
    (socket,) = triggers(["socket"], socket_path=tmp_path / "here" / "it.socket")
    with served(socket):
        assert ask(tmp_path / "here" / "it.socket", {"ask": "now"})["ok"] is True
