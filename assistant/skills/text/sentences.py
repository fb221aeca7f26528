"""Text cut into sentences, so that each can be heard again, left out, or spelled."""

import re
from collections.abc import Iterator

LONGEST = 320
"""A longer sentence is said in parts, characters."""
_ABBREVIATED = """
    mr mrs ms dr prof st nos vs etc approx dept fig inc jr ltd sr tel vol rev hon ave incl excl ref art
    jan feb apr jun jul aug sept sep oct nov dec thu fri
    bzw str nr hr fr usw abs aufl bd evtl ggf inkl zzgl mind mwst vgl geb abt bes allg dipl ing okt mrz dez
    sra srta sres ud uds avda pág págs núm tfno dña excmo aprox pza cta dpto izq dcha
    mme mlle av bd chap éd env réf tél janv févr avr juil déc
    sig sigg dott avv pag ecc spett egr
"""
ABBREVIATIONS = frozenset(_ABBREVIATED.split())
"""Words after which a full stop ends no sentence, of the languages that are read, in small letters; none that ends
sentences in another of them."""
NUMBERED = frozenset({"de"})
"""Languages in which a number with a full stop is an ordinal: "am 3. April"."""
_END = re.compile(r"[.!?…]+[\"'”\u2019»)\]]*(?=\s+)")
_WORD = re.compile(r"[\w.'\u2019]*$")
_PART = re.compile(r"[,;:\u2013\u2014]\s")


def sentences(paragraph: str, language: str = "en") -> list[str]:
    """The sentences of a paragraph; together they have all of its words."""
    text = " ".join(paragraph.split())
    found, begin = [], 0
    for end in _END.finditer(text):
        if _ends(text, begin, end, language):
            found.append(text[begin : end.end()].strip())
            begin = end.end()
    found.append(text[begin:].strip())
    return [part for each in found if each for part in _bounded(each)]


def _ends(text: str, begin: int, mark: re.Match[str], language: str) -> bool:
    """Whether a sentence ends with a mark: not in an abbreviation, nor before a small letter."""
    following = text[mark.end() :].lstrip().lstrip("\"'“„«(¿¡[")[:1]
    if following.islower():
        return False
    if mark.group() != ".":
        return True
    match = _WORD.search(text[begin : mark.start()])
    word = match.group().lower() if match else ""
    if word.isdecimal():
        return not (language in NUMBERED and len(word) <= 2)
    if word == "no":
        return not following.isdecimal()
    letters = word.split(".")  # "a.m", "z.B", and initials
    return not (
        all(each.isalpha() and len(each) <= 2 - (len(letters) == 1) for each in letters) or word in ABBREVIATIONS
    )


def _bounded(sentence: str) -> Iterator[str]:
    """The sentence in parts that are short enough to listen to, cut after a mark or else between words."""
    while len(sentence) > LONGEST:
        marks = [match.end() for match in _PART.finditer(sentence, LONGEST // 2, LONGEST)]
        cut = marks[-1] if marks else sentence.rfind(" ", 1, LONGEST)
        cut = cut if cut > 0 else LONGEST
        yield sentence[:cut].strip()
        sentence = sentence[cut:].strip()
    if sentence:
        yield sentence
