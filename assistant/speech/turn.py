"""What is being said at this moment."""

from collections.abc import Callable
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
    """When the sentence that is being said began, seconds on the queue's clock."""
    probe: bool = False
    """Whether it asks if sound is back."""
    cancelled: Event = field(default_factory=Event)
    """Ends the sentence that is being said."""
    utterances: tuple[Utterance, ...] = ()
    """Its words, from the moment at which they are given to the voice."""
    position: int = 0
    """Index of the sentence that is being said."""
    preempted: bool = False
    """Whether an alert took its place, after which it may go on."""
    _steered: int | None = None
    """With which sentence to go on after the one that was cancelled; None: with none."""

    @property
    def utterance(self) -> Utterance:
        """The sentence that is being said."""
        return self.utterances[self.position]

    def end(self, by_alert: bool = False) -> None:
        """Ends it all."""
        self._steered = None
        self.preempted = by_alert
        self.cancelled.set()

    def steer(self, by: int) -> bool:
        """Ends the sentence that is being said and goes on with another one; False when none is being said."""
        if not self._going:
            return False
        self._steered = self.position + by
        self.cancelled.set()
        return True

    def spell(self, spelled: Callable[[Utterance], Utterance]) -> bool:
        """Goes on with the letters of the sentence that is being said; False when none is."""
        if not self._going:
            return False
        after = self.position + 1
        self.utterances = (*self.utterances[:after], spelled(self.utterance), *self.utterances[after:])
        return self.steer(1)

    @property
    def _going(self) -> bool:
        """Whether a sentence is being said, and it was not ended."""
        return bool(self.utterances) and not (self.cancelled.is_set() and self._steered is None)

    def goes_on(self, now: float) -> bool:
        """Moves to the sentence that follows the one that has ended; False when there is none."""
        if self.cancelled.is_set() and self._steered is None:
            return False
        following = self.position + 1 if self._steered is None else self._steered
        self.cancelled, self._steered = Event(), None
        if following >= len(self.utterances):
            return False
        self.position, self.began = following, now
        return True

    def progressed_at(self, now: float) -> float:
        """When it was last seen to go on: now, or its beginning if it takes far longer than its words need."""
        at_most = PATIENCE_S[0] + PATIENCE_S[1] * len(self.utterance.text)
        return now if now - self.began < at_most else self.began
