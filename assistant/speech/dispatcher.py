"""speech-dispatcher, over its unix socket: the voice, speed and loudness that the user has set for the screen reader.

Speaks SSIP, https://htmlpreview.github.io/?https://github.com/brailcom/speechd/blob/master/doc/ssip.html
What the user left as it is in our settings is left as it is there. A sentence that another program's user cancels
(the screen reader's "be quiet") counts as ended.
"""

import os
import socket
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from time import monotonic, sleep

from assistant.domain.ports import Cancelled
from assistant.domain.values import Utterance
from assistant.errors import SpeechError
from assistant.speech.player import Player
from assistant.speech.style import Style, duration_s

ANSWER_S = 2.0
"""How long the server may take for a reply, seconds."""
START_S = 5.0
"""How long its start may take, seconds."""
_LOOK_S = 0.01
_GREETING = (
    "SET SELF CLIENT_NAME user:assistant:main",
    "SET SELF NOTIFICATION END ON",
    "SET SELF NOTIFICATION CANCEL ON",
)
_ENDED = ("702", "703")
_REMEDY = "Install speech-dispatcher (Debian: apt install speech-dispatcher)."


class DispatcherVoice:
    """Speaks through speech-dispatcher.

    Args:
        player: Knows whether there is a sound device.
        style: Gives how it speaks, before each sentence; what differs from `Style()` is set there.
        address: Path of its socket; found as its own clients find it when not given.
        spawn: Whether it is started when it does not run.
    """

    name = "speech-dispatcher"

    def __init__(
        self, *, player: Player, style: Callable[[], Style], address: Path | None = None, spawn: bool = True
    ) -> None:
        self._player = player
        self._style = style
        self._address = address
        self._spawn = spawn
        self._session: _Session | None = None
        self._told = Style()

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        """Speaks to the end, or until cancelled.

        Raises:
            SpeechError: no server, no sound device, or no end in time.
        """
        self._player.wake(cancelled)
        if cancelled.is_set() or not utterance.text.strip():
            return
        try:
            session, style = self._session or self._connect(), self._style()
            for line in (*changes(self._told, style), f"SET SELF LANGUAGE {utterance.language}"):
                session.ask(line)
            self._told = style
            session.say(utterance.text)
            self._watch(session, 10 + 3 * duration_s(utterance.text, style), cancelled)
        except OSError as error:
            self._leave()
            raise SpeechError(f"speech-dispatcher does not answer: {error}.", _REMEDY) from error
        except SpeechError:
            self._leave()
            raise

    def close(self) -> None:
        """Silence; ends the session."""
        self._leave()

    def _watch(self, session: "_Session", allowed_s: float, cancelled: Cancelled) -> None:
        """Waits for the end; a cancelled sentence is given a moment to be reported as such."""
        end = monotonic() + allowed_s
        asked = False
        while not session.ended():
            if cancelled.is_set() and not asked:
                session.send("CANCEL SELF")
                asked, end = True, monotonic() + ANSWER_S
            if monotonic() > end:
                raise SpeechError("speech-dispatcher did not end its sentence.")

    def _connect(self) -> "_Session":
        session = self._called(self._address or socket_path(os.environ))
        self._session, self._told = session, Style()
        for line in _GREETING:
            session.ask(line)
        return session

    def _called(self, address: Path) -> "_Session":
        """A connection to the server; it is started if need be, again if one that was just ending stood in its way."""
        end = monotonic() + START_S
        while True:
            try:
                return _Session(address)
            except OSError:
                if not self._spawn or monotonic() > end or not _start_server():
                    raise
            sleep(10 * _LOOK_S)

    def _leave(self) -> None:
        if self._session:
            self._session.close()
            self._session = None


def _start_server() -> bool:
    """Starts it as its own clients do, if it is installed; it ends by itself soon after the last of them has left."""
    try:
        subprocess.run(["speech-dispatcher", "--spawn"], capture_output=True, timeout=START_S, check=False)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


def socket_path(environment: Mapping[str, str]) -> Path:
    """Where speech-dispatcher listens for this user."""
    address = environment.get("SPEECHD_ADDRESS", "")
    if address.startswith("unix_socket:"):
        return Path(address.removeprefix("unix_socket:"))
    runtime = environment.get("XDG_RUNTIME_DIR") or str(Path.home() / ".cache")
    return Path(runtime) / "speech-dispatcher" / "speechd.sock"


def changes(before: Style, after: Style) -> list[str]:
    """What turns one style into another, in SSIP (-100 to 100, 0 in the middle)."""
    lines = []
    if after.rate_wpm != before.rate_wpm:
        faster = after.rate_wpm - Style().rate_wpm
        lines.append(f"SET SELF RATE {max(-100, min(100, round(faster / (0.9 if faster < 0 else 2.8))))}")
    if after.pitch != before.pitch:
        lines.append(f"SET SELF PITCH {2 * after.pitch - 100}")
    if after.volume != before.volume:
        lines.append(f"SET SELF VOLUME {2 * after.volume - 100}")
    if after.punctuation != before.punctuation:
        lines.append(f"SET SELF PUNCTUATION {'all' if after.punctuation else 'none'}")
    return lines


class _Session:
    """One connection; replies and events are lines of a three-digit code and text."""

    def __init__(self, address: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX)
        self._buffer = b""
        self._message = ""
        try:
            self._socket.settimeout(ANSWER_S)
            self._socket.connect(str(address))
        except OSError:
            self._socket.close()
            raise

    def send(self, line: str) -> None:
        """Sends a line without waiting for the reply."""
        self._socket.sendall(line.encode() + b"\r\n")

    def ask(self, line: str) -> list[str]:
        """Sends a line and gives the lines of its reply.

        Raises:
            SpeechError: the server refuses it.
            OSError: the server is gone or silent.
        """
        self.send(line)
        reply = self._reply()
        if not reply[-1].startswith("2"):
            raise SpeechError(f"speech-dispatcher refuses: {reply[-1]}.")
        return reply

    def say(self, text: str) -> None:
        """Sends a sentence, on one line, and remembers its number."""
        self.ask("SPEAK")
        flat = " ".join(text.split())
        reply = self.ask(("." if flat.startswith(".") else "") + flat + "\r\n.")
        self._message = reply[0][4:]

    def ended(self) -> bool:
        """Looks for a moment whether the last sentence is over."""
        self._socket.settimeout(_LOOK_S)
        try:
            reply = self._read()
        except TimeoutError:
            return False
        finally:
            self._socket.settimeout(ANSWER_S)
        return reply[-1][:3] in _ENDED and reply[0][4:] == self._message

    def close(self) -> None:
        """Cancels what it says, and hangs up."""
        with suppress(OSError):
            self.send("CANCEL SELF")
        self._socket.close()

    def _reply(self) -> list[str]:
        """The next reply, past events about earlier sentences."""
        while (reply := self._read())[0].startswith("7"):
            pass
        return reply

    def _read(self) -> list[str]:
        """The lines up to one with a space behind its code."""
        lines: list[str] = []
        rest = self._buffer
        while True:
            line, separator, rest = rest.partition(b"\r\n")
            if not separator:
                received = self._socket.recv(4096)
                if not received:
                    raise ConnectionError("it hung up")
                self._buffer += received
                lines, rest = [], self._buffer
                continue
            lines.append(line.decode(errors="replace"))
            if lines[-1][3:4] != "-":
                self._buffer = rest
                return lines
