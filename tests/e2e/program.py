"""Runs the real program as a process of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep
from typing import Any

from assistant.devices.control_client import ask
from assistant.errors import NotRunning

HANG_S = 90.0
"""No part of these tests takes nearly as long, unless it hangs (seconds)."""


def assistant(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a verb to its end in a folder."""
    return subprocess.run(
        [sys.executable, "-m", "assistant", *words],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=HANG_S,
        stdin=subprocess.DEVNULL,
        check=False,
    )


class Running:
    """A running assistant that is asked through its socket."""

    def __init__(self, process: subprocess.Popen[str], folder: Path) -> None:
        self.process = process
        self._folder = folder
        self.patience_s = HANG_S
        """How long a reply may take, seconds."""

    def ask(self, verb: str, about: str = "") -> dict[str, Any]:
        message = {"ask": verb, "about": about} if about else {"ask": verb}
        return ask(self._folder / "run" / "assistant" / "control.socket", message, self.patience_s)

    def wait_for_answer(self, message: str) -> None:
        """Asks what is in view until the answer is this one: the first picture may not be seen yet."""
        deadline = monotonic() + HANG_S
        while (answer := self.ask("now")["message"]) != message:
            assert monotonic() < deadline, f"the answer is {answer}: {self.errors()}"
            sleep(0.2)

    def events(self) -> list[dict[str, Any]]:
        """What became of every announcement so far."""
        return [json.loads(line) for line in (self._folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]

    def errors(self) -> str:
        return (self._folder / "errors.txt").read_text(encoding="utf-8")

    def messages(self, outcome: str = "played") -> list[str]:
        return [event["message"] for event in self.events() if event["outcome"] == outcome]

    def texts(self, message: str) -> list[str]:
        """The words of the announcements with a message."""
        return [event["text"] for event in self.events() if event["message"] == message]

    def wait_for(self, condition: Callable[[], object]) -> None:
        """Waits until something happened."""
        deadline = monotonic() + HANG_S
        while not condition():
            assert monotonic() < deadline, f"it never happened: {self.events()} {self.errors()}"
            sleep(0.05)

    def wait_for_message(self, message: str, outcome: str = "played", times: int = 1) -> None:
        deadline = monotonic() + HANG_S
        while self.messages(outcome).count(message) < times:
            assert monotonic() < deadline, f"{message} was not {outcome}: {self.events()} {self.errors()}"
            sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Sends a signal; gives the exit code."""
        self.process.send_signal(number)
        return self.process.wait(HANG_S)


@contextmanager
def running(folder: Path, *words: str, **differently: Any) -> Iterator[Running]:
    """`assistant run --json` in a folder, from the moment at which it answers; killed at the end if it still runs.

    Args:
        folder: Where it runs, and what it says is kept.
        words: Further options.
        differently: Arguments of Popen in place of those here; "env" is added to the environment.
    """
    environment = os.environ | {"XDG_RUNTIME_DIR": str(folder / "run")} | differently.pop("env", {})
    with (folder / "events.jsonl").open("w") as events, (folder / "errors.txt").open("w") as errors:
        usual = {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": events, "stderr": errors, "text": True}
        command = [sys.executable, "-m", "assistant", "run", "--json", *words]
        process = subprocess.Popen(command, env=environment, **(usual | differently))
        try:
            house = Running(process, folder)
            wait_until_it_answers(house)
            yield house
        finally:
            process.kill()
            process.wait()


def wait_until_it_answers(house: Running) -> None:
    """Returns once its socket answers, or it has ended."""
    deadline = monotonic() + HANG_S
    while house.process.poll() is None:
        assert monotonic() < deadline, house.errors()
        try:
            house.ask("history")
        except NotRunning:  # It has only just begun.
            sleep(0.05)
        else:
            return
