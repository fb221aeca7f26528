"""What is told of a camera that is lost, comes back, or comes and goes; and when it is tried again."""

from collections import deque

RETRY_S = (1.0, 2.0, 4.0, 8.0)
"""Pauses before a lost camera is tried again, seconds; the last one stays."""
LASTED_S = 2.0
"""Pictures for so long make a camera that is back, seconds: told as such, and tried again at once when it is lost."""
UNSTEADY = 3
"""From so many losses in `WITHIN_S` on, the camera comes and goes."""
WITHIN_S = 60.0
"""See above, seconds."""
WELL_S = 30.0
"""A camera that came and went is well after so long without a loss, seconds."""
CONSEQUENCES = frozenset({"camera_lost", "camera_absent", "camera_no_answer"})
"""What is not worth telling of a camera of which a loss was told already."""


class Outages:
    """Compares how the camera is with what the listener was last told of it; all times are seconds of one clock."""

    def __init__(self) -> None:
        self.losses = 0
        """How often the camera stopped giving pictures."""
        self._told: set[str] = set()
        self._lost_at: deque[float] = deque()
        self._since: float | None = None
        self._failures = 0
        self._unsteady = False

    @property
    def pause_s(self) -> float:
        """How long to wait before the next try."""
        return RETRY_S[min(max(self._failures, 1), len(RETRY_S)) - 1]

    def lost(self, cause: str, at: float) -> str | None:
        """Takes in a failure to open or to read; gives what to tell: a phrase's key."""
        if self._since is not None:
            self.losses += 1
            self._lost_at.append(at)
            self._since = None
        while self._lost_at and at - self._lost_at[0] > WITHIN_S:
            self._lost_at.popleft()
        self._failures += 1
        if self._unsteady:
            return None
        if len(self._lost_at) >= UNSTEADY:
            self._unsteady = True
            self._told.add("camera_unsteady")
            return "camera_unsteady"
        if cause in self._told or (self._told and cause in CONSEQUENCES):
            return None
        self._told.add(cause)
        return cause

    def seen(self, at: float) -> str | None:
        """Takes in a picture; gives what to tell: a phrase's key."""
        if self._since is None:
            self._since = at
        if at - self._since >= LASTED_S:
            self._failures = 0
        if not self._told or at - self._since < (WELL_S if self._unsteady else LASTED_S):
            return None
        self._told.clear()
        if self._unsteady:
            self._unsteady = False
            self._lost_at.clear()
        return "camera_back"

    def switched_off(self) -> None:
        """The user switched the camera off: what comes after it begins anew."""
        self._told.clear()
        self._since = None
        self._failures = 0
        self._unsteady = False
        self._lost_at.clear()
