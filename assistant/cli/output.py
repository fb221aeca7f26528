"""Where words leave the program: lines on standard output, the log on standard error, and the chatter of libraries.

`run` never waits for whoever reads: what it prints and logs goes through an `Outlet`, a thread with a bounded queue.
The other verbs wait for the reader of their lines, as commands in a pipe do, and end when it ends. What libraries print
to file descriptor 2 goes to the log; a crash is told on the standard error that the program was given.
"""

import atexit
import faulthandler
import io
import locale
import logging
import os
import select
import stat
import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Condition, Thread
from typing import TextIO, cast

from assistant.addresses import without_secrets
from assistant.cli.chatter import Chatter
from assistant.errors import AssistantError

log = logging.getLogger(__name__)

MOST = 1 << 20
"""So many characters may wait for a reader; what comes then is left out and counted."""
LAST_S = 1.0
"""How long the end of the program waits for a reader, seconds."""
READER_GONE = 141
"""Exit code when the reader of a pipe has ended, as shells give it for SIGPIPE."""
STDOUT, STDERR = 1, 2
ENCODING = locale.getpreferredencoding(False)


class Outlet:
    """Writes to a file descriptor from a thread of its own: nobody waits for its reader, and none of its errors is one.

    Args:
        descriptor: Where to.
        name: What is written, for the log.
    """

    def __init__(self, descriptor: int, name: str) -> None:
        self._descriptor = descriptor
        self._name = name
        self._waiting: deque[str] = deque()
        self._size = 0
        self._dropped = 0
        self._failing = False
        self._changed = Condition()
        Thread(target=self._serve, name=f"outlet {name}", daemon=True).start()

    def put(self, text: str) -> None:
        """Leaves a text to be written, or counts it where too much waits."""
        with self._changed:
            if self._size + len(text) > MOST:
                self._dropped += 1
                return
            self._waiting.append(text)
            self._size += len(text)
            self._changed.notify_all()

    def drained(self, wait_s: float) -> bool:
        """Whether everything is written, at the latest after so many seconds; what was left out is logged."""
        with self._changed:
            empty = self._changed.wait_for(lambda: not self._waiting, wait_s)
        self._tell_dropped()
        return empty

    def _serve(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
                text = self._waiting[0]
            self._write(text)
            with self._changed:
                self._waiting.popleft()
                self._size -= len(text)
                self._changed.notify_all()

    def _write(self, text: str) -> None:
        try:
            write_all(self._descriptor, text)
        except OSError as error:
            self._dropped += 1
            if not self._failing:
                log.warning("The %s cannot be written (%s); I go on without it.", self._name, error.strerror)
            self._failing = True
        else:
            self._failing = False
            self._tell_dropped()

    def _tell_dropped(self) -> None:
        with self._changed:
            dropped, self._dropped = self._dropped, 0
        if dropped:
            log.warning("Of the %s %d lines were left out, for nobody took them.", self._name, dropped)


class Stream(io.TextIOBase):
    """A `sys.stdout` or `sys.stderr` without a buffer of its own, so that nothing is left to fail when Python ends.

    Args:
        descriptor: What `fileno` and `isatty` tell of.
        put: Is given every text.
    """

    encoding = ENCODING
    errors = "backslashreplace"

    def __init__(self, descriptor: int, put: Callable[[str], object]) -> None:
        self._descriptor = descriptor
        self._put = put

    def write(self, text: str) -> int:
        """Passes the text on."""
        if not isinstance(text, str):
            raise TypeError("this stream takes text")
        self._put(text)
        return len(text)

    def writable(self) -> bool:
        """It is."""
        return True

    def fileno(self) -> int:
        """The descriptor, e.g. for a child process."""
        return self._descriptor

    def isatty(self) -> bool:
        """Whether somebody sits before it."""
        return os.isatty(self._descriptor)


def set_up() -> None:
    """Puts our streams in place of Python's; to be called once, before anything is opened or printed."""
    _fill_gaps()
    real = os.dup(STDERR)
    outlet = Outlet(real, "log")
    sys.stdout = cast(TextIO, Stream(STDOUT, _strictly))
    sys.stderr = cast(TextIO, Stream(real, lambda text: outlet.put(without_secrets(text))))
    faulthandler.enable(_without_waiting(real))
    chatter = Chatter(STDERR)
    atexit.register(_tear_down, chatter, outlet, real)


def set_up_log(*, verbose: bool, debug: bool) -> None:
    """The log goes to standard error; of it, somebody at a terminal sees only warnings, as plain lines.

    Args:
        verbose: Whether the whole log goes to the terminal.
        debug: Whether everything is logged, whoever reads it.
    """
    plain = sys.stderr.isatty() and not (verbose or debug)
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(logging.WARNING if plain else logging.NOTSET)
    handler.setFormatter(_Plain() if plain else logging.Formatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.DEBUG if debug else logging.INFO, handlers=[handler])


@contextmanager
def never_waiting() -> Iterator[None]:
    """Lines printed in this block wait for no reader, and go nowhere when it has ended."""
    before, outlet = sys.stdout, Outlet(STDOUT, "standard output")
    sys.stdout = cast(TextIO, Stream(STDOUT, outlet.put))
    try:
        yield
    finally:
        sys.stdout = before
        outlet.drained(LAST_S)


def write_all(descriptor: int, text: str) -> None:
    """Writes a text, waiting for the reader, also where the descriptor was made non-blocking by others.

    Raises:
        OSError: it cannot be written.
    """
    data = memoryview(text.encode(ENCODING, "backslashreplace"))
    while data:
        try:
            data = data[os.write(descriptor, data) :]
        except BlockingIOError:
            select.select([], [descriptor], [])


class _Plain(logging.Formatter):
    """One line for a person, without the place in the program."""

    def format(self, record: logging.LogRecord) -> str:
        return f"assistant: {record.getMessage()}"


def _strictly(text: str) -> None:
    """Writes to standard output or ends the verb: quietly where the reader has ended, with a sentence otherwise."""
    try:
        write_all(STDOUT, text)
    except BrokenPipeError:
        raise SystemExit(READER_GONE) from None
    except OSError as error:
        raise AssistantError(f"The output cannot be written: {error.strerror}.") from error


def _fill_gaps() -> None:
    """Opens what is closed of the descriptors 0 to 2, lest a camera or a socket becomes standard output."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= STDERR:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)


def _without_waiting(descriptor: int) -> int:
    """The same terminal or pipe opened once more, non-blocking: a crash must not wait for a reader either."""
    if os.isatty(descriptor) or stat.S_ISFIFO(os.fstat(descriptor).st_mode):
        with suppress(OSError):  # no /proc, or the terminal is somebody else's
            return os.open(f"/proc/self/fd/{descriptor}", os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    return descriptor


def _tear_down(chatter: Chatter, outlet: Outlet, real: int) -> None:
    """The last lines are written if somebody reads them; then what the interpreter says of its own end."""
    chatter.close()
    if outlet.drained(LAST_S):
        os.dup2(real, STDERR)
