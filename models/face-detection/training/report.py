"""Writes the tables of docs/detectors.md and of CARD.md from metrics.json.

python report.py [--model models/face-detection] [--docs docs/detectors.md]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tables import interval, laid_in, table

HERE = Path(__file__).resolve().parent
SCRIPT = "models/face-detection/training/report.py"
OTHERS = {
    "lfw": "photographs of LFW, of people kept aside",
    "utk": "close-up faces of UTKFace kept aside",
    "coco": "photographs of COCO kept aside",
    "clip": "frames of the clips kept aside",
}
"""Sets whose faces are the teacher's word."""
GROUPS = "The close-up faces of UTKFace kept aside, by apparent age, sex (f, m) and origin as its makers labelled them;"


def percent(part: tuple[int, int]) -> str:
    """A share as a percentage; a dash where there is nothing."""
    return f"{100 * part[0] / part[1]:.0f}" if part[1] else "-"


def between(part: tuple[int, int], digits: int = 1) -> str:
    """The 95 % interval of a share, in percent."""
    low, high = interval(*part)
    return f"{100 * low:.{digits}f} to {100 * high:.{digits}f}"


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
        + [f"{100 * part[0] / part[1]:.1f} ({between(part)})" for part in seen]
    )
    return table([f"{drawn['pictures']} photographs with {drawn['all'][1]} drawn faces", *names], rows)


def groups(measured: dict[str, Any]) -> str:
    """Close-ups found, by apparent age, sex and origin."""
    counts = [each["utk"]["groups"] for each in measured.values()]
    rows = [
        [f"{group} ({n})", *(f"{percent(each[group])} ({between(each[group], 0)})" for each in counts)]
        for group, (_, n) in counts[0].items()
    ]
    return table(["", *measured], rows)


def tables(measured: dict[str, Any]) -> str:
    """The overview, other sets, and harder pictures."""
    names = list(measured)
    first = measured[names[0]]
    others = [
        [f"{title} ({first[kind]['all'][1]})", *(percent(measured[name][kind]["all"]) for name in names)]
        for kind, title in OTHERS.items()
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
            f"{GROUPS} found, % (in brackets the 95 % interval):",
            groups(measured),
            f"A tenth of the first photographs made harder, {faces} faces of all kinds; faces found, %:",
            table(["condition", *names], harder),
        ]
    )


def main() -> None:
    """Reads the command line and rewrites the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=HERE.parent)
    parser.add_argument("--docs", type=Path, default=HERE.parents[2] / "docs" / "detectors.md")
    arguments = parser.parse_args()
    metrics = json.loads((arguments.model / "metrics.json").read_text(encoding="utf-8"))
    measured = metrics["detectors"]
    laid_in(arguments.docs, SCRIPT, tables(measured))
    own = {name: each for name, each in measured.items() if name.startswith("finder")}
    by_group = f"{GROUPS} found, % (in brackets the 95 % interval):"
    laid_in(arguments.model / "CARD.md", SCRIPT, "\n\n".join([overview(measured), by_group, groups(own)]))


if __name__ == "__main__":
    main()
