"""By which words things can be asked for, in every language."""

from functools import cache

import pytest

from assistant.domain.vocabulary import Vocabulary, plain
from assistant.speech.phrases import Phrases
from assistant.speech.vocabulary import vocabulary


@cache
def words(language: str) -> Vocabulary:
    return Vocabulary(vocabulary(Phrases(language).language, "thing"))


@pytest.mark.parametrize(
    ("language", "said", "meant"),
    [
        ("en", "cup", "cup"),
        ("en", "mug", "cup"),
        ("en", "Mugs", "cup"),
        ("en", "my red  cup", "cup"),
        ("en", "sofa", "couch"),
        ("en", "cell phone", "cell phone"),
        ("en", "mobile phone", "cell phone"),
        ("en", "people", "person"),
        ("en", "a pair of scissors", "scissors"),
        ("de", "Becher", "cup"),
        ("de", "die Tasse", "cup"),
        ("de", "Tassen", "cup"),
        ("de", "STÜHLE", "chair"),
        ("de", "Handy", "cell phone"),
        ("de", "cup", "cup"),
        ("es", "taza", "cup"),
        ("es", "las tazas", "cup"),
        ("es", "movil", "cell phone"),
        ("ar", "كوب", "cup"),
        ("ar", "الكوب", "cup"),
        ("ar", "أكواب", "cup"),
        ("ar", "طاوله", "dining table"),
    ],
)
def test_a_word_is_understood(language: str, said: str, meant: str) -> None:
    assert words(language).meant(said) == meant


@pytest.mark.parametrize("said", ["", " ", "!", "cart", "carpet", "xylophone", "glasses", "a", "the", "s"])
def test_another_word_is_not(said: str) -> None:
    assert words("en").meant(said) is None


@pytest.mark.parametrize(
    ("language", "said", "near"), [("en", "spon", "spoon"), ("de", "Löfel", "spoon"), ("es", "cuchra", "spoon")]
)
def test_the_nearest_known_word_comes_first(language: str, said: str, near: str) -> None:
    assert words(language).nearest(said)[0] == near


def test_nothing_is_offered_for_what_is_like_nothing() -> None:
    assert words("en").nearest("xyzzyqqq") == ()
    assert words("en").nearest("") == ()


@pytest.mark.parametrize("language", ["en", "de", "es", "ar"])
def test_no_word_means_two_things(language: str) -> None:
    several: dict[str, set[str]] = {}
    for key, forms in vocabulary(Phrases(language).language, "thing").items():
        for form in forms:
            several.setdefault(plain(form), set()).add(key)
    assert {word: keys for word, keys in several.items() if len(keys) > 1} == {}
    assert "" not in several
