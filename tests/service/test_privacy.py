"""What the program opens and writes while it runs, seen from outside by strace.

`make test-boot` watches it for a minute; `make test` for less.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

import numpy as np
import pytest

from assistant.devices.control_client import ask
from assistant.errors import NotRunning

pytest.importorskip("skimage", reason="needs the package scikit-image, for the portrait")
from tests.boot import parts
from tests.speech.sound import loudspeaker

SECONDS = float(os.environ.get("PRIVACY_SECONDS", "12"))
"""How long it is watched."""
SECRETS = ("happy", "in front of you", "surprise", "angry")
pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")


class Traced:
    """A run of the program under strace, with everything it may write to under one folder."""

    def __init__(self, folder: Path, sound: Mapping[str, str]) -> None:
        self.own = [folder / "state", folder / "run", folder / "tmp"]
        self.trace = folder / "trace"
        self.log = folder / "log"
        self.socket = folder / "run" / "control.socket"
        for path in (*self.own, self.trace, folder / "parts"):
            path.mkdir()
        zipfile.ZipFile(parts.wheel(folder)).extractall(folder / "parts")
        config = folder / "config.yaml"
        config.write_text("camera: {source: portrait}\ntriggers: socket\nannounce: {per_person_s: 1, per_minute: 60}\n")
        calls = "socket,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat"
        strace = ["strace", "-ff", "-qq", "-y", "-e", f"trace={calls}", "-o", str(self.trace / "of")]
        env = {
            **sound,
            "PATH": os.environ["PATH"],
            "HOME": str(self.own[0]),
            "STATE_DIRECTORY": str(self.own[0]),
            "XDG_DATA_HOME": str(self.own[0]),
            "RUNTIME_DIRECTORY": str(self.own[1]),
            "XDG_RUNTIME_DIR": str(self.own[1]),
            "TMPDIR": str(self.own[2]),  # the service has a private one
            "PYTHONPATH": f"{folder / 'parts'}:{Path(__file__).parents[2]}",
            "PYTHONDONTWRITEBYTECODE": "1",  # an installed program is compiled already, and may not write there
        }
        with self.log.open("wb") as log:
            command = [*strace, sys.executable, "-m", "assistant", "run", "--config", str(config)]
            self.process = subprocess.Popen(command, env=env, cwd=folder, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while not self.socket.exists():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < deadline, "it does not start"
            time.sleep(0.1)

    def lines(self) -> Iterator[str]:
        for path in sorted(self.trace.iterdir()):
            yield from path.read_text(errors="replace").splitlines()

    def devices(self) -> set[str]:
        """What the program has open."""
        child = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()[0]
        found = set()
        for path in Path(f"/proc/{child}/fd").iterdir():
            with suppress(FileNotFoundError):  # It was closed meanwhile.
                found.add(os.readlink(path))  # noqa: PTH115 - no path for a socket
        return found


@pytest.fixture(scope="module")
def traced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Traced]:
    with ExitStack() as stack:
        heard = stack.enter_context(loudspeaker()).environment if shutil.which("pulseaudio") else {}
        run = Traced(tmp_path_factory.mktemp("privacy"), heard)
        yield run
        run.process.send_signal(signal.SIGKILL)
        run.process.wait(10)


def wait_for_answer(run: Traced, verb: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            assert ask(run.socket, {"ask": verb})["ok"]
        except NotRunning:
            assert time.monotonic() < deadline, run.log.read_text()
            time.sleep(0.2)
        else:
            return


def test_camera_off_lets_the_device_go(traced: Traced) -> None:
    for held in (True, False, True):
        deadline = time.monotonic() + 60
        while (str(parts.DEVICE) in traced.devices()) is not held:
            assert time.monotonic() < deadline, f"{parts.DEVICE} is {'not ' if held else ''}open"
            time.sleep(0.1)
        if traced.process.poll() is None:
            wait_for_answer(traced, "camera")


@pytest.mark.timeout(240)
def test_it_runs_for_a_while_and_is_asked_everything(traced: Traced) -> None:
    wait_for_answer(traced, "camera")
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        for verb in ("now", "detail", "repeat", "status", "disclose", "reload"):
            wait_for_answer(traced, verb)
            time.sleep(SECONDS / 12)
    wait_for_answer(traced, "quit")
    assert traced.process.wait(60) == 0


def test_it_opened_no_socket_but_unix_ones(traced: Traced) -> None:
    families = {match[1] for line in traced.lines() if (match := re.match(r"socket\((\w+)", line))}
    assert families == {"AF_UNIX"}
    assert not any("assistant/fetch" in line for line in traced.lines())  # the one module that could open another


def test_it_wrote_no_file_outside_its_own_folders(traced: Traced) -> None:
    opened = re.compile(r"(?:open|openat|creat)\(.*\b(?:O_WRONLY|O_RDWR|O_CREAT)\b.*\)\s+= \d+<([^>]*)>")
    changed = re.compile(r'(?:mkdir|rename|link|symlink)\w*\(.*"([^"]*)".*\)\s+= 0')
    paths = {Path(match[1]) for line in traced.lines() if (match := opened.match(line) or changed.match(line))}
    assert traced.own[1] / "control.lock" in paths
    strangers = {path for path in paths if not any(path.is_relative_to(own) for own in traced.own)}
    assert {path for path in strangers if not path.is_relative_to("/dev")} == set()
    assert list(traced.own[2].iterdir()) == []


def test_no_file_of_its_own_holds_a_picture(traced: Traced) -> None:
    rows = [bytes(order) for row in parts.MARKER for order in (row, row[:, ::-1], np.ascontiguousarray(row[::-1]))]
    written = [path for own in traced.own for path in own.rglob("*") if path.is_file()]
    for path in (*written, traced.log):
        content = path.read_bytes()
        assert not any(row in content for row in rows), path
        assert path.suffix not in (".png", ".jpg", ".avi", ".mp4", ".npy"), path


def test_the_log_holds_nothing_that_was_seen_or_said(traced: Traced) -> None:
    log = traced.log.read_text()
    assert "expression" in log
    for secret in SECRETS:
        assert secret not in log
