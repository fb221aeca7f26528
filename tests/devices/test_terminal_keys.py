"""Keys typed on a real pseudo terminal, also under a shell with job control."""

import json
import os
import pty
import subprocess
import sys
import termios
import time
import tty
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from assistant.devices import terminal_keys
from assistant.devices.terminal_keys import HELD_S, LET_GO_S, TerminalKeys
from assistant.domain.commands import keys
from assistant.errors import TriggerError
from tests.devices.recorder import HANG_S, Recorder, served
from tests.unread import fill

SHELL = """
import fcntl, json, os, signal, subprocess, sys, termios
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
line_mode = lambda: bool(termios.tcgetattr(0)[3] & termios.ICANON)
tell = lambda *what: print(json.dumps(what), file=sys.stderr, flush=True)
job = subprocess.Popen([sys.executable, "-c", sys.argv[1], *sys.argv[2:]], process_group=0)
if sys.argv[2] != "background":
    os.tcsetpgrp(0, job.pid)
while True:
    _, status = os.waitpid(job.pid, os.WUNTRACED)
    if not os.WIFSTOPPED(status):
        tell("exited", os.waitstatus_to_exitcode(status), line_mode())
        break
    tell("stopped", os.WSTOPSIG(status) == signal.SIGTSTP, line_mode())
    os.tcsetpgrp(0, job.pid)
    os.killpg(job.pid, signal.SIGCONT)
"""
"""What a shell does with a job, told on stderr together with whether the terminal is in its usual mode."""

JOB = """
import json, signal, sys, termios, time
from assistant.devices.terminal_keys import TerminalKeys
signal.signal(signal.SIGTTOU, signal.SIG_DFL)
tell = lambda *what: print(json.dumps(what), file=sys.stderr, flush=True)
class Control:
    over = False
    def ask(self, verb, source):
        self.over = verb is "quit"
        tell("key", verb)
keys, control, begun = TerminalKeys(), Control(), time.monotonic()
keys.open()
tell("ready", bool(termios.tcgetattr(0)[3] & termios.ICANON))
if sys.argv[1] == "crash":
    raise RuntimeError("on purpose")
keys.serve(control, lambda: control.over or sys.argv[1] == "background" and time.monotonic() > begun + 0.5)
keys.close()
"""


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    """The keyboard's end and the program's end of a terminal."""
    keyboard, program = pty.openpty()
    yield keyboard, program
    for end in (keyboard, program):
        try:
            os.close(end)
        except OSError:
            continue  # The test has closed it.


def mode(terminal: int) -> list[Any]:
    return termios.tcgetattr(terminal)


def test_each_key_is_a_verb(terminal: tuple[int, int]) -> None:
    keyboard, program = terminal
    with served(TerminalKeys(program)) as recorder:
        for number, key in enumerate(keys(), 1):
            os.write(keyboard, key.encode())
            recorder.wait_for(*(f"terminal {verb}" for verb in list(keys().values())[:number]))


def test_capitals_mean_the_same(terminal: tuple[int, int]) -> None:
    keyboard, program = terminal
    with served(TerminalKeys(program)) as recorder:
        os.write(keyboard, b"SRD")
        recorder.wait_for("terminal stop", "terminal repeat", "terminal detail")


@pytest.mark.parametrize(
    "noise",
    [b"\x1b[D", b"\x1b[1;5D", b"\x1bOR", b"\x1b[201~", b"\x1bd", b"xj", "äö".encode(), b"\xff", b"\0\n", b"\x13"],
)
def test_other_keys_mean_nothing(terminal: tuple[int, int], noise: bytes) -> None:
    keyboard, program = terminal
    with served(TerminalKeys(program)) as recorder:
        os.write(keyboard, noise + b"q")
        recorder.wait_for("terminal quit")


PASTED = "dear anna, q is a letter\rspace "


