"""Where the parts of an installed service lie: for the whole machine, or for one user."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant import weights

UNIT = "assistant.service"
"""The service."""
FAILED_UNIT = "assistant-failed.service"
"""Says that the service was given up, when it failed too often."""
SYSTEM_USER = "assistant"
"""The system user that the service runs as."""


@dataclass(frozen=True, slots=True)
class Places:
    """The files and folders of one installation."""

    program: Path
    """Folder of the virtual environments."""
    command: Path
    """The command `assistant`, a link."""
    config: Path
    """The settings file."""
    state: Path
    """Folder of what must survive a restart: choices, people."""
    models: Path
    """Folder of the weights that were put in; for the whole machine it is root's."""
    units: Path
    """Folder of the unit files."""
    user: bool = False
    """Whether it belongs to one user and runs in their session."""

    @property
    def current(self) -> Path:
        """The virtual environment in use, a link."""
        return self.program / "current"

    @property
    def systemctl(self) -> tuple[str, ...]:
        """The command that steers the service manager in question."""
        return ("systemctl", "--user") if self.user else ("systemctl",)


SYSTEM = Places(
    program=Path("/opt/assistant"),
    command=Path("/usr/local/bin/assistant"),
    config=Path("/etc/assistant/config.yaml"),
    state=Path("/var/lib/assistant"),
    models=weights.SYSTEM,
    units=Path("/etc/systemd/system"),
)
"""For the whole machine."""


def own(environ: Mapping[str, str] = os.environ) -> Places:
    """For the user who asks, in the folders of the XDG base directory specification."""
    home = Path.home()
    data = Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    state = Path(environ.get("XDG_STATE_HOME") or home / ".local" / "state")
    settings = Path(environ.get("XDG_CONFIG_HOME") or home / ".config")
    return Places(
        program=data / "assistant" / "program",
        command=home / ".local" / "bin" / "assistant",
        config=settings / "assistant" / "config.yaml",
        state=state / "assistant",
        models=data / "assistant" / "models",
        units=settings / "systemd" / "user",
        user=True,
    )
