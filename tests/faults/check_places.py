"""Disks that are full, folders that go, sockets that are flooded, signals."""

import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import sleep
from typing import Any

import pytest

from tests.e2e.program import Running, assistant
from tests.faults.conftest import Start, Watch, small_disk, until, write
from tests.faults.stand_in import StandIn
from tests.faults.table import fault

NOBODY = 54321
"""A user of no account."""
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def answers(house: Running) -> bool:
    return bool(house.ask("now")["message"] == "nobody")


def control(folder: Path) -> Path:
    return folder / "run" / "assistant" / "control.socket"


def _fill(state: Path) -> None:
    with suppress(OSError), (state / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(512))


def _close(state: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", state], check=True)


@root_only
@pytest.mark.parametrize("spoil", [_fill, _close])
@fault(
    "A choice cannot be kept",
    how="the state folder is a file system of 64 KB, full or read-only, in turn; six presses",
    said="choices_unkept",
    told_s=10,
)
def test_a_choice_that_cannot_be_kept(
    spoil: Callable[[Path], None],
    start: Start,
    camera: StandIn,
    folder: Path,
    watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with small_disk(folder) as state:
        monkeypatch.setenv("XDG_STATE_HOME", str(state))
        with start(camera={"source": camera.url}) as house:
            until(lambda: answers(house))
            spoil(state)
            watch.begin()
            for _ in range(6):
                assert house.ask("softer")["ok"]
            watch.told(lambda: house.texts("choices_unkept") != [], house.events)
            assert house.messages().count("choices_unkept") == 1
            assert len(list(state.glob("assistant/*"))) <= 2, list(state.glob("assistant/*"))


@fault(
    "The disk is slow",
    how="every fsync of the program takes 3 s (strace); a press is answered meanwhile",
    said="volume_now",
    told_s=2.5,
)
def test_a_slow_disk(start: Start, camera: StandIn, watch: Watch) -> None:
    if not shutil.which("strace"):
        pytest.skip("strace is not installed")
    with start(camera={"source": camera.url}) as house:
        until(lambda: answers(house))
        inject = ["-e", "inject=fsync,fdatasync:delay_enter=3000000"]
        tracer = subprocess.Popen(
            ["strace", "-qq", "-f", "-e", "trace=fsync,fdatasync", *inject, "-p", str(house.process.pid)]
        )
        try:
            until(lambda: "TracerPid:\t0" not in Path(f"/proc/{house.process.pid}/status").read_text())
            watch.begin()
            house.ask("softer")
            watch.told(lambda: "volume_now" in house.messages(), house.events)
        finally:
            tracer.terminate()
            tracer.wait()


@fault(
    "The runtime folder is removed",
    how="the folder with socket and lock is deleted while it runs; both are made again; no second one starts",
    said="socket_made_again",
    told_s=10,
    well_s=10,
)
def test_the_runtime_folder_is_removed(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    with start(camera={"source": camera.url}) as house:
        shutil.rmtree(folder / "run")
        watch.begin()
        watch.well(control(folder).exists)
        assert answers(house)
        watch.told(lambda: set(watch.row.said) <= set(house.messages()), house.events)
        environment = {"XDG_RUNTIME_DIR": str(folder / "run")}
        second = assistant("run", "--config", str(folder / "config.yaml"), folder=folder, **environment)
        assert second.returncode == 10, second.stderr


@fault(
    "The socket is removed",
    how="the control socket alone is deleted while it runs; it is made again",
    well_s=10,
)
def test_the_socket_is_removed(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    with start(camera={"source": camera.url}) as house:
        control(folder).unlink()
        watch.begin()
        watch.well(control(folder).exists)
        assert answers(house)


def _file_in_the_way(folder: Path) -> dict[str, str]:
    (folder / "file").write_text("")
    return {"XDG_RUNTIME_DIR": str(folder / "file")}


def _no_such_place(folder: Path) -> dict[str, str]:
    return {"XDG_RUNTIME_DIR": "/proc/nowhere"}


def _too_long(folder: Path) -> dict[str, str]:
    return {"XDG_RUNTIME_DIR": str(folder / ("x" * 100))}


@pytest.mark.parametrize("where", [_file_in_the_way, _no_such_place, _too_long])
@fault(
    "The socket cannot be made",
    how="the runtime folder is a file, cannot be made, or has a path too long for a socket, in turn",
    said="fault_trigger",
    told_s=15,
)
def test_a_socket_that_cannot_be_made(
    where: Callable[[Path], dict[str, str]], camera: StandIn, folder: Path, watch: Watch
) -> None:
    _told_without_socket(folder, camera, watch, where(folder))


@root_only
@fault(
    "Somebody else has made the user's folder in /tmp",
    how="without a runtime folder, as another user whose /tmp/assistant-UID belongs to root",
    said="fault_trigger",
    told_s=15,
)
def test_a_folder_of_somebody_else(camera: StandIn, watch: Watch) -> None:
    theirs = Path("/tmp") / f"assistant-{NOBODY}"
    theirs.mkdir(exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix="fault-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            os.chown(folder, NOBODY, NOBODY)
            homes = {f"XDG_{kind}_HOME": str(folder) for kind in ("CONFIG", "DATA", "STATE")}
            _told_without_socket(folder, camera, watch, {"XDG_RUNTIME_DIR": "", "HOME": name} | homes, user=NOBODY)
    finally:
        theirs.rmdir()


@fault(
    "A second one is started",
    how="`assistant run` while one runs; the second ends with a sentence, the first goes on",
)
def test_a_second_one(start: Start, camera: StandIn, folder: Path) -> None:
    with start(camera={"source": camera.url}) as house:
        environment = {"XDG_RUNTIME_DIR": str(folder / "run")}
        second = assistant("run", "--config", str(folder / "config.yaml"), folder=folder, **environment)
        assert (second.returncode, "running already" in second.stderr) == (10, True)
        assert house.ask("now")["ok"]


@fault(
    "The socket is flooded",
    how="200 connections at once, half of which send rubbish and none of which reads; then all hang up",
    well_s=10,
)
def test_a_flood(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    with start(camera={"source": camera.url}) as house:
        until(lambda: answers(house))
        with _connections(folder, 200):
            house.ask("now")
        watch.begin()
        watch.well(lambda: answers(house))


@fault(
    "No file descriptors are left",
    how="it may open 60 files, and 70 clients connect; it does not spin, and answers when they have gone",
    well_s=15,
)
def test_no_descriptors_left(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    with start(camera={"source": camera.url}) as house:
        until(lambda: answers(house))
        pid = house.process.pid
        used = len(list(Path(f"/proc/{pid}/fd").iterdir()))
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (used + 8, used + 8))
        with _connections(folder, 60):
            before = _processor_s(pid)
            sleep(4)
            assert _processor_s(pid) - before < 2.0
            assert len(house.errors()) < 100_000
        watch.begin()
        watch.well(lambda: answers(house), house.errors)


@fault(
    "It is killed",
    how="SIGKILL as a service; at the next start it says that it failed",
    said="started_again",
    told_s=15,
)
def test_it_is_killed(
    start: Start, camera: StandIn, folder: Path, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(folder / "nobody-listens"))
    with start(ends=True, camera={"source": camera.url}) as house:
        house.process.kill()
        house.process.wait()
    watch.begin()
    with start(camera={"source": camera.url}, greeting="started_again") as house:
        watch.told(lambda: "started_again" in house.messages())


@fault(
    "It is stopped for a while",
    how="SIGSTOP, as when a laptop sleeps, and SIGCONT 8 s later",
    well_s=20,
)
def test_it_is_stopped(start: Start, camera: StandIn, watch: Watch) -> None:
    with start(camera={"source": camera.url}) as house:
        until(lambda: answers(house))
        house.process.send_signal(signal.SIGSTOP)
        sleep(8)
        house.process.send_signal(signal.SIGCONT)
        watch.begin()
        watch.well(lambda: answers(house), house.events)


@pytest.mark.parametrize("last", [signal.SIGTERM, signal.SIGINT])
@fault(
    "Signals come all the time",
    how="SIGHUP, SIGPIPE and SIGWINCH ten times, then SIGTERM or SIGINT five times; it ends well",
)
def test_a_hail_of_signals(last: signal.Signals, start: Start, camera: StandIn) -> None:
    with start(ends=True, camera={"source": camera.url}) as house:
        for number in (signal.SIGHUP, signal.SIGPIPE, signal.SIGWINCH) * 10:
            house.process.send_signal(number)
            sleep(0.05)
        until(lambda: house.ask("now")["ok"])
        for _ in range(4):
            house.process.send_signal(last)
        assert house.process.wait(15) == 0


def _told_without_socket(
    folder: Path, camera: StandIn, watch: Watch, environment: dict[str, str], **popen: Any
) -> None:
    """Runs one that nobody can ask, until it has told so."""
    config = write(folder, camera={"source": camera.url})
    config.chmod(0o644)
    with (folder / "events.jsonl").open("w+") as events, (folder / "errors.txt").open("w") as errors:
        command = [sys.executable, "-m", "assistant", "run", "--json", "--config", str(config)]
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=os.environ | environment,
            stdin=subprocess.DEVNULL,
            stdout=events,
            stderr=errors,
            **popen,
        )
        try:
            lines = (folder / "events.jsonl").read_text
            watch.begin()
            watch.told(
                lambda: any(json.loads(line)["message"] == "fault_trigger" for line in lines().splitlines()),
                lambda: lines() + (folder / "errors.txt").read_text(),
            )
            process.terminate()
            assert process.wait(15) == 0
        finally:
            process.kill()
            process.wait()


@contextmanager
def _connections(folder: Path, number: int) -> Iterator[None]:
    """So many clients, as far as they are let in."""
    with ExitStack() as stack:
        for index in range(number):
            client = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET))
            client.settimeout(0.05)
            with suppress(OSError):
                client.connect(str(control(folder)))
                if index % 2:
                    client.send(os.urandom(1000))
        yield


def _processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
