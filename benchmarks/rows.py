"""One measured quantity: its median and 90th percentile beside its goal."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Row:
    """A quantity that was measured several times in this run."""

    name: str
    unit: str
    median: float
    p90: float
    runs: int
    goal: float | None
    """The median should not be above it; None: no goal."""

    @property
    def met(self) -> bool | None:
        """Whether the goal was met; None without a goal."""
        return None if self.goal is None else self.median <= self.goal

    def __str__(self) -> str:
        goal = "" if self.goal is None else f"  goal {self.goal:g}: {'met' if self.met else 'MISSED'}"
        return f"{self.name:48} {self.median:9.3f} {self.unit:6} p90 {self.p90:9.3f}  n {self.runs:<4}{goal}"


def row(name: str, unit: str, values: Sequence[float], goal: float | None = None) -> Row:
    """Sums up single measurements."""
    return Row(name, unit, float(np.median(values)), float(np.percentile(values, 90)), len(values), goal)
