"""Second ones, floods on the socket, no descriptors, and signals."""

import os
import resource
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import sleep

import pytest

from tests.e2e.program import Running, assistant
from tests.faults.conftest import Start, Watch, until
from tests.faults.stand_in import StandIn
from tests.faults.table import fault


def answers(house: Running) -> bool:
    return bool(house.ask("now")["message"] == "nobody")


def control(folder: Path) -> Path:
    return folder / "run" / "assistant" / "control.socket"


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
