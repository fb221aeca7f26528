"""Figures as tables in Markdown, and where they stand in a card."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from pathlib import Path

END = "<!-- end of figures -->"


def start(script: str) -> str:
    """The mark before what a script writes; `END` stands behind it."""
    return f"<!-- figures: written by {script} -->"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def percent(share: float | None, digits: int = 1) -> str:
    """A share as a percentage; a dash where there is none."""
    return "-" if share is None else f"{100 * share:.{digits}f}"


def interval(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson, Journal of the American Statistical Association 1927)."""
    n, z = max(1, of), 1.96
    share = right / n
    middle = (share + z * z / 2 / n) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / 4 / n / n) / (1 + z * z / n)
    return max(0.0, middle - half), min(1.0, middle + half)


def laid_in(path: Path, script: str, text: str) -> None:
    """Replaces what stands between a script's two marks in a file."""
    before, rest = path.read_text(encoding="utf-8").split(start(script))
    _, after = rest.split(END)
    path.write_text(f"{before}{start(script)}\n\n{text}\n\n{END}{after}", encoding="utf-8")
