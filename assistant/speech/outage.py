"""A time in which nothing can be heard: when sound is tried again, and what is told when it is back."""

from dataclasses import dataclass

from assistant.domain.values import Announcement, Urgency, announce

RETRY_S = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Pauses before sound is tried again, seconds; the last one stays. An answer does not wait for more than the first."""


@dataclass(slots=True)
class Outage:
    """Counts what is missed, by the clock of its caller."""

    missed: int = 0
    failures: int = 0
    tried_at: float = 0.0
    hurried: bool = False
    """Whether somebody waits for an answer."""

    def failed(self, now: float, missed: int) -> None:
        """Sound was tried in vain, and so many announcements were missed with it."""
        self.missed += missed
        self.failures += 1
        self.tried_at = now
        self.hurried = False

    @property
    def retry_at(self) -> float:
        """When to try again, seconds."""
        return self.tried_at + (RETRY_S[0] if self.hurried else RETRY_S[min(self.failures, len(RETRY_S)) - 1])

    @property
    def over(self) -> Announcement:
        """What is told first when sound is back."""
        if not self.missed:
            return announce("sound_back_complete", urgency=Urgency.ALERT)
        return announce("sound_back", {"missed": self.missed}, urgency=Urgency.ALERT)
