"""What waits to be said, and in which order: pure rules, without threads and without a clock of its own.

AMBIENT waits for silence; ANSWER interrupts ambient speech and a former answer; ALERT both, and it is never
dropped. A topic replaces its older self. Nothing piles up: the oldest ambient sentence makes room, and only the newest
answer is worth giving.
"""

from dataclasses import dataclass

from assistant.domain.values import Announcement, Urgency, Utterance

MAX_AMBIENT = 8
"""So many ambient announcements wait; the oldest makes room for a newer one."""
MAX_PARTS = 64
"""So many parts of one answer wait, which are given faster than they are said."""
MAX_ALERTS = 32
"""A bound against a flood of different alerts; far more than one can listen to."""


@dataclass(frozen=True, slots=True)
class Item:
    """One announcement in the queue."""

    announcement: Announcement
    again: tuple[Utterance, ...] = ()
    """The exact sentences, when they are repeated or gone on with; otherwise they are found when its turn comes."""
    position: int = 0
    """Index of the sentence with which it begins."""

    @property
    def urgency(self) -> Urgency:
        """How urgent it is."""
        return self.announcement.urgency


def preempts(new: Item, current: Item) -> bool:
    """Whether what comes in ends what is being said; an alert that is being said is never interrupted by another."""
    if _follows(new, current):
        return False
    return new.urgency > Urgency.AMBIENT and current.urgency < Urgency.ALERT


class Waiting:
    """The announcements whose turn has not come."""

    def __init__(self) -> None:
        self._items: list[Item] = []

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: Item) -> list[Item]:
        """Adds one, behind all of its urgency.

        Returns:
            Those which are dropped for it: the older self of its topic, a former answer, what there is no room for.
        """
        dropped = [old for old in self._items if _replaces(item, old)]
        self._items = [old for old in self._items if old not in dropped]
        answers = MAX_PARTS if item.announcement.follows else 1
        limit = {Urgency.AMBIENT: MAX_AMBIENT, Urgency.ANSWER: answers, Urgency.ALERT: MAX_ALERTS}[item.urgency]
        equals = [old for old in self._items if old.urgency is item.urgency]
        surplus = equals[: max(0, len(equals) + 1 - limit)]
        self._items = [old for old in self._items if old not in surplus]
        self._items.append(item)
        return dropped + surplus

    def put_back(self, item: Item) -> list[Item]:
        """Lets one that was not heard to its end wait for its turn again.

        Returns:
            It, if it is dropped because a newer self waits already.
        """
        if any(_replaces(newer, item) for newer in self._items):
            return [item]
        self._items.insert(0, item)
        return []

    def take(self) -> Item | None:
        """Takes out the most urgent, of these the oldest; None when nothing waits."""
        if not self._items:
            return None
        item = max(self._items, key=lambda waiting: waiting.urgency)
        self._items.remove(item)
        return item

    def has(self, urgency: Urgency) -> bool:
        """Whether something of this urgency waits."""
        return any(item.urgency is urgency for item in self._items)

    def clear(self, below: int = Urgency.ALERT) -> list[Item]:
        """Drops everything but the alerts, or all that is less urgent than `below`; gives what was dropped."""
        dropped = [item for item in self._items if item.urgency < below]
        self._items = [item for item in self._items if item.urgency >= below]
        return dropped


def _replaces(new: Item, old: Item) -> bool:
    """Whether the old one need not be said once the new one is: an older self, of no greater urgency, or the same."""
    mine, theirs = new.announcement, old.announcement
    if _follows(new, old):
        return False
    if mine.topic and mine.topic == theirs.topic:
        return mine.urgency >= theirs.urgency
    return (mine.phrases, mine.urgency) == (theirs.phrases, theirs.urgency)


def _follows(new: Item, old: Item) -> bool:
    """Whether both are parts of one answer."""
    return new.announcement.follows and new.announcement.topic == old.announcement.topic
