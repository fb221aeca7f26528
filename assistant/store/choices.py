"""What the user turned by key or socket: how much is said, how fast, how loud. Kept over a restart.

A choice stands over the settings file until the file says something else: whoever edits config.yaml wins. The file of
choices is replaced in one step, so that a power cut leaves the old one or the new one; it is written by a thread of its
own, so that no press waits for a disk, and many presses become one file.
"""

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path
from threading import Condition, RLock, Thread
from typing import Any

from assistant import files
from assistant.settings import Settings

log = logging.getLogger(__name__)

FILE = "choices.json"
LARGEST = 100_000
"""A larger file is not one of ours, bytes."""
ORDERS: Mapping[str, tuple[str, ...]] = {
    "verbosity": ("quiet", "brief", "normal", "detailed"),
    "sound": ("speech", "beeps", "off"),
}
"""Choices that go round, in this order."""
STEPS: Mapping[str, tuple[int, int, int]] = {"rate_wpm": (20, 80, 700), "volume": (10, 10, 100)}
"""Choices that go up and down: step, least, most. The volume stays audible."""


def state_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Where the program keeps what must survive a restart: systemd's $STATE_DIRECTORY, else the user's own."""
    given = environ.get("STATE_DIRECTORY", "").partition(":")[0]
    if given:
        return Path(given)
    home = environ.get("XDG_STATE_HOME") or str(Path.home() / ".local" / "state")
    return Path(home) / "assistant"


class Choices:
    """The values in force; read from any thread, changed by one at a time.

    Args:
        settings: What config.yaml says.
        folder: The state directory; it need not exist.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._path = folder / FILE
        self._set: Mapping[str, Any] = {
            "verbosity": settings.verbosity,
            "sound": settings.sound,
            "lens": "people",
            "rate_wpm": settings.speech.rate_wpm,
            "volume": settings.speech.volume,
        }
        self._changed = Condition(RLock())
        self._unwritten: str | None = None
        self._writing = False
        self._trouble: OSError | None = None
        self._untold = False
        self._chosen: Mapping[str, Any] = {
            name: kept["value"]
            for name, kept in self._read().items()
            if name in self._set and kept["over"] == self._set[name] and _valid(name, kept["value"])
        }

    def __getitem__(self, name: str) -> Any:
        """The value in force of "verbosity", "sound", "lens", "rate_wpm" or "volume"."""
        return self._chosen.get(name, self._set[name])

    def next(self, name: str) -> str:
        """Takes the next value of a choice that goes round, and gives it."""
        order = ORDERS[name]
        with self._changed:
            return str(self.put(name, order[(order.index(self[name]) + 1) % len(order)]))

    def step(self, name: str, direction: int) -> int:
        """Takes a step up (1) or down (-1), as far as it goes, and gives the new value."""
        size, least, most = STEPS[name]
        with self._changed:
            return int(self.put(name, min(most, max(least, self[name] + direction * size))))

    def put(self, name: str, value: Any) -> Any:
        """Takes a value, has it kept soon, and gives it."""
        with self._changed:
            self._chosen = {**self._chosen, name: value}
            kept = {key: {"value": chosen, "over": self._set[key]} for key, chosen in self._chosen.items()}
            self._unwritten = json.dumps(kept)
            if not self._writing:
                self._writing = True
                Thread(target=self._write_all, name="choices", daemon=True).start()
        return value

    def flush(self, timeout_s: float) -> bool:
        """Waits until all that was chosen is kept, or cannot be; False when it takes longer than so many seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._writing, timeout_s)

    def trouble(self) -> OSError | None:
        """Why a choice could not be kept, once for each time that this begins."""
        with self._changed:
            told = self._trouble if self._untold else None
            self._untold = False
            return told

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(files.read(self._path, LARGEST))
            return {str(name): {"value": each["value"], "over": each["over"]} for name, each in kept.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            log.warning("%s cannot be read and is not used: %s", self._path, error)
            return {}

    def _write_all(self) -> None:
        """Writes the newest, until there is nothing newer."""
        while True:
            with self._changed:
                text, self._unwritten = self._unwritten, None
                if text is None:
                    self._writing = False
                    self._changed.notify_all()
                    return
            trouble = self._written(text)
            with self._changed:
                self._untold = trouble is not None and (self._untold or self._trouble is None)
                self._trouble = trouble

    def _written(self, text: str) -> OSError | None:
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            files.replace(self._path, text.encode())
        except OSError as error:
            log.warning("a choice could not be kept: %s", error)
            return error
        return None


def _valid(name: str, value: Any) -> bool:
    if name == "lens":
        return isinstance(value, str)
    if name in ORDERS:
        return value in ORDERS[name]
    _, least, most = STEPS[name]
    return isinstance(value, int) and least <= value <= most
