"""When the state of the computer itself is worth telling unasked: once on the way down, and again after a recovery."""

from dataclasses import dataclass

from assistant.domain.values import Announcement, Urgency, announce

LOW_PERCENT = (20, 10, 5)
"""A battery that is not being charged is told when it falls to each of these."""
HOT_C = 80.0
"""From this temperature on a small computer slows itself down (degrees Celsius)."""
COOL_C = 70.0
"""Below this it counts as recovered."""


@dataclass(frozen=True, slots=True)
class SystemHealth:
    """How the computer is; None where the system does not tell."""

    battery_percent: int | None
    charging: bool
    temperature_c: float | None


class HealthMonitor:
    """Notices what is worth telling."""

    def __init__(self) -> None:
        self._told_percent = 100
        self._told_hot = False

    def notice(self, health: SystemHealth) -> list[Announcement]:
        """What to tell unasked, given how the computer is now."""
        return self._battery(health) + self._heat(health.temperature_c)

    def _battery(self, health: SystemHealth) -> list[Announcement]:
        percent = health.battery_percent
        if percent is None or health.charging:
            self._told_percent = 100
            return []
        reached = min((limit for limit in LOW_PERCENT if percent <= limit), default=100)
        if reached >= self._told_percent:
            return []
        self._told_percent = reached
        return [announce("battery_low", {"percent": percent}, urgency=Urgency.ALERT, topic="battery")]

    def _heat(self, temperature_c: float | None) -> list[Announcement]:
        if temperature_c is None:
            return []
        was_hot, self._told_hot = self._told_hot, temperature_c >= (COOL_C if self._told_hot else HOT_C)
        if was_hot or not self._told_hot:
            return []
        return [announce("too_hot", urgency=Urgency.ALERT, topic="heat")]
