"""Writes the tables of CARD.md from metrics.json: conditions, groups, names among strangers, each beside the teacher's.

python card.py [--model models/face-recognition]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tables import laid_in, percent, table


def both(figures: dict[str, Any], part: str, name: str, key: str) -> str:
    """A share of ours, and the teacher's in brackets where it was measured."""
    theirs = figures.get("teacher", {}).get(part, {}).get(name)
    own = percent(figures[part][name][key])
    return own if theirs is None else f"{own} ({percent(theirs[key])})"


def conditions(figures: dict[str, Any]) -> str:
    """Pairs and names, by what has happened to the picture that is seen."""
    heads = [
        "the second picture is",
        "pairs right",
        "true accepts",
        "known people found",
        "wrong name",
        "strangers named",
    ]
    rows = []
    for name, row in figures["conditions"].items():
        shares = [both(figures, "conditions", name, key) for key in ("accuracy", "true_accepts", "found", "mistaken")]
        theirs = figures.get("teacher", {}).get("conditions", {}).get(name)
        strangers = str(row["strangers_named"]) + (f" ({theirs['strangers_named']})" if theirs else "")
        rows.append([name, *shares, strangers])
    return table(heads, rows)


def groups(figures: dict[str, Any]) -> str:
    """Faces against themselves met again, and against others of their group."""
    keys = ("accuracy", "true_accepts", "false_accepts")
    rows = [
        [name, str(row["faces"]), *(both(figures, "groups", name, key) for key in keys)]
        for name, row in figures["groups"].items()
    ]
    return table(["group", "faces", "pairs right", "true accepts", "false accepts"], rows)


def curve(figures: dict[str, Any]) -> str:
    """Names among strangers, by the likeness from which on a name is said and by the margin."""
    margins = sorted({row["margin"] for row in figures["open_set_curve"]})
    cells: dict[float, list[str]] = {}
    for row in figures["open_set_curve"]:
        cells.setdefault(row["threshold"], []).extend([percent(row["found"]), str(row["strangers_named"])])
    heads = [each for margin in margins for each in (f"found, margin {margin:.2f}", "strangers named")]
    return table(["likeness", *heads], [[f"{threshold:.3f}", *row] for threshold, row in cells.items()])


def figures_as_text(figures: dict[str, Any]) -> str:
    """All tables, each with a line that says what it holds."""
    pairs, others = figures["conditions"]["as it is"]["pairs"], figures["pictures_of_the_known"]
    return f"""\
{pairs} made pairs of {figures["faces"]} photographs of {figures["people"]} people of LFW kept aside, ten folds; true
accepts where one in a thousand pairs of strangers is accepted. Names: 20 people learnt, {others} other pictures of
them, {figures["strangers"]} strangers, one look each. In %, strangers counted; the teacher's in brackets.

{conditions(figures)}

Faces of UTKFace and of train-photos kept aside, each against the same picture moved, dimmed, softened and compressed,
and against all others of its group, at the threshold that suits pairs of LFW best. Ages, sexes and origins are apparent
ones. In %.

{groups(figures)}

Names among strangers, by the likeness from which on a name is said.

{curve(figures)}"""


def main() -> None:
    """Reads the command line and writes the card."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", type=Path, default=Path(__file__).resolve().parents[1], help="folder of the model")
    model = parser.parse_args().model
    figures = json.loads((model / "metrics.json").read_text(encoding="utf-8"))
    laid_in(model / "CARD.md", "training/card.py", figures_as_text(figures))


if __name__ == "__main__":
    main()
