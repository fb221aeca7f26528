"""A booted root: a container under systemd-nspawn, with this machine's sound."""

import os
import signal
import subprocess
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.devices.control_client import ask
from assistant.speech.history import REPEAT_RUN_S
from tests.boot.root import environment

if TYPE_CHECKING:
    from tests.boot.ear import Ear

ANSWER_S = 60.0
"""No answer takes nearly as long on a busy machine, unless it never comes (seconds)."""
HANG_S = 90.0
"""Nothing that is waited for takes nearly as long on a busy machine, unless it never comes (seconds)."""
READY = "assistant ready"
SOUND = "/srv/sound"
"""Where the socket of the sound server lies inside."""


class Machine:
    """Boots a root, as often as wanted.

    Args:
        root: Its files.
        sound: The folder with the socket of the sound server.
    """

    def __init__(self, root: Path, sound: Path) -> None:
        self.root = root
        self._sound = sound
        self._container: subprocess.Popen[bytes] | None = None
        self._init = 0

    def boot(self) -> None:
        """Boots as far as systemd answers."""
        options = ("--boot", "--register=no", "--keep-unit", "--console=pipe", "--link-journal=no", "--quiet")
        self._container = subprocess.Popen(
            ["systemd-nspawn", "-D", self.root, *options, f"--bind={self._sound}:{SOUND}"],
            env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while not self._booted():
            assert self._container.poll() is None, "the container ended"
            assert time.monotonic() < deadline, "the container does not boot"
            time.sleep(0.05)

    def pull_the_plug(self) -> None:
        """Ends it as a power cut would."""
        if self._container is not None and self._container.poll() is None:
            os.kill(self._init, signal.SIGKILL)
            self._container.wait(30)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Runs a command inside as root."""
        whole = ["nsenter", "--all", "--target", str(self._init), "env", "-i", *environment(), *command]
        return subprocess.run(whole, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=600)

    def ask(self, verb: str, about: str = "") -> dict[str, Any]:
        """Asks the assistant through its socket, from outside."""
        message = {"ask": verb} | ({"about": about} if about else {})
        return ask(Path(f"/proc/{self._init}/root/run/assistant/control.socket"), message, ANSWER_S)

    def memory_mb(self) -> int:
        """What all processes of the service have in memory, pages that two of them share counted twice."""
        group = Path(f"/proc/{self._init}/root/sys/fs/cgroup/system.slice/assistant.service/cgroup.procs")
        resident = 0
        for pid in group.read_text().split():
            with suppress(FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
                resident += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return resident * os.sysconf("SC_PAGE_SIZE") >> 20

    def limit_mb(self, name: str) -> int:
        """A limit of memory that systemd knows of the service, "MemoryHigh" or "MemoryMax"."""
        shown = self.run("systemctl", "show", "--property", name, "--value", "assistant.service")
        return int(shown.stdout) >> 20

    def main_pid(self) -> int:
        """The process of the assistant, in the numbers of the container; 0 for none."""
        shown = self.run("systemctl", "show", "--property", "MainPID", "--value", "assistant.service")
        return int(shown.stdout or 0)

    def wait_until_active(self, seconds: float) -> None:
        """Waits until the service has said that it is ready."""
        deadline = time.monotonic() + seconds
        while self.run("systemctl", "is-active", "--quiet", "assistant.service").returncode:
            assert time.monotonic() < deadline, self.run("systemctl", "status", "assistant.service").stdout
            time.sleep(0.1)

    def journal(self) -> str:
        """All that was logged in all boots."""
        command = ["journalctl", "--directory", str(self.root / "var/log/journal"), "--no-pager", "--output", "short"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    def _booted(self) -> bool:
        assert self._container is not None
        children = Path(f"/proc/{self._container.pid}/task/{self._container.pid}/children")
        try:
            pids = children.read_text().split()
        except FileNotFoundError:
            return False
        for pid in pids:
            if Path(f"/proc/{pid}/root/run/systemd/private").exists():
                self._init = int(pid)
                return True
        return False


def hear(machine: Machine, sound: "Ear", wanted: Sequence[str], since: float) -> float:
    """Waits until a sentence is heard; at last those before are said again, for a busy machine may have garbled it."""
    with suppress(AssertionError):
        return sound.wait_for(wanted, since, HANG_S)  # to ask before would cut what is waited for
    for _ in range(3):  # each goes one sentence further back
        machine.ask("repeat")
        with suppress(AssertionError):
            return sound.wait_for(wanted, since, REPEAT_RUN_S * 0.7)
    machine.ask("repeat")
    return sound.wait_for(wanted, since, REPEAT_RUN_S)
