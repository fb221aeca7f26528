"""The control socket, with real clients, good and bad ones."""

import json
import os
import resource
import shutil
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.attending import Attended
from assistant.devices.control_client import ask
from assistant.devices.control_socket import MAX_CLIENTS, MAX_MESSAGE, SILENTLY, ControlSocket
from assistant.domain.commands import COMMANDS
from assistant.errors import NotRunning, TriggerError
from tests.devices.recorder import HANG_S, Recorder, served


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "control.socket"


@pytest.fixture
def recorder(path: Path) -> Iterator[Recorder]:
    with served(ControlSocket(path)) as recorder:
        yield recorder


def connected(path: Path) -> socket.socket:
    client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    client.connect(str(path))
    client.settimeout(HANG_S)
    return client


def say(path: Path, message: bytes) -> Any:
    """Sends bytes as they are; gives the reply."""
    with connected(path) as client:
        client.send(message)
        return json.loads(client.recv(1 << 16))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_only_its_user_may_open_it(path: Path) -> None:
    before = os.umask(0)
    try:
        server = ControlSocket(path)
        server.open()
        assert mode(path) == 0o600
        assert mode(path.parent) == 0o700
        assert stat.S_ISSOCK(path.stat().st_mode)
        server.close()
    finally:
        os.umask(before)
    assert not path.exists()


@pytest.mark.parametrize("verb", [command.verb for command in COMMANDS])
def test_every_verb_can_be_asked(path: Path, recorder: Recorder, verb: str) -> None:
    assert ask(path, {"ask": verb}) == {"ok": True, "message": verb}
    assert recorder.heard == [f"socket {verb}"]


def test_a_subject_is_passed_on(path: Path, recorder: Recorder) -> None:
    assert ask(path, {"ask": "find", "about": "a cup"})["ok"] is True
    assert recorder.heard == ["socket find a cup"]


def test_the_status_can_be_asked_without_a_sound(path: Path, recorder: Recorder) -> None:
    assert ask(path, {"ask": "status", "aloud": False})["ok"] is True
    assert recorder.heard == [f"{SILENTLY} status"]


def test_press_and_release(path: Path, recorder: Recorder) -> None:
    with connected(path) as client:
        for message in ({"press": True}, {"release": True}):
            client.send(json.dumps(message).encode())
            assert json.loads(client.recv(4096)) == {"ok": True}
    assert recorder.heard == ["socket down", "socket up"]


def test_what_is_held_is_let_go_also_when_the_client_dies(path: Path, recorder: Recorder) -> None:
    with connected(path) as client:
        for message in ({"hold": "light"}, {"release": True}, {"hold": "light"}):
            client.send(json.dumps(message).encode())
            assert json.loads(client.recv(4096)) == {"ok": True}
    recorder.wait_for("socket light held", "socket up", "socket light held", "socket up")


def test_a_client_that_dies_with_the_button_down_lets_it_go(path: Path, recorder: Recorder) -> None:
    with connected(path) as client:
        client.send(b'{"press": true}')
    recorder.wait_for("socket down", "socket up")


@pytest.mark.parametrize(
    "message",
    [
        b"hello",
        b"{",
        b"\xff\xfe\x80",
        b"[]",
        b"null",
        b'"now"',
        b"{}",
        b'{"ask": null}',
        b'{"about": "cup"}',
        b'{"ask": "find", "about": null}',
        b'{"ask": ["now"]}',
        b'{"ask": {"now": 1}}',
        b'{"ask": "now", "press": true}',
        b'{"press": false}',
        b'{"hold": true}',
        b'{"hold": "light", "release": true}',
        b'{"ask": "now", "aloud": false}',
        b'{"shout": "now"}',
        b"[" * 4000,
        b"9" * MAX_MESSAGE,
        b'{"ask": "' + b"n" * MAX_MESSAGE + b'"}',
        b"x" * 100_000,
    ],
)
def test_bad_messages_get_an_error_and_harm_nothing(path: Path, recorder: Recorder, message: bytes) -> None:
    with connected(path) as client:
        client.send(message)
        reply = json.loads(client.recv(4096))
        assert reply["ok"] is False
        assert reply["error"]
        client.send(b'{"ask": "now"}')
        assert json.loads(client.recv(4096))["ok"] is True
    assert recorder.heard == ["socket now"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(min_size=1, max_size=2 * MAX_MESSAGE))
def test_any_bytes_get_an_answer(path: Path, recorder: Recorder, message: bytes) -> None:
    assert say(path, message)["ok"] is False
    assert recorder.heard == []


