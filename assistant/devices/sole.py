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
def sole(socket: Path | None = None) -> Iterator[None]:
    """Holds the lock for as long as the block runs; it dies with its process, however that ends.

    Args:
        socket: Where the control socket lies; None for `serving_path()`.

    Raises:
        AlreadyRunning: another assistant holds it.
    """
    try:
        path = _lock(socket or serving_path())
        make_private(path.parent)
        lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except (TriggerError, OSError):  # The control socket has the same trouble, and tells it.
        yield
        return
    try:
        _take(lock)
        yield
    finally:
        os.close(lock)


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
