"""A time of quiet that was asked for, and what is told at its end."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.answers import nobody
from assistant.domain.values import Announcement, Change, Phrase, announce
from assistant.domain.views import SceneView


@dataclass
class Snooze:
    """A time of quiet, and who came and went in it."""

    until: float
    """Seconds, the clock of the policy."""
    came: int = 0
    left: int = 0

    def note(self, changes: Sequence[Change]) -> None:
        """Counts who comes and goes."""
        for change in changes:
            if change.kind == "presence" and "picture" not in (change.before, change.after):
                self.came += change.after is not None
                self.left += change.after is None

    def summary(self, view: SceneView) -> Announcement:
        """One sentence of who came and went, and one of who is there now."""
        there = Phrase("people_count", {"count": len(view.people)}) if view.people else nobody(view)
        if not (self.came or self.left):
            return announce("snooze_over", None, there, topic="snooze")
        facts = {"came": self.came, "left": self.left}
        return announce("snooze_over_with_people", facts, there, topic="snooze")
