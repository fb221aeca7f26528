"""A voice that nobody hears: it remembers what it would have said. For tests, for dry runs, and as the last resort."""

from collections import deque
from time import monotonic, sleep

from assistant.domain.ports import Cancelled
from assistant.domain.values import Utterance

REMEMBERED = 1000
"""So many sentences and earcons are kept, so that months of running need no more memory than an hour."""
_LOOK_S = 0.005


class SilentSpeaker:
    """Says nothing, at once or in the time that speaking would take.

    Args:
        seconds_per_letter: How long a sentence takes; about 0.06 for a voice, 0 to return at once.
    """

    name = "silent"

    def __init__(self, *, seconds_per_letter: float = 0.0) -> None:
        self._seconds_per_letter = seconds_per_letter
        self._said: deque[Utterance] = deque(maxlen=REMEMBERED)
        self._earcons: deque[tuple[str, float]] = deque(maxlen=REMEMBERED)

    @property
    def said(self) -> list[Utterance]:
        """What it would have said, wholly or in part, oldest first."""
        return list(self._said)

    @property
    def earcons(self) -> list[tuple[str, float]]:
        """What it would have played, oldest first: name and pan."""
        return list(self._earcons)

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        """Remembers the sentence; what was cancelled before it began is not said."""
        if cancelled.is_set():
            return
        self._said.append(utterance)
        end = monotonic() + self._seconds_per_letter * len(utterance.text)
        while monotonic() < end and not cancelled.is_set():
            sleep(_LOOK_S)

    def earcon(self, name: str, pan: float = 0.0) -> None:
        """Remembers the earcon."""
        self._earcons.append((name, pan))

    def close(self) -> None:
        """Nothing to end."""
