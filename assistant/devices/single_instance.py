"""One assistant at a time: a lock beside the control socket, held from the start of an assistant to its end.

The socket itself is away while new settings are taken; the lock tells who asks that somebody will be there again.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.devices.socket_path import LOCK, make_private, serving_path
from assistant.errors import AlreadyRunning, TriggerError

PATIENCE_S = 1.0
"""So long is tried to get the lock: whoever looks at it holds it for a moment, seconds."""
_RETRY_S = 0.02


@contextmanager
def single_instance(socket: Path | None = None) -> Iterator["Lock"]:
    """Holds the lock for as long as the block runs; it dies with its process, however that ends.

    Args:
        socket: Where the control socket lies; None for `serving_path()`.

    Raises:
        AlreadyRunning: another assistant holds it.
    """
    lock = Lock(socket)
    try:
        lock.keep()
        yield lock
    finally:
        lock.release()


class Lock:
    """The lock; whoever removes its file or its folder does not open the door to a second assistant for long.

    Args:
        socket: As for `single_instance`.
    """

    def __init__(self, socket: Path | None = None) -> None:
        self._socket = socket
        self._path: Path | None = None
        self._file: int | None = None

    def keep(self) -> None:
        """Takes the lock if it is not held, or if its file is not in its place any more; called once a second.

        Where it cannot be made the program runs without it: the control socket has the same trouble, and tells it.

        Raises:
            AlreadyRunning: another assistant holds it.
        """
        if self._in_place():
            return
        self.release()
        try:
            path = _lock(self._socket or serving_path())
            make_private(path.parent)
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except (TriggerError, OSError):
            return
        try:
            _take(file)
        except BaseException:
            os.close(file)
            raise
        self._path, self._file = path, file

    def release(self) -> None:
        """Lets it go; harmless when it is not held."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _in_place(self) -> bool:
        if self._file is None or self._path is None:
            return False
        try:
            return os.path.samestat(os.fstat(self._file), self._path.lstat())
        except OSError:
            return False


def held(socket: Path) -> bool:
    """Whether an assistant is alive that has its control socket there, or will have it soon."""
    try:
        with _lock(socket).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _lock(socket: Path) -> Path:
    return socket.with_name(LOCK)


def _take(lock: int) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            if time.monotonic() > deadline:
                raise AlreadyRunning("An assistant is running already.", "End it with: assistant ask quit.") from error
            time.sleep(_RETRY_S)
        else:
            return
