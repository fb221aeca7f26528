"""Writes the tables of CARD.md from metrics.json and manifest.yaml.

python card.py [--model models/expression]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import yaml
from tables import laid_in, percent, table

from models.evaluation.metrics import LABELS

CROPS = ("own_crop", "program_crop")
SCRIPT = "training/card.py"


def overview(figures: dict[str, Any]) -> str:
    """The main figures, in the file and cross-fitted."""
    crossed = figures["cross_fitted"]
    rows = []
    for name, title in (
        ("ferplus_majority", "run-time answer, FER+ majority"),
        ("fer2013", "FER-2013 head, its labels"),
    ):
        own, other = figures[name], crossed[name]
        for key, what in (("accuracy", "accuracy"), ("macro_f1", "macro-F1")):
            rows.append([f"{title}: {what}, %", str(own["n"]), percent(own[key]), percent(other[key])])
    own, other = figures["ferplus_all"], crossed["ferplus_all"]
    everyone = "all faces, those without a majority included"
    rows.append([f"{everyone}: calibration error, %", str(own["n"]), percent(own["ece"]), percent(other["ece"])])
    for key, what in (("coverage", "said unhedged, %"), ("accuracy", "of that, right, %")):
        values = [percent(group["unhedged"][key]) for group in (own, other)]
        rows.append([f"{everyone}: {what}", str(own["n"]), *values])
    return table(["figure", "n", "in the file", "cross-fitted"], rows)


def classes(figures: dict[str, Any], thresholds: dict[str, Any]) -> str:
    """Precision, recall, thresholds, and what is said unhedged, for each label."""
    each, said = figures["ferplus_majority"]["per_class"], figures["ferplus_all"]["unhedged"]["per_class"]
    rows = []
    for label in LABELS:
        row, own = each[label], said[label]
        sure = thresholds[label]["sure"]
        spoken = ["never", "-", "-"]
        if sure is not None:
            low, high = own["wilson"]
            spoken = [f"{sure:.2f}", str(own["n"]), f"{percent(own['accuracy'])} ({percent(low)} to {percent(high)})"]
        rows.append([label, str(row["n"]), percent(row["precision"]), percent(row["recall"]), *spoken])
    head = [
        "label",
        "n",
        "precision, %",
        "recall, %",
        "said unhedged from",
        "so said",
        "of that right, % (95 % interval)",
    ]
    return table(head, rows)


def confusion(figures: dict[str, Any]) -> str:
    """Counts of answers for each majority."""
    counts = figures["ferplus_majority"]["confusion"]
    rows = [[name, *map(str, row)] for name, row in zip([*LABELS, "contempt"], counts, strict=True)]
    return table(["majority / answer", *LABELS], rows)


def coverage(figures: dict[str, Any]) -> str:
    """What is right of the answers above a certainty."""
    points = [point for point in figures["coverage"] if round(100 * point["threshold"]) % 10 == 0]
    rows = [[f"{p['threshold']:.1f}", percent(p["coverage"]), percent(p["accuracy"])] for p in points]
    return table(["certainty from", "answered, %", "of that right, %"], rows)


def robustness(figures: dict[str, Any]) -> str:
    """Accuracy and unhedged answers under each condition."""
    rows = []
    for name, row in figures["robustness"].items():
        lost, allowed = row.get("points_lost"), row.get("points_allowed")
        lost = "-" if lost is None else f"{lost:.1f}"
        goal = "-" if allowed is None else f"{allowed:.0f}"
        spoken = [percent(row["unhedged_coverage"]), percent(row["unhedged_accuracy"])]
        rows.append([name, percent(row["accuracy"]), percent(row["macro_f1"]), lost, goal, *spoken])
    head = ["condition", "accuracy, %", "macro-F1, %", "points lost", "goal", "said unhedged, %", "of that right, %"]
    return table(head, rows)


def scenes(figures: dict[str, Any]) -> str:
    """What the way from a full picture to the crop costs, with each detector."""
    rows = [
        [name, f"{row['found']} of {row['of']}", *(percent(row[key]) for key in CROPS)]
        for name, row in figures["scenes"].items()
    ]
    return table(["detector", "faces found", "the data's own crop, %", "the program's, %"], rows)


def groups(figures: dict[str, Any]) -> str:
    """What becomes of close-ups of people of all ages and origins."""
    rows = [
        [
            name,
            str(row["n"]),
            percent(row["found"][0]),
            *("{} ({} to {})".format(*map(percent, row[key])) for key in ("confirmed", "unhedged")),
            *(percent(row["labels"][label]) for label in LABELS),
        ]
        for name, row in figures["groups"]["rows"].items()
    ]
    head = ["group", "n", "found, %", "confirmed, % (95 % interval)", "told unhedged, % (95 % interval)", *LABELS]
    return table(head, rows)


def render(figures: dict[str, Any], manifest: dict[str, Any]) -> str:
    """All tables, with a sentence on each."""
    parts = [
        overview(figures),
        "Each label, by the majority rule (single votes dropped, more than half of the rest; contempt is wrong). "
        "What is said unhedged is counted on all faces, those without a majority as wrong:",
        classes(figures, manifest["thresholds"]),
        "Confusion, counts:",
        confusion(figures),
        "Coverage against accuracy, all faces:",
        coverage(figures),
        f"Size {manifest['file']['size'] / 1e6:.2f} MB; {figures['ms_per_face']:.2f} ms a face on one thread of the "
        f"training machine, {figures['times_mini_xception']:.1f} times a mini_XCEPTION-shaped network in the same run; "
        f"largest difference from PyTorch on generated pictures {figures['parity_largest_difference']:.4f}.",
    ]
    if "robustness" in figures:
        flicker = figures["flicker"]
        parts += [
            "Conditions of a worn camera, applied to the validation faces (FER+ majority; unhedged on all faces):",
            robustness(figures),
            f"A shift by one pixel changes {percent(figures['one_pixel_label_changes'])} % of the labels. On "
            f"{flicker['faces']} still faces, rendered anew {flicker['rate_hz']:.0f} times a second for "
            f"{flicker['seconds']:.0f} s with jitter (1 % of its side in place and size) and noise (3 grey levels), "
            f"the raw label changes {flicker['changes_per_s']:.2f} times a second, before any smoothing, and what the "
            f"program believes {flicker['belief_changes_per_s']:.4f} times.",
        ]
    if "scenes" in figures:
        parts += [
            "From full pictures (validation faces laid into generated scenes of 640x480, found by the program's own "
            "detectors and points and cut out by its own crop; boxes that are 10 % off have no points of their own; "
            "accuracy on the faces that were found, FER+ majority):",
            scenes(figures),
        ]
    if "groups" in figures:
        parts += [
            f"By apparent age, sex and origin, found by {figures['groups']['detector']} (close-ups of UTKFace that "
            "trained nothing, with its makers' labels, shown to the program as single pictures; nobody labelled the "
            "expressions, so that the last columns say how often each is answered, not how often rightly; all in %):",
            groups(figures),
        ]
    return "\n\n".join(parts)


def main() -> None:
    """Reads the command line and rewrites the card's figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--model", type=Path, default=Path(__file__).resolve().parent.parent, help="folder of the model"
    )
    folder = parser.parse_args().model
    figures = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    manifest = yaml.safe_load((folder / "manifest.yaml").read_text(encoding="utf-8"))
    laid_in(folder / "CARD.md", SCRIPT, render(figures, manifest))


if __name__ == "__main__":
    main()
