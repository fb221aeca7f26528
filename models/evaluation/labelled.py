"""Labelled faces, and the words by which data sets call splits and expressions."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from assistant.errors import PictureError
from assistant.senses.faces.crop import SIZE
from models.evaluation.metrics import LABELS, VOTES, Bools, Ints

SIDE = SIZE
"""Side of a face, in pixels."""

UNLABELLED, CONTEMPT = -1, -2
"""Labels that are no index into `LABELS`: none is known; contempt, which is none of the seven."""

TRAINING, VALIDATION, TEST = 0, 1, 2

SPLIT_NAMES = ("training", "validation", "private test")

SPLITS = {
    "training": TRAINING,
    "train": TRAINING,
    "publictest": VALIDATION,
    "validation": VALIDATION,
    "valid": VALIDATION,
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
    "contemptuous": "contempt",
}


class DataError(PictureError):
    """The labelled faces cannot be used; the message says which file and why."""


def broken(where: object, reason: str) -> DataError:
    """The error for content that is not what it should be.

    Args:
        where: The file, with its line where there are lines.
        reason: What is wrong, as a clause without a full stop.
    """
    return DataError(f"{where}: {reason}.", "Mend it or get it again.")


@dataclass(frozen=True)
class Faces:
    """Faces of one split.

    Attributes:
        images: (n, 48, 48) uint8, grey.
        labels: (n,) int64, index into `metrics.LABELS`, `UNLABELLED` or `CONTEMPT`.
        votes: (n, 10) int64, FER+ votes in the order of `metrics.VOTES`; zeros where unknown.
    """

    images: NDArray[np.uint8]
    labels: Ints
    votes: Ints

    def __len__(self) -> int:
        return len(self.images)

    @classmethod
    def gathered(cls, images: list[NDArray[np.uint8]], labels: list[int], votes: Ints | None = None) -> Self:
        """Puts faces together that were read one by one; without votes all votes are zero."""
        stack = np.array(images, np.uint8).reshape(-1, SIDE, SIDE)
        none = np.zeros((len(images), len(VOTES)), np.int64)
        return cls(stack, np.array(labels, np.int64), none if votes is None else votes)

    def of(self, chosen: Bools) -> Self:
        """The chosen faces alone; `chosen` is (n,)."""
        return type(self)(self.images[chosen], self.labels[chosen], self.votes[chosen])


def label_of(name: str) -> int | None:
    """The label for what a data set calls an expression; None for a word that is none."""
    word = SYNONYMS.get(name.lower(), name.lower())
    if word == "contempt":
        return CONTEMPT
    return LABELS.index(word) if word in LABELS else None
