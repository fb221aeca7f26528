"""The running program does not depend on who reads its lines and its log, nor on a terminal that is stopped or closed.

The other verbs end well when nobody takes their lines.
"""

import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep

import cv2
import numpy as np
import pytest

from tests.e2e.program import HANG_S, Running, wait_until_it_answers
from tests.unread import fill, full_pipe

SETTINGS = """\
tour: false
camera: {{source: {source}, loop: true}}
speech: {{engine: silent}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with settings for watching an empty room."""
    writer = cv2.VideoWriter(str(tmp_path / "room.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 15, (320, 240))
    for seed in range(30):
        noise = np.random.default_rng(seed).integers(0, 8, (240, 320, 3))
        writer.write((np.linspace(60, 200, 320)[None, :, None] + noise).astype(np.uint8))
    writer.release()
    (tmp_path / "config.yaml").write_text(SETTINGS.format(source=tmp_path / "room.avi"), encoding="utf-8")
    return tmp_path


@pytest.fixture(autouse=True)
def _no_nohup() -> Iterator[None]:
    """Programs inherit that SIGHUP is ignored, as where `nohup` runs these tests."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


@contextmanager
def started(folder: Path, *words: str, shell: str = "", **streams: int) -> Iterator[Running]:
    """`assistant ... run ...` in a folder with settings, from the moment at which it answers.

    Args:
        folder: Where.
        words: Options; those before "run" belong to the program.
        shell: Redirections, as a shell knows them.
        streams: `stdin`, `stdout`, `stderr`: file descriptors.
    """
    command = [sys.executable, "-m", "assistant", *words, "--config", "config.yaml"]
    process = subprocess.Popen(
        ["sh", "-c", f'exec "$@" {shell}', "sh", *command],
        cwd=folder,
        env=os.environ | {"XDG_RUNTIME_DIR": str(folder / "run"), "TERM": "xterm"},
        text=True,
        start_new_session=True,
        stdin=streams.get("stdin", subprocess.DEVNULL),
        stdout=streams.get("stdout"),
        stderr=streams.get("stderr"),
    )
    (folder / "errors.txt").touch()
    try:
        house = Running(process, folder)
        wait_until_it_answers(house)
        yield house
    finally:
        process.kill()
        process.wait()


def speaks(house: Running, verb: str = "disclose") -> None:
    """Asks, and waits until the answer was heard, time and again."""
    for _ in range(4):
        before = len(house.ask("history")["history"])
        house.ask(verb)
        _wait_for_sentences(house, before + 1)


def _wait_for_sentences(house: Running, number: int) -> None:
    deadline = monotonic() + HANG_S
    while len(house.ask("history")["history"]) < number:
        assert monotonic() < deadline, "nothing is said any more"
        sleep(0.02)


@pytest.mark.parametrize("stopped", ["stdout", "stderr", "both"])
def test_a_pipe_that_nobody_reads(stopped: str, folder: Path) -> None:
    with full_pipe() as (_, writing):
        streams = dict.fromkeys(("stdout", "stderr") if stopped == "both" else (stopped,), writing)
        with started(folder, "--debug", "run", "--json", **streams) as house:
            speaks(house)
            while house.ask("status")["uptime_s"] < 1.0:
                sleep(0.1)
            house.process.send_signal(signal.SIGHUP)  # new settings, without a terminal
            while house.ask("status")["uptime_s"] >= 1.0:
                sleep(0.02)
            speaks(house)
            assert house.end() == 0


def test_the_lines_go_to_a_reader_that_ends_early(folder: Path) -> None:
    reading, writing = os.pipe()
    errors = (folder / "log.txt").open("w")
    with started(folder, "run", "--json", stdout=writing, stderr=errors.fileno()) as house:
        os.close(writing)
        with os.fdopen(reading) as lines:
            assert lines.readline().startswith("{")
        speaks(house)
        assert house.end() == 0
    errors.close()
    log = (folder / "log.txt").read_text(encoding="utf-8")
    assert log.count("cannot be written (Broken pipe)") == 1
    assert "Traceback" not in log
    assert "Exception" not in log


@pytest.mark.parametrize(
    "shell",
    ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full", ">/dev/full 2>&1", "</dev/full"],
)
def test_closed_and_full_streams(shell: str, folder: Path) -> None:
    with (
        (folder / "log.txt").open("w") as log,
        started(folder, "run", "--json", shell=shell, stderr=log.fileno()) as house,
    ):
        speaks(house)
        assert house.end() == 0
    assert "Traceback" not in (folder / "log.txt").read_text(encoding="utf-8")


class Screen:
    """A terminal whose shown text is kept, from the moment at which it is read."""

    def __init__(self) -> None:
        self.keyboard, self.program = pty.openpty()
        self.text = ""

    def read_until(self, words: str) -> None:
        deadline = monotonic() + HANG_S
        while words not in self.text:
            assert monotonic() < deadline, self.text
            if select.select([self.keyboard], [], [], 0.1)[0]:
                self.text += os.read(self.keyboard, 4096).decode(errors="replace")

    def close(self) -> None:
        for end in (self.keyboard, self.program):
            with suppress(OSError):
                os.close(end)


@pytest.fixture
def screen() -> Iterator[Screen]:
    made = Screen()
    yield made
    made.close()


@contextmanager
def at_terminal(folder: Path, screen: Screen, *words: str) -> Iterator[Running]:
    """The program on a terminal that controls its session, as in a terminal's window."""
    controlled = f"<>{os.ttyname(screen.program)} >&0 2>&0"
    with started(folder, *words, shell=controlled) as house:
        yield house


def test_ctrl_s_stops_nothing(folder: Path, screen: Screen) -> None:
    with at_terminal(folder, screen, "--verbose", "run") as house:
        screen.read_until("\x1b[?2004h")
        for _ in range(3):
            before = len(house.ask("history")["history"])
            os.write(screen.keyboard, b"\x13")
            sleep(0.2)
            os.write(screen.keyboard, b"b")
            _wait_for_sentences(house, before + 1)
        os.write(screen.keyboard, b"q")
        assert house.process.wait(HANG_S) == 0
    screen.read_until("\x1b[?2004l")


def test_a_terminal_that_nobody_reads(folder: Path, screen: Screen) -> None:
    with at_terminal(folder, screen, "--debug", "run") as house:
        fill(screen.program)
        speaks(house)
        before = len(house.ask("history")["history"])
        os.write(screen.keyboard, b"b")
        _wait_for_sentences(house, before + 1)
        assert house.end() == 0


def test_closing_the_terminal_ends_it(folder: Path, screen: Screen) -> None:
    with at_terminal(folder, screen, "run") as house:
        screen.read_until("\x1b[?2004h")
        screen.close()
        assert house.process.wait(HANG_S) == 0


def test_hanging_up_ends_it_at_a_terminal(folder: Path, screen: Screen) -> None:
    with at_terminal(folder, screen, "run") as house:
        assert house.end(signal.SIGHUP) == 0


@pytest.mark.parametrize("option", ["", "--verbose"])
def test_somebody_at_a_terminal_reads_each_sentence_once(option: str, folder: Path, screen: Screen) -> None:
    with at_terminal(folder, screen, *filter(None, [option]), "run") as house:
        house.ask("disclose")
        screen.read_until("for a person who cannot see")
        assert house.end() == 0
        screen.read_until("\x1b[?2004l")
    assert ("INFO" in screen.text) is bool(option)
    assert option or "played" not in screen.text


PICTURE = cv2.imencode(".png", np.full((64, 64, 3), 128, np.uint8))[1].tobytes()


@pytest.mark.parametrize(
    "words",
    [
        "--help",
        "--version",
        "models list",
        "voices",
        "config check",
        "look picture.png",
        "look --json picture.png",
        "doctor",
    ],
)
def test_other_verbs_end_well_when_their_lines_cannot_be_written(words: str, folder: Path) -> None:
    (folder / "picture.png").write_bytes(PICTURE)
    command = f"{sys.executable} -m assistant {words}"
    full = _sh(f"{command} >/dev/full", folder)
    assert full.returncode == 1
    assert full.stderr == "assistant: The output cannot be written: No space left on device.\n"
    assert _sh(f"{command} >/dev/full 2>&1", folder).returncode == 1
    gone = _sh(f"{{ {command}; echo $? >code; }} | true", folder)
    assert (gone.stderr, (folder / "code").read_text().strip()) == ("", "141")
    assert _sh(f"{command} >&- 2>&- <&-", folder).returncode in (0, 1)


def _sh(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
        stdin=subprocess.DEVNULL,
    )
