"""The settings file as the user saves it, and what is used in its place while it cannot be used."""

import logging
from collections.abc import Callable
from pathlib import Path

from assistant import files
from assistant.config import LARGEST, lines, load, stamp
from assistant.environment import Reread
from assistant.errors import AssistantError, ConfigError, UnknownName
from assistant.settings import Settings

log = logging.getLogger(__name__)

KEPT = "last-good.yaml"
"""A copy of the last file that could be used, in the state directory."""


class SettingsFile:
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
        self._told = False

    def candidates(self) -> list[Callable[[], Settings]]:
        """How to get the settings to start with, the best first; each may raise a ConfigError.

        The file; and for a service the last file that could be used, and the defaults.
        """
        found: list[Callable[[], Settings]] = [self.read]
        if (kept := self._kept) is not None:
            found += [lambda: self._change(load(kept)), self._defaults]
        return found

    def take(self, settings: Settings, refused: bool) -> None:
        """Takes note of what is used now, and whether that is so because the file cannot be used."""
        self._used = settings
        self._refused = refused
        if self._kept is not None and not refused:
            _copy(self._path, self._kept)

    def look(self, asked: bool) -> Reread:
        """What became of the file since it was read: nothing, mended, or other settings; those, too, when asked.

        A file that was saved is read at the second look, for at the first it may be half written.

        Raises:
            ConfigError: the file was saved with a mistake, or is gone; told once for each time.
        """
        before, self._seen = self._seen, stamp(self._path)
        if not asked and (self._seen == self._stamp or self._seen != before):
            return Reread.SAME
        told, self._told = self._told, True
        other = self.read() != self._used
        self._told = False
        if other or asked or self._refused:
            return Reread.OTHER
        return Reread.MENDED if told else Reread.SAME

    def refuse(self) -> None:
        """Takes note that what `look` found cannot be used, and that this was told."""
        self._told = True

    def read(self) -> Settings:
        """What the file says now.

        Raises:
            ConfigError: it has a mistake, or is gone.
        """
        self._stamp = stamp(self._path)
        return self._change(load(self._path))

    def readable(self) -> Settings:
        """What the file says, or the defaults: for the voice that tells of an error."""
        try:
            return self.read()
        except ConfigError:
            return self._defaults()

    def located(self, error: AssistantError) -> AssistantError:
        """The same error; a name that does not exist becomes a mistake in the line of its setting."""
        if not isinstance(error, UnknownName):
            return error
        try:
            known = lines(self._path)
        except ConfigError:
            return error
        line = known.get(f"{error.setting}.{error.name}") or known.get(error.setting)
        return ConfigError(str(self._path), [f"Line {line}: {error}"], line) if line else error

    def _defaults(self) -> Settings:
        return self._change(Settings())


def _copy(path: Path, kept: Path) -> None:
    """Copies the settings in one step, for this user alone: the address of a camera may hold a password."""
    try:
        text = files.read(path, LARGEST)
        if kept.exists() and files.read(kept, LARGEST) == text:
            return
        kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        files.replace(kept, text)
    except OSError as error:
        log.warning("the settings could not be kept for another start: %s", error)
