"""What can be believed: one row for each kind of percept. The next belief is a row here and a percept from a sense."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.steady import Steady
from assistant.domain.values import EXPRESSIONS, Percept

PRESENCE = "face"
"""The percept that somebody is there, with a place; the scene itself believes it (`scene.py`)."""


@dataclass(frozen=True, slots=True)
class Belief:
    """How guesses of one kind become a belief."""

    values: Sequence[str] | None
    """What may be guessed; each has its words in `voices/<lang>/`. None: any text, said as it is."""
    smooth_s: float = 0.5
    """Time constant of the average, seconds."""
    settle: float = 1.0
    """How long a leader must lead, as a part of the scene's `settle_s`."""
    floor: float = 0.0
    """Told from this averaged probability on."""
    told: bool = False
    """Whether a turn of it is told unasked; its sentences are the phrases `<kind>_<value>`."""
    turns: bool = True
    """Whether a turn of it is a `Change`; else it is only looked up when somebody asks."""

    def steady(self, settle_s: float) -> Steady:
        """One such belief about one subject, nothing believed yet."""
        return Steady(self.settle * settle_s, self.smooth_s)


OF_PEOPLE = {
    "expression": Belief(EXPRESSIONS),
    "facing": Belief(("you", "left", "right"), floor=0.6, turns=False),
    "mouth": Belief(("bare", "covered"), turns=False),
    "identity": Belief(None, smooth_s=1.0),
}
"""Believed about each person."""
OF_THE_SCENE = {"light": Belief(("ok", "dark", "covered", "blurred"))}
"""Believed about the picture as a whole."""


def values(more: Mapping[str, Belief]) -> Mapping[str, Sequence[str] | None]:
    """What may be guessed, by kind.

    Args:
        more: What else is believed of the scene.
    """
    rows = {**more, **OF_PEOPLE, **OF_THE_SCENE}
    return {PRESENCE: ("person", "truncated", "picture"), **{kind: belief.values for kind, belief in rows.items()}}


def brought(senses: Iterable[object]) -> Mapping[str, Belief]:
    """The rows that senses bring for what only they see; ours stand as they are."""
    rows = {kind: belief for sense in senses for kind, belief in getattr(sense, "beliefs", {}).items()}
    return {kind: belief for kind, belief in rows.items() if kind not in values({})}


def distribution(percept: Percept) -> Mapping[str, float]:
    """The probabilities of a guess by value; where the sense gives only its best guess, that one alone."""
    return percept.distribution or {percept.value: percept.certainty}
