"""Reads labelled faces in the three forms in which the data set is passed on.

- `fer2013.npz` (`npz.py`);
- `fer2013.csv`, with `fer2013new.csv` of FER+ beside it or without (`table.py`);
- a folder for each class, with or without a folder for each split above (`folders.py`).

A folder that holds one of the two files stands for it.

Source of the labels: Goodfellow et al., "Challenges in Representation Learning", ICONIP 2013 (FER-2013); Barsoum et
al., "Training Deep Networks for Facial Expression Recognition with Crowd-Sourced Label Distribution", ICMI 2016 (FER+).
"""

from pathlib import Path

import numpy as np

from models.evaluation.folders import has_splits, read_folders
from models.evaluation.labelled import (
    CONTEMPT,
    SIDE,
    SPLIT_NAMES,
    SPLITS,
    TEST,
    TRAINING,
    UNLABELLED,
    VALIDATION,
    DataError,
    Faces,
)
from models.evaluation.npz import read_npz
from models.evaluation.table import read_table

__all__ = [
    "CONTEMPT",
    "SIDE",
    "SPLITS",
    "SPLIT_NAMES",
    "TEST",
    "TRAINING",
    "UNLABELLED",
    "VALIDATION",
    "DataError",
    "Faces",
    "read",
    "read_for_training",
]

_FORMS = "Known are fer2013.npz, fer2013.csv, and a folder that holds a folder for each expression."


def read(path: Path, split: int) -> Faces:
    """Reads one split from any of the three forms.

    Args:
        path: An npz file, a csv file, or a folder.
        split: 0 training, 1 validation, 2 private test.

    Raises:
        DataError: the data is missing, malformed, or has no faces in this split.
    """
    faces = _read(_file_in(path), split)
    if len(faces) == 0:
        every = ", ".join(f"{number} {name}" for number, name in enumerate(SPLIT_NAMES))
        raise DataError(f"{path}: no faces in split {split} ({SPLIT_NAMES[split]}).", f"Splits are {every}. {_FORMS}")
    return faces


def read_for_training(path: Path) -> tuple[Faces, Faces]:
    """Reads the training and the validation split; of folders without splits every tenth picture is held out.

    Raises:
        DataError: as `read`.
    """
    training, validation = read(path, TRAINING), read(path, VALIDATION)
    source = _file_in(path)
    if source.is_dir() and not has_splits(source):
        held = np.arange(len(training)) % 10 == 9
        validation, training = training.of(held), training.of(~held)
    return training, validation


def _file_in(path: Path) -> Path:
    """The data set's file in a folder that holds it, else the path itself."""
    files = (path / name for name in ("fer2013.npz", "fer2013.csv"))
    return next((file for file in files if file.is_file()), path)


def _read(path: Path, split: int) -> Faces:
    if path.is_dir():
        return read_folders(path, split)
    if not path.is_file():
        raise DataError(f"{path}: there is no such file or folder.", _FORMS)
    if path.suffix.lower() == ".npz":
        return read_npz(path, split)
    if path.suffix.lower() == ".csv":
        return read_table(path, split)
    raise DataError(f"{path}: neither .npz nor .csv.", _FORMS)
