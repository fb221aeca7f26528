"""Known people who come and go, told by name: each once in a while, and no more in a minute than is wanted."""

from collections import deque
from collections.abc import Sequence

from assistant.domain.views import PersonView

AGAIN_S = 600.0
"""That somebody came, or that they went, is told once in this time, seconds."""

GONE_S = 3.0
"""Somebody who is not seen for so long has gone, seconds."""


class Comings:
    """Who of the known is there, and what was told of it."""

    def __init__(self) -> None:
        self._names: dict[int, str] = {}
        self._seen_at: dict[str, float] = {}
        self._told_at: dict[tuple[str, str], float] = {}
        self._recent: deque[float] = deque()

    def note(self, people: Sequence[PersonView], now: float) -> tuple[list[PersonView], list[str]]:
        """Who has come since the last step, and the names of those who have gone.

        Args:
            people: Those in view. Somebody is there once their name is sure, and until their face is gone for `GONE_S`.
            now: Seconds.
        """
        sure = {person.id: person.identity.name or "" for person in people if person.identity.sure}
        in_view = {person.id for person in people}
        self._names = {number: name for number, name in self._names.items() if number in in_view} | sure
        came = [person for person in people if person.id in sure and sure[person.id] not in self._seen_at]
        self._seen_at |= dict.fromkeys(self._names.values(), now)
        gone = [name for name, at in self._seen_at.items() if now - at > GONE_S]
        for name in gone:
            del self._seen_at[name]
        return came, gone

    def may_tell(self, what: str, name: str, now: float, per_minute: int) -> bool:
        """Whether "came" or "left" may be told of somebody now; then it counts as told."""
        while self._recent and now - self._recent[0] >= 60:
            self._recent.popleft()
        self._told_at = {key: at for key, at in self._told_at.items() if now - at < AGAIN_S}
        if (what, name) in self._told_at or len(self._recent) >= per_minute:
            return False
        self._told_at[what, name] = now
        self._recent.append(now)
        return True
