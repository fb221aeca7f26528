"""A process of its own for what may hang, break or take much memory; it answers one request after another.

Requests and answers are lines of JSON over a socket, as `child_server` serves them; a request may bring an open file,
and an answer may be followed by bare bytes. What the process prints goes nowhere.
"""

import json
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from typing import Any, BinaryIO

from assistant.errors import ChildLost

log = logging.getLogger(__name__)

ENDING_S = 1.0
"""How long a process that answers no more may take to end by itself, so that it is known why, seconds."""
LONGEST_LINE = 1 << 20
"""A longer answer is none, bytes."""


class ChildProcess:
    """Asks one module of ours, run as a process, from one thread; a context that ends it.

    Args:
        module: Its name; it calls `child_server.serve`.
        answer_s: Longest wait for one answer, also of a machine that is busy with other things, seconds.
        environment: Variables beside those of this process.
    """

    def __init__(self, module: str, answer_s: float, environment: Mapping[str, str] | None = None) -> None:
        self._module = module
        self._answer_s = answer_s
        self._environment = environment or {}
        self._child: subprocess.Popen[bytes] | None = None
        self._peer: socket.socket
        self._answers: BinaryIO

    def __enter__(self) -> "ChildProcess":
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The number of the process; None while there is none."""
        return None if self._child is None else self._child.pid

    def start(self) -> None:
        """Starts the process, which needs a moment until it can answer; otherwise the first request does."""
        if self._child is not None:
            return
        self._peer, theirs = socket.socketpair()
        self._peer.settimeout(self._answer_s)
        self._answers = self._peer.makefile("rb")
        with theirs:
            self._child = subprocess.Popen(
                # -P: no module is taken from the folder that the program happens to be started in.
                [sys.executable, "-P", "-m", self._module, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **self._environment},
            )

    def close(self) -> None:
        """Ends the process, whatever it is doing."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._answers.close()
            self._peer.close()
            self._child = None

    def ask(self, request: Mapping[str, Any], file: int | None = None) -> dict[str, Any]:
        """Sends a request and gives the answer; what is to be logged comes before it.

        Args:
            request: What JSON can carry.
            file: An open file that goes with it.

        Raises:
            ChildLost: no answer.
        """
        self.start()
        try:
            socket.send_fds(self._peer, [json.dumps(request).encode()], [] if file is None else [file])
            while "log" in (answer := dict(json.loads(self._answers.readline(LONGEST_LINE)))):
                log.warning("%s", answer["log"])
        except (OSError, ValueError, TypeError) as error:
            raise self.lost() from error
        return answer

    def fill(self, view: memoryview) -> None:
        """Takes the bytes that follow an answer.

        Raises:
            ChildLost: they do not come.
        """
        at = 0
        try:
            while at < len(view):
                got = self._answers.readinto(view[at:])  # type: ignore[attr-defined] # typeshed's BinaryIO lacks it
                if not got:
                    raise self.lost()
                at += got
        except OSError as error:
            raise self.lost() from error

    def lost(self) -> ChildLost:
        """Ends a process that is gone, hangs or cannot be believed; gives the error for it."""
        status = None
        if self._child is not None:
            with suppress(subprocess.TimeoutExpired):
                status = self._child.wait(ENDING_S)
        self.close()
        log.debug("%s ended with %s", self._module, status)
        return ChildLost(status)
