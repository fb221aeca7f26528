"""Text and codes, read in a process of its own (`child.py`), which its skill starts for an answer and ends after it."""

import os
from typing import Any

import numpy as np

from assistant.devices.child_process import ChildProcess
from assistant.domain.values import Pixels, Point, TextLine
from assistant.errors import AssistantError, ChildLost, ModelBroken, PartMissing, ReadingFailed
from assistant.senses.picture import reduced
from assistant.skills.text.networks import EXTRA, FINDER, READER, network

CHILD = "assistant.skills.text.child"
ANSWER_S = 60.0
"""Longest wait for one picture, also of a machine that is busy with other things, seconds; the process stands back
behind the program, as the thread does that starts it."""
LONGEST_SIDE = 2560
"""A larger picture is made smaller first, pixels."""
LEAST_SIDE = 16
"""A smaller picture holds no text, pixels."""
# Without these the allocator keeps what one picture took: 290 instead of 143 MB stay resident after a page.
FRUGAL = {"MALLOC_ARENA_MAX": "1", "MALLOC_MMAP_THRESHOLD_": "262144", "MALLOC_TRIM_THRESHOLD_": "262144"}


class ChildReader:
    """A `TextReader` that owns the process.

    Args:
        answer_s: Longest wait for one picture, seconds.
    """

    def __init__(self, answer_s: float = ANSWER_S) -> None:
        self._child = ChildProcess(CHILD, answer_s, FRUGAL)

    @property
    def pid(self) -> int | None:
        """The number of the process; None while there is none."""
        return self._child.pid

    def start(self) -> None:
        """Starts the process, so that it is ready when the first picture is."""
        self._child.start()

    def lines(self, pixels: Pixels) -> list[TextLine]:
        """Every line in a picture, in no order; see `TextReader`."""
        if min(pixels.shape[:2]) < LEAST_SIDE:
            return []
        small = reduced(pixels, LONGEST_SIDE)
        scale = pixels.shape[0] / small.shape[0]
        answer = self._ask("read", small)
        return [
            TextLine(str(text), float(certainty), _corners(corners, scale))
            for text, certainty, corners in answer["lines"]
        ]

    def codes(self, pixels: Pixels) -> list[tuple[str, str]]:
        """Every code in a picture: ("qr" or the kind of a barcode, what stands in it)."""
        if min(pixels.shape[:2]) < LEAST_SIDE:
            return []
        return [(str(kind), str(text)) for kind, text in self._ask("codes", reduced(pixels, LONGEST_SIDE))["codes"]]

    def check(self) -> str:
        """That the networks are there, as a sentence for the doctor.

        Raises:
            PartMissing, ModelMissing, ModelBroken: they are not.
        """
        for file in (FINDER, READER):
            network(file)
        return f"{FINDER.name} and {READER.name} as they should be."

    def close(self) -> None:
        """Ends the process; harmless when there is none, and the next picture has a new one."""
        self._child.close()

    def _ask(self, what: str, pixels: Pixels) -> dict[str, Any]:
        pixels = np.ascontiguousarray(pixels)
        shared = os.memfd_create(what)
        try:
            with open(shared, "wb", closefd=False) as file:
                file.write(pixels.data)
            os.lseek(shared, 0, os.SEEK_SET)
            answer = self._child.ask({what: pixels.shape[:2]}, shared)
        except ChildLost as error:
            raise ReadingFailed("The process that reads was lost or takes too long.") from error
        finally:
            os.close(shared)
        if "error" in answer:
            self.close()
            raise _error(answer)
        return answer


def _error(answer: dict[str, Any]) -> AssistantError:
    match answer["kind"]:
        case "missing":
            return PartMissing(answer["package"], EXTRA)
        case "broken":
            return ModelBroken(answer["error"], answer["remedy"])
    return ReadingFailed(answer["error"])


def _corners(corners: Any, scale: float) -> tuple[Point, Point, Point, Point]:
    one, two, three, four = ((float(x) * scale, float(y) * scale) for x, y in corners)
    return one, two, three, four
