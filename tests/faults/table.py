"""Every fault that is injected into the real program, and docs/reliability.md, the table of them.

A check is made a row by `@fault(...)`, with what it promises; it fails when a promise is not kept. `python -m
tests.faults.table` writes the table, with the times of the last `make test-faults`.
"""

import importlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TABLE = ROOT / "docs" / "reliability.md"
MEASURED = ROOT / "build" / "faults"
"""What the last run took, a file for each check: "told" and "well", seconds."""
KINDS = {
    "camera": "The camera",
    "senses": "Senses, plugins and models",
    "things": "Finding things",
    "captioner": "The captioner",
    "settings": "Settings",
    "readers": "Whoever reads what it prints",
    "sound": "Sound and voice",
    "places": "Disk, folders and socket",
    "people": "People by name",
    "process": "The process",
    "files": "Pictures and videos",
    "reading": "Reading text",
}
"""The chapters, each the checks of `tests/faults/check_<kind>.py`."""
_HEAD = """\
# Reliability

Every fault below is injected into the real program by `make test-faults`, and the check fails when it does not say what
stands here, not in the time that stands here, or does not go on as it should. A time is given as measured, on two busy
cores, and as promised: "1.2 of 10" is 1.2 seconds where at most ten are allowed. A dash is where nothing is told, for
it just goes on, or where nothing has to recover.

Written by `python -m tests.faults.table`; a test sees to it that it is as the checks are.
"""


@dataclass(frozen=True)
class Fault:
    """One row.

    Args:
        what: The fault, for a reader.
        how: How it is injected.
        said: Keys of the phrases that tell it, or the words themselves; empty where nothing is said.
        told_s: It is told within so many seconds; None where nothing is.
        well_s: So many seconds after it has passed all is as before; None where nothing has to recover.
        test: The name of the check.
    """

    what: str
    how: str
    said: tuple[str, ...]
    told_s: float | None
    well_s: float | None
    test: str


Check = TypeVar("Check", bound=Callable[..., None])
FAULTS: dict[str, Fault] = {}
"""By the name of the check, in the order of their definition."""


def fault(
    what: str, *, how: str, said: str | tuple[str, ...] = (), told_s: float | None = None, well_s: float | None = None
) -> Callable[[Check], Check]:
    """Makes a check a row of the table; see `Fault`."""

    def made(check: Check) -> Check:
        words = (said,) if isinstance(said, str) else said
        assert check.__name__ not in FAULTS, f"two checks are called {check.__name__}"
        FAULTS[check.__name__] = Fault(what, how, words, told_s, well_s, f"{check.__module__}.{check.__name__}")
        return check

    return made


def load() -> dict[str, list[Fault]]:
    """The rows of each chapter, its checks imported."""
    pytest.register_assert_rewrite(*(f"tests.faults.check_{kind}" for kind in KINDS))
    for kind in KINDS:
        importlib.import_module(f"tests.faults.check_{kind}")
    rows = list(FAULTS.values())
    return {kind: [row for row in rows if row.test.split(".")[-2] == f"check_{kind}"] for kind in KINDS}


def rendered(measured: dict[str, dict[str, float]]) -> str:
    """The table, with the times that are known."""
    sentences = _sentences()
    lines = [_HEAD]
    for kind, rows in load().items():
        lines += [f"## {KINDS[kind]}\n", f"`tests/faults/check_{kind}.py`\n"]
        lines += ["| Fault | How it is injected | What is said | Told in, s | Well in, s | Check |", "|" + "---|" * 6]
        for row in rows:
            took = measured.get(row.test.split(".")[-1], {})
            said = " / ".join(f'"{sentences[key]}"' if key in sentences else key for key in row.said) or "-"
            told, well = (_time(took.get(name), limit) for name, limit in (("told", row.told_s), ("well", row.well_s)))
            lines.append(f"| {row.what} | {row.how} | {said} | {told} | {well} | `{row.test.split('.')[-1]}` |")
        lines.append("")
    return "\n".join(lines)


def _time(took: float | None, limit: float | None) -> str:
    if limit is None:
        return "-"
    return f"{'?' if took is None else f'{took:.1f}'} of {limit:g}"


def _sentences() -> dict[str, str]:
    """The English sentence of each key: as it is said normally, the plural of those that have two."""
    found: dict[str, str] = {}
    for path in {*(ROOT / "voices" / "en").glob("*.yaml")} - {ROOT / "voices" / "en" / "examples.yaml"}:
        for key, text in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            said = text.get("normal", "") if isinstance(text, dict) else text
            found[str(key)] = str(said[-1] if isinstance(said, list) else said)
    return found


if __name__ == "__main__":
    from tests.faults import table  # the module that the checks know, and not __main__

    known = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in MEASURED.glob("*.json")}
    TABLE.write_text(table.rendered(known), encoding="utf-8")
