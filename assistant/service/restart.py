"""Whether the last run broke off, so that a restart can be told: a listener cannot see why it went quiet."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.devices.socket_path import make_private, serving_path
from assistant.errors import TriggerError

MARK = "running"
"""A file that lies in the runtime directory while the assistant runs. systemd keeps that directory over its own
restarts, and a new boot begins without it: after a power cut the assistant simply starts."""


@contextmanager
def marked(folder: Path | None = None) -> Iterator[bool]:
    """Leaves a mark for as long as the block runs; one that raises, or that is killed, leaves it behind.

    Args:
        folder: The runtime directory; None for that of the control socket.

    Yields:
        Whether the last run left its mark behind.
    """
    try:
        folder = folder or serving_path().parent
        make_private(folder)
        mark = folder / MARK
        broke_off = mark.exists()
        mark.touch()
    except (TriggerError, OSError):  # The control socket has the same trouble, and tells it.
        yield False
        return
    yield broke_off
    mark.unlink(missing_ok=True)
