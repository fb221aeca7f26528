"""Parts of another package, as entry points: each does what the file named by $MOOD says, when it is used.

The file holds what happens, e.g. "fails"; with a moment before it, "made fails", it happens there alone.
"""

import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.domain.ports import Cancelled, Control
from assistant.domain.values import Box, Frame, Percept, Utterance

HANGS_S = 6.0


def mood(moment: str) -> str:
    """What is to happen now; what raises and hangs does so here."""
    text = Path(os.environ["MOOD"]).read_text(encoding="utf-8")
    when, _, what = text.rpartition(" ")
    if when not in ("", moment):
        return ""
    if what == "fails":
        raise RuntimeError(f"the {moment} went wrong")
    if what == "exits":
        sys.exit("no more")
    if what == "hangs":
        time.sleep(HANGS_S)
    return what


class Sense:
    """Sees nothing, and sometimes fails in every third look."""

    name = "moody"

    def __init__(self) -> None:
        mood("made")
        self._looks = 0

    def look(self, frame: Frame) -> Any:
        self._looks += 1
        if self._looks % 3 == 0:
            mood("third")
        return None if mood("look") == "none" else []

    def close(self) -> None:
        mood("close")


class Crowd:
    """Sees another person every second, now here and now there."""

    name = "crowd"

    def look(self, frame: Frame) -> Sequence[Percept]:
        number = int(frame.at)
        x = 0.1 + 0.5 * (number % 2)
        return [Percept("face", number, "face", 0.99, Box(x, 0.3, 0.3, 0.4))]

    def close(self) -> None:
        pass


class Camera:
    """Gives noise."""

    name = "moody"

    def __init__(self, **_: Any) -> None:
        mood("made")

    def open(self) -> None:
        mood("open")

    def read(self) -> Frame | None:
        mood("read")
        time.sleep(0.1)
        noise = np.random.default_rng().integers(60, 180, (240, 320, 3))
        return Frame(np.asarray(noise, dtype=np.uint8), time.monotonic())

    def close(self) -> None:
        mood("close")


class Speaker:
    """Says nothing."""

    name = "moody"

    def __init__(self, **_: Any) -> None:
        mood("made")

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        mood("speak")

    def earcon(self, name: str, pan: float = 0.0) -> None:
        mood("earcon")

    def close(self) -> None:
        mood("close")


class Trigger:
    """Is never pressed."""

    name = "moody"

    def __init__(self, **_: Any) -> None:
        mood("made")

    def open(self) -> None:
        mood("open")

    def serve(self, control: Control, stopped: Callable[[], bool]) -> None:
        while not stopped():
            mood("serve")
            time.sleep(0.1)

    def close(self) -> None:
        mood("close")


class Detector:
    """Finds nobody."""

    name = "moody"

    def __init__(self, **_: Any) -> None:
        mood("made")

    def detect(self, pixels: Any) -> list[Any]:
        mood("detect")
        return []
