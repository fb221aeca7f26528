"""Readers that stop, close or refuse: what is spoken and answered never depends on who reads lines or log."""

import fcntl
import os
import pty
import signal
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any, BinaryIO

import pytest

from tests.e2e.program import Running, running
from tests.faults.conftest import Watch, until, write
from tests.faults.table import fault

PIPE = 4096
"""Smallest buffer of a pipe, filled by few lines (bytes)."""
QUESTIONS = 150
"""Lines of so many questions fill any buffer here several times."""
END_S = 10.0


@contextmanager
def reading(folder: Path, *words: str, triggers: tuple[str, ...] = ("socket",), **popen: Any) -> Iterator[Running]:
    """A program whose lines go where the test wants, from the moment at which it answers."""
    config = write(folder, camera={"source": "97"}, triggers=list(triggers), logging={"sentences": True})
    with running(folder, "--config", str(config), *words, **popen) as house:
        assert house.process.poll() is None, "it ended at once"
        house.patience_s = END_S
        yield house


def goes_on(house: Running) -> None:
    """Asks much, hears the last answer, and ends it with a signal."""
    for _ in range(QUESTIONS):
        assert house.ask("now")["ok"]
    house.ask("disclose")
    until(lambda: any("No picture is stored" in said["text"] for said in house.ask("history")["history"]))
    assert house.process.poll() is None
    house.process.send_signal(signal.SIGTERM)
    assert house.process.wait(END_S) == 0


@contextmanager
def unread() -> Iterator[int]:
    """A pipe that nobody reads: its writing end."""
    read, written = os.pipe()
    fcntl.fcntl(written, fcntl.F_SETPIPE_SZ, PIPE)
    try:
        yield written
    finally:
        os.close(read)
        os.close(written)


@contextmanager
def terminal(folder: Path, **popen: Any) -> Iterator[tuple[Running, BinaryIO]]:
    """A program on a terminal of its own, and our end of that."""
    ours, its = pty.openpty()
    on_it = {"stdin": its, "stdout": its, "stderr": its, "start_new_session": True, "preexec_fn": _take_terminal}
    with (
        os.fdopen(ours, "r+b", buffering=0) as keys,
        os.fdopen(its, "r+b", buffering=0) as screen,
        reading(folder, triggers=("socket", "terminal"), **(on_it | popen)) as house,
    ):
        screen.close()
        yield house, keys


def _take_terminal() -> None:
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


@fault("Ctrl-S in its terminal", how="a terminal of which nobody reads on after Ctrl-S; then 150 questions, SIGTERM")
def test_a_terminal_that_is_stopped(folder: Path) -> None:
    with terminal(folder) as (house, keys):
        keys.write(b"\x13")
        goes_on(house)


@fault("Nobody reads its lines", how="`run --json` into a pipe that nobody reads; 150 questions, SIGTERM")
def test_lines_that_nobody_reads(folder: Path) -> None:
    with unread() as pipe, reading(folder, stdout=pipe) as house:
        goes_on(house)


@fault("Nobody reads its log", how="standard error is a pipe that nobody reads; 150 questions, SIGTERM")
def test_a_log_that_nobody_reads(folder: Path) -> None:
    with unread() as pipe, reading(folder, stderr=pipe) as house:
        goes_on(house)


@fault(
    "The reader of its lines ends",
    how="a pipe whose reader takes one line and closes, as head does; 150 questions, SIGTERM",
)
def test_a_reader_that_ends(folder: Path) -> None:
    read, written = os.pipe()
    with reading(folder, stdout=written) as house:
        os.close(written)
        assert os.read(read, 1 << 16)
        os.close(read)
        goes_on(house)


@fault("The reader of its log ends", how="standard error is a pipe whose reader ends; 150 questions, SIGTERM")
def test_a_reader_of_the_log_that_ends(folder: Path) -> None:
    read, written = os.pipe()
    with reading(folder, stderr=written) as house:
        os.close(written)
        os.close(read)
        goes_on(house)


@pytest.mark.parametrize("number", [0, 1, 2])
@fault("It is started without a stream", how="standard input, output or error closed before it starts, in turn")
def test_a_closed_stream(number: int, folder: Path) -> None:
    with reading(folder, preexec_fn=lambda: os.close(number)) as house:
        goes_on(house)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@fault("What it writes to is full", how="/dev/full in place of standard output or error, in turn")
def test_a_full_disk_behind_a_stream(stream: str, folder: Path) -> None:
    with Path("/dev/full").open("w") as full, reading(folder, **{stream: full}) as house:
        goes_on(house)


@fault("Its terminal is closed", how="the other end of the terminal goes away; it ends", well_s=15)
def test_a_terminal_that_is_closed(folder: Path, watch: Watch) -> None:
    with (folder / "lines").open("w") as lines, terminal(folder, stdout=lines, stderr=lines) as (house, keys):
        keys.close()
        watch.begin()
        watch.well(lambda: house.process.poll() is not None)


@fault("Text is pasted into its terminal", how="a line of ordinary words with a q in it, in one piece")
def test_pasted_text(folder: Path) -> None:
    with (folder / "lines").open("w") as lines, terminal(folder, stdout=lines, stderr=lines) as (house, keys):
        keys.write(b"\x1b[200~the quick brown fox was here\x1b[201~")
        sleep(2)
        assert house.process.poll() is None
        assert house.ask("status")["sound"] == "speech"
        keys.write(b"q")
        assert house.process.wait(END_S) == 0
