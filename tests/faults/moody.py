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
PER_LETTER_S = 0.02
"""A quick voice."""
KINDS = ("camera", "sense", "detector", "speaker", "trigger")
_ROOT = Path(__file__).parents[2]


def install(folder: Path) -> dict[str, str]:
    """Makes a package of these parts, each called "moody", and of one that cannot be imported, called "absent".

    Returns:
        The environment in which a program finds it, in a good mood.
    """
    info = folder / "plugins" / "moody-1.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: moody\nVersion: 1\n")
    points = [f"moody = {__name__}:{kind.title()}\nabsent = tests.faults.absent:Absent\n" for kind in KINDS]
    points[1] += f"crowd = {__name__}:Crowd\n"
    named = zip(KINDS, points, strict=True)
    (info / "entry_points.txt").write_text("\n".join(f"[assistant.{kind}s]\n{point}" for kind, point in named))
    (folder / "mood").write_text("good")
    return {"PYTHONPATH": f"{folder / 'plugins'}:{_ROOT}", "MOOD": str(folder / "mood")}


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
    """Sees another person every second, each at another place than those of the last seconds; all look happy."""

    name = "crowd"

    def look(self, frame: Frame) -> Sequence[Percept]:
        number = int(frame.at)
        box = Box(0.02 + 0.12 * (number % 8), 0.3, 0.1, 0.2)
        looks = {"happy": 0.98, "neutral": 0.02}
        return [Percept("face", number, "person", 0.99, box), Percept("expression", number, "happy", 0.98, box, looks)]

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
    """Says nothing, in the time that it takes."""

    name = "moody"

    def __init__(self, **_: Any) -> None:
        mood("made")

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        mood("speak")
        end = time.monotonic() + PER_LETTER_S * len(utterance.text)
        while time.monotonic() < end and not cancelled.is_set():
            time.sleep(0.01)

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
