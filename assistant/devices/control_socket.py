"""The control socket: the canonical trigger, and where a running assistant is asked (`control_client.py`).

A unix SEQPACKET socket keeps messages apart by itself. Each message is one JSON object of at most `MAX_MESSAGE` bytes:
{"ask": "now"} (any verb of the commands), {"ask": "find", "about": "cup"} where it takes a subject, {"hold": "light"}
for what goes on until {"release": true}, or {"press": true} and {"release": true} of a button; each gets one JSON
object in reply, {"ok": true, ...} or {"ok": false, "error": "..."}.
{"ask": "status", "aloud": false} makes no sound. Whoever may open the socket (mode 0600: its user, and root) may ask.
"""

import json
import logging
import os
import selectors
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from assistant.devices.socket_path import make_private, serving_path
from assistant.domain.ports import Control
from assistant.errors import TriggerError

log = logging.getLogger(__name__)

SILENTLY = "socket, silently"
"""The source of a question whose answer is only read, e.g. by the doctor."""
SAYINGS = '{"ask": VERB}, {"ask": VERB, "about": SUBJECT}, {"hold": VERB}, {"press": true} or {"release": true}'
"""What can be said, as an error tells it."""
MAX_MESSAGE = 4096
"""Longest message, bytes."""
MAX_CLIENTS = 64
"""Most connections at a time; when one more comes, the one that has been silent longest is closed."""
WAIT_S = 0.1
"""How long the server waits before it looks whether it should stop, seconds."""
LOOK_S = 1.0
"""How often the server looks whether its socket is still in its place, seconds."""
PAUSE_S = 0.5
"""How long nobody is let in after one could not be, seconds."""


class ControlSocket:
    """Serves the control socket. Only the `single_instance` may open it, so an old socket is nobody's.

    Args:
        path: Where it lies; None for `serving_path()`.
    """

    name = "socket"

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._listener: socket.socket | None = None
        self._made: tuple[Path, os.stat_result] | None = None

    def open(self) -> None:
        """Makes the socket, in place of one that a dead assistant left behind.

        Raises:
            TriggerError: it cannot be made there.
        """
        path = self._path or serving_path()
        make_private(path.parent)
        try:
            if path.is_socket():  # Anything else is somebody's file, and not ours to remove.
                path.unlink()
            self._listener = _listening(path)
            self._made = path, path.lstat()
        except OSError as error:
            raise TriggerError(f"The control socket {path} cannot be made: {error}.", "Set XDG_RUNTIME_DIR.") from error

    def serve(self, control: Control, stopped: Callable[[], bool]) -> None:
        """Answers clients until stopped; none can hold up another, and none is waited for.

        Raises:
            TriggerError: somebody removed the socket, which is looked at once a second.
        """
        if self._listener is None:
            return
        look_at = time.monotonic() + LOOK_S
        with _Clients(self._listener, control) as clients:
            while not stopped():
                clients.attend(WAIT_S)
                if time.monotonic() >= look_at:
                    look_at = time.monotonic() + LOOK_S
                    if not self._in_place():
                        raise TriggerError("The control socket was removed.", "It is made again.")

    def close(self) -> None:
        """Removes the socket, unless another one lies in its place."""
        if self._listener is not None:
            if self._in_place() and self._made is not None:
                self._made[0].unlink(missing_ok=True)
            self._listener.close()
            self._listener = None

    def _in_place(self) -> bool:
        """Whether who looks for the socket finds this one."""
        if self._made is None:
            return False
        path, made = self._made
        try:
            return os.path.samestat(path.lstat(), made) and path == (self._path or serving_path())
        except (OSError, TriggerError):
            return False


