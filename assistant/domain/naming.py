"""Who somebody is believed to be, and how that is said: the name first, doubt as doubt, and nobody guessed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.domain.people import NOBODY
from assistant.domain.steady import Steady
from assistant.domain.values import Confidence, Counted, Fact, Phrase, Thresholds, Verbatim


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody is believed to be."""

    name: str | None = None
    """The name that may be said, as firmly as `confidence` says; None: none may be."""
    certainty: float = 0.0
    """Averaged probability of the name, or of nobody who is learnt, 0 to 1."""
    confidence: Confidence = Confidence.CANNOT_TELL
    """How firmly the name may be said."""
    stranger: bool = False
    """Whether it is believed that this is nobody who is learnt."""
    odds: Mapping[str, float] = field(default_factory=dict)
    """Averaged probability of everybody; empty before the first guess."""

    @property
    def sure(self) -> bool:
        """Whether the name is said unhedged."""
        return self.name is not None and self.confidence is Confidence.SURE


UNKNOWN = Identity()
"""Nothing is believed, as where nobody is learnt."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the scene must know to name somebody."""

    certain: Thresholds
    """How firmly a name may be said, by its probability."""
    known: Callable[[], Collection[str]]
    """Who is learnt at this moment: who was forgotten is named no more, whatever was believed before."""


def identity(belief: Steady, names: Names | None) -> Identity:
    """Who somebody is, once a guess has settled."""
    known = names.known() if names else ()
    if names is None or belief.value is None or not known:
        return UNKNOWN
    certainty = belief.certainty(belief.value)
    odds = {name: chance for name, chance in belief.probabilities.items() if name == NOBODY or name in known}
    if belief.value == NOBODY:
        return Identity(None, certainty, stranger=True, odds=odds)
    confidence = names.certain.confidence(certainty)
    if belief.value not in known or confidence is Confidence.CANNOT_TELL:
        return Identity(None, certainty, odds=odds)
    return Identity(belief.value, certainty, confidence, odds=odds)


def each_once(identities: Sequence[Identity]) -> list[Identity]:
    """The same, but that of several who would have one name only the surest has it."""
    best: dict[str, Identity] = {}
    for each in identities:
        if each.name is not None and each.certainty > best.get(each.name, UNKNOWN).certainty:
            best[each.name] = each
    return [
        each if each.name is None or best.get(each.name) is each else Identity(odds=each.odds) for each in identities
    ]


def listed(identities: Sequence[Identity], strangers: bool) -> tuple[Fact, ...]:
    """People as parts of a sentence: the sure names, the doubtful ones, and how many more there are.

    Args:
        identities: In the order in which they are told.
        strangers: Whether those who are not known are told.
    """
    sure: list[Fact] = [Verbatim(each.name) for each in identities if each.name is not None and each.sure]
    doubtful = [each.name for each in identities if each.name is not None and not each.sure]
    parts = [*sure, *(Phrase("name_perhaps", {"name": Verbatim(name)}) for name in doubtful)]
    others = len(identities) - len(parts)
    return (*parts, Counted(others, "people", "unknown")) if others and strangers else tuple(parts)
