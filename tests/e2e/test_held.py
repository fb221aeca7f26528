"""A key that is held: the tone of the light goes on until it is let go, from a terminal and over the socket."""

import json
import os
import pty
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import sleep

import numpy as np
import pytest

from assistant.commands import table
from assistant.devices.control_socket import ControlSocket
from assistant.devices.replay_camera import ReplayCamera
from assistant.devices.terminal_keys import TerminalKeys
from assistant.domain.commands import keys
from assistant.domain.ports import Trigger
from assistant.skills.light import LightSkill
from tests.scripted import GREY, HANG_S, House, ScriptedSense

REPEATS_S = 0.04
"""A keyboard repeats a key that is held so often, seconds."""
TOWARDS_A_WINDOW = [np.full_like(GREY, level) for level in np.linspace(10, 250, 60)]
QUIET_S = 1.5
"""So long no tone is heard: three times the slowest."""


def tones(house: House) -> list[int]:
    return [cue.semitones for cue in house.sounds.played if cue.name == "light"]


def walking(trigger: Trigger) -> House:
    """Somebody walks towards a window, and back, again and again."""
    film = [*TOWARDS_A_WINDOW, *TOWARDS_A_WINDOW[::-1]]
    camera = ReplayCamera(film, realtime=True, fps=15, loop=True)
    return House(ScriptedSense(lambda at: None), camera, skills=[LightSkill()], triggers=[trigger])


@contextmanager
def holding(keyboard: int, key: bytes) -> Iterator[None]:
    """The key is down: its letter comes, after a pause again, and then often."""
    up = Event()

    def repeat() -> None:
        os.write(keyboard, key)
        up.wait(0.5)
        while not up.wait(REPEATS_S):
            os.write(keyboard, key)

    thread = Thread(target=repeat)
    thread.start()
    try:
        yield
    finally:
        up.set()
        thread.join(HANG_S)


def ended(house: House) -> bool:
    """Whether no tone comes any more."""
    house.wait_for(lambda: not house.runtime._answering.busy)
    before = len(tones(house))
    sleep(QUIET_S)
    return len(tones(house)) == before


@pytest.fixture
def keyboard() -> Iterator[tuple[int, TerminalKeys]]:
    """What is typed at, and the keys of a terminal."""
    typed, program = pty.openpty()
    yield typed, TerminalKeys(program, keys(table([LightSkill()])))
    os.close(typed)
    os.close(program)


def test_the_key_is_held_and_let_go(keyboard: tuple[int, TerminalKeys]) -> None:
    typed, trigger = keyboard
    with walking(trigger).running() as house:
        house.wait_for(lambda: "ready" in house.messages())
        with holding(typed, b"u"):
            house.wait_for(lambda: len(tones(house)) > 1 and max(tones(house)) - min(tones(house)) >= 12)
        assert ended(house)
        os.write(typed, b"u")  # it is not taken for a second question
        house.wait_for(lambda: house.messages()[-1].startswith("light"))
        assert ended(house)


def test_another_key_ends_it_too(keyboard: tuple[int, TerminalKeys]) -> None:
    typed, trigger = keyboard
    with walking(trigger).running() as house:
        house.wait_for(lambda: "ready" in house.messages())
        with holding(typed, b"u"):
            house.wait_for(lambda: len(tones(house)) > 2)
        os.write(typed, b"b")
        house.wait_for(lambda: "disclose" in house.messages())
        assert ended(house)


@pytest.mark.parametrize("let_go", ["release", "ask", "close"])
def test_a_program_holds_it_over_the_socket(tmp_path: Path, let_go: str) -> None:
    path = tmp_path / "control.socket"
    with walking(ControlSocket(path)).running() as house:
        house.wait_for(lambda: "ready" in house.messages())
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as client:
            client.settimeout(HANG_S)
            client.connect(str(path))

            def say(message: object) -> object:
                client.send(json.dumps(message).encode())
                return json.loads(client.recv(4096))

            assert say({"hold": "now"}) == {"ok": False, "error": "now does not go on while it is held"}
            assert say({"hold": "light"}) == {"ok": True}
            house.wait_for(lambda: len(tones(house)) > 3)
            if let_go == "release":
                assert say({"release": True}) == {"ok": True}
            elif let_go == "ask":
                say({"ask": "disclose"})
        assert ended(house)
