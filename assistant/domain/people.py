"""People who were learnt: what somebody may be called, the gallery of their faces, and whose face a new one is.

A face is an embedding here: a unit vector that one network made of it, comparable with those of the same network alone.
The search is open: most faces are nobody's who was learnt, and "nobody I know" is an answer like every other.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import exp

import numpy as np
from numpy import float32, intp
from numpy.typing import NDArray

from assistant.errors import NameRefused

NOBODY = ""
"""Whose face it is when it is nobody's who was learnt."""
LONGEST_NAME = 200
"""Letters and signs of a name."""
NEAREST = 3
"""A face is compared with so many of somebody's samples, those most like it: one bad sample spoils nobody."""
UNIT = 0.01
"""By how much the length of an embedding may differ from 1."""
_UNSPEAKABLE = {"Cc", "Cs", "Zl", "Zp"}
_UNHEARD = "Cf"
"""Signs without a look and a sound of their own, such as joiners."""


def spelled(name: str) -> str:
    """A name as it is kept: composed, with single spaces.

    Raises:
        NameRefused: there is nothing in it to say, it is too long, or it has control characters.
    """
    clean = " ".join(unicodedata.normalize("NFC", name).split())
    if any(unicodedata.category(sign) in _UNSPEAKABLE for sign in clean):
        raise NameRefused("A name cannot have control characters.")
    if not key(clean):
        raise NameRefused("A name cannot be empty.")
    if len(clean) > LONGEST_NAME:
        raise NameRefused(f"A name has at most {LONGEST_NAME} letters.")
    return clean


def key(name: str) -> str:
    """What two spellings of one name have in common, whatever their case and their form in Unicode (NFKC, folded)."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    heard = (sign for sign in folded if unicodedata.category(sign) != _UNHEARD)
    return " ".join(unicodedata.normalize("NFKC", "".join(heard)).split())


def is_unit(vector: NDArray[float32]) -> bool:
    """Whether this can be an embedding: of length 1, and all of it numbers."""
    return abs(float(np.linalg.norm(vector)) - 1) < UNIT


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """One look at somebody's face."""

    model: str
    """The network that saw it, as "name@version"."""
    vector: NDArray[float32]
    """What it made of it, of length 1."""
    taken_at: float
    """Seconds since 1970."""


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """Somebody who was learnt."""

    name: str
    learnt_at: float
    """Seconds since 1970."""
    samples: tuple[Sample, ...]

    def usable(self, model: str) -> int:
        """How many samples are of this network; without any they must be learnt again."""
        return sum(sample.model == model for sample in self.samples)


@dataclass(frozen=True, slots=True)
class Matching:
    """How alike two faces of one person are; measured with the network, kept in its manifest."""

    even: float
    """Likeness (cosine) from which on a face is rather somebody's than nobody's who was learnt."""
    scale: float
    """Difference of likeness that multiplies the odds by e."""
    margin: float
    """How far the one most alike must be ahead of the next, in likeness, to be rather the one than nobody."""
    alike: float | None = None
    """Likeness from which on two single looks are rather one person's than two people's; where it is not known, `even`,
    which is higher, because no stranger may be named among many who are learnt."""


@dataclass(frozen=True, slots=True, eq=False)
class Gallery:
    """Everybody who was learnt, as one network sees them; immutable, so that any thread may read it."""

    model: str
    """The network, as "name@version"."""
    names: tuple[str, ...] = ()
    owners: NDArray[intp] = field(default_factory=lambda: np.empty(0, intp))
    """For each sample the index of its name."""
    vectors: NDArray[float32] = field(default_factory=lambda: np.empty((0, 0), float32))
    """(samples, numbers), each of length 1."""

    def likeness(self, vector: NDArray[float32]) -> NDArray[float32]:
        """How like everybody a face is.

        Args:
            vector: (numbers,), of length 1, of the same network.

        Returns:
            (names,), cosines: the mean of the `NEAREST` samples of each.
        """
        each = np.einsum("ij,j->i", self.vectors, vector)  # BLAS would wake threads that cost more than the product
        order = np.lexsort((each, self.owners))
        owners, counts = self.owners[order], np.bincount(self.owners, minlength=len(self.names))
        from_best = np.cumsum(counts)[owners] - np.arange(len(owners))
        nearest = from_best <= NEAREST
        sums = np.bincount(owners[nearest], each[order][nearest], len(self.names))
        return np.asarray(sums / np.minimum(counts, NEAREST), float32)


def gallery(model: str, people: Mapping[str, Sequence[NDArray[float32]]]) -> Gallery:
    """A gallery of people by name, each with at least one sample; whoever has none is left out."""
    known = {name: samples for name, samples in people.items() if samples}
    if not known:
        return Gallery(model)
    owners = [person for person, samples in enumerate(known.values()) for _ in samples]
    vectors = np.stack([vector for samples in known.values() for vector in samples])
    return Gallery(model, tuple(known), np.array(owners, intp), vectors)


def whose(vector: NDArray[float32], known: Gallery, matching: Matching) -> dict[str, float]:
    """Whose face it is: a probability for everybody who was learnt and for `NOBODY`, summing to 1.

    "Nobody" has the odds of a likeness of `even`; but where the second is close behind the first, those of a likeness
    `margin` above the second, so that of two who look alike neither is named.
    """
    if not known.names:
        return {NOBODY: 1.0}
    odds = (known.likeness(vector) - matching.even) / matching.scale
    second = float(np.sort(odds)[-2]) if len(odds) > 1 else -np.inf
    nobody = max(0.0, second + matching.margin / matching.scale)
    top = max(float(odds.max()), nobody)
    weights = np.exp(odds - top)
    total = float(weights.sum()) + exp(nobody - top)
    return {NOBODY: exp(nobody - top) / total, **dict(zip(known.names, (weights / total).tolist(), strict=True))}


def strangers(vectors: Sequence[NDArray[float32]], matching: Matching) -> list[int]:
    """Which samples of one person are so unlike the others that they may be somebody else's.

    Args:
        vectors: Of one network; of two nobody can say which is the stranger.
        matching: How alike two faces of one person are.
    """
    if len(vectors) < NEAREST:
        return []
    alike = np.stack(vectors) @ np.stack(vectors).T
    np.fill_diagonal(alike, np.nan)
    least = matching.even if matching.alike is None else matching.alike
    return [row for row, typical in enumerate(np.nanmedian(alike, axis=1).tolist()) if typical < least]
