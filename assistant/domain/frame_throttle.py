"""How often to look: at every frame while somebody is there, seldom while nobody is."""

from collections.abc import Sequence

from assistant.domain.values import Percept

AWAKE_S = 3.0
"""Nobody was seen for this long: look less often (seconds)."""
REST_S = 0.35
"""Pause between two looks then, seconds; somebody who appears is seen within half a second."""


class FrameThrottle:
    """Decides the pause before the next look."""

    def __init__(self) -> None:
        self._seen_at: float | None = None

    def pause(self, percepts: Sequence[Percept], at: float) -> float:
        """Seconds to rest after a look.

        Args:
            percepts: What was guessed; any face counts, also one that is not believed yet.
            at: When, seconds.
        """
        if self._seen_at is None or any(percept.kind == "face" for percept in percepts):
            self._seen_at = at
        return REST_S if at - self._seen_at > AWAKE_S else 0.0
