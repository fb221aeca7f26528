"""What the listener was last told of each person, by a sentence or a sound, and how much more they may be told."""

from collections import deque

from assistant.domain.values import Announcement, Outcome, Urgency

REMEMBERED_PEOPLE = 64
"""Of so many people it is kept in mind, while the program runs, what was last told."""
_NEVER = float("-inf")


class Told:
    """The memory of the policy; expressions by the number of the person."""

    def __init__(self) -> None:
        self._expressions: dict[int, str] = {}
        self._told_at: dict[int, float] = {}
        self._sounded: dict[int, str] = {}
        self._sounded_at: dict[int, float] = {}
        self._recent: deque[float] = deque()
        self._waiting: set[int] = set()

    def expression(self, person: int) -> str | None:
        """What was last told of somebody, a sound included until sentences are wanted again."""
        return self._sounded.get(person, self._expressions.get(person))

    def is_waiting(self, person: int) -> bool:
        """Whether a sentence about somebody has not been heard or dropped yet."""
        return person in self._waiting

    def may_speak(self, person: int, now: float, per_minute: int, per_person_s: float) -> bool:
        """Whether the limits leave room for a sentence about somebody; those that wait count."""
        while self._recent and now - self._recent[0] >= 60:
            self._recent.popleft()
        last = self._told_at.get(person, _NEVER)
        return len(self._recent) + len(self._waiting) < per_minute and now - last >= per_person_s

    def may_sound(self, person: int, now: float, per_person_s: float) -> bool:
        """Whether the limit leaves room for a sound about somebody."""
        return now - self._sounded_at.get(person, _NEVER) >= per_person_s

    def wait(self, person: int) -> None:
        """A sentence about somebody is on its way."""
        self._waiting.add(person)

    def sound(self, person: int, expression: str, now: float) -> None:
        """A sound stood for the sentence."""
        self._waiting.discard(person)
        self._sounded[person] = expression
        self._sounded_at[person] = now
        self._forget_before(person)

    def outcome(self, person: int, announcement: Announcement, outcome: Outcome, now: float) -> None:
        """Takes note of what became of an announcement about somebody."""
        volunteered = announcement.urgency is Urgency.AMBIENT
        if volunteered:
            self._waiting.discard(person)
        if announcement.tells and outcome is Outcome.PLAYED:
            self._expressions[person] = announcement.tells
        if announcement.tells and volunteered and outcome is not Outcome.DROPPED:  # who stops it wants no more
            self._told_at[person] = now
            self._recent.append(now)
        self._forget_before(person)

    def end(self, person: int) -> None:
        """What was told of somebody is over."""
        self._expressions.pop(person, None)
        self._sounded.pop(person, None)

    def forget_sounds(self) -> None:
        """Sentences are wanted again: what was only sounded counts as not told."""
        self._sounded.clear()
        self._sounded_at.clear()

    def __len__(self) -> int:
        """How many people are remembered."""
        return len({person for memory in self._memories() for person in memory})

    def _memories(self) -> tuple[dict[int, str] | dict[int, float], ...]:
        return self._expressions, self._told_at, self._sounded, self._sounded_at

    def _forget_before(self, person: int) -> None:
        """Lets go of those who were there long before."""
        for memory in self._memories():
            for forgotten in [known for known in memory if known < person - REMEMBERED_PEOPLE]:
                del memory[forgotten]
