"""The other end of `child_process`: serves requests within limits of memory and processor time, and may die of them.

A process that takes more processor time than it may over one request is ended by the kernel, so that nothing can keep
it busy for ever.
"""

import json
import logging
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

Answerer = Callable[[dict[str, Any], int | None], None]
"""Answers a request through the server; owns the open file that came with it."""


class ChildServer:
    """Answers one request after another.

    Args:
        peer: The socket.
        cpu_s: Processor time for one request, seconds.
    """

    def __init__(self, peer: socket.socket, cpu_s: float) -> None:
        self._peer = peer
        self._cpu_s = cpu_s

    def request(self) -> tuple[dict[str, Any], int | None] | None:
        """The next request, with the number of the open file that came with it; None when the other end is closed."""
        signal.setitimer(signal.ITIMER_PROF, 0)
        line, files, _, _ = socket.recv_fds(self._peer, 65_536, 1)
        signal.setitimer(signal.ITIMER_PROF, self._cpu_s)
        return (dict(json.loads(line)), files[0] if files else None) if line else None

    def tell(self, line: dict[str, Any]) -> None:
        """Sends one line."""
        self._peer.sendall(json.dumps(line).encode() + b"\n")

    def send(self, data: memoryview) -> None:
        """Sends bare bytes, after their line."""
        self._peer.sendall(data.cast("B"))


def serve(make: Callable[[ChildServer], Answerer], memory: int, cpu_s: float, nice: int = 0) -> None:
    """Answers requests over the socket whose number is the first argument, until the other end is closed.

    Args:
        make: Gives what answers, for a server.
        memory: Bytes of memory of its own that this process may take.
        cpu_s: Processor time for one request, seconds.
        nice: How far this process steps back behind others at least, in steps of nice.
    """
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, 0, max(nice, os.getpriority(os.PRIO_PROCESS, 0)))
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_CORE, resource.RLIMIT_FSIZE):
        with suppress(OSError, ValueError):  # A confined service may not set limits, and has its own.
            resource.setrlimit(kind, (memory if kind == resource.RLIMIT_DATA else 0,) * 2)
    with socket.socket(fileno=int(sys.argv[1])) as peer:
        server = ChildServer(peer, cpu_s)
        logging.basicConfig(handlers=[_Telling(server)], format="%(message)s")
        answer = make(server)
        while request := server.request():
            answer(*request)


class _Telling(logging.Handler):
    """Passes log records on to whoever asks."""

    def __init__(self, server: ChildServer) -> None:
        super().__init__(logging.WARNING)
        self._server = server

    def emit(self, record: logging.LogRecord) -> None:
        """Sends one line."""
        self._server.tell({"log": self.format(record)})
