"""From flickering guesses to one steady belief, in seconds and not in frames.

The probabilities of the guesses are averaged exponentially over time (time constant `smooth_s`); the leader of the
average becomes the belief once it has led for `settle_s` without a break, on at least three guesses. The moment at
which the lead changed is interpolated between two guesses, so that a belief settles within one frame interval of the
same moment at 2, 10 or 30 frames a second. A held belief gives way only to a leader that is ahead by `margin`
(hysteresis).
"""

from collections.abc import Mapping
from math import exp

MIN_GUESSES = 3
"""A belief never rests on fewer guesses of a moving picture."""
LONGEST_GAP_S = 1.0
"""A guess after a longer gap does not count for the whole gap, only for this much of it (seconds)."""


class Steady:
    """One belief about one subject.

    Args:
        settle_s: How long a leader must lead before it is believed, seconds. 0: a single guess is settled evidence
            (a picture that does not move).
        smooth_s: Time constant of the average, seconds.
        margin: By how much of probability a challenger must be ahead of the held belief.
    """

    def __init__(self, settle_s: float, smooth_s: float = 0.5, margin: float = 0.1) -> None:
        self._settle_s = settle_s
        self._smooth_s = smooth_s
        self._margin = margin
        self._average: dict[str, float] = {}
        self._at: float | None = None
        self._leader: str | None = None
        self._lead = 0.0
        self._since = 0.0
        self._guesses = 0
        self.value: str | None = None
        """What is believed; None until something has settled."""

    @property
    def guess(self) -> str | None:
        """The best guess at the moment, settled or not; None before the first guess."""
        return max(self._average, key=self._average.__getitem__) if self._average else None

    @property
    def probabilities(self) -> Mapping[str, float]:
        """The averaged probability of every value; empty before the first guess."""
        return self._average

    def certainty(self, value: str) -> float:
        """Averaged probability of a value, 0 to 1."""
        return self._average.get(value, 0.0)

    def observe(self, at: float, distribution: Mapping[str, float]) -> bool:
        """Takes in one guess.

        Args:
            at: Its time, seconds; never earlier than the one before.
            distribution: Probability by value, summing to 1.

        Returns:
            Whether the belief changed.
        """
        before = self._at
        self._blend(at, distribution)
        leader, lead = self._challenger()
        if leader != self._leader:
            self._since = at if before is None else before + (at - before) * _crossing(self._lead, lead)
            self._leader, self._guesses = leader, 0
        self._lead = lead
        self._guesses += 1
        settled = at - self._since >= self._settle_s - 1e-9 and self._guesses >= MIN_GUESSES
        if leader == self.value or not (settled or self._settle_s == 0):
            return False
        self.value = leader
        return True

    def _blend(self, at: float, distribution: Mapping[str, float]) -> None:
        if self._at is None:
            self._average = dict(distribution)
        else:
            elapsed = min(at - self._at, LONGEST_GAP_S)
            keep = exp(-elapsed / self._smooth_s) if self._settle_s else 0.0
            values = self._average.keys() | distribution.keys()
            self._average = {
                value: keep * self._average.get(value, 0.0) + (1 - keep) * distribution.get(value, 0.0)
                for value in values
            }
        self._at = at

    def _challenger(self) -> tuple[str, float]:
        """Who leads, the held belief being given its margin, and by how much."""
        held = {
            value: chance + (self._margin if value == self.value else 0.0) for value, chance in self._average.items()
        }
        first, *others = sorted(held, key=lambda value: (-held[value], value))
        return first, held[first] - (held[others[0]] if others else 0.0)


def _crossing(lead_before: float, lead_after: float) -> float:
    """Where between two guesses the lead passed over, 0 to 1, by linear interpolation."""
    total = lead_before + lead_after
    return lead_before / total if total > 0 else 1.0
