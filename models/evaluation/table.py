"""Reads `fer2013.csv` (columns `emotion`, `pixels`, `Usage`), with `fer2013new.csv` of FER+ beside it or without."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.evaluation.labelled import SIDE, SPLITS, Faces, broken
from models.evaluation.metrics import LABELS, Ints

VOTES_NAME = "fer2013new.csv"
"""FER+'s table: a row for each row of fer2013.csv, in its order."""

_VOTE_COLUMNS = (
    "neutral",
    "happiness",
    "surprise",
    "sadness",
    "anger",
    "disgust",
    "fear",
    "contempt",
    "unknown",
    "NF",
)
"""FER+'s own words for `metrics.VOTES`, in the same order."""


def read_table(path: Path, split: int) -> Faces:
    """Reads one split.

    Raises:
        DataError: a table cannot be read, misses a column, has a cell that is not what it should be, or the two tables
            have not as many rows; names the line where there is one.
    """
    images, labels, places = [], [], []
    total = 0
    for where, row in _rows(path, ("emotion", "pixels", "Usage")):
        usage = SPLITS.get(row["Usage"].strip().lower())
        if usage is None:
            raise broken(where, f'"{row["Usage"]}" is no known Usage')
        if usage == split:
            images.append(_pixels(where, row["pixels"]))
            labels.append(_label(where, row["emotion"]))
            places.append(total)
        total += 1
    beside = path.with_name(VOTES_NAME)
    if not beside.is_file():
        return Faces.gathered(images, labels)
    votes = _read_votes(beside)
    if len(votes) != total:
        raise broken(beside, f"has {len(votes)} rows, but {path.name} has {total}")
    return Faces.gathered(images, labels, votes[np.array(places, np.int64)])


def _rows(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a table that must have these columns, each with the words that say where it stands."""
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file, skipinitialspace=True)  # one edition writes "emotion, Usage, pixels"
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                raise broken(path, f"misses the columns {', '.join(sorted(missing))}")
            for row in reader:
                where = f"{path}, line {reader.line_num}"
                empty = [name for name in columns if not row[name]]
                if empty:
                    raise broken(where, f"{', '.join(empty)} is empty")
                yield where, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise broken(path, f"not a readable csv file ({error})") from error


def _pixels(where: str, text: str) -> NDArray[np.uint8]:
    """A picture, (48, 48), from its numbers in rows from the top."""
    try:
        pixels = np.array(text.split(), dtype=np.int64)
    except (ValueError, OverflowError) as error:
        raise broken(where, "a pixel is no whole number") from error
    if pixels.size != SIDE * SIDE:
        raise broken(where, f"has {pixels.size} pixels, not {SIDE * SIDE}")
    if pixels.min() < 0 or pixels.max() > 255:
        raise broken(where, "a pixel lies outside 0 to 255")
    return pixels.astype(np.uint8).reshape(SIDE, SIDE)


def _label(where: str, text: str) -> int:
    label = _whole(where, "emotion", text)
    if label >= len(LABELS):
        raise broken(where, f"emotion {label} lies outside 0 to {len(LABELS) - 1}")
    return label


def _read_votes(path: Path) -> Ints:
    """FER+'s table, (rows, 10)."""
    votes = [[_whole(where, name, row[name]) for name in _VOTE_COLUMNS] for where, row in _rows(path, _VOTE_COLUMNS)]
    return np.array(votes, np.int64).reshape(-1, len(_VOTE_COLUMNS))


def _whole(where: str, name: str, text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise broken(where, f'{name} is "{text}", not a whole number from 0 on')
    return int(text)
