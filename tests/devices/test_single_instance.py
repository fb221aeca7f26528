"""One assistant at a time."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from threading import Event, Thread

import pytest

from assistant.devices.single_instance import held, single_instance
from assistant.errors import AlreadyRunning
from tests.devices.recorder import HANG_S


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run" / "control.socket"


def test_it_is_held_from_the_start_to_the_end(path: Path) -> None:
    assert not held(path)
    for _ in range(2):
        with single_instance(path):
            assert held(path)
        assert not held(path)


def test_a_second_assistant_is_told_so(path: Path) -> None:
    with single_instance(path):
        with pytest.raises(AlreadyRunning, match="running already"), single_instance(path):
            pass
        assert held(path)


def test_of_some_that_start_together_one_runs(path: Path) -> None:
    refused: list[AlreadyRunning] = []
    over = Event()

    def start() -> None:
        try:
            with single_instance(path):
                over.wait(HANG_S)
        except AlreadyRunning as error:
            refused.append(error)
            if len(refused) == 7:
                over.set()

    threads = [Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(2 * HANG_S)
    assert len(refused) == 7


def test_whoever_only_looks_keeps_nobody_from_starting(path: Path) -> None:
    with single_instance(path):
        pass
    over = Event()

    def look() -> None:
        while not over.is_set():
            held(path)

    threads = [Thread(target=look) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(50):
            with single_instance(path):
                pass
    finally:
        over.set()
        for thread in threads:
            thread.join(HANG_S)


def test_the_lock_of_one_that_was_killed_is_free(path: Path) -> None:
    start_and_die = (
        "import os, sys, pathlib; from assistant.devices.single_instance import single_instance\n"
        "with single_instance(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", start_and_die, str(path)], check=False, timeout=60, env=environment)
    assert done.returncode == -9
    assert not held(path)
    with single_instance(path):
        pass


def test_where_no_lock_can_be_the_program_runs_nevertheless(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with single_instance(tmp_path / "file" / "control.socket"):
        assert not held(tmp_path / "file" / "control.socket")


@pytest.mark.parametrize("whole_folder", [False, True])
def test_a_lock_that_is_removed_is_made_again_and_keeps_a_second_one_away(path: Path, whole_folder: bool) -> None:
    with single_instance(path) as lock:
        if whole_folder:
            shutil.rmtree(path.parent)
        else:
            path.with_name("control.lock").unlink()
        assert not held(path)
        lock.keep()
        assert held(path)
        with pytest.raises(AlreadyRunning), single_instance(path):
            pass
    assert not held(path)


def test_who_lost_the_lock_to_another_one_ends(path: Path) -> None:
    with single_instance(path) as lock:
        path.with_name("control.lock").unlink()
        with single_instance(path), pytest.raises(AlreadyRunning):
            lock.keep()


def test_a_lock_that_could_not_be_made_is_made_when_it_can_be(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.touch()
    with single_instance(blocked / "control.socket") as lock:
        blocked.unlink()
        lock.keep()
        assert held(blocked / "control.socket")
