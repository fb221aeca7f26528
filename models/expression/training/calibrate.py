"""Chooses the few constants of the answer on the validation split, and says by cross-fitting what they are worth.

Chosen are: the mix of the two heads, how far rare labels are lifted, two temperatures, and for each label the certainty
from which it may be said without a hedge (`sure`) and below which nothing is said of it (`unsure`). Five-fold
cross-fitting chooses them on four fifths of the faces and applies them to the last fifth, in turn, so that no face is
judged by constants that were fitted to it; the constants that are shipped are then chosen on all faces.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from answer import Calibration

from models.evaluation.metrics import LABELS, OTHER, Bools, Floats, Ints, Majority, wilson_interval

FOLDS = 5
MIXES = np.arange(0.2, 0.61, 0.05)
"""Weights of the FER-2013 head. None is below a fifth: a network that follows votes alone was found to call clear,
posed disgust, fear and anger neutral, which validation, from the same source as the training, does not show."""

LIFTS = np.arange(0.0, 0.81, 0.05)
TEMPERATURES = np.geomspace(0.25, 2.5, 47).round(3)
SLOPES = np.arange(-1.5, 2.01, 0.125)
DISCORD = 1.5
"""How much disagreement of the heads raises the temperature. It cannot be fitted: each head alone knows all that can be
known of its own labels, so that validation asks for 0. Faces from elsewhere bear neither kind of label."""

CREDIT_UNHEDGED = 0.875
"""Credit of what is said unhedged: half for being right by the votes, half for being right by the original label. The
two agree on two thirds of the pictures; what satisfies both should satisfy the labels of another source."""

UNPLEASANT = [LABELS.index(label) for label in ("angry", "disgust", "fear", "sad")]
"""Whoever is called neutral and bears one of these labels gives no credit, whatever the votes: votes miss what is
posed, and to be told that nothing is to be seen in an angry face is worse than to be told nothing."""

FLOORS = np.arange(0.3, 0.96, 0.01)
"""Credit of the least certain answers that are said unhedged."""

LOWER_END, LEAST_CASES = 0.78, 80
"""A label is said unhedged only if the 95 % Wilson interval of what is right by the votes starts above this, with at
least so many cases: three of four should be right wherever the faces come from."""

MARGIN = 0.03
"""So much further up it must start where the threshold is chosen, because chosen thresholds flatter."""

LEAST_RECALL = 0.5
"""Share of each label's faces that should be found."""

STEPS = np.round(np.arange(0.55, 0.985, 0.01), 2)
"""Thresholds that are tried: nothing less certain is said unhedged, however often it was right."""

RIGHT_HEDGED = 0.5
"""Share of the answers just above `unsure` that must be right."""


@dataclass(frozen=True)
class Heads:
    """What the two heads say of the validation faces, and the truth.

    Attributes:
        ferplus: (n, 7) probabilities of the FER+ head over the seven labels, mirror-averaged.
        fer2013: (n, 7) probabilities of the FER-2013 head, mirror-averaged.
        labels: (n,) FER-2013 labels, -1 where unknown.
        majority: the FER+ truth.
    """

    ferplus: Floats
    fer2013: Floats
    labels: Ints
    majority: Majority

    def of(self, chosen: Bools) -> Heads:
        """The same for the chosen faces alone."""
        kept = Majority(self.majority.truth[chosen], self.majority.decided[chosen], self.majority.seen[chosen])
        return Heads(self.ferplus[chosen], self.fer2013[chosen], self.labels[chosen], kept)


@dataclass(frozen=True)
class Thresholds:
    """Certainties per label: said unhedged from `sure` on (None: never), not said below `unsure`."""

    sure: dict[str, float | None]
    unsure: dict[str, float]


def answer(heads: Heads, constants: Calibration) -> Floats:
    """The run-time answer, (n, 7), as the exported file computes it."""
    mixed = (1 - constants.mix) * heads.ferplus + constants.mix * heads.fer2013
    logits = np.log(mixed + 1e-6) + np.array(constants.bias)
    spread = _softmax(logits)
    entropy = -(spread * np.log(spread + 1e-9)).sum(axis=1, keepdims=True) / np.log(len(LABELS))
    apart = 1 - np.minimum(heads.ferplus, heads.fer2013).sum(axis=1, keepdims=True)
    warmer = np.exp(constants.slope * entropy + constants.discord * apart)
    return _softmax(logits / (constants.temperature * warmer))


