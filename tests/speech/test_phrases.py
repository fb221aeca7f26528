"""From a meaning to a sentence, with made languages and with the real one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.values import EXPRESSIONS, Announcement, Phrase
from assistant.errors import ConfigError
from assistant.speech.phrases import Phrases

VOICE = """
language: {tag}
name: Made up
espeak: {tag}
engines: [espeak]
rate_wpm: 160
plural: "{plural}"
reviewed: true
"""
TWO_FORMS = "nplurals=2; plural=(n != 1);"
POLISH = "nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);"


def _language(voices: Path, tag: str, words: str, phrases: str, plural: str = TWO_FORMS, more: str = "") -> None:
    folder = voices / tag
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "voice.yaml").write_text(VOICE.format(tag=tag, plural=plural) + more, encoding="utf-8")
    (folder / "words.yaml").write_text(words, encoding="utf-8")
    (folder / "phrases.yaml").write_text(phrases, encoding="utf-8")


@pytest.fixture
def voices(tmp_path: Path) -> Path:
    _language(
        tmp_path,
        "en",
        "who: {front: the person}\nplace: {front: in front, left: on the left}\nmood: {happy: happy, sad: sad}",
        "looks: {normal: '{who} looks {mood}', brief: '{mood}'}\n"
        "there: A person is {who:place}.\n"
        "count: ['{count} person', '{count} people']\n"
        "nobody: Nobody!",
        more="numbers: [zero, one, two]",
    )
    return tmp_path


def _say(phrases: Phrases, message: str, verbosity: str = "normal", /, **facts: object) -> str:
    return phrases.words(Announcement(message, facts), verbosity).text


def test_verbosities(voices: Path) -> None:
    phrases = Phrases("en", voices)
    said = {
        verbosity: _say(phrases, "looks", verbosity, who="front", mood="happy")
        for verbosity in ("quiet", "brief", "normal", "detailed")
    }
    full = "The person looks happy."
    assert said == {"quiet": full, "brief": "Happy.", "normal": full, "detailed": full}


def test_a_word_of_another_table(voices: Path) -> None:
    assert _say(Phrases("en", voices), "there", who="left") == "A person is on the left."


def test_a_name_is_said_as_it_is(voices: Path) -> None:
    assert _say(Phrases("en", voices), "looks", who="Maria", mood="sad") == "Maria looks sad."


@pytest.mark.parametrize(
    ("count", "text"), [(0, "Zero people."), (1, "One person."), (2, "Two people."), (3, "3 people.")]
)
def test_plurals_and_numbers(voices: Path, count: int, text: str) -> None:
    assert _say(Phrases("en", voices), "count", count=count) == text


def test_three_plural_forms(voices: Path) -> None:
    _language(voices, "pl", "who: {}", "count: ['{count} osoba', '{count} osoby', '{count} osób']", POLISH)
    phrases = Phrases("pl", voices)
    said = [_say(phrases, "count", count=count) for count in (1, 2, 5, 22, 112)]
    assert said == ["1 osoba.", "2 osoby.", "5 osób.", "22 osoby.", "112 osób."]


def test_an_exclamation_mark_is_an_end_as_well(voices: Path) -> None:
    assert _say(Phrases("en", voices), "nobody") == "Nobody!"


def test_sentences_that_follow(voices: Path) -> None:
    announcement = Announcement("count", {"count": 2}, then=(Phrase("there", {"who": "left"}), Phrase("nobody")))
    assert Phrases("en", voices).words(announcement).text == "Two people. A person is on the left. Nobody!"


def test_a_missing_phrase_is_said_in_english_by_the_english_voice(voices: Path) -> None:
    _language(voices, "xx", "place: {left: links}", "there: Jemand ist {who:place}.")
    phrases = Phrases("xx", voices)
    own = phrases.words(Announcement("there", {"who": "left"}))
    assert (own.text, own.language) == ("Jemand ist links.", "xx")
    missing = phrases.words(Announcement("nobody"))
    assert (missing.text, missing.language) == ("Nobody!", "en")
    followed = phrases.words(Announcement("there", {"who": "left"}, then=(Phrase("nobody"),)))
    assert (followed.text, followed.language) == ("A person is on the left. Nobody!", "en")


def test_a_missing_word_makes_the_sentence_english_too(voices: Path) -> None:
    _language(voices, "xx", "place: {left: links}", "there: Jemand ist {who:place}.")
    assert Phrases("xx", voices).words(Announcement("there", {"who": "front"})).language == "en"


def test_a_missing_phrase_and_a_missing_fact_are_mistakes_of_the_program(voices: Path) -> None:
    phrases = Phrases("en", voices)
    with pytest.raises(KeyError):
        _say(phrases, "unheard_of")
    with pytest.raises(KeyError):
        _say(phrases, "looks", who="front")


def test_every_mistake_is_reported_at_once(voices: Path) -> None:
    _language(
        voices,
        "xx",
        "place: left",
        "nobody: ''\nthere: {loud: X}",
        more="colour: red\nnumbers: 3",
    )
    with pytest.raises(ConfigError) as caught:
        Phrases("xx", voices)
    text = str(caught.value)
    assert len(caught.value.problems) >= 3
    for part in ("colour is unknown", "numbers must be list", "place must be a table"):
        assert part in text


@pytest.mark.parametrize(
    ("phrase", "problem"),
    [
        ("nobody: ''", "is empty"),
        ("nobody: 3", "must be a sentence"),
        ("nobody: {loud: X}", "loud is no verbosity"),
        ("nobody: 'Nobody {'", "nobody:"),
        ("nobody: 'Nobody {}'", "is no placeholder"),
        ("nobody: 'Nobody {whom}'", "{whom} is no fact"),
        ("count: ['{count}']", "1 plural forms"),
        ("count: ['{count}', people]", "must contain the number"),
        ("count: [a: b, c]", "must be a sentence"),
        ("on: Nobody", "quotes"),
        ("- a\n- b", "must be"),
        ("nobody: [", "phrases.yaml"),
    ],
)
def test_a_wrong_phrase_is_refused_when_the_language_is_loaded(voices: Path, phrase: str, problem: str) -> None:
    _language(voices, "xx", "who: {}", phrase)
    with pytest.raises(ConfigError) as caught:
        Phrases("xx", voices)
    assert problem in str(caught.value)


def test_a_phrase_in_two_files_is_refused(voices: Path) -> None:
    _language(voices, "xx", "who: {}", "nobody: Niemand")
    (voices / "xx" / "more.yaml").write_text("nobody: Keiner")
    with pytest.raises(ConfigError, match="two files"):
        Phrases("xx", voices)


@pytest.mark.parametrize("rule", ["", "plural=n", "nplurals=1; plural=(n != 1);", "nplurals=2; plural=import os"])
def test_a_wrong_plural_rule_is_refused(voices: Path, rule: str) -> None:
    _language(voices, "xx", "who: {}", "nobody: Niemand", plural=rule)
    with pytest.raises(ConfigError, match="plural must be"):
        Phrases("xx", voices)


def test_an_unknown_language_names_those_that_exist(voices: Path) -> None:
    with pytest.raises(ConfigError, match=r'"tlh".*Known: en'):
        Phrases("tlh", voices)


def test_the_voices_of_a_language_and_of_its_stand_in(voices: Path) -> None:
    _language(voices, "xx", "who: {}", "nobody: Niemand")
    assert Phrases("xx", voices).espeak_voices == {"en": "en", "xx": "xx"}


# -- the language that travels with the program ------------------------------------------------------------------------


@given(st.sampled_from(EXPRESSIONS), st.sampled_from(["front", "left", "ahead", "right"]))
def test_a_face_is_described_never_a_feeling(expression: str, who: str) -> None:
    phrases = Phrases()
    for message in ("expression_sure", "expression_unsure"):
        for verbosity in ("brief", "normal", "detailed"):
            text = _say(phrases, message, verbosity, who=who, expression=expression)
            assert " is " not in text
            assert text[0].isupper()
            assert text.endswith(".")
            assert not text.endswith("..")
