"""Reads labelled faces in the three forms in which the data set is passed on.

- `fer2013.npz`: `images` (n, 48, 48) uint8, `split` (n,), `label` (n,), and `votes` (n, 10) where FER+ is known;
- `fer2013.csv` (columns `emotion`, `pixels`, `Usage`), with `fer2013new.csv` of FER+ beside it or without;
- a folder per class: `DATA/<class>/*.png`, of which training holds out every tenth picture for validation, or
  `DATA/<split>/<class>/*.png` (splits `train`, `validation`, `test`).

Source of the labels: Goodfellow et al., "Challenges in Representation Learning", ICONIP 2013 (FER-2013); Barsoum et
al., "Training Deep Networks for Facial Expression Recognition with Crowd-Sourced Label Distribution", ICMI 2016 (FER+).
"""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from metrics import LABELS, VOTES
from numpy.typing import NDArray

SIDE = 48
"""Side of a face, in pixels."""

TRAINING, VALIDATION, TEST = 0, 1, 2

SPLITS = {
    "training": TRAINING,
    "train": TRAINING,
    "publictest": VALIDATION,
    "validation": VALIDATION,
    "val": VALIDATION,
    "privatetest": TEST,
    "test": TEST,
}

SYNONYMS = {
    "anger": "angry",
    "disgusted": "disgust",
    "fearful": "fear",
    "afraid": "fear",
    "happiness": "happy",
    "sadness": "sad",
    "surprised": "surprise",
}

PICTURES = {".png", ".jpg", ".jpeg", ".bmp"}


class DataError(ValueError):
    """The data cannot be used; the message says which file and why."""


@dataclass(frozen=True)
class Faces:
    """Faces of one split.

    Attributes:
        images: (n, 48, 48) uint8, grey.
        labels: (n,) int64, index into `metrics.LABELS`, -1 where unknown.
        votes: (n, 10) int64, FER+ votes in the order of `metrics.VOTES`; zeros where unknown.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    votes: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.images)

    def of(self, chosen: NDArray[np.bool_]) -> Faces:
        """The chosen faces alone."""
        return Faces(self.images[chosen], self.labels[chosen], self.votes[chosen])


def read(path: Path, split: int) -> Faces:
    """Reads one split from any of the three forms.

    Args:
        path: an npz file, a csv file, or a folder.
        split: 0 training, 1 validation, 2 test.

    Raises:
        DataError: the data is missing, malformed, or has no faces in this split.
    """
    if path.is_dir() and (path / "fer2013.csv").is_file():
        path = path / "fer2013.csv"
    if path.is_dir():
        faces = _read_folders(path, split)
    elif not path.is_file():
        raise DataError(f"{path}: no such file or folder")
    elif path.suffix == ".npz":
        faces = _read_npz(path, split)
    elif path.suffix == ".csv":
        faces = _read_csv(path, split)
    else:
        raise DataError(f"{path}: neither .npz, .csv nor a folder with a folder for each class")
    if len(faces) == 0:
        raise DataError(f"{path}: no faces in split {split}")
    return faces


def read_for_training(path: Path) -> tuple[Faces, Faces]:
    """Reads the training and the validation split; of folders without splits every tenth picture is held out.

    Raises:
        DataError: as `read`.
    """
    training, validation = read(path, TRAINING), read(path, VALIDATION)
    if path.is_dir() and not _has_splits(path) and not (path / "fer2013.csv").is_file():
        held = np.arange(len(training)) % 10 == 9
        validation, training = training.of(held), training.of(~held)
    return training, validation


def _has_splits(path: Path) -> bool:
    return any(child.is_dir() and child.name.lower() in SPLITS for child in path.iterdir())


def _read_npz(path: Path, split: int) -> Faces:
    try:
        with zipfile.ZipFile(path):
            pass
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path}: not a readable npz file ({error})") from error
    missing = {"images", "split", "label"} - arrays.keys()
    if missing:
        raise DataError(f"{path}: misses {', '.join(sorted(missing))}")
    images, splits, labels = arrays["images"], arrays["split"], arrays["label"]
    votes = arrays.get("votes", np.zeros((len(images), len(VOTES)), np.int64))
    if images.dtype != np.uint8 or images.shape[1:] != (SIDE, SIDE):
        raise DataError(f"{path}: images are {images.dtype} {images.shape}, expected uint8 (n, {SIDE}, {SIDE})")
    if splits.shape != (len(images),) or labels.shape != (len(images),) or votes.shape != (len(images), len(VOTES)):
        raise DataError(f"{path}: images, split, label and votes differ in length")
    if len(labels) and not (-1 <= labels.min() and labels.max() < len(LABELS)):
        raise DataError(f"{path}: a label lies outside -1 to {len(LABELS) - 1}")
    chosen = splits == split
    return Faces(images[chosen], labels[chosen].astype(np.int64), votes[chosen].astype(np.int64))


def _read_csv(path: Path, split: int) -> Faces:
    images, labels, places = [], [], []
    for place, (where, row) in enumerate(_rows(path, ["emotion", "pixels", "Usage"])):
        usage = row["Usage"].strip().lower()
        if usage not in SPLITS:
            raise DataError(f"{where}: unknown Usage {row['Usage']!r}")
        if SPLITS[usage] == split:
            image, label = _face(where, row)
            images.append(image)
            labels.append(label)
            places.append(place)
    votes = np.zeros((len(images), len(VOTES)), np.int64)
    beside = path.with_name("fer2013new.csv")
    if beside.is_file() and places:
        everything = _read_votes(beside)
        if len(everything) <= places[-1]:
            raise DataError(f"{beside}: has {len(everything)} rows, fewer than {path.name}")
        votes = everything[places]
    return Faces(np.array(images, np.uint8).reshape(-1, SIDE, SIDE), np.array(labels, np.int64), votes)


def _rows(path: Path, columns: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows of a table that must have these columns, each with the words that say where it stands."""
    try:
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                raise DataError(f"{path}: misses the columns {', '.join(sorted(missing))}")
            for row in reader:
                where = f"{path}, line {reader.line_num}"
                empty = [name for name in columns if not row[name]]
                if empty:
                    raise DataError(f"{where}: {', '.join(empty)} is empty")
                yield where, row
    except (UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path}: not a readable csv file ({error})") from error


