"""Turns an announcement, which has no language, into sentences, from the phrases of `voices/<lang>/`.

A phrase is a sentence with placeholders. `{count}` stands for a fact of that name: a number is said as it is (or as a
word, where the language names it), a string is a key in the word table of that name. `{who:place}` looks the fact
`who` up in the table `place`. A string that no table knows is said as it is. What else a fact may be stands with
`Fact` in `assistant.domain.values`: a name, so many of something, several things, a phrase within a phrase.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import Formatter

from assistant.domain.values import Announcement, Counted, Fact, Listing, Phrase, Utterance, Verbatim, Word
from assistant.errors import VoicesBroken
from assistant.speech.language import Language, Wording, read_language
from assistant.weights import data_folder

REFERENCE = "en"
"""The language that has every phrase, and in which a phrase that is missing elsewhere is said."""
_INSTEAD = {
    "brief": ("brief", "normal", "detailed"),
    "normal": ("normal", "detailed", "brief"),
    "detailed": ("detailed", "normal", "brief"),
}
_ENDS = (".", "!", "?", "؟", "…")


class Phrases:
    """The sentences of one language.

    Args:
        language: Name of a folder in `voices/`.
        folder: Where `voices/` is; the one that travels with the program when not given.
        others: Folders like it, of senses and skills from other packages, that add to it.

    Raises:
        UnknownName: there is no such folder.
        VoicesBroken: a file in it is wrong; carries every problem.
    """

    def __init__(self, language: str = REFERENCE, folder: Path | None = None, others: Sequence[Path] = ()) -> None:
        voices = folder or data_folder("voices")
        self._own = read_language(voices / language, others)
        self._reference = self._own if language == REFERENCE else read_language(voices / REFERENCE, others)
        problems = strangers(self._own, self._reference)
        if problems:
            raise VoicesBroken(str(voices / language), problems)

    @property
    def language(self) -> Language:
        """What voice.yaml says about the language, and all its phrases."""
        return self._own

    @property
    def espeak_voices(self) -> Mapping[str, str]:
        """Language tag -> name of espeak's voice, for this language and for the one that fills its gaps."""
        return {language.tag: language.espeak for language in (self._reference, self._own)}

    def words(self, announcement: Announcement, verbosity: str = "normal") -> tuple[Utterance, ...]:
        """The sentences for an announcement, one for each phrase; in the reference language those missing in this one.

        Args:
            announcement: Its messages must exist in the reference language.
            verbosity: "brief", "normal" or "detailed"; "quiet" is worded as "normal".

        Raises:
            KeyError: no language has the phrase, or a fact for a placeholder is missing: a mistake in the program.
        """
        return tuple(self._utterance(phrase, verbosity) for phrase in announcement.phrases)

    def text(self, announcement: Announcement, verbosity: str = "normal") -> str:
        """The same sentences in a row, for reading."""
        return joined(self.words(announcement, verbosity))

    def spelled(self, utterance: Utterance) -> Utterance:
        """The same sentence letter by letter, signs by their names, with a longer pause after each word."""
        language = self._own if utterance.language == self._own.tag else self._reference
        words = utterance.text.rstrip("".join(_ENDS)).split()
        letters = [", ".join(_said(Word("sign", sign), language, "", "") for sign in word) for word in words]
        return Utterance(f"{'. '.join(letters)}.", utterance.language)

    def _utterance(self, phrase: Phrase, verbosity: str) -> Utterance:
        language = self._own if knows(self._own, self._reference, phrase) else self._reference
        return Utterance(_finish(_text(language, phrase, verbosity)), language.tag)


def joined(utterances: Sequence[Utterance]) -> str:
    """Sentences in a row."""
    return " ".join(utterance.text for utterance in utterances)


def placeholders(sentence: str) -> list[tuple[str, str]]:
    """The placeholders of a sentence, in order: (fact, table)."""
    return [(name, table or name) for _, name, table, _ in Formatter().parse(sentence) if name is not None]


def sentences(wording: Wording) -> list[str]:
    """All sentences of one phrase: every verbosity, every plural form."""
    forms = list(wording.values()) if isinstance(wording, Mapping) else [wording]
    return [sentence for form in forms for sentence in ([form] if isinstance(form, str) else form)]


