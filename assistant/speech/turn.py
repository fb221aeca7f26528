"""What is being said at this moment."""

from dataclasses import dataclass, field
from threading import Event

from assistant.domain.values import Utterance
from assistant.speech.waiting import Item

PATIENCE_S = (10.0, 0.25)
"""A sentence still counts as progress for so many seconds, and so many more for each letter."""


@dataclass(slots=True)
class Turn:
    """The turn of one announcement; made under the lock, with its token, so that a stop can never come too early."""

    item: Item
    began: float
    """Seconds on the queue's clock."""
    probe: bool = False
    """Whether it asks if sound is back."""
    cancelled: Event = field(default_factory=Event)
    utterance: Utterance | None = None
    """Its words, from the moment at which they are given to the voice."""

    def progressed_at(self, now: float) -> float:
        """When it was last seen to go on: now, or its beginning if it takes far longer than its words need."""
        at_most = PATIENCE_S[0] + PATIENCE_S[1] * len(self.utterance.text if self.utterance else "")
        return now if now - self.began < at_most else self.began