def test_the_longest_message_is_taken(path: Path, recorder: Recorder) -> None:
    message = b'{"ask": "now"}'.ljust(MAX_MESSAGE)
    assert say(path, message)["ok"] is True
    assert say(path, message + b" ")["ok"] is False


def test_silent_clients_block_nobody(path: Path, recorder: Recorder) -> None:
    silent = [connected(path) for _ in range(MAX_CLIENTS + 10)]
    assert ask(path, {"ask": "now"}, HANG_S)["ok"] is True
    assert silent[0].recv(1) == b""  # The one that was silent longest had to go.
    for client in silent:
        client.close()


def test_a_client_that_reads_no_replies_blocks_nobody(path: Path, recorder: Recorder) -> None:
    with connected(path) as client:
        client.setblocking(False)
        with suppress(OSError):  # Either nothing more fits, or it is thrown out.
            for _ in range(100_000):
                client.send(b'{"ask": "now"}')
        assert ask(path, {"ask": "stop"}, HANG_S)["ok"] is True


def test_many_clients_at_once(path: Path, recorder: Recorder) -> None:
    replies: list[dict[str, Any]] = []
    threads = [Thread(target=lambda: replies.append(ask(path, {"ask": "now"}, HANG_S))) for _ in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANG_S)
    assert len(replies) == len(recorder.heard) == 30


def test_the_socket_of_a_dead_assistant_is_replaced(path: Path) -> None:
    start_and_die = (
        "import os, sys, pathlib; from assistant.devices.control_socket import ControlSocket\n"
        "ControlSocket(pathlib.Path(sys.argv[1])).open(); os.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", start_and_die, str(path)], check=False, timeout=60, env=environment)
    assert path.is_socket()
    with pytest.raises(NotRunning):
        ask(path, {"ask": "now"})
    with served(ControlSocket(path)):
        assert ask(path, {"ask": "now"})["ok"] is True


def test_a_file_that_is_no_socket_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("a letter")
    with pytest.raises(TriggerError, match="cannot be made"):
        ControlSocket(path).open()
    assert path.read_text() == "a letter"
    path.unlink()
    with served(ControlSocket(path)):
        pass


def test_places_where_it_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(TriggerError):
        ControlSocket(tmp_path / ("x" * 120) / "control.socket").open()
    (tmp_path / "file").touch()
    with pytest.raises(TriggerError, match="cannot be made"):
        ControlSocket(tmp_path / "file" / "control.socket").open()


def test_serving_what_is_not_open_ends_at_once(path: Path) -> None:
    ControlSocket(path).serve(Recorder(), lambda: False)


@pytest.mark.parametrize("removed", ["socket", "folder", "replaced"])
def test_a_socket_that_is_removed_is_told_and_made_again(path: Path, removed: str) -> None:
    told: list[str] = []
    trigger = Attended(ControlSocket(path), lambda announcement: told.append(announcement.message))
    with served(trigger):
        assert say(path, b'{"ask": "now"}')["ok"]
        if removed == "folder":
            shutil.rmtree(path.parent)
        else:
            path.unlink()
        if removed == "replaced":
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as other:
                other.bind(str(path))
        deadline = monotonic() + HANG_S
        while told != ["trigger_lost", "trigger_back"]:
            assert monotonic() < deadline, told
            sleep(0.1)
        assert ask(path, {"ask": "stop"})["ok"]
        assert mode(path) == 0o600
        assert mode(path.parent) == 0o700


def test_a_socket_that_cannot_be_made_again_is_an_error(path: Path) -> None:
    server = ControlSocket(path)
    server.open()
    shutil.rmtree(path.parent)
    path.parent.touch()
    with pytest.raises(TriggerError):
        server.serve(Recorder(), lambda: False)
    server.close()


def test_without_descriptors_it_waits_and_does_not_spin(
    path: Path, recorder: Recorder, caplog: pytest.LogCaptureFixture
) -> None:
    assert say(path, b'{"ask": "stop"}')["ok"]
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    client = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    client.settimeout(HANG_S)
    taken: list[int] = []
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
        for _ in range(3):  # The server lets go of the first client meanwhile.
            with suppress(OSError):
                while True:
                    taken.append(os.dup(0))
            sleep(0.3)
        client.connect(str(path))
        sleep(1.2)
        refused = len([record for record in caplog.records if "control socket" in record.message])
    finally:
        for descriptor in taken:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert 1 <= refused <= 10
    with client:
        client.send(b'{"ask": "now"}')
        assert json.loads(client.recv(1 << 16))["ok"]
