"""Writes the tables of docs/detectors.md and of CARD.md from metrics.json.

python report.py [--model models/face-detection] [--docs docs/detectors.md]
"""

from __future__ import annotations

import argparse
import json
from math import sqrt
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
START, END = "<!-- figures: written by models/face-detection/training/report.py -->", "<!-- end of figures -->"
OTHERS = {
    "lfw": "photographs of LFW, of people kept aside",
    "utk": "close-up faces of UTKFace kept aside",
    "coco": "photographs of COCO kept aside",
    "clip": "frames of the clips kept aside",
}
"""Sets whose faces are the teacher's word."""


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def percent(part: tuple[int, int]) -> str:
    """A share as a percentage; a dash where there is nothing."""
    return f"{100 * part[0] / part[1]:.0f}" if part[1] else "-"


def interval(part: tuple[int, int]) -> str:
    """The 95 % interval of a share, in percent (Wilson 1927)."""
    n, share, z = max(1, part[1]), part[0] / max(1, part[1]), 1.96
    middle = (share + z * z / 2 / n) / (1 + z * z / n)
    half = z * sqrt(share * (1 - share) / n + z * z / 4 / n / n) / (1 + z * z / n)
    return f"{100 * max(0, middle - half):.1f} to {100 * min(1, middle + half):.1f}"


def overview(measured: dict[str, Any]) -> str:
    """Faces that people have drawn, and photographs without a face, in one table."""
    names = list(measured)
    first = measured[names[0]]
    drawn = first["drawn"]

    def row(title: str, pick: Any) -> list[str]:
        of = pick(drawn)[1]
        return [f"{title} ({of})", *(percent(pick(measured[name]["drawn"])) for name in names)]

    rows = [row("bare faces found, %", lambda each: each["bare"])]
    rows += [
        row(f"- {size} of the longer side", lambda each, size=size: each["bare by size"][size])
        for size in drawn["bare by size"]
    ]
    rows += [row("masked faces found, %", lambda each: each["mask"])]
    rows += [row("faces with a mask worn low found, %", lambda each: each["mask-low"])]
    pictures = first["faceless"]["pictures"]
    seen = [(measured[name]["faceless"]["seen"], pictures) for name in names]
    rows.append(
        [f"photographs without a face in which somebody is seen, % ({pictures})"]
        + [f"{100 * part[0] / part[1]:.1f} ({interval(part)})" for part in seen]
    )
    return table([f"{drawn['pictures']} photographs with {drawn['all'][1]} drawn faces", *names], rows)


def tables(measured: dict[str, Any]) -> str:
    """The overview, other sets, and harder pictures."""
    names = list(measured)
    first = measured[names[0]]
    others = [
        [f"{title} ({first[kind]['all'][1]})", *(percent(measured[name][kind]["all"]) for name in names)]
        for kind, title in OTHERS.items()
    ]
    groups = [
        [f"{group} ({part[1]})", *(percent(measured[name]["utk"]["groups"][group]) for name in names)]
        for group, part in first["utk"]["groups"].items()
    ]
    harder = [
        [condition, *(percent(measured[name]["harder"][condition]) for name in names)] for condition in first["harder"]
    ]
    faces = next(iter(first["harder"].values()))[1]
    return "\n\n".join(
        [
            "Whole photographs, faces drawn by people:",
            overview(measured),
            "Other pictures, where a face is what the teacher, YuNet, is sure of; faces found, %:",
            table(["", *names], others),
            "The close-up faces by apparent age, sex (f, m) and origin; faces found, %:",
            table(["", *names], groups),
            f"A tenth of the first photographs made harder, {faces} faces of all kinds; faces found, %:",
            table(["condition", *names], harder),
        ]
    )


def laid_in(path: Path, text: str) -> None:
    """Replaces what stands between the two marks of a file."""
    before, rest = path.read_text(encoding="utf-8").split(START)
    _, after = rest.split(END)
    path.write_text(f"{before}{START}\n\n{text}\n\n{END}{after}", encoding="utf-8")


def main() -> None:
    """Reads the command line and rewrites the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=HERE.parent)
    parser.add_argument("--docs", type=Path, default=HERE.parents[2] / "docs" / "detectors.md")
    arguments = parser.parse_args()
    metrics = json.loads((arguments.model / "metrics.json").read_text(encoding="utf-8"))
    laid_in(arguments.docs, tables(metrics["detectors"]))
    laid_in(arguments.model / "CARD.md", overview(metrics["detectors"]))


if __name__ == "__main__":
    main()
