"""What libraries (libpng, libjpeg, FFmpeg, ALSA, PortAudio, LiteRT) print to standard error, taken and logged."""

import fcntl
import logging
import os
from contextlib import suppress
from threading import Thread
from time import monotonic

log = logging.getLogger("assistant.libraries")

ROOM = 1 << 20
"""Bytes that a library may print at once without losing some."""
LINE = 1000
"""Characters of a line that are logged."""
PER_MINUTE = 20
"""Lines a minute that are logged as information: a damaged stream gives a complaint for each picture."""
LAST_S = 0.3
"""How long the end waits for the last lines, seconds."""


class Chatter:
    """Replaces a file descriptor by a pipe, and logs its lines in a thread.

    The pipe never makes a library wait: when it is full, what is printed is lost. A library may print while it holds
    the interpreter lock, without which nobody could empty the pipe.

    Args:
        descriptor: 2, for standard error.
    """

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._minute, self._lines = monotonic(), 0
        self._pipe, writing = os.pipe()
        os.set_blocking(writing, False)
        with suppress(OSError):
            fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, ROOM)
        os.dup2(writing, descriptor)
        os.close(writing)
        self._thread = Thread(target=self._serve, name="chatter", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Ends the thread after the last line; what is printed from now on goes nowhere."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._descriptor)
        os.close(nowhere)
        self._thread.join(LAST_S)  # longer where a child process still holds the pipe

    def _serve(self) -> None:
        begun = b""
        while data := os.read(self._pipe, ROOM):
            *lines, begun = (begun + data).split(b"\n")
            begun = begun[-LINE:]
            for line in lines:
                self._log(line)
        self._log(begun)

    def _log(self, line: bytes) -> None:
        text = line.decode(errors="replace").strip()
        if text:
            log.log(self._level(text), "%s", text[:LINE])

    def _level(self, text: str) -> int:
        """Information, within limits; what the library itself takes for no more than that is for those who debug."""
        if monotonic() - self._minute > 60:
            self._minute, self._lines = monotonic(), 0
        self._lines += not text.startswith("INFO")
        return logging.DEBUG if text.startswith("INFO") or self._lines > PER_MINUTE else logging.INFO
