"""Reads a folder for each class: `DATA/<class>/*.png`, or `DATA/<split>/<class>/*.png`.

Classes and splits are known by several names (`labelled.SYNONYMS`, `labelled.SPLITS`). Pictures are faces already cut
out; another size than 48x48 is brought to it.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from assistant.devices.pictures import SUFFIXES, read_picture
from assistant.errors import PictureError
from models.evaluation.labelled import SIDE, SPLITS, DataError, Faces, label_of
from models.evaluation.metrics import LABELS


def has_splits(path: Path) -> bool:
    """Whether the folder holds a folder for each split, and those hold the classes."""
    return any(child.name.lower() in SPLITS for child in _folders_in(path))


def read_folders(path: Path, split: int) -> Faces:
    """Reads one split; without folders for splits all faces.

    Raises:
        DataError: a folder is called like no class, or a picture cannot be read.
    """
    classes = _folders_in(path)
    if has_splits(path):
        chosen = [child for child in classes if SPLITS.get(child.name.lower()) == split]
        classes = [folder for child in chosen for folder in _folders_in(child)]
    images, labels = [], []
    for folder in classes:
        label = label_of(folder.name)
        if label is None:
            raise DataError(
                f"{folder}: the folder is called like no expression.",
                f"Known: {', '.join(LABELS)}, contempt, and anger, happiness, sadness and the like.",
            )
        pictures = [file for file in _children(folder) if file.suffix.lower() in SUFFIXES]
        images += [_picture(file) for file in pictures]
        labels += [label] * len(pictures)
    return Faces.gathered(images, labels)


def _children(path: Path) -> list[Path]:
    """What is in a folder in alphabetical order, without hidden files (which some archives add to every picture)."""
    try:
        return [child for child in sorted(path.iterdir()) if not child.name.startswith(".")]
    except OSError as error:
        raise DataError(f"{path}: the folder cannot be read ({error.strerror}).") from error


def _folders_in(path: Path) -> list[Path]:
    return [child for child in _children(path) if child.is_dir()]


def _picture(path: Path) -> NDArray[np.uint8]:
    """A face, (48, 48), grey; averaged where it is larger, interpolated where it is smaller."""
    try:
        picture = cv2.cvtColor(read_picture(path).pixels, cv2.COLOR_RGB2GRAY)
    except PictureError as error:
        raise DataError(error.message, error.remedy) from error
    if picture.shape != (SIDE, SIDE):
        how = cv2.INTER_AREA if min(picture.shape) > SIDE else cv2.INTER_LINEAR
        picture = cv2.resize(picture, (SIDE, SIDE), interpolation=how)
    return np.asarray(picture, np.uint8)
