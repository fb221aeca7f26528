"""pyttsx3 in a child process that is watched: the way to the voices of Windows and macOS.

Each sentence has a child of its own, started ahead while nothing is said. On Linux the second `runAndWait()` of a
process hung for ever, `stop()` waits for the end of the sentence, and a dead sound server is no error: what is ended
by ending the process cannot hang, and whether there is sound at all the player tells.
"""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from tempfile import TemporaryDirectory
from time import monotonic, sleep

from assistant.domain.ports import Cancelled
from assistant.domain.values import Utterance
from assistant.errors import SpeechError
from assistant.speech.player import Player
from assistant.speech.style import Style, duration_s

log = logging.getLogger(__name__)

CHILD = (sys.executable, "-m", "assistant.speech.pyttsx3_child")
START_S = 8.0
"""How long a child may take until it speaks, seconds."""
SETTLE_S = 0.5
"""A sound server that dies ends the child at once, and the player sees it a moment later; seconds."""
_LOOK_S = 0.01


class Pyttsx3Voice:
    """Speaks through pyttsx3.

    Args:
        player: Knows whether there is a sound device.
        style: Gives how it speaks, before each sentence.
        child: The command that reads one sentence as JSON, speaks it and ends with status 0.
        start_s: How long the child may take until it speaks, seconds.
    """

    name = "pyttsx3"

    def __init__(
        self, *, player: Player, style: Callable[[], Style], child: Sequence[str] = CHILD, start_s: float = START_S
    ) -> None:
        self._player = player
        self._style = style
        self._command = child
        self._start_s = start_s
        self._child: _Child | None = None

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        """Speaks to the end, or until cancelled; a child that takes too long is killed.

        Raises:
            SpeechError: no sound device, pyttsx3 fails, or it did not end in time.
        """
        self._player.wake(cancelled)
        if cancelled.is_set() or not utterance.text.strip():
            return
        child, self._child = self._child or _Child(self._command), None
        try:
            style = self._style()
            child.tell(_request(utterance, style))
            self._watch(child, duration_s(utterance.text, style), cancelled)
        finally:
            child.end()
        with suppress(SpeechError):  # the sentence was said; the next one will report it
            self._child = _Child(self._command)

    def close(self) -> None:
        """Silence; ends the child."""
        if self._child:
            self._child.end()
            self._child = None

    def _watch(self, child: "_Child", said_s: float, cancelled: Cancelled) -> None:
        """Waits for the end of a sentence that takes about so many seconds at most."""
        began = monotonic()
        end = began + self._start_s + 2 * said_s
        while not cancelled.is_set():
            status = child.wait(_LOOK_S)
            self._player.stay()
            if status == 0:
                if monotonic() - began < said_s / 2:
                    self._settle(cancelled)
                return
            if status is not None:
                raise SpeechError(f"pyttsx3 failed with status {status}.", "Is pyttsx3 installed, and aplay?")
            if monotonic() > end:
                raise SpeechError("pyttsx3 did not end its sentence; it was stopped.")

    def _settle(self, cancelled: Cancelled) -> None:
        """Looks for a while longer whether a sentence that ended early was heard."""
        until = monotonic() + SETTLE_S
        while monotonic() < until and not cancelled.is_set():
            self._player.stay()
            sleep(_LOOK_S)


def _request(utterance: Utterance, style: Style) -> dict[str, object]:
    """What the child is told."""
    return {
        "text": utterance.text,
        "language": utterance.language,
        "voice": style.voices.get(utterance.language, utterance.language),
        "rate": style.rate_wpm,
        "volume": style.volume / 100,
    }


class _Child:
    """One process for one sentence, with a folder of its own for the sound that pyttsx3 leaves behind when killed."""

    def __init__(self, command: Sequence[str]) -> None:
        self._folder = TemporaryDirectory(prefix="assistant-")
        environment = os.environ | {"TMPDIR": self._folder.name}
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            self._folder.cleanup()
            raise SpeechError(f"{command[0]} cannot be started: {error.strerror}.") from error

    def tell(self, request: dict[str, object]) -> None:
        """Gives it its sentence."""
        assert self._process.stdin
        try:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.close()
        except OSError as error:
            raise SpeechError("pyttsx3 ended before it was asked.", "Is it installed?") from error

    def wait(self, seconds: float) -> int | None:
        """Its exit status; None while it runs."""
        try:
            return self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None

    def end(self) -> None:
        """Kills it with all that it started, also when it has ended and what it started goes on."""
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        else:
            self._process.kill()
        self._process.wait()
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        self._folder.cleanup()
