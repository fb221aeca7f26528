"""Every language of `voices/`: complete, in step with the program, speakable, and word for word as its examples say."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from assistant import errors
from assistant.domain.values import EXPRESSIONS, Announcement, announce
from assistant.errors import AssistantError
from assistant.parts import make_skills
from assistant.plugins import resolve
from assistant.settings import Settings
from assistant.speech import espeak
from assistant.speech.engines import ENGINES
from assistant.speech.language import Wording
from assistant.speech.phrases import REFERENCE, Phrases, placeholders, sentences
from assistant.speech.style import Style
from assistant.weights import data_folder
from tests.voices.examples import phrase
from tests.voices.messages import asked_for, asked_in, nodes

VOICES = data_folder("voices")
LANGUAGES = sorted(path.parent.name for path in VOICES.glob("*/voice.yaml"))


@cache
def phrases(language: str) -> Phrases:
    return Phrases(language)


def examples() -> Iterator[Any]:
    for language in LANGUAGES:
        for number, example in enumerate(yaml.safe_load((VOICES / language / "examples.yaml").read_text("utf-8"))):
            yield pytest.param(language, example, id=f"{language}-{number}-{example['message']}")


def mentioned() -> list[re.Pattern[str]]:
    """The strings of the program; a placeholder in one of them stands for anything."""
    patterns = []
    for node in nodes():
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            patterns.append(re.compile(re.escape(node.value)))
        if isinstance(node, ast.JoinedStr) and any(isinstance(part, ast.Constant) for part in node.values):
            parts = (re.escape(str(part.value)) if isinstance(part, ast.Constant) else ".*" for part in node.values)
            patterns.append(re.compile("".join(parts)))
    return patterns


def named_tables() -> set[str]:
    """The tables that the program names itself: of words that it says, and of those by which things are asked for."""
    calls = [node for node in nodes() if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Word"]
    asked = {f"{row.about}_named" for skill in make_skills(Settings())[0] for row in skill.commands if row.about}
    return asked | {str(call.args[0].value) for call in calls if isinstance(call.args[0], ast.Constant)}


def facts_of(wording: Wording) -> set[str]:
    return {fact for sentence in sentences(wording) for fact, _ in placeholders(sentence)}


def some_facts(language: str, message: str) -> Iterator[dict[str, Any]]:
    """Facts for a message: each word of its tables at least once; a number where there is no table."""
    own = phrases(language).language
    wanted = {pair for sentence in sentences(own.phrases[message]) for pair in placeholders(sentence)}
    tables = {fact: list(own.words.get(table, ())) or [1, 2, 3, 11, 100] for fact, table in wanted}
    for number in range(max([len(words) for words in tables.values()], default=1)):
        yield {fact: words[number % len(words)] for fact, words in tables.items()}


def test_there_is_the_reference() -> None:
    assert REFERENCE in LANGUAGES
    assert phrases(REFERENCE).language.reviewed


@pytest.mark.parametrize(("language", "example"), list(examples()))
def test_examples(language: str, example: dict[str, Any]) -> None:
    announcement = Announcement((phrase(example),))
    (utterance,) = phrases(language).words(announcement, example.get("verbosity", "normal"))
    assert utterance.text == example["says"]
    assert utterance.language == phrases(language).language.tag


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_phrase_has_an_example(language: str) -> None:
    shown = {example.values[1]["message"] for example in examples() if example.values[0] == language}
    assert set(phrases(language).language.phrases) == shown


def test_every_message_of_the_program_has_a_phrase() -> None:
    assert asked_for() - set(phrases(REFERENCE).language.phrases) == set()


@pytest.mark.parametrize(
    "code",
    [
        'announce("given")',
        'Phrase(message="given", facts={})',
        'self._queue.put(announce("given" if full else "given"))',
        'def tell(self, message: str): ...\nself.tell("given")',
        'def tell(self, about: str, message: str): ...\nself.tell("person", "given")',
        'GIVEN = "given"\nannounce(GIVEN)',
        'TABLE = {"dark": "given"}\nannounce(TABLE.get(light))\nannounce(TABLE[light])',
        'message, facts = ("given", {}) if person else ("given", {})\nannounce(message, facts)',
        'def news():\n    return "given"\nfound = news()\nannounce(found)',
    ],
)
def test_a_message_is_found_however_it_is_asked_for(code: str) -> None:
    tree = ast.parse(f"def announce(message: str, facts=None): ...\nclass Phrase:\n    message: str\n{code}")
    assert asked_in({"made": tree}) == {"given"}


def test_every_phrase_is_used_by_the_program() -> None:
    patterns = mentioned()
    keys = phrases(REFERENCE).language.phrases
    assert [key for key in keys if not any(pattern.fullmatch(key) for pattern in patterns)] == []


def test_every_expression_has_a_word() -> None:
    assert set(phrases(REFERENCE).language.words["expression"]) == set(EXPRESSIONS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_phrase_and_every_word_of_the_reference_and_no_other(language: str) -> None:
    own, reference = phrases(language).language, phrases(REFERENCE).language
    assert set(own.phrases) == set(reference.phrases)
    assert {(table, key) for table, keys in reference.words.items() for key in keys} <= {
        (table, key) for table, keys in own.words.items() for key in keys
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_are_those_of_the_reference(language: str) -> None:
    own, reference = phrases(language).language.phrases, phrases(REFERENCE).language.phrases
    differing = {key: facts_of(own[key]) ^ facts_of(reference[key]) for key in own if key in reference}
    assert {key: facts for key, facts in differing.items() if facts} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_tables_of_words_are_used(language: str) -> None:
    own = phrases(language).language
    used = {
        table
        for wording in own.phrases.values()
        for sentence in sentences(wording)
        for _, table in placeholders(sentence)
    }
    assert set(own.words) - used - named_tables() == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_well_formed_and_the_voice_makes_sound_of_it(language: str) -> None:
    own = phrases(language)
    style = Style(rate_wpm=450, voices=own.espeak_voices)
    silent = []
    for message in own.language.phrases:
        for facts in some_facts(language, message):
            for verbosity in ("brief", "normal", "detailed"):
                text = own.text(announce(message, facts), verbosity)
                assert text == " ".join(text.split())
                assert text[0] == text[0].upper()
                assert text[-1] in ".!?؟"
                assert ".." not in text
                assert "{" not in text
                assert " ." not in text
        if loudness(own, message, style) < 1000:
            silent.append(message)
    assert silent == []


def loudness(own: Phrases, message: str, style: Style) -> int:
    """How many samples of a sentence can be heard."""
    facts = next(some_facts(own.language.tag, message))
    loud = 0

    def receive(samples: Any) -> bool:
        nonlocal loud
        loud += int((abs(samples) > 0.01).sum())
        return True

    espeak.synthesise(*own.words(announce(message, facts)), style, receive)
    return loud


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_engines_exist(language: str) -> None:
    for name in phrases(language).language.engines:
        assert resolve("speaker", name, ENGINES).name == name


@pytest.mark.parametrize(
    "error",
    [
        errors.AssistantError("x"),
        errors.ConfigError("x", ["y"], 3),
        errors.UnknownName("x", "y", []),
        errors.ModelBroken("x"),
        errors.SenseFailed("faces"),
        errors.SpeechError("x"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_every_error_can_be_told(error: AssistantError) -> None:
    assert phrases(REFERENCE).text(announce(error.phrase, error.facts))
