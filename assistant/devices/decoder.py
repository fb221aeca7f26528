"""Reads pictures and videos in a process of its own, so that a hostile file can neither hang nor break the program.

What a file costs is bounded there: processor time and memory (`decoder_child`), pixels and bytes (`pictures`,
`videos`). What decoders print goes nowhere. A live camera has nothing to do with this.
"""

import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from assistant.devices.file_kinds import is_picture, kind_of_file, shown
from assistant.devices.pictures import MAX_DECODED, Picture, open_file
from assistant.devices.shot import Shot
from assistant.domain.values import Pixels
from assistant.errors import PictureError

log = logging.getLogger(__name__)

ANSWER_S = 30.0
"""Longest wait for one answer, also of a machine that is busy with other things, seconds."""
ENDING_S = 1.0
"""How long a process that answers no more may take to end by itself, so that it is known why, seconds."""


class Decoder:
    """Reads files, one at a time, from one thread; a context that ends its process."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._peer: socket.socket
        self._answers: BinaryIO

    def __enter__(self) -> "Decoder":
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()

    def start(self) -> None:
        """Starts the process, which needs a moment until it can answer; otherwise the first file starts it."""
        if self._child is not None:
            return
        self._peer, theirs = socket.socketpair()
        self._peer.settimeout(ANSWER_S)
        self._answers = self._peer.makefile("rb")
        with theirs:
            self._child = subprocess.Popen(
                # -P: no module is taken from the folder that the program happens to be started in.
                [sys.executable, "-P", "-m", "assistant.devices.decoder_child", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            )

    def close(self) -> None:
        """Ends the process, whatever it is doing."""
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            self._answers.close()
            self._peer.close()
            self._child = None

    def picture(self, path: Path) -> Picture:
        """Reads a picture file.

        Raises:
            PictureError: missing, unreadable, empty, cut off, damaged, too large, too slow, or no picture.
        """
        with open_file(path) as file:
            picture = self._pixels({"picture": shown(path)}, file)
        if picture is None:
            raise PictureError(f"{shown(path)} is cut off or damaged.")
        return picture

    def shots(self, path: Path, interval: float) -> Iterator[Shot]:
        """A picture (one shot) or the frames of a video at their own times, told apart by content.

        Args:
            path: The file.
            interval: Seconds between frames where the video does not tell.

        Raises:
            PictureError: neither, or it cannot be read.
        """
        name = shown(path)
        with open_file(path) as file:
            kind = kind_of_file(file, name)
            if is_picture(kind):
                pixels = self.picture(path).pixels
                yield Shot(0.0, lambda: pixels)
                return
            self._ask({"video": name, "kind": kind, "interval": interval}, file)
            while (at := self._ask({"next": name})["at"]) is not None:
                yield Shot(float(at), lambda: self._frame(name))

    def _frame(self, name: str) -> Pixels | None:
        picture = self._pixels({"decode": name})
        return None if picture is None else picture.pixels

    def _pixels(self, request: dict[str, Any], file: BinaryIO | None = None) -> Picture | None:
        """Asks for pixels, and takes them."""
        answer = self._ask(request, file)
        if answer["shape"] is None:
            return None
        height, width, channels = map(int, answer["shape"])
        if channels != 3 or not 0 < height * width <= MAX_DECODED:
            raise self._lost(request)
        pixels: Pixels = np.empty((height, width, 3), np.uint8)
        at, view = 0, memoryview(pixels.data).cast("B")
        try:
            while at < len(view):
                got = self._answers.readinto(view[at:])  # type: ignore[attr-defined] # typeshed's BinaryIO lacks it
                if not got:
                    raise self._lost(request)
                at += got
        except OSError as error:
            raise self._lost(request) from error
        return Picture(pixels, int(answer["width"]), int(answer["height"]))

    def _ask(self, request: dict[str, Any], file: BinaryIO | None = None) -> dict[str, Any]:
        """Sends a request, with an opened file, and gives the answer; what is to be logged comes before it.

        Raises:
            PictureError: what the process tells, or that it is gone or does not answer.
        """
        if file is not None:
            self.start()
        try:
            socket.send_fds(self._peer, [json.dumps(request).encode()], [] if file is None else [file.fileno()])
            while "log" in (answer := json.loads(self._answers.readline(65_536))):
                log.warning("%s", answer["log"])
        except (OSError, ValueError) as error:
            raise self._lost(request) from error
        if "error" in answer:
            raise PictureError(answer["error"], answer["remedy"])
        return dict(answer)

    def _lost(self, request: dict[str, Any]) -> PictureError:
        """Ends a process that is gone or hangs; gives the sentence for it. The next file has a new one."""
        name = next(iter(request.values()))
        ended = None
        if self._child is not None:
            with suppress(subprocess.TimeoutExpired):
                ended = self._child.wait(ENDING_S)
        self.close()
        if ended in (None, -signal.SIGPROF):
            return PictureError(f"{name} takes too long to read.", "Save it again as JPEG, PNG or MP4.")
        log.debug("the decoder ended with %s", ended)
        return PictureError(f"{name} cannot be decoded.", "Save it again as JPEG, PNG or MP4.")