def fer2013_answer(heads: Heads, constants: Calibration) -> Floats:
    """The answer of the FER-2013 head, (n, 7), as the exported file computes it."""
    return _softmax(np.log(heads.fer2013 + 1e-6) / constants.fer2013_temperature)


def _softmax(logits: Floats) -> Floats:
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _rare(answers: Ints, truth: Ints) -> float:
    """What counts beside accuracy: half of macro-F1, less half of what recalls lack to `LEAST_RECALL`."""
    table = np.bincount((truth % 8) * 8 + answers, minlength=64).reshape(8, 8)
    right, true, answered = table.diagonal()[:7], table[:7].sum(axis=1), table.sum(axis=0)[:7]
    f1 = 2 * right / np.maximum(true + answered, 1)
    lack = np.maximum(0, LEAST_RECALL - right / np.maximum(true, 1))
    return float(0.5 * f1.mean() - 0.5 * lack.sum())


def choose(heads: Heads, prior: Floats, chosen: Bools) -> Calibration:
    """Chooses mix, bias and temperatures on the chosen faces.

    Mix and bias maximise accuracy plus half of macro-F1 by the majority rule, less what a label's recall lacks to
    `LEAST_RECALL`: all seven must be reachable. The bias has one free number, the share of the label's rarity (its
    negative log prior) that is given back. Temperatures and slope minimise the log loss of "the answer is right"
    against the certainty, on all faces that are not unknown or not-a-face.

    Args:
        heads: n faces.
        prior: (7,) shares of the labels in the training split by the majority rule.
        chosen: (n,) the faces to choose on.
    """
    decided = chosen & heads.majority.decided
    truth = heads.majority.truth[decided]
    rarity = np.log(prior.max() / prior)
    best = (-np.inf, 0.0, 0.0)
    for mix in MIXES:
        mixed = np.log((1 - mix) * heads.ferplus[decided] + mix * heads.fer2013[decided] + 1e-6)
        for lift in LIFTS:
            answers = (mixed + lift * rarity).argmax(axis=1)
            value = float(np.mean(answers == truth)) + _rare(answers, truth)
            best = max(best, (value, float(mix), float(lift)))
    _, mix, lift = best
    start = Calibration(round(mix, 2), tuple(round(float(value), 4) for value in lift * rarity), discord=DISCORD)
    seen = chosen & heads.majority.seen
    tried = [replace(start, temperature=float(t), slope=float(s)) for t in TEMPERATURES for s in SLOPES]
    part = heads.of(seen)
    fitted = min(tried, key=lambda constants: _loss(answer(part, constants), part.majority.truth))
    own = [replace(fitted, fer2013_temperature=float(t)) for t in TEMPERATURES]
    part = heads.of(chosen & (heads.labels >= 0))
    return min(own, key=lambda constants: _loss(fer2013_answer(part, constants), part.labels))


def _loss(probabilities: Floats, truth: Ints) -> float:
    """Log loss of the claim that the answer is right, made with its certainty."""
    certainty = probabilities.max(axis=1).clip(1e-6, 1 - 1e-6)
    right = probabilities.argmax(axis=1) == truth
    return -float(np.mean(np.where(right, np.log(certainty), np.log(1 - certainty))))


