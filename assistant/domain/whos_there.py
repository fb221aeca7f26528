"""Who everybody is, from left to right, and what a name or an expression was believed from."""

from collections.abc import Mapping, Sequence

from assistant.domain.naming import Identity
from assistant.domain.values import Counted, Fact, Listing, Phrase, Verbatim, Word
from assistant.domain.views import PersonView

LEAST = 0.005
"""An alternative of less than half a percent is none."""


def row(people: Sequence[PersonView]) -> Phrase:
    """Everybody from left to right; where nothing is known of anybody, how many they are."""
    across = sorted(people, key=lambda person: person.box.centre[0])
    if not any(person.identity.name or person.identity.stranger for person in across):
        return Phrase("people_count", {"count": len(across)})
    called = Listing(tuple(_called(person.identity) for person in across))
    return Phrase("people_row", {"people": called, "count": len(across)})


def why(person: PersonView) -> list[Phrase]:
    """How likely what was said of somebody is, and what is next likely."""
    phrases = []
    if person.identity.odds:
        phrases.append(_odds("why_name", {key: _name(key) for key in person.identity.odds}, person.identity.odds))
    if person.probabilities:
        words: dict[str, Fact] = {key: Word("expression", key) for key in person.probabilities}
        phrases.append(_odds("why_expression", words, person.probabilities))
    return phrases or [Phrase("why_nothing")]


def _called(identity: Identity) -> Fact:
    if identity.name is None:
        return Counted(1, "people", "unknown")
    name = Verbatim(identity.name)
    return name if identity.sure else Phrase("name_perhaps", {"name": name})


def _name(name: str) -> Fact:
    return Verbatim(name) if name else Counted(1, "people", "unknown")


def _odds(message: str, words: Mapping[str, Fact], odds: Mapping[str, float]) -> Phrase:
    """The likeliest and the next, if there is one, each with its percentage."""
    first, *others = sorted(odds, key=lambda key: -odds[key])
    facts: dict[str, Fact] = {"what": words[first], "percent": round(100 * odds[first])}
    if not others or odds[others[0]] < LEAST:
        return Phrase(message, facts)
    return Phrase(f"{message}_next", {**facts, "other": words[others[0]], "rest": round(100 * odds[others[0]])})
