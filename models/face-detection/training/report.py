"""Writes the tables of docs/detectors.md and of CARD.md from metrics.json.

python report.py [--model models/face-detection] [--docs docs/detectors.md]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from conditions import CONDITIONS

HERE = Path(__file__).resolve().parent
START, END = "<!-- figures: written by models/face-detection/training/report.py -->", "<!-- end of figures -->"
TITLES = {
    "coco": "Photographs of COCO kept aside",
    "clip": "Frames of the clips kept aside",
    "lfw": "Photographs of LFW, of people kept aside",
}


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def percent(value: float) -> str:
    """A share as a percentage with one digit."""
    return f"{100 * value:.1f}"


def tables(measured: dict[str, Any]) -> str:
    """Recall for each set and condition, then what was found that is no face."""
    names = list(measured)
    parts = []
    for kind, title in TITLES.items():
        first = measured[names[0]][kind]["as they are"]
        rows = [
            [condition, *(percent(measured[name][kind][condition]["recall"]) for name in names)]
            for condition in CONDITIONS
        ]
        rows.append(
            [
                "false faces, all conditions",
                *(str(sum(row["false"] for row in measured[name][kind].values())) for name in names),
            ]
        )
        parts += [
            f"{title} ({first['pictures']} pictures, {first['of']} faces); faces found, %:",
            table(["condition", *names], rows),
        ]
    tiles, empty, made = (measured[names[0]][name] for name in ("background", "empty", "composites"))
    rows = [
        [
            f"false faces per 1,000 background tiles ({tiles['pictures']})",
            *(f"{measured[name]['false_per_1000_tiles']:.1f}" for name in names),
        ],
        [
            f"false faces in {empty['pictures']} whole photographs without a person",
            *(str(measured[name]["empty"]["false"]) for name in names),
        ],
        [
            f"composites, not real pictures ({made['of']} faces): found, %",
            *(percent(measured[name]["composites"]["recall"]) for name in names),
        ],
        [
            f"composites, not real pictures ({made['pictures']}): false faces",
            *(str(measured[name]["composites"]["false"]) for name in names),
        ],
    ]
    return "\n\n".join([*parts, "What is no face, and what is no real picture:", table(["", *names], rows)])


def overview(measured: dict[str, Any]) -> str:
    """The pictures as they are, and the background, in one table."""
    names = list(measured)
    rows = [
        [f"{title}: found, %", *(percent(measured[name][kind]["as they are"]["recall"]) for name in names)]
        for kind, title in TITLES.items()
    ]
    rows.append(
        ["false faces per 1,000 background tiles", *(f"{measured[name]['false_per_1000_tiles']:.1f}" for name in names)]
    )
    return table(["", *names], rows)


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