class _Clients:
    """The connections of one `serve`, oldest message first."""

    def __init__(self, listener: socket.socket, control: Control) -> None:
        self._listener = listener
        self._control = control
        self._pressing: dict[socket.socket, bool] = {}
        self._selector = selectors.DefaultSelector()
        self._resting_until: float | None = None
        self._selector.register(listener, selectors.EVENT_READ)

    def __enter__(self) -> "_Clients":
        return self

    def __exit__(self, *_: object) -> None:
        for client in list(self._pressing):
            self._drop(client)
        self._selector.close()

    def attend(self, wait_s: float) -> None:
        """Serves what has come; waits at most `wait_s` for something."""
        if self._resting_until is not None and time.monotonic() >= self._resting_until:
            self._resting_until = None
            self._selector.register(self._listener, selectors.EVENT_READ)
        for key, _ in self._selector.select(wait_s):
            connection = key.fileobj
            if connection is self._listener:
                self._accept()
            elif isinstance(connection, socket.socket) and connection in self._pressing:
                self._receive(connection)

    def _accept(self) -> None:
        try:
            client, _ = self._listener.accept()
        except BlockingIOError:  # It is gone again.
            return
        except OSError as error:  # There are no file descriptors left, perhaps for long: it is not asked again at once.
            log.warning("control socket: %s", error)
            self._selector.unregister(self._listener)
            self._resting_until = time.monotonic() + PAUSE_S
            return
        if len(self._pressing) >= MAX_CLIENTS:
            self._drop(next(iter(self._pressing)))
        client.setblocking(False)
        self._pressing[client] = False
        self._selector.register(client, selectors.EVENT_READ)

    def _receive(self, client: socket.socket) -> None:
        try:
            message, _, flags, _ = client.recvmsg(MAX_MESSAGE)
            if message:
                reply = self._reply(client, message, too_long=bool(flags & socket.MSG_TRUNC))
                client.send(json.dumps(reply).encode())
                return
        except OSError as error:  # It went away, or it does not read its replies.
            log.debug("control socket: %s", error)
        self._drop(client)

    def _reply(self, client: socket.socket, message: bytes, too_long: bool) -> Mapping[str, Any]:
        self._pressing[client] = self._pressing.pop(client)  # The newest speaker goes to the end.
        if too_long:
            return _error(f"a message has at most {MAX_MESSAGE} bytes")
        try:
            said = json.loads(message)
        except (ValueError, RecursionError):  # Not UTF-8 is a ValueError as well.
            return _error("not JSON")
        return self._act(client, said)

    def _act(self, client: socket.socket, said: Any) -> Mapping[str, Any]:
        if said in ({"press": True}, {"release": True}):
            self._pressing[client] = "press" in said
            (self._control.press if "press" in said else self._control.release)("socket")
            return {"ok": True}
        if isinstance(said, dict) and set(said) == {"hold"} and isinstance(said["hold"], str):
            self._pressing[client] = True
            return self._control.hold(said["hold"], "socket")
        if said == {"ask": "status", "aloud": False}:
            return self._control.ask("status", SILENTLY)
        if not _is_question(said):
            return _error(f"say {SAYINGS}")
        return self._control.ask(said["ask"], "socket", said.get("about", ""))

    def _drop(self, client: socket.socket) -> None:
        """Closes a connection; a button that it held down goes up."""
        pressing = self._pressing.pop(client)
        self._selector.unregister(client)
        client.close()
        if pressing:
            self._control.release("socket")


def _listening(path: Path) -> socket.socket:
    """A socket that only this user can open: before `listen`, nobody can connect."""
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_CLOEXEC)
    try:
        listener.bind(str(path))
        path.chmod(0o600)
        listener.listen(MAX_CLIENTS)
        listener.setblocking(False)
    except OSError:
        listener.close()
        raise
    return listener


def _is_question(said: Any) -> bool:
    return (
        isinstance(said, dict)
        and "ask" in said
        and set(said) <= {"ask", "about"}
        and all(isinstance(word, str) for word in said.values())
    )


def _error(text: str) -> Mapping[str, Any]:
    return {"ok": False, "error": text}