def strangers(language: Language, reference: Language) -> list[str]:
    """Placeholders of a language that the reference language does not have: nothing would be there to fill them."""
    problems = []
    for key, wording in language.phrases.items():
        if key not in reference.phrases:
            continue
        known = {fact for sentence in sentences(reference.phrases[key]) for fact, _ in placeholders(sentence)}
        used = {fact for sentence in sentences(wording) for fact, _ in placeholders(sentence)}
        problems += [f"{key}: {{{fact}}} is no fact of this message." for fact in sorted(used - known)]
    return problems


def knows(language: Language, reference: Language, phrase: Phrase) -> bool:
    """Whether a language has the phrase and every word for its facts."""
    if phrase.message not in language.phrases:
        return False
    return all(
        _knows_fact(language, reference, phrase.facts.get(fact, ""), table)
        for sentence in sentences(language.phrases[phrase.message])
        for fact, table in placeholders(sentence)
    )


def _knows_fact(language: Language, reference: Language, fact: Fact, table: str) -> bool:
    match fact:
        case Phrase():
            return knows(language, reference, fact)
        case Listing(items=items):
            return all(_knows_fact(language, reference, item, table) for item in items)
        case Word(table=named, key=key) | Counted(table=named, key=key):
            return key in language.words.get(named, {}) or key not in reference.words.get(named, {})
        case str():
            return fact in language.words.get(table, {}) or fact not in reference.words.get(table, {})
    return True


def _text(language: Language, phrase: Phrase, verbosity: str) -> str:
    """The words of a phrase, not finished as a sentence."""
    wording = language.phrases[phrase.message]
    if isinstance(wording, Mapping):
        chosen = _INSTEAD.get(verbosity, _INSTEAD["normal"])
        wording = next(wording[name] for name in chosen if name in wording)
    if not isinstance(wording, str):
        wording = _plural(wording, language.plural, phrase.facts)
    return _fill(wording, language, phrase.facts, verbosity)


def _plural(forms: Sequence[str], rule: Callable[[int], int], facts: Mapping[str, Fact]) -> str:
    """The form for a number; the first placeholder of the last form names the fact that counts."""
    counted, _ = placeholders(forms[-1])[0]
    number = facts[counted]
    return forms[rule(number if isinstance(number, int) else 1)]


def _fill(sentence: str, language: Language, facts: Mapping[str, Fact], verbosity: str) -> str:
    """Puts words into a sentence; a placeholder at the beginning of a sentence gets a capital letter."""
    text = ""
    for before, fact, table, _ in Formatter().parse(sentence):
        text += before
        if fact is not None:
            word = _said(facts[fact], language, table or fact, verbosity)
            text += _capitalised(word) if not text or text.endswith(tuple(f"{end} " for end in _ENDS)) else word
    return text


def _said(fact: Fact, language: Language, table: str, verbosity: str) -> str:
    """One fact in words."""
    match fact:
        case Verbatim(text=text):
            return text
        case Phrase():
            return _text(language, fact, verbosity).rstrip("".join(_ENDS))
        case Listing(items=items, joined=joined):
            return _joined([_said(item, language, table, verbosity) for item in items], language, joined)
        case Counted(count=count, table=named, key=key):
            return _word(language, named, key, count)
        case Word(table=named, key=key):
            return _word(language, named, key)
        case int():
            return _number(language, fact)
    return _word(language, table, fact)


def _word(language: Language, table: str, key: str, count: int = 1) -> str:
    """A word, in the form that goes with a number; a key that the table does not have is said as it is."""
    forms = language.words.get(table, {}).get(key, key)
    form = forms if isinstance(forms, str) else forms[language.plural(count)]
    return form.replace("{count}", _number(language, count))


def _number(language: Language, number: int) -> str:
    return language.numbers[number] if 0 <= number < len(language.numbers) else str(number)


def _joined(items: Sequence[str], language: Language, joined: str) -> str:
    """Several in a row, by the pattern of the language."""
    pattern = language.listing
    text = items[0] if items else ""
    for number, item in enumerate(items[1:], start=2):
        last = joined == "and" and number == len(items)
        text = (pattern.two if last and number == 2 else pattern.last if last else pattern.middle).format(text, item)
    return text


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _finish(sentence: str) -> str:
    """One space between words, none before a mark, a capital at the beginning and one mark at the end."""
    sentence = " ".join(sentence.split())
    for mark in (*_ENDS, ",", "،"):
        sentence = sentence.replace(f" {mark}", mark)
    return _capitalised(sentence if sentence.endswith(_ENDS) else f"{sentence}.")
