"""One picture of a source, not decoded yet."""

from collections.abc import Callable
from dataclasses import dataclass

from assistant.domain.values import Pixels


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture of a source, not decoded yet."""

    at: float
    """Media time: seconds since the first one."""
    decode: Callable[[], Pixels | None]
    """Gives uint8 (height, width, 3) RGB, or None when it cannot be read; called before the next shot is taken."""
