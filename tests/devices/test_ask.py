"""Asking when nobody can answer."""

import socket
from contextlib import suppress
from pathlib import Path

import pytest

from assistant.devices.control_socket import MAX_CLIENTS, ControlSocket, ask
from assistant.errors import NotRunning


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
