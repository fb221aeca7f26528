"""The settings file as the user saves it, and what is used in its place while it cannot be used."""

import logging
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from assistant.config import load, stamp
from assistant.errors import AssistantError, ConfigError, UnknownName
from assistant.settings import Settings

log = logging.getLogger(__name__)

KEPT = "last-good.yaml"
"""A copy of the last file that could be used, in the state directory."""


class Saved:
    """Reads the settings, and notices when the file was saved.

    Args:
        path: The settings file.
        change: What the command line sets over the file.
        state: The state directory of a service, which goes on whatever the file says; None where somebody is there who
            can mend it.
    """

    def __init__(self, path: Path, change: Callable[[Settings], Settings], state: Path | None = None) -> None:
        self._path = path
        self._change = change
        self._kept = state and state / KEPT
        self._stamp = self._seen = stamp(path)
        self._used: Settings | None = None
        self._refused = False

    def candidates(self) -> list[Callable[[], Settings]]:
        """How to get the settings that may be used, the best first; each may raise a ConfigError.

        The file; what was used until now; and for a service the last file that could be used, and the defaults.
        """
        found: list[Callable[[], Settings]] = [self._read]
        if (used := self._used) is not None:
            found.append(lambda: used)
        if (kept := self._kept) is not None:
            found += [lambda: self._change(load(kept)), self._defaults]
        return found

    def take(self, settings: Settings, refused: bool) -> None:
        """Takes note of what is used now, and whether that is so because the file cannot be used."""
        self._used = settings
        self._refused = refused
        if self._kept is not None and not refused:
            _copy(self._path, self._kept)

    def other(self, asked: bool) -> bool:
        """Whether there are other settings now, or somebody asked for them to be taken.

        A file that was saved is read at the second look, for at the first it may be half written.

        Raises:
            ConfigError: the file was saved with a mistake; told once for each time it is saved.
        """
        before, self._seen = self._seen, stamp(self._path)
        if not asked and (self._seen == self._stamp or self._seen != before):
            return False
        return self._read() != self._used or asked or self._refused

    def readable(self) -> Settings:
        """What the file says, or the defaults: for the voice that tells of an error."""
        try:
            return self._read()
        except ConfigError:
            return self._defaults()

    def located(self, error: AssistantError) -> AssistantError:
        """The same error; a name that does not exist becomes a mistake in the first line in which it stands."""
        if not isinstance(error, UnknownName):
            return error
        try:
            lines = self._path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return error
        line = next((number for number, text in enumerate(lines, 1) if error.name in text), None)
        return ConfigError(str(self._path), [str(error)], line) if line else error

    def _read(self) -> Settings:
        self._stamp = stamp(self._path)
        return self._change(load(self._path))

    def _defaults(self) -> Settings:
        return self._change(Settings())


def _copy(path: Path, kept: Path) -> None:
    """Copies the settings in one step, for this user alone: the address of a camera may hold a password."""
    try:
        text = path.read_bytes()
        if kept.exists() and kept.read_bytes() == text:
            return
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=kept.parent, delete=False) as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(kept)
    except OSError as error:
        log.warning("the settings could not be kept for another start: %s", error)
