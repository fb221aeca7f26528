"""By which words things can be asked for, and which known ones are nearest to a word that is not known."""

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher

NEAR, AS_NEAR = 0.65, 0.1
"""So alike (difflib's ratio, 0 to 1) a word must be to be offered for another, and by no more less than the likest."""
MOST = 3
"""No more than these are offered."""
_ENDINGS = ("s", "es", "n", "en", "e")
"""By which a plural of English, German or Spanish may be longer than its singular."""
_FINAL = str.maketrans("ةى", "هي")
"""Two letters of Arabic that are written either way at the end of a word."""


class Vocabulary:
    """The words of one language.

    Args:
        words: Key of a thing -> every word for it, in any form.
    """

    def __init__(self, words: Mapping[str, Iterable[str]]) -> None:
        self._keys: dict[str, str] = {}
        for key, several in words.items():
            for word in (*several, key):
                self._keys.setdefault(plain(word), key)

    def meant(self, said: str) -> str | None:
        """The thing that is meant: articles and what else stands before its word do not matter, nor does a plural."""
        parts = plain(said).split()
        for first in range(len(parts)):
            word = " ".join(parts[first:])
            for form in (word, *(word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending))):
                if form in self._keys:
                    return self._keys[form]
        return None

    def nearest(self, said: str) -> tuple[str, ...]:
        """The things whose words are most like what was said, the likest first; empty where none is like it."""
        matcher, likeness = SequenceMatcher(b=plain(said)), dict[str, float]()
        for word, key in self._keys.items():
            matcher.set_seq1(word)
            if matcher.real_quick_ratio() >= NEAR and matcher.quick_ratio() >= NEAR:
                likeness[key] = max(likeness.get(key, 0.0), matcher.ratio())
        least = max(NEAR, max(likeness.values(), default=0.0) - AS_NEAR)
        likest = sorted((key for key in likeness if likeness[key] >= least), key=lambda key: -likeness[key])
        return tuple(likest[:MOST])


def plain(text: str) -> str:
    """A text as it is compared: without capitals, accents, marks, and the Arabic article."""
    letters = "".join(letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    words = "".join(letter if letter.isalnum() else " " for letter in letters.casefold()).split()
    return " ".join((word.removeprefix("ال") if len(word) > 4 else word).translate(_FINAL) for word in words)
