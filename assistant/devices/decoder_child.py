"""Decodes files for another process, and may die of it: `python -m assistant.devices.decoder_child FD`.

FD is a socket. Each line of JSON that comes over it is one request, answered by one line: `{"picture": name}` and
`{"video": name, "kind": ..., "interval": ...}` come with an open file, `{"next": true}` asks for the time of the next
frame (null: none), `{"decode": true}` for its pixels, which follow their line as they are (null: it is damaged).
Errors are answered as `{"error": sentence, "remedy": sentence}`; lines `{"log": sentence}` may come before any answer.

A process that takes more processor time than it may over one request is ended by the kernel, and so no file can keep
a decoder busy for ever; memory is bounded likewise.
"""

import json
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

REQUEST_CPU_S = 5.0
"""Processor time for one request: a picture, or one frame of a video, seconds."""
MEMORY = 540 * 2**20
"""Bytes of memory of its own that this process may take."""


def main() -> None:
    """Answers requests until the other end is closed."""
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        with suppress(OSError, ValueError):  # A confined service may not set limits, and has its own.
            resource.setrlimit(kind, (MEMORY if kind == resource.RLIMIT_DATA else 0,) * 2)
    with socket.socket(fileno=int(sys.argv[1])) as peer:
        server = _Server(peer)
        logging.basicConfig(handlers=[_Telling(server)], format="%(message)s")
        while request := server.request():
            server.answer(request)


class _Server:
    """Answers one request after another about one file at a time."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer
        self._file = -1
        self._shots: Iterator[Any] = iter(())
        self._shot: Any = None

    def request(self) -> dict[str, Any] | None:
        """The next request; None when the other end is closed. A file that comes with it replaces the one before."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        line, files, _, _ = socket.recv_fds(self._peer, 65_536, 1)
        signal.setitimer(signal.ITIMER_PROF, REQUEST_CPU_S)
        if files:
            self._shots = iter(())
            if self._file >= 0:
                os.close(self._file)
            (self._file,) = files
        return dict(json.loads(line)) if line else None

    def answer(self, request: dict[str, Any]) -> None:
        """Does what is asked, and tells what came of it or what went wrong."""
        from assistant.errors import PictureError

        try:
            self._do(request)
        except PictureError as error:
            self.tell({"error": error.message, "remedy": error.remedy})

    def tell(self, line: dict[str, Any]) -> None:
        """Sends one line."""
        self._peer.sendall(json.dumps(line).encode() + b"\n")

    def _do(self, request: dict[str, Any]) -> None:
        if "picture" in request:
            self._read_picture(request["picture"])
        elif "video" in request:
            from assistant.devices.videos import of_video

            self._shots = of_video(f"/dev/fd/{self._file}", request["video"], request["kind"], request["interval"])
            self.tell({})
        elif "next" in request:
            self._shot = next(self._shots, None)
            self.tell({"at": self._shot and self._shot.at})
        else:
            pixels = self._shot.decode()
            self._send(pixels, *(pixels.shape[1::-1] if pixels is not None else (0, 0)))

    def _read_picture(self, name: str) -> None:
        from assistant.devices.pictures import read

        with open(self._file, "rb", closefd=False) as file:
            picture = read(file, name)
        self._send(picture.pixels, picture.width, picture.height)

    def _send(self, pixels: Any, width: int, height: int) -> None:
        self.tell({"shape": None if pixels is None else pixels.shape, "width": width, "height": height})
        if pixels is not None:
            self._peer.sendall(memoryview(pixels).cast("B"))


class _Telling(logging.Handler):
    """Passes log records on to whoever asks."""

    def __init__(self, server: _Server) -> None:
        super().__init__(logging.WARNING)
        self._server = server

    def emit(self, record: logging.LogRecord) -> None:
        """Sends one line."""
        self._server.tell({"log": self.format(record)})


if __name__ == "__main__":
    main()
