"""What a run is given from outside and what it gives back; plain values and functions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.domain.system_health import SystemHealth


class Ending(StrEnum):
    """Why a run ended."""

    ENDED = "ended"
    """The source came to its end."""
    STOPPED = "stopped"
    """Somebody asked for it."""
    RELOAD = "reload"
    """New settings are to be taken."""
    FAILED = "failed"
    """It could not go on."""


class Reread(StrEnum):
    """What a look at the settings file found."""

    SAME = "same"
    """Nothing new."""
    MENDED = "mended"
    """A mistake that was told is gone, and what is used stays."""
    OTHER = "other"
    """Other settings are to be taken."""


@dataclass(frozen=True, slots=True)
class SpokenEvent:
    """One event of the voice, as `run --json` prints it."""

    at: float
    """Seconds since the start."""
    message: str
    text: str
    urgency: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Environment:
    """How a run reaches the world beside its camera, its voice and its triggers."""

    clock: Callable[[], float]
    """Monotonic seconds."""
    health: Callable[[], SystemHealth]
    """How the computer is, read anew."""
    reread: Callable[[bool], Reread]
    """Called once a second, and with True when asked: looks at the settings; an AssistantError that it raises is told,
    and what is used stays, but an AlreadyRunning ends the run."""
    notify: Callable[[str], None]
    """Tells the service manager, e.g. "READY=1"."""
    hear: Callable[[SpokenEvent], None]
    """Is given what became of every announcement."""
    people: Callable[[str], Mapping[str, Any]]
    """Answers requests about the people who are learnt, from any thread; see `store/people_requests.py`."""
    models: int
    """How many networks are installed, for `status`."""
