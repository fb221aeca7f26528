"""How a voice speaks: what the user may turn."""

from collections.abc import Mapping
from dataclasses import dataclass, field

_LETTERS_A_WORD = 3.5


@dataclass(frozen=True, slots=True)
class Style:
    """The same for every engine; each turns it into its own units."""

    rate_wpm: int = 170
    """Words a minute, 80 to 700."""
    pitch: int = 50
    """0 low, 50 as the voice is, 100 high."""
    volume: int = 100
    """Percent of what the sound device gives."""
    punctuation: bool = False
    """Whether punctuation marks are named."""
    voices: Mapping[str, str] = field(default_factory=lambda: {"en": "en-us"})
    """Language tag -> name of the espeak voice that speaks it."""


def duration_s(text: str, style: Style) -> float:
    """About how long a sentence takes at most, seconds: its letters in short words."""
    return 60 * len(text) / _LETTERS_A_WORD / style.rate_wpm
