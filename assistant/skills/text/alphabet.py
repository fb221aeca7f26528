"""Which characters are read: those of the languages that this program speaks and the network knows."""

import unicodedata

MARKS = frozenset(
    " !\"#$%&'()*+,-./:;<=>?@[\\]_|~"
    "\N{LEFT-POINTING DOUBLE ANGLE QUOTATION MARK}\N{RIGHT-POINTING DOUBLE ANGLE QUOTATION MARK}"
    "\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}\N{EN DASH}\N{EM DASH}“”•…€£¥¢§°©®™½¼¾²³ªº¿·→←"
)
"""Beside letters and digits; more would only be mistaken for them."""
UNREADABLE = frozenset({"ar"})
"""Languages here whose letters the network does not know: in these Latin ones and digits are read all the same."""


def readable(character: str) -> bool:
    """Whether a character of the network's may be read: Latin letters of Europe, digits, marks."""
    if len(character) != 1:
        return False
    if character in MARKS or character in "0123456789":
        return True
    return character <= "\u017f" and unicodedata.name(character, "").startswith("LATIN")