def _face(where: str, row: dict[str, str]) -> tuple[NDArray[np.uint8], int]:
    """Picture and label of one row of fer2013.csv."""
    try:
        label, pixels = int(row["emotion"]), np.array(row["pixels"].split(), dtype=np.int64)
    except ValueError as error:
        raise DataError(f"{where}: {error}") from error
    if not 0 <= label < len(LABELS):
        raise DataError(f"{where}: emotion {label} lies outside 0 to {len(LABELS) - 1}")
    if pixels.size != SIDE * SIDE:
        raise DataError(f"{where}: has {pixels.size} pixels, expected {SIDE * SIDE}")
    if pixels.min() < 0 or pixels.max() > 255:
        raise DataError(f"{where}: a pixel lies outside 0 to 255")
    return pixels.astype(np.uint8).reshape(SIDE, SIDE), label


def _read_votes(path: Path) -> NDArray[np.int64]:
    """Reads FER+'s table: one row for each row of fer2013.csv, in its order; returns (n, 10)."""
    names = ["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF"]
    votes = []
    for where, row in _rows(path, names):
        try:
            votes.append([int(row[name]) for name in names])
        except ValueError as error:
            raise DataError(f"{where}: {error}") from error
    return np.array(votes, np.int64).reshape(-1, len(names))


def _read_folders(path: Path, split: int) -> Faces:
    import cv2

    roots = [child for child in sorted(path.iterdir()) if child.is_dir()]
    named = [child for child in roots if SPLITS.get(child.name.lower()) == split]
    if any(child.name.lower() in SPLITS for child in roots):
        roots = [folder for child in named for folder in sorted(child.iterdir()) if folder.is_dir()]
    images, labels = [], []
    for folder in roots:
        name = SYNONYMS.get(folder.name.lower(), folder.name.lower())
        if name not in LABELS:
            raise DataError(f"{folder}: unknown class; known are {', '.join(LABELS)}")
        for file in sorted(folder.iterdir()):
            if file.suffix.lower() not in PICTURES:
                continue
            image = cv2.imread(str(file), cv2.IMREAD_GRAYSCALE)
            if image is None:
                raise DataError(f"{file}: not a readable picture")
            if image.shape != (SIDE, SIDE):
                image = cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA)
            images.append(image)
            labels.append(LABELS.index(name))
    votes = np.zeros((len(images), len(VOTES)), np.int64)
    return Faces(np.array(images, np.uint8).reshape(-1, SIDE, SIDE), np.array(labels, np.int64), votes)