def thresholds(probabilities: Floats, truth: Ints, labels: Ints, allowed: tuple[str, ...] = LABELS) -> Thresholds:
    """Chooses `sure` and `unsure` on faces whose truth may be `OTHER`.

    The least credit is sought that the least certain of the unhedged answers, of each label, must have so that all of
    them together have enough; a label whose own interval starts too low has its threshold raised until it does not, or
    is never said unhedged.

    Args:
        probabilities: (n, 7) calibrated answers.
        truth: (n,) by the votes.
        labels: (n,) the original ones, -1 where unknown.
        allowed: labels that may be said unhedged at all.
    """
    certainty, answers = probabilities.max(axis=1), probabilities.argmax(axis=1)
    right = answers == truth
    credit = np.where(labels >= 0, 0.5 * right + 0.5 * (answers == labels), right)
    credit[(answers == LABELS.index("neutral")) & np.isin(labels, UNPLEASANT)] = 0
    sure: dict[str, float | None] = dict.fromkeys(LABELS)
    for floor in FLOORS:
        for label in allowed:
            mine = answers == LABELS.index(label)
            sure[label] = _own_threshold(certainty[mine], right[mine], credit[mine], floor)
        limits = np.array([np.inf if sure[label] is None else sure[label] for label in LABELS])
        said = certainty >= limits[answers]
        if said.any() and credit[said].mean() >= CREDIT_UNHEDGED:
            break
    return Thresholds(sure, dict.fromkeys(LABELS, _unsure(certainty, right)))


def _own_threshold(certainty: Floats, right: Bools, credit: Floats, floor: float) -> float | None:
    """The lowest certainty of one label with enough credit there and an interval that starts high enough above it."""
    order = certainty.argsort()
    enough = certainty[order][_rising(credit[order]) >= floor]
    for step in STEPS[STEPS >= enough.min(initial=np.inf)]:
        said = certainty >= step
        n = int(said.sum())
        if n < LEAST_CASES:
            return None
        if wilson_interval(int(right[said].sum()), n)[0] > LOWER_END + MARGIN:
            return float(step)
    return None


def _rising(values: Floats) -> Floats:
    """The rising sequence nearest to these values (pool adjacent violators; Ayer et al., 1955)."""
    pools: list[tuple[float, int]] = []
    for value in values:
        mean, n = float(value), 1
        while pools and pools[-1][0] >= mean:
            before, m = pools.pop()
            mean, n = (mean * n + before * m) / (n + m), n + m
        pools.append((mean, n))
    return np.repeat([mean for mean, _ in pools], [n for _, n in pools]) if pools else values


def _unsure(certainty: Floats, right: Bools) -> float:
    """The lowest certainty above which, up to a tenth further, answers are right often enough to be worth a hedge."""
    for step in np.round(np.arange(0.2, 0.6, 0.01), 2):
        near = (certainty >= step) & (certainty < step + 0.1)
        if near.sum() >= 50 and right[near].mean() >= RIGHT_HEDGED:
            return float(step)
    return 0.5


@dataclass(frozen=True)
class CrossFitted:
    """Answers of faces that took no part in choosing the constants behind them.

    Attributes:
        answer: (n, 7).
        fer2013: (n, 7).
        unhedged: (n,) whether the answer would be said without a hedge.
        constants: those of each fold.
    """

    answer: Floats
    fer2013: Floats
    unhedged: Bools
    constants: list[Calibration]


def cross_fit(heads: Heads, prior: Floats, seed: int = 0) -> CrossFitted:
    """Chooses everything on four fifths and applies it to the last, five times.

    The least number of cases of a label is asked of the four fifths, too, which is a little stricter.
    """
    n = len(heads.labels)
    fold = np.random.default_rng(seed).permutation(n) % FOLDS
    answers, own, said = np.zeros((n, 7)), np.zeros((n, 7)), np.zeros(n, bool)
    constants = []
    for number in range(FOLDS):
        held = fold == number
        found = choose(heads, prior, ~held)
        everywhere = answer(heads, found)
        fitted = ~held & heads.majority.seen
        limits = thresholds(everywhere[fitted], heads.majority.truth[fitted], heads.labels[fitted])
        bar = np.array([np.inf if limits.sure[label] is None else limits.sure[label] for label in LABELS])
        answers[held], own[held] = everywhere[held], fer2013_answer(heads, found)[held]
        said[held] = everywhere[held].max(axis=1) >= bar[everywhere[held].argmax(axis=1)]
        constants.append(found)
    return CrossFitted(answers, own, said, constants)


def priors(majority: Majority) -> Floats:
    """(7,) shares of the labels by the majority rule."""
    known = majority.truth[majority.decided & (majority.truth != OTHER)]
    counts = np.bincount(known, minlength=len(LABELS)).astype(np.float64)
    return np.asarray(np.maximum(counts, 1) / counts.sum())
