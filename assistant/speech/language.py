"""Reads one folder of `voices/`: the voice's settings, the words and the phrases. Every mistake is found at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from gettext import c2py
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from assistant import files
from assistant.errors import UnknownName, VoicesBroken

Form = str | Sequence[str]
"""One sentence, or one for each plural form of the language."""
Wording = Form | Mapping[str, Form]
"""The same sentence at every verbosity, or one for each of "brief", "normal" and "detailed"."""

LARGEST = 10**6
"""A larger file is not read, bytes."""
_SETTINGS = {"language": str, "name": str, "espeak": str, "engines": list, "rate_wpm": int, "plural": str}
_OPTIONAL = {"reviewed": bool, "numbers": list, "list": dict}
_VERBOSITIES = {"brief", "normal", "detailed"}
_NOT_PHRASES = {"voice.yaml", "examples.yaml"}
_WORDS = "words.yaml"
"""So, or with something before it, files of words are called; those of other names hold phrases."""


@dataclass(frozen=True, slots=True)
class ListPattern:
    """How a language says several in a row; each joins {0}, what was said so far, and {1} (Unicode's list patterns)."""

    two: str = "{0}, {1}"
    middle: str = "{0}, {1}"
    last: str = "{0}, {1}"


@dataclass(frozen=True, slots=True)
class Language:
    """All that `voices/<lang>/` holds."""

    tag: str
    """BCP 47 tag, e.g. "en"."""
    name: str
    """The language's name for itself."""
    espeak: str
    """Name of espeak's voice, e.g. "en-us"."""
    engines: tuple[str, ...]
    """Engines that suit it, best first."""
    rate_wpm: int
    """Words a minute when the user chose nothing."""
    plural: Callable[[int], int]
    """Number -> index of the plural form."""
    reviewed: bool
    """False until somebody who speaks it has read all of it."""
    numbers: tuple[str, ...]
    """Words for 0, 1, 2, ... as far as they are said as words; numbers beyond are said as digits."""
    listing: ListPattern
    """How it says several in a row."""
    words: Mapping[str, Mapping[str, Form]]
    """Table -> key -> word, or the word for each plural form, in which {count} stands for the number."""
    phrases: Mapping[str, Wording]
    """Message -> sentence."""


def read_language(folder: Path, others: Sequence[Path] = ()) -> Language:
    """Reads and checks `voices/<lang>/`.

    Args:
        folder: The language.
        others: What senses and skills of other packages bring: folders like `voices/`, whose phrases and words in this
            language, if they have any, are added.

    Raises:
        UnknownName: there is no such folder.
        VoicesBroken: a file in it is wrong; carries every problem.
    """
    if not (folder / "voice.yaml").is_file():
        known = sorted(path.parent.name for path in folder.parent.glob("*/voice.yaml"))
        raise UnknownName("language", folder.name, known)
    problems: list[str] = []
    settings = _mapping(folder / "voice.yaml", problems)
    words: dict[str, Any] = {}
    phrases: dict[str, Wording] = {}
    folders = (folder, *(other / folder.name for other in others))
    for path in (path for each in folders for path in sorted(each.glob("*.yaml"))):
        if path.name.endswith(_WORDS):
            _add(words, _mapping(path, problems))
        elif path.name not in _NOT_PHRASES:
            for key, wording in _mapping(path, problems).items():
                problems += [f"{path.name}: {key} stands in two files."] if key in phrases else []
                phrases[key] = wording
    problems += _wrong_settings(settings)
    plural, forms = _plural(settings.get("plural"), problems)
    problems += _wrong_words(words, forms)
    if problems:
        raise VoicesBroken(str(folder), problems)
    for key, wording in phrases.items():
        problems += [f"{key}: {problem}" for problem in _wrong_wording(wording, forms)]
    if problems:
        raise VoicesBroken(str(folder), problems)
    return Language(
        tag=settings["language"],
        name=settings["name"],
        espeak=settings["espeak"],
        engines=tuple(settings["engines"]),
        rate_wpm=settings["rate_wpm"],
        plural=plural,
        reviewed=settings.get("reviewed", False),
        numbers=tuple(settings.get("numbers", ())),
        listing=ListPattern(**settings.get("list", {})),
        words=words,
        phrases=phrases,
    )


def _add(words: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Adds tables of words, and words to tables that are there."""
    for table, entries in more.items():
        both = isinstance(entries, dict) and isinstance(words.get(table), dict)
        words[table] = words[table] | entries if both else entries


def _mapping(path: Path, problems: list[str]) -> dict[str, Any]:
    try:
        content = yaml.safe_load(files.read(path, LARGEST).decode())
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        problems.append(f"{path.name}: {' '.join(str(error).split())}.")
        return {}
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        problems.append(f'{path.name}: must be "key: text" in every line (put yes, no, on and off in quotes).')
        return {}
    return content


def _wrong_settings(settings: Mapping[str, Any]) -> list[str]:
    problems = [f"voice.yaml: {key} is missing." for key in _SETTINGS if key not in settings]
    kinds: dict[str, type] = _SETTINGS | _OPTIONAL
    for key, value in settings.items():
        kind = kinds.get(key)
        if kind is None:
            problems.append(f"voice.yaml: {key} is unknown.")
        elif not isinstance(value, kind):
            problems.append(f"voice.yaml: {key} must be {kind.__name__}, not {value!r}.")
        elif isinstance(value, list) and not all(isinstance(item, str) for item in value):
            problems.append(f"voice.yaml: {key} must be a list of words.")
        elif isinstance(value, dict):
            problems += _wrong_list(value)
    return problems


def _wrong_list(pattern: Mapping[Any, Any]) -> list[str]:
    if set(pattern) == {"two", "middle", "last"} and all(
        isinstance(form, str) and sorted(name for _, name, _, _ in Formatter().parse(form) if name) == ["0", "1"]
        for form in pattern.values()
    ):
        return []
    return ['voice.yaml: list must have two, middle and last, each such as "{0} and {1}".']


def _wrong_words(words: Mapping[str, Any], forms: int) -> list[str]:
    problems = []
    for table, entries in words.items():
        if not isinstance(entries, dict) or not all(isinstance(key, str) for key in entries):
            problems.append(f"words.yaml: {table} must be a table of words.")
            continue
        for key, word in entries.items():
            several = isinstance(word, list) and len(word) == forms and all(isinstance(form, str) for form in word)
            if not isinstance(word, str) and not several:
                problems.append(f"words.yaml: {table}.{key} must be a word, or one for each of {forms} plural forms.")
    return problems


def _plural(rule: Any, problems: list[str]) -> tuple[Callable[[int], int], int]:
    """Reads gettext's "nplurals=2; plural=(n != 1);"."""
    try:
        parts = dict(part.strip().split("=", 1) for part in rule.split(";") if "=" in part)
        forms, expression = int(parts["nplurals"]), c2py(parts["plural"])
        if all(0 <= expression(number) < forms for number in range(1001)):
            return expression, forms
    except (AttributeError, KeyError, ValueError):
        pass
    problems.append(f'voice.yaml: plural must be a rule such as "nplurals=2; plural=(n != 1);", not {rule!r}.')
    return lambda number: 0, 1


def _wrong_wording(wording: Any, forms: int) -> list[str]:
    """What is wrong with a phrase, if anything."""
    if isinstance(wording, dict):
        unknown = sorted(str(verbosity) for verbosity in set(wording) - _VERBOSITIES)
        problems = [f"{verbosity} is no verbosity." for verbosity in unknown]
        return problems + [problem for form in wording.values() for problem in _wrong_form(form, forms)]
    return _wrong_form(wording, forms)


def _wrong_form(form: Any, forms: int) -> list[str]:
    if isinstance(form, str):
        return _wrong_sentence(form)
    if not isinstance(form, list) or not all(isinstance(sentence, str) for sentence in form):
        return ["must be a sentence, a list of plural forms, or a sentence for each verbosity."]
    problems = [problem for sentence in form for problem in _wrong_sentence(sentence)]
    if len(form) != forms:
        problems.append(f"has {len(form)} plural forms, the language has {forms}.")
    elif not problems and not any(field for _, field, _, _ in Formatter().parse(form[-1])):
        problems.append("the last plural form must contain the number, e.g. {count}.")
    return problems


def _wrong_sentence(sentence: str) -> list[str]:
    if not sentence.strip():
        return ["is empty."]
    try:
        fields = [(name, table) for _, name, table, _ in Formatter().parse(sentence) if name is not None]
    except ValueError as error:
        return [f"{error} in {sentence!r}."]
    return [
        f"{{{name}}} is no placeholder."
        for name, table in fields
        if not name.isidentifier() or (table and not table.isidentifier())
    ]
