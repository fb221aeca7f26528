"""Reads `fer2013.npz`: `images` (n, 48, 48) uint8, `split` (n,), `label` (n,), and `votes` (n, 10) where known."""

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.evaluation.labelled import SIDE, UNLABELLED, Faces, broken
from models.evaluation.metrics import LABELS, VOTES

_UNREADABLE = (ValueError, OSError, EOFError, RuntimeError, MemoryError, zipfile.BadZipFile, zlib.error)
"""What numpy and zipfile raise for a cut, damaged, encrypted or foreign file."""


def read_npz(path: Path, split: int) -> Faces:
    """Reads one split.

    Raises:
        DataError: the file cannot be read, or an array is missing or other than it should be.
    """
    arrays = _arrays(path)
    missing = {"images", "split", "label"} - arrays.keys()
    if missing:
        raise broken(path, f"misses {', '.join(sorted(missing))}")
    images, labels = arrays["images"], arrays["label"]
    if images.dtype != np.uint8 or images.shape[1:] != (SIDE, SIDE):
        raise broken(path, f"images are {images.dtype} {images.shape}, not uint8 (n, {SIDE}, {SIDE})")
    votes = arrays.setdefault("votes", np.zeros((len(images), len(VOTES)), np.int64))
    for name, shape in (("split", ()), ("label", ()), ("votes", (len(VOTES),))):
        _check(path, name, arrays[name], (len(images), *shape))
    if not np.isin(labels, [UNLABELLED, *range(len(LABELS))]).all():
        raise broken(path, f"a label lies outside {UNLABELLED} to {len(LABELS) - 1}")
    if (votes < 0).any():
        raise broken(path, "a number of votes is negative")
    chosen = arrays["split"] == split
    return Faces(images[chosen], labels[chosen].astype(np.int64), votes[chosen].astype(np.int64))


def _arrays(path: Path) -> dict[str, NDArray[Any]]:
    wanted = ("images", "split", "label", "votes")
    try:
        with zipfile.ZipFile(path):
            pass  # np.load would read a bare array under this name as well
        with np.load(path, allow_pickle=False) as archive:
            return {name: archive[name] for name in wanted if name in archive.files}
    except _UNREADABLE as error:
        raise broken(path, f"not a readable npz file ({' '.join(str(error).split())})") from error


def _check(path: Path, name: str, array: NDArray[Any], shape: tuple[int, ...]) -> None:
    if array.shape != shape or array.dtype.kind not in "iu":
        raise broken(path, f"{name} is {array.dtype} {array.shape}, not whole numbers {shape}")
