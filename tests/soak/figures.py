"""Whether a figure stays flat: its slope over time with the interval in which it lies, whatever is noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

BLOCKS = 12
"""A run is averaged in so many pieces: neighbours in time are alike, and would make the interval look too narrow."""
STUDENT = 2.228
"""The 97.5 % quantile of Student's t for BLOCKS - 2 degrees of freedom."""


@dataclass(frozen=True)
class Slope:
    """Growth an hour with its 95 % interval."""

    per_hour: float
    within: float

    @property
    def least(self) -> float:
        """It surely grows by so much."""
        return self.per_hour - self.within


def slope(at: Sequence[float], values: Sequence[float]) -> Slope:
    """The line through the means of blocks, by least squares.

    Args:
        at: Seconds, rising.
        values: The figure at these moments.
    """
    x, y = (np.array([block.mean() for block in np.array_split(np.asarray(each), BLOCKS)]) for each in (at, values))
    centred = x - x.mean()
    steep = float(centred @ y / (centred @ centred))
    rest = y - y.mean() - steep * centred
    spread = float(np.sqrt(rest @ rest / (BLOCKS - 2) / (centred @ centred)))
    return Slope(3600 * steep, 3600 * STUDENT * spread)


def figures(pid: int) -> dict[str, float]:
    """What a process has at this moment: megabytes of its own memory, threads, file descriptors."""
    process = Path("/proc") / str(pid)
    rollup = dict(line.split(":") for line in (process / "smaps_rollup").read_text().splitlines()[1:])
    return {
        "memory, MB": sum(int(rollup[name].split()[0]) for name in ("Private_Clean", "Private_Dirty")) / 1024,
        "threads": sum(1 for _ in (process / "task").iterdir()),
        "descriptors": sum(1 for _ in (process / "fd").iterdir()),
    }
