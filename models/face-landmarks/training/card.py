"""Writes the tables of CARD.md from metrics.json.

python card.py [--model models/face-landmarks]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tables import laid_in, percent, table

HERE = Path(__file__).resolve().parent
SCRIPT = "training/card.py"
COLUMNS = {
    "error": "mean error",
    "median_error": "median",
    "above_10_percent": "above 10 %",
    "box_iou": "box IoU",
    "presence": "presence right",
    "refused": "refused",
    "bare_found": "bare found",
    "masked_found": "masked found",
    "bare_right": "bare told",
    "covered_right": "masked told",
}
"""What the figures of a condition are called in the table."""


def conditions(figures: dict[str, Any]) -> str:
    """Every condition, in %."""
    rows = [[name, *(percent(row[key]) for key in COLUMNS)] for name, row in figures["conditions"].items()]
    return table(["condition", *COLUMNS.values()], rows)


def groups(figures: dict[str, Any]) -> str:
    """Close-ups by apparent age, sex and origin, in %."""

    def share(row: dict[str, Any], key: str) -> str:
        return "{} ({} to {})".format(*map(percent, row[key]))

    keys = ("found", "perhaps_masked", "masked")
    rows = [
        [name, str(row["n"]), *(share(row, key) for key in keys), percent(row["error"])]
        for name, row in figures["groups"].items()
    ]
    return table(["group", "n", "found", "perhaps masked", "said to wear a mask", "mean error"], rows)


def render(figures: dict[str, Any]) -> str:
    """All figures, with a sentence on each."""
    each = ", ".join(f"{name} {percent(error)}" for name, error in figures["error_of_each_point"].items())
    others = figures["with_others_in_the_photographs"]
    parts = [
        f"{figures['faces']} faces, {figures['masked']} of them masked, and {figures['crops_without_a_face']} crops "
        "without a face; everything in %:",
        conditions(figures),
        f'Mean error of each point "as a detector leaves it": {each}. With the other people in the same photographs '
        f"({others['faces']} faces whose points are known, many small) the mean is {percent(others['error'])}. "
        f"Calibration error of the presence {percent(figures['presence_ece'])}, over all conditions "
        f"{percent(figures['presence_ece_all_conditions'])}; of the covered mouth {percent(figures['covered_ece'])}.",
    ]
    if "groups" in figures:
        parts += [
            "By apparent age, sex (f, m) and origin: close-ups of UTKFace that judge, with its makers' labels, nobody "
            'masked, each "as a detector leaves it"; in %, in brackets the 95 % interval:',
            groups(figures),
        ]
    return "\n\n".join(parts)


def main() -> None:
    """Reads the command line and rewrites the card's figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=HERE.parent, help="folder of the model")
    folder = parser.parse_args().model
    figures = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    laid_in(folder / "CARD.md", SCRIPT, render(figures))


if __name__ == "__main__":
    main()
