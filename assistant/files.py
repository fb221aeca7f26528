"""Files as anybody may have made them: read with a bound, and replaced in one step."""

import errno
import os
import stat
from contextlib import suppress
from itertools import count
from pathlib import Path

_WITHOUT_WAITING = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
"""Opens whatever it is and waits for nobody: a pipe that nobody writes, a terminal, a device."""
_FOLDER = os.O_RDONLY | os.O_CLOEXEC | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
_numbers = count()


class NotAFile(OSError):
    """What is there is a pipe, a socket, a device or a folder."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EINVAL, "it is no ordinary file", str(path))


class TooLarge(OSError):
    """There is more in it than may be read."""

    def __init__(self, path: Path) -> None:
        super().__init__(errno.EFBIG, "it is too large", str(path))


def read(path: Path, most: int) -> bytes:
    """The whole content of an ordinary file; the null device counts as an empty one.

    It waits for nobody and reads no more than it may, whatever takes the file's place meanwhile. (A disk or a network
    share that hangs can still hold it up.)

    Args:
        path: The file.
        most: How large it may be, bytes.

    Raises:
        NotAFile, TooLarge: it was not read.
        OSError: it cannot be.
    """
    try:
        descriptor = os.open(path, _WITHOUT_WAITING)
    except ValueError as error:  # a NUL in its name
        raise FileNotFoundError(errno.ENOENT, "no file can have such a name", str(path)) from error
    except OSError as error:
        if error.errno == errno.ENXIO:  # a socket
            raise NotAFile(path) from error
        raise
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode) and not _is_null(state):
            raise NotAFile(path)
        if state.st_size > most:
            raise TooLarge(path)
        return _all(descriptor, path, most)
    finally:
        os.close(descriptor)


def replace(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Puts a file in place of an old one in one step: whoever reads it finds the old one or the new one, all of it.

    Its folder must be there and must not be a link; whatever links lie in it are replaced and not followed. When it
    fails nothing is left behind.

    Args:
        path: The file.
        content: All of it.
        mode: Who may read it, whatever the umask says.

    Raises:
        OSError: it cannot be written, e.g. because the disk is full; what was there before stays.
    """
    folder = os.open(path.parent, _FOLDER)
    fresh = f".{path.name}.{os.getpid()}-{next(_numbers)}"
    try:
        _write(fresh, content, mode, folder)
        os.replace(fresh, path.name, src_dir_fd=folder, dst_dir_fd=folder)
        os.fsync(folder)
    except BaseException:
        with suppress(OSError):
            os.unlink(fresh, dir_fd=folder)
        raise
    finally:
        os.close(folder)


def _all(descriptor: int, path: Path, most: int) -> bytes:
    parts, size = [], 0
    while part := os.read(descriptor, min(most + 1 - size, 1 << 20)):
        parts.append(part)
        size += len(part)
        if size > most:
            raise TooLarge(path)
    return b"".join(parts)


def _write(name: str, content: bytes, mode: int, folder: int) -> None:
    """Makes a new file in an open folder, with its bytes on the disk."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(name, flags, 0o600, dir_fd=folder), "wb") as file:
        file.write(content)
        file.flush()
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())


def _is_null(state: os.stat_result) -> bool:
    return stat.S_ISCHR(state.st_mode) and state.st_rdev == Path(os.devnull).stat().st_rdev
