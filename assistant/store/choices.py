"""What the user turned by key or socket: how much is said, how fast, how loud. Kept over a restart.

A choice stands over the settings file until the file says something else: whoever edits config.yaml wins. The file of
choices is replaced in one step, so that a power cut leaves the old one or the new one.
"""

import json
import logging
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.settings import Settings

log = logging.getLogger(__name__)

FILE = "choices.json"
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
        self._chosen = {
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
        return str(self.put(name, order[(order.index(self[name]) + 1) % len(order)]))

    def step(self, name: str, direction: int) -> int:
        """Takes a step up (1) or down (-1), as far as it goes, and gives the new value."""
        size, least, most = STEPS[name]
        return int(self.put(name, min(most, max(least, self[name] + direction * size))))

    def put(self, name: str, value: Any) -> Any:
        """Takes a value, keeps it, and gives it."""
        self._chosen = {**self._chosen, name: value}
        kept = {key: {"value": chosen, "over": self._set[key]} for key, chosen in self._chosen.items()}
        try:
            self._write(json.dumps(kept))
        except OSError as error:
            log.warning("a choice could not be kept: %s", error)
        return value

    def _read(self) -> dict[str, Any]:
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(name): {"value": each["value"], "over": each["over"]} for name, each in kept.items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            log.warning("%s cannot be read and is not used: %s", self._path, error)
            return {}

    def _write(self, text: str) -> None:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=self._path.parent, delete=False, encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(self._path)


def _valid(name: str, value: Any) -> bool:
    if name == "lens":
        return isinstance(value, str)
    if name in ORDERS:
        return value in ORDERS[name]
    _, least, most = STEPS[name]
    return isinstance(value, int) and least <= value <= most
