"""Turns an announcement, which has no language, into a sentence, from the phrases of `voices/<lang>/`.

A phrase is a sentence with placeholders. `{count}` stands for a fact of that name: a number is said as it is (or as a
word, where the language names it), a string is a key in the word table of that name. `{who:place}` looks the fact
`who` up in the table `place`. A string that no table knows, the name of a person for example, is said as it is.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from string import Formatter
from typing import Any

from assistant.domain.values import Announcement, Phrase, Utterance
from assistant.errors import ConfigError
from assistant.speech.language import Language, Wording, read_language
from assistant.weights import data_folder

REFERENCE = "en"
"""The language that has every phrase, and in which a phrase that is missing elsewhere is said."""
VERBOSITIES = ("brief", "normal", "detailed")
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

    Raises:
        ConfigError: the folder is missing or a file in it is wrong; carries every problem.
    """

    def __init__(self, language: str = REFERENCE, folder: Path | None = None) -> None:
        voices = folder or data_folder("voices")
        self._own = read_language(voices / language)
        self._reference = self._own if language == REFERENCE else read_language(voices / REFERENCE)
        problems = strangers(self._own, self._reference)
        if problems:
            raise ConfigError(str(voices / language), problems)

    @property
    def language(self) -> Language:
        """What voice.yaml says about the language, and all its phrases."""
        return self._own

    @property
    def espeak_voices(self) -> Mapping[str, str]:
        """Language tag -> name of espeak's voice, for this language and for the one that fills its gaps."""
        return {language.tag: language.espeak for language in (self._reference, self._own)}

    def words(self, announcement: Announcement, verbosity: str = "normal") -> Utterance:
        """The sentence for an announcement; in the reference language when a part of it is missing in this one.

        Args:
            announcement: Its message and those in `then` must exist in the reference language.
            verbosity: "brief", "normal" or "detailed"; "quiet" is worded as "normal".

        Raises:
            KeyError: no language has the phrase, or a fact for a placeholder is missing: a mistake in the program.
        """
        phrases = (Phrase(announcement.message, announcement.facts), *announcement.then)
        own = all(knows(self._own, self._reference, phrase) for phrase in phrases)
        language = self._own if own else self._reference
        return Utterance(" ".join(_sentence(language, phrase, verbosity) for phrase in phrases), language.tag)


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
    for sentence in sentences(language.phrases[phrase.message]):
        for fact, table in placeholders(sentence):
            word = phrase.facts.get(fact)
            if word in reference.words.get(table, {}) and word not in language.words.get(table, {}):
                return False
    return True


def _sentence(language: Language, phrase: Phrase, verbosity: str) -> str:
    wording = language.phrases[phrase.message]
    if isinstance(wording, Mapping):
        chosen = _INSTEAD.get(verbosity, _INSTEAD["normal"])
        wording = next(wording[name] for name in chosen if name in wording)
    if not isinstance(wording, str):
        wording = _plural(wording, language.plural, phrase.facts)
    return _finish(_fill(wording, language, phrase.facts))


def _plural(forms: Sequence[str], rule: Callable[[int], int], facts: Mapping[str, Any]) -> str:
    """The form for a number; the first placeholder of the last form names the fact that counts."""
    counted, _ = placeholders(forms[-1])[0]
    return forms[rule(facts[counted])]


def _fill(sentence: str, language: Language, facts: Mapping[str, Any]) -> str:
    """Puts words into a sentence; a placeholder at the beginning of a sentence gets a capital letter."""
    text = ""
    for before, fact, table, _ in Formatter().parse(sentence):
        text += before
        if fact is not None:
            word = _word(facts[fact], language, table or fact)
            text += _capitalised(word) if not text or text.endswith(tuple(f"{end} " for end in _ENDS)) else word
    return text


def _word(fact: Any, language: Language, table: str) -> str:
    if isinstance(fact, int) and 0 <= fact < len(language.numbers):
        return language.numbers[fact]
    return str(language.words.get(table, {}).get(fact, fact))


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def _finish(sentence: str) -> str:
    """One space between words, none before a mark, a capital at the beginning and one mark at the end."""
    sentence = " ".join(sentence.split())
    for mark in (*_ENDS, ",", "،"):
        sentence = sentence.replace(f" {mark}", mark)
    return _capitalised(sentence if sentence.endswith(_ENDS) else f"{sentence}.")
