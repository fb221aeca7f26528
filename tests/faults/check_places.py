"""Disks that are full, folders that go, sockets that are flooded, signals."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import sleep

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
    said=("choice_lost_full", "choice_lost"),
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
            told = watch.row.said[spoil is _close]
            watch.told(lambda: told in house.messages(), house.events)
            assert house.messages().count(told) == 1
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
    said=("trigger_lost", "trigger_back"),
    told_s=10,
    well_s=10,
)
def test_the_runtime_folder_is_removed(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    with start(camera={"source": camera.url}) as house:
        shutil.rmtree(folder / "run")
        watch.begin()
        watch.told(lambda: "trigger_lost" in house.messages(), house.events)
        watch.begin()
        watch.well(lambda: "trigger_back" in house.messages(), house.events)
        assert answers(house)
        environment = {"XDG_RUNTIME_DIR": str(folder / "run")}
        second = assistant("run", "--config", str(folder / "config.yaml"), folder=folder, **environment)
        assert second.returncode == 10, second.stderr


@fault(
    "The runtime folder is removed, and a file lies in its place",
    how="the folder with socket and lock is replaced by a file while it runs, which goes after 4 s",
    said=("trigger_lost", "trigger_back"),
    told_s=10,
    well_s=15,
)
def test_a_file_in_place_of_the_runtime_folder(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    with start(camera={"source": camera.url}) as house:
        shutil.rmtree(folder / "run")
        (folder / "run").write_text("")
        watch.begin()
        watch.told(lambda: "trigger_lost" in house.messages(), house.events)
        sleep(4)
        (folder / "run").unlink()
        watch.begin()
        watch.well(lambda: "trigger_back" in house.messages(), house.events)
        assert answers(house)


@fault(
    "The socket is removed",
    how="the control socket alone is deleted while it runs; it is made again",
    said=("trigger_lost", "trigger_back"),
    told_s=10,
    well_s=10,
)
def test_the_socket_is_removed(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    with start(camera={"source": camera.url}) as house:
        control(folder).unlink()
        watch.begin()
        watch.told(lambda: "trigger_lost" in house.messages(), house.events)
        watch.begin()
        watch.well(lambda: "trigger_back" in house.messages(), house.events)
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
    said="trigger_lost",
    told_s=15,
)
def test_a_socket_that_cannot_be_made(
    where: Callable[[Path], dict[str, str]], camera: StandIn, folder: Path, watch: Watch
) -> None:
    _told_without_socket(folder, camera, watch, where(folder))


@root_only
@fault(
    "Somebody else has made the user's folder in /tmp",
    how="without a runtime folder, in a file system of its own where /tmp/assistant-UID belongs to another user",
    said="trigger_lost",
    told_s=15,
)
def test_a_folder_of_somebody_else(camera: StandIn, watch: Watch) -> None:
    first = f"mount -t tmpfs none /tmp && mkdir /tmp/assistant-0 && chown {NOBODY} /tmp/assistant-0"
    with tempfile.TemporaryDirectory(prefix="fault-", dir="/var/tmp") as name:
        before = ["unshare", "--mount", "sh", "-c", f'{first} && exec "$@"', "sh"]
        _told_without_socket(Path(name), camera, watch, {"XDG_RUNTIME_DIR": ""}, before)


def _told_without_socket(
    folder: Path, camera: StandIn, watch: Watch, environment: Mapping[str, str], before: Sequence[str] = ()
) -> None:
    """Runs one that nobody can ask, in a command that comes `before`, until it has told so."""
    config = write(folder, camera={"source": camera.url})
    command = [*before, sys.executable, "-m", "assistant", "run", "--json", "--config", str(config)]
    with (folder / "events.jsonl").open("w+") as events, (folder / "errors.txt").open("w") as errors:
        streams = {"stdin": subprocess.DEVNULL, "stdout": events, "stderr": errors}
        process = subprocess.Popen(command, cwd=folder, env=os.environ | environment, **streams)
        try:
            lines = (folder / "events.jsonl").read_text
            watch.begin()
            watch.told(
                lambda: any(json.loads(line)["message"] == "trigger_lost" for line in lines().splitlines()),
                lambda: lines() + (folder / "errors.txt").read_text(),
            )
            process.terminate()
            assert process.wait(15) == 0
        finally:
            process.kill()
            process.wait()
