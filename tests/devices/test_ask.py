"""Asking when nobody can answer, or not yet."""

import socket
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from assistant.devices.control_client import ask
from assistant.devices.control_socket import MAX_CLIENTS, ControlSocket
from assistant.devices.single_instance import single_instance
from assistant.errors import NotRunning
from tests.devices.recorder import HANG_S, served


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "control.socket"


def test_nobody_to_ask(path: Path) -> None:
    with pytest.raises(NotRunning, match="No assistant is running"):
        ask(path, {"ask": "now"})


def test_somebody_who_does_not_answer(path: Path) -> None:
    server = ControlSocket(path)
    server.open()  # Opened, but not served.
    with pytest.raises(NotRunning, match="does not answer"):
        ask(path, {"ask": "now"}, timeout=0.2)
    server.close()


def test_a_queue_of_clients_that_nobody_lets_in(path: Path) -> None:
    server = ControlSocket(path)
    server.open()
    waiting = [socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) for _ in range(MAX_CLIENTS + 10)]
    for client in waiting:
        client.setblocking(False)
        with suppress(BlockingIOError):
            client.connect(str(path))
    with pytest.raises(NotRunning, match="does not answer"):
        ask(path, {"ask": "now"}, timeout=0.2)
    for client in waiting:
        client.close()
    server.close()


def test_somebody_who_may_not_be_asked(forbidden: Path) -> None:
    with pytest.raises(NotRunning, match="may not be asked"):
        ask(forbidden, {"ask": "now"})


def test_an_assistant_whose_socket_is_away_is_waited_for(path: Path) -> None:
    replies: list[dict[str, Any]] = []
    asking = Thread(target=lambda: replies.append(ask(path, {"ask": "now"}, HANG_S)))
    with single_instance(path):
        with pytest.raises(NotRunning, match="does not answer"):
            ask(path, {"ask": "now"}, timeout=0.1)
        asking.start()
        with served(ControlSocket(path)):
            asking.join(HANG_S)
    assert [reply["ok"] for reply in replies] == [True]


def test_a_living_assistant_never_denies_itself(path: Path) -> None:
    alive, over = Event(), Event()

    def come_and_go() -> None:
        with single_instance(path):
            alive.set()
            while not over.is_set():
                with served(ControlSocket(path)):
                    over.wait(0.1)

    house = Thread(target=come_and_go)
    house.start()
    assert alive.wait(HANG_S)
    try:
        for _ in range(50):
            assert ask(path, {"ask": "now"}, HANG_S)["ok"] is True
    finally:
        over.set()
        house.join(HANG_S)
    with pytest.raises(NotRunning, match="No assistant is running"):
        ask(path, {"ask": "now"}, HANG_S)
