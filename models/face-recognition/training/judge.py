"""How well embeddings tell people apart: pairs, and names among strangers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assistant.domain.people import NOBODY, Gallery, Matching, gallery, whose

FOLDS = 10


@dataclass(frozen=True)
class Pairs:
    """Pairs of faces.

    Attributes:
        first, second: (n,) rows.
        same: (n,) whether both are of one person.
        folds: (n,) 0 to 9; a person is in one fold only.
    """

    first: np.ndarray
    second: np.ndarray
    same: np.ndarray
    folds: np.ndarray


def made_pairs(people: np.ndarray, most: int = 12, seed: int = 5) -> Pairs:
    """As many pairs of one person as of two, in each fold (after Huang et al., "Labeled Faces in the Wild", 2007).

    Args:
        people: (n,) whom each face shows.
        most: pairs of one person, so that a few with many photographs do not decide.
        seed: of the draw.
    """
    random = np.random.default_rng(seed)
    everybody = np.unique(people)
    fold_of = dict(zip(everybody.tolist(), (random.permutation(len(everybody)) % FOLDS).tolist(), strict=True))
    rows: list[tuple[int, int, bool, int]] = []
    for fold in range(FOLDS):
        mine = np.flatnonzero([fold_of[person] == fold for person in people.tolist()])
        same = []
        for person in np.unique(people[mine]):
            own = np.flatnonzero(people == person)
            pairs = np.array(np.triu_indices(len(own), 1)).T
            same += [(int(own[a]), int(own[b])) for a, b in random.permutation(pairs)[:most]]
        rows += [(a, b, True, fold) for a, b in same]
        strangers: set[tuple[int, int]] = set()
        while len(strangers) < len(same) and len(np.unique(people[mine])) > 1:
            a, b = sorted(random.choice(mine, 2, replace=False).tolist())
            if people[a] != people[b]:
                strangers.add((a, b))
        rows += [(a, b, False, fold) for a, b in sorted(strangers)]
    first, second, same_person, folds = (np.array(column) for column in zip(*rows, strict=True))
    return Pairs(first, second, same_person, folds)


def best_threshold(likeness: np.ndarray, same: np.ndarray) -> float:
    """The threshold with the most pairs on their right side."""
    order = np.argsort(-likeness)
    right = np.cumsum(same[order]) - np.cumsum(~same[order])
    best = int(right.argmax())
    return float(likeness[order][best : best + 2].mean())


def verification(one: np.ndarray, other: np.ndarray, pairs: Pairs) -> dict[str, float]:
    """Share of pairs judged rightly, each fold by the threshold that is best on the other nine.

    Args:
        one: (n, 256) of length one, what the first of each pair is looked up in.
        other: the same for the second.
        pairs: rows of both.
    """
    likeness = (one[pairs.first] * other[pairs.second]).sum(axis=1)
    right = []
    for fold in np.unique(pairs.folds):
        held = pairs.folds == fold
        threshold = best_threshold(likeness[~held], pairs.same[~held])
        right.append(float(((likeness[held] >= threshold) == pairs.same[held]).mean()))
    return {"accuracy": float(np.mean(right)), "deviation": float(np.std(right)), "pairs": len(likeness)}


def true_accepts(same: np.ndarray, strangers: np.ndarray, rate: float) -> tuple[float, float]:
    """Share of likenesses of the same person above the threshold that this rate of strangers passes, and it."""
    threshold = float(np.quantile(strangers, 1 - rate))
    return float((same > threshold).mean()), threshold


def likenesses(one: np.ndarray, other: np.ndarray, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All pairs of the same person, and all of two people."""
    upper = np.triu(np.ones((len(people), len(people)), bool), 1)
    equal = people[:, None] == people[None]
    likeness = one @ other.T
    return likeness[upper & equal], likeness[upper & ~equal]


@dataclass(frozen=True)
class Meeting:
    """People who were learnt, pictures of them that were not, and strangers.

    Attributes:
        known: who was learnt, as the program keeps them.
        others: (n, 256) their other pictures.
        names: (n,) whose those are.
        strangers: (m, 256) pictures of strangers, one a person.
    """

    known: Gallery
    others: np.ndarray
    names: np.ndarray
    strangers: np.ndarray


def meeting(clean: np.ndarray, seen: np.ndarray, people: np.ndarray, known: int = 20, most: int = 600) -> Meeting:
    """The `known` people with the most pictures, learnt from ten of them, at most from half.

    Args:
        clean: (n, 256) embeddings that people are learnt from.
        seen: (n, 256) of the same faces as they are met.
        people: (n,) whom each shows.
        known: people who are learnt.
        most: strangers.
    """
    everybody, first, counts = np.unique(people, return_index=True, return_counts=True)
    chosen = np.argsort(-counts, kind="stable")[:known]
    learnt: dict[str, list[np.ndarray]] = {}
    others: list[int] = []
    for name in everybody[chosen].tolist():
        own = np.flatnonzero(people == name)
        n = min(10, max(1, len(own) // 2))
        learnt[name] = list(clean[own[:n]])
        others += own[n:].tolist()
    strangers = np.delete(first, chosen)[:most]
    return Meeting(gallery("", learnt), seen[others], people[others], seen[strangers])


def said(faces: np.ndarray, known: Gallery, matching: Matching, least: float) -> list[str]:
    """The name that the program says of each face, for one look at it; nothing where it knows nobody."""
    answers = [whose(face, known, matching) for face in faces]
    best = [max(answer, key=lambda name: answer[name]) for answer in answers]
    return [name if answer[name] >= least else NOBODY for name, answer in zip(best, answers, strict=True)]


def open_set(given: Meeting, matching: Matching, least: float) -> dict[str, float]:
    """Share of the known who are called by their own name, and by another's, and strangers who are called by one.

    Args:
        given: who is learnt, who is met.
        matching: as a manifest has it.
        least: probability from which on a name is said.
    """
    found = np.array(said(given.others, given.known, matching, least))
    return {
        "found": float((found == given.names).mean()),
        "mistaken": float(((found != given.names) & (found != NOBODY)).mean()),
        "strangers_named": sum(name != NOBODY for name in said(given.strangers, given.known, matching, least)),
    }
