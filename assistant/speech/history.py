"""What was heard lately, in memory only, and which of it is repeated."""

from collections import deque
from dataclasses import dataclass, replace

from assistant.domain.values import Announcement, Outcome, Urgency, Utterance

HISTORY = 20
"""So many sentences are remembered."""
REPEAT_RUN_S = 10.0
"""A further `repeat` within this time goes one sentence further back, seconds."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """An announcement that was heard, wholly or in part."""

    at: float
    """When it ended, seconds on the queue's clock."""
    announcement: Announcement
    utterances: tuple[Utterance, ...]
    outcome: Outcome
    """PLAYED or INTERRUPTED."""

    def as_answer(self) -> Announcement:
        """The same, to be said once more because somebody asked for it."""
        return replace(self.announcement, urgency=Urgency.ANSWER, topic="answer", expires=None)


class History:
    """The last sentences; not guarded against use by two threads at once."""

    def __init__(self) -> None:
        self._spoken: deque[Spoken] = deque(maxlen=HISTORY)
        self._repeats = 0
        self._repeated_at = float("-inf")

    def add(self, spoken: Spoken) -> None:
        """Remembers one; after one that was played to its end, repeating begins with that."""
        self._spoken.append(spoken)
        if spoken.outcome is Outcome.PLAYED:
            self._repeats = 0

    def repeat(self, now: float) -> Spoken | None:
        """The last one that was played to its end; asked again soon after, the one before; None if there is none."""
        played = [spoken for spoken in self._spoken if spoken.outcome is Outcome.PLAYED]
        if not played:
            return None
        if now - self._repeated_at > REPEAT_RUN_S:
            self._repeats = 0
        self._repeats = min(self._repeats + 1, len(played))
        self._repeated_at = now
        return played[-self._repeats]

    def repeated(self, now: float) -> None:
        """Notes that a repeated sentence has ended: the next `repeat` counts from here."""
        self._repeated_at = now

    def all(self) -> list[Spoken]:
        """Oldest first."""
        return list(self._spoken)
