"""Reads pictures and videos in a process of its own, so that a hostile file can neither hang nor break the program.

What a file costs is bounded there: processor time and memory (`decoder_child`), pixels and bytes (`pictures`,
`videos`). What decoders print goes nowhere. A live camera has nothing to do with this.
"""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from assistant.devices.child_process import ChildProcess
from assistant.devices.file_kinds import is_picture, kind_of_file, shown
from assistant.devices.pictures import MAX_DECODED, Picture, open_file
from assistant.devices.shot import Shot
from assistant.domain.values import Pixels
from assistant.errors import ChildLost, PictureError

ANSWER_S = 30.0
"""Longest wait for one answer, also of a machine that is busy with other things, seconds."""


class Decoder:
    """Reads files, one at a time, from one thread; a context that ends its process."""

    def __init__(self) -> None:
        self._child = ChildProcess("assistant.devices.decoder_child", ANSWER_S)

    def __enter__(self) -> "Decoder":
        return self

    def __exit__(self, *reason: object) -> None:
        self.close()

    def start(self) -> None:
        """Starts the process, which needs a moment until it can answer; otherwise the first file starts it."""
        self._child.start()

    def close(self) -> None:
        """Ends the process, whatever it is doing."""
        self._child.close()

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
        try:
            if channels != 3 or not 0 < height * width <= MAX_DECODED:
                raise self._child.lost()
            pixels: Pixels = np.empty((height, width, 3), np.uint8)
            self._child.fill(memoryview(pixels.data).cast("B"))
        except ChildLost as error:
            raise _lost(request, error) from error
        return Picture(pixels, int(answer["width"]), int(answer["height"]))

    def _ask(self, request: dict[str, Any], file: BinaryIO | None = None) -> dict[str, Any]:
        """Sends a request, with an opened file, and gives the answer.

        Raises:
            PictureError: what the process tells, or that it is gone or does not answer.
        """
        try:
            answer = self._child.ask(request, None if file is None else file.fileno())
        except ChildLost as error:
            raise _lost(request, error) from error
        if "error" in answer:
            raise PictureError(answer["error"], answer["remedy"])
        return answer


def _lost(request: dict[str, Any], error: ChildLost) -> PictureError:
    """The sentence for a file over which the process was lost."""
    name = next(iter(request.values()))
    remedy = "Save it again as JPEG, PNG or MP4."
    if error.status in (None, -signal.SIGPROF):
        return PictureError(f"{name} takes too long to read.", remedy)
    return PictureError(f"{name} cannot be decoded.", remedy)
