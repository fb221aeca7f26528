"""How the examples of a language write announcements."""

from typing import Any

from assistant.domain.values import Counted, Fact, Listing, Phrase, Verbatim, Word


def phrase(written: Any) -> Phrase:
    return Phrase(written["message"], {name: fact(value) for name, value in written.get("facts", {}).items()})


def fact(written: Any) -> Fact:
    """A fact as the examples write it: {place: left} is a word of a table, {count: 2, thing: cup} two of them."""
    match written:
        case {"message": _}:
            return phrase(written)
        case {"count": count, **rest}:
            return Counted(count, *next(iter(rest.items())))
        case {"name": name}:
            return Verbatim(name)
        case {"and": items}:
            return Listing(tuple(map(fact, items)))
        case [*items]:
            return Listing(tuple(map(fact, items)), "comma")
        case {**word}:
            return Word(*next(iter(word.items())))
    return str(written) if not isinstance(written, int) else written