@pytest.mark.parametrize(
    "pieces",
    [
        [f"\x1b[200~{PASTED}\x1b[201~"],
        ["\x1b[200~q\x1b[201~"],
        ["\x1b[200~d", "q", "\x1b[20", "1~"],
        ["\x1b", "[200~q\x1b[201~\x1b[200~s\x1b[201~"],
        ["\x1b[200~\x1b[Aq\x1b[201~"],
        ["quit"],
        [PASTED * 40],
        ["\x1b[200~quit"],  # its end got lost
    ],
)
def test_pasted_text_is_no_key(terminal: tuple[int, int], pieces: list[str]) -> None:
    keyboard, program = terminal
    with served(TerminalKeys(program)) as recorder:
        for piece in pieces:
            os.write(keyboard, piece.encode())
            time.sleep(0.01)
        time.sleep(terminal_keys.WAIT_S * 4)
        os.write(keyboard, b"r")
        recorder.wait_for("terminal repeat")


@pytest.mark.parametrize("term", ["xterm", "dumb"])
def test_pastes_are_marked_while_it_has_the_terminal(
    terminal: tuple[int, int], term: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", term)
    keyboard, program = terminal
    keys = TerminalKeys(program)
    keys.open()
    keys.close()
    os.write(program, b".")
    shown = b""
    while not shown.endswith(b"."):
        shown += os.read(keyboard, 100)
    assert shown == {"xterm": b"\x1b[?2004h\x1b[?2004l.", "dumb": b"."}[term]


def test_a_terminal_that_nobody_reads_is_taken_and_given_back(terminal: tuple[int, int]) -> None:
    _, program = terminal
    fill(program)
    before = mode(program)
    keys = TerminalKeys(program)
    keys.open()
    keys.close()
    assert mode(program) == before


def test_an_arrow_key_that_comes_in_pieces(terminal: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal_keys, "WAIT_S", 2.0)  # The pieces may lie apart on a busy machine.
    keyboard, program = terminal
    with served(TerminalKeys(program)) as recorder:
        os.write(keyboard, b"\x1b")
        time.sleep(0.02)
        os.write(keyboard, b"[D")
        time.sleep(0.02)
        os.write(keyboard, b" ")
        recorder.wait_for("terminal now")


def test_the_escape_key_swallows_nothing(terminal: tuple[int, int]) -> None:
    keyboard, program = terminal
    with served(TerminalKeys(program)) as recorder:
        os.write(keyboard, b"r\x1b")
        recorder.wait_for("terminal repeat")
        time.sleep(1.0)
        os.write(keyboard, b"s")
        recorder.wait_for("terminal repeat", "terminal stop")


def test_a_key_held_down_counts_once(terminal: tuple[int, int]) -> None:
    keyboard, program = terminal
    with served(TerminalKeys(program)) as recorder:
        os.write(keyboard, b" " * 15 + b"s")
        recorder.wait_for("terminal now", "terminal now held", "terminal up", "terminal stop")


def test_a_key_that_is_held_is_let_go_when_it_repeats_no_more(terminal: tuple[int, int]) -> None:
    keyboard, program = terminal
    with served(TerminalKeys(program)) as recorder:
        os.write(keyboard, b"   ")
        recorder.wait_for("terminal now", "terminal now held", "terminal up")
        os.write(keyboard, b" ")
        recorder.wait_for("terminal now", "terminal now held", "terminal up", "terminal now")


def test_a_key_whose_contact_bounces_is_not_held(terminal: tuple[int, int]) -> None:
    keyboard, program = terminal
    with served(TerminalKeys(program)) as recorder:
        os.write(keyboard, b"  ")
        time.sleep(LET_GO_S * 2)
        os.write(keyboard, b"s")
        recorder.wait_for("terminal now", "terminal stop")


def test_pressed_twice_it_counts_twice(terminal: tuple[int, int]) -> None:
    keyboard, program = terminal
    with served(TerminalKeys(program)) as recorder:
        os.write(keyboard, b" ")
        recorder.wait_for("terminal now")
        time.sleep(HELD_S * 2)
        os.write(keyboard, b" ")
        recorder.wait_for("terminal now", "terminal now")


def test_the_terminal_is_put_back(terminal: tuple[int, int]) -> None:
    _, program = terminal
    before = mode(program)
    assert before[tty.IFLAG] & termios.IXON
    keys = TerminalKeys(program)
    keys.open()
    assert not mode(program)[tty.LFLAG] & (termios.ICANON | termios.ECHO)
    assert not mode(program)[tty.IFLAG] & termios.IXON
    assert mode(program)[tty.LFLAG] & termios.ISIG
    keys.close()
    assert mode(program) == before
    keys.close()


def test_the_terminal_is_put_back_when_serving_fails(terminal: tuple[int, int]) -> None:
    keyboard, program = terminal
    before = mode(program)

    class Failing(Recorder):
        def ask(self, *_: object) -> dict[str, Any]:
            raise RuntimeError("on purpose")

    keys = TerminalKeys(program)
    keys.open()
    os.write(keyboard, b" ")
    with pytest.raises(RuntimeError, match="on purpose"):
        keys.serve(Failing(), lambda: False)
    assert mode(program) == before


def test_a_terminal_that_hangs_up_means_quit(terminal: tuple[int, int]) -> None:
    keyboard, program = terminal
    keys, recorder = TerminalKeys(program), Recorder()
    keys.open()
    os.close(keyboard)
    begun = time.monotonic()
    keys.serve(recorder, lambda: time.monotonic() > begun + HANG_S)
    recorder.wait_for("terminal quit")
    assert time.monotonic() < begun + HANG_S
    keys.close()


def test_what_is_no_terminal() -> None:
    with Path(os.devnull).open() as nothing, pytest.raises(TriggerError, match="no terminal") as caught:
        TerminalKeys(nothing.fileno()).open()
    assert "assistant ask" in caught.value.remedy


class Shell:
    """A job under a shell with job control, on a terminal of its own."""

    def __init__(self, job: str, keyboard: int, program: int) -> None:
        self.keyboard = keyboard
        self._process = subprocess.Popen(
            [sys.executable, "-c", SHELL, JOB, job],
            stdin=program,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            text=True,
        )

    def __enter__(self) -> "Shell":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait(HANG_S)
        self._errors.close()

    def told(self) -> list[Any]:
        """The next thing that the shell or the job tells."""
        while line := self._errors.readline():
            if line.startswith("["):
                return list(json.loads(line))
        return ["nothing more"]

    @property
    def _errors(self) -> IO[str]:
        assert self._process.stderr is not None
        return self._process.stderr


@pytest.mark.timeout(60)
def test_suspended_it_puts_the_terminal_back_and_goes_on_after_it(terminal: tuple[int, int]) -> None:
    with Shell("foreground", *terminal) as shell:
        assert shell.told() == ["ready", False]
        os.write(shell.keyboard, b" ")
        assert shell.told() == ["key", "now"]
        os.write(shell.keyboard, b"\x1a")
        assert shell.told() == ["stopped", True, True]
        os.write(shell.keyboard, b"s")
        assert shell.told() == ["key", "stop"]
        os.write(shell.keyboard, b"q")
        assert shell.told() == ["key", "quit"]
        assert shell.told() == ["exited", 0, True]


@pytest.mark.timeout(60)
def test_a_crash_puts_the_terminal_back(terminal: tuple[int, int]) -> None:
    with Shell("crash", *terminal) as shell:
        assert shell.told() == ["ready", False]
        assert shell.told() == ["exited", 1, True]


@pytest.mark.timeout(60)
def test_in_the_background_the_terminal_is_left_alone(terminal: tuple[int, int]) -> None:
    with Shell("background", *terminal) as shell:
        assert shell.told() == ["ready", True]
        assert shell.told() == ["exited", 0, True]
