"""Where the control socket lies: one answer for the assistant, one for who wants to reach it."""

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import TriggerError

SYSTEM = Path("/run/assistant")
"""Where the system service has it (RuntimeDirectory=assistant)."""
TEMPORARY = Path("/tmp")
"""Where this user has a folder of their own when there is no session."""
SOCKET = "control.socket"
LOCK = "control.lock"
"""Beside the socket, and there before it and while it is away; see `single_instance`."""


def serving_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where this process has its socket if it is the assistant.

    $RUNTIME_DIRECTORY (set by systemd), else $XDG_RUNTIME_DIR/assistant, else a folder of this user's own in /tmp.

    Raises:
        TriggerError: the folder in /tmp belongs to somebody else.
    """
    given = environ.get("RUNTIME_DIRECTORY", "").partition(":")[0]
    if given:
        return Path(given) / SOCKET
    session = environ.get("XDG_RUNTIME_DIR", "")
    if session:
        return Path(session) / "assistant" / SOCKET
    return _own_folder() / SOCKET


def runtime_path(environ: Mapping[str, str] = os.environ) -> Path:
    """Where a client finds the assistant: in $RUNTIME_DIRECTORY, in the system's service, or where this user's own is.

    Raises:
        TriggerError: the folder in /tmp belongs to somebody else.
    """
    if not environ.get("RUNTIME_DIRECTORY") and os.access(SYSTEM / LOCK, os.W_OK):
        return SYSTEM / SOCKET
    return serving_path(environ)


def make_private(folder: Path) -> None:
    """Makes a folder that only this user can enter; one that is there already has to be this user's own.

    It is made first and looked at afterwards, so that nobody can put another one in its place in between.

    Raises:
        TriggerError: it cannot be made, is a link or somebody else's, or others may write there.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise TriggerError(f"The folder {folder} cannot be made: {error.strerror}.", "Set XDG_RUNTIME_DIR.") from error
    _check(folder, 0o077 if folder.parent == TEMPORARY else 0o022)


def _own_folder() -> Path:
    """The folder in /tmp, where anybody may have made one by that name before us."""
    folder = TEMPORARY / f"assistant-{os.geteuid()}"
    if folder.exists() or folder.is_symlink():
        _check(folder, 0o077)
    return folder


def _check(folder: Path, others: int) -> None:
    """Refuses a folder that is a link, not this user's, or open to others.

    Args:
        folder: Looked at without following it.
        others: Bits of the mode that must not be set.
    """
    try:
        found = folder.lstat()
    except OSError as error:
        raise TriggerError(f"The folder {folder} cannot be seen: {error.strerror}.", "Set XDG_RUNTIME_DIR.") from error
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & others:
        raise TriggerError(f"{folder} is not a private folder of this user.", "Remove it, or set XDG_RUNTIME_DIR.")
