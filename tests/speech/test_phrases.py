"""From a meaning to a sentence, with made languages and with the real one."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.values import EXPRESSIONS, Counted, Fact, Listing, Phrase, Utterance, Verbatim, Word, announce
from assistant.errors import ConfigError, UnknownName
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


def _say(phrases: Phrases, message: str, verbosity: str = "normal", /, **facts: Fact) -> str:
    return phrases.text(announce(message, facts), verbosity)


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


LISTS = """
thing: {cup: [a cup, '{count} cups'], book: [a book, '{count} books'], chair: [a chair, '{count} chairs']}
mood: {happy: happy}
place: {left: on the left}
"""


@pytest.fixture
def several(tmp_path: Path) -> Phrases:
    pattern = 'numbers: [zero, one, two]\nlist: {two: "{0} and {1}", middle: "{0}, {1}", last: "{0} and {1}"}'
    _language(tmp_path, "en", LISTS, "see: 'I see {things}.'\nlooks: 'looks {mood}.'\nname: '{name}.'", more=pattern)
    return Phrases("en", tmp_path)


@pytest.mark.parametrize(
    ("counts", "text"),
    [
        ([1], "I see a cup."),
        ([2, 1], "I see two cups and a book."),
        ([1, 2, 5], "I see a cup, two books and 5 chairs."),
    ],
)
def test_so_many_of_several_things(several: Phrases, counts: list[int], text: str) -> None:
    things = [Counted(count, "thing", key) for count, key in zip(counts, ("cup", "book", "chair"), strict=False)]
    assert _say(several, "see", things=Listing(tuple(things))) == text


def test_parts_of_a_sentence_in_a_row(several: Phrases) -> None:
    parts = (Word("place", "left"), Phrase("looks", {"mood": "happy"}), Verbatim("left"))
    assert _say(several, "see", things=Listing(parts, "comma")) == "I see on the left, looks happy, left."


@pytest.mark.parametrize("name", ["left", "Ana {0} {count}", "{name}", "José", "安娜"])
def test_a_name_is_never_looked_up_nor_filled(several: Phrases, name: str) -> None:
    assert _say(several, "name", name=Verbatim(name)).rstrip(".").casefold() == name.casefold()


def test_a_word_that_is_missing_within_a_list_makes_the_sentence_english(several: Phrases, tmp_path: Path) -> None:
    _language(tmp_path, "xx", "thing: {cup: [eine Tasse, '{count} Tassen']}", "see: 'Ich sehe {things}.'")
    phrases = Phrases("xx", tmp_path)
    cup, book = Counted(1, "thing", "cup"), Counted(2, "thing", "book")
    languages = [phrases.words(announce("see", {"things": Listing((cup, each))}))[0].language for each in (cup, book)]
    assert languages == ["xx", "en"]


def test_an_exclamation_mark_is_an_end_as_well(voices: Path) -> None:
    assert _say(Phrases("en", voices), "nobody") == "Nobody!"


def test_sentences_that_follow(voices: Path) -> None:
    announcement = announce("count", {"count": 2}, Phrase("there", {"who": "left"}), Phrase("nobody"))
    said = [utterance.text for utterance in Phrases("en", voices).words(announcement)]
    assert said == ["Two people.", "A person is on the left.", "Nobody!"]


def test_a_missing_phrase_is_said_in_english_by_the_english_voice(voices: Path) -> None:
    _language(voices, "xx", "place: {left: links}", "there: Jemand ist {who:place}.")
    phrases = Phrases("xx", voices)
    followed = phrases.words(announce("there", {"who": "left"}, Phrase("nobody"), Phrase("there", {"who": "left"})))
    assert [(said.text, said.language) for said in followed] == [
        ("Jemand ist links.", "xx"),
        ("Nobody!", "en"),
        ("Jemand ist links.", "xx"),
    ]


def test_a_missing_word_makes_the_sentence_english_too(voices: Path) -> None:
    _language(voices, "xx", "place: {left: links}", "there: Jemand ist {who:place}.")
    (said,) = Phrases("xx", voices).words(announce("there", {"who": "front"}))
    assert said.language == "en"


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
    with pytest.raises(UnknownName, match=r'"tlh".*Known: en'):
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


def test_another_package_brings_its_own_phrases_and_words(voices: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "theirs" / "en"
    theirs.mkdir(parents=True)
    (theirs / "phrases.yaml").write_text("toy: 'A {mood} toy {place}.'")
    (theirs / "words.yaml").write_text("mood: {sleepy: sleepy}\nbrand: {x: y}")
    _language(voices, "xx", "mood: {happy: froh}\nplace: {left: links}", "nobody: Niemand!")
    own, other = (Phrases(language, voices, [theirs.parent]) for language in ("en", "xx"))
    assert _say(own, "toy", mood="sleepy", place="left") == "A sleepy toy on the left."
    assert _say(own, "looks", who="front", mood="happy") == "The person looks happy."
    assert other.words(announce("toy", {"mood": "happy", "place": "left"}))[0].language == "en"
    assert other.words(announce("nobody"))[0].text == "Niemand!"


def test_a_phrase_of_another_package_does_not_take_the_place_of_ours(voices: Path, tmp_path: Path) -> None:
    (tmp_path / "theirs" / "en").mkdir(parents=True)
    (tmp_path / "theirs" / "en" / "phrases.yaml").write_text("nobody: 'All is well.'")
    with pytest.raises(ConfigError, match="two files"):
        Phrases("en", voices, [tmp_path / "theirs"])


@pytest.mark.parametrize(
    ("language", "said"), [("en", "a, dash, b. c, at, d, dot, e."), ("de", "a, Bindestrich, b. c, At, d, Punkt, e.")]
)
def test_signs_are_spelled_by_their_names(language: str, said: str) -> None:
    assert Phrases(language).spelled(Utterance("a-b c@d.e.", language)).text == said
    assert Phrases(language).spelled(Utterance("a-b c@d.e.", "en")).text == "a, dash, b. c, at, d, dot, e."
