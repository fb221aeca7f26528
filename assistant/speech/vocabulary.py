"""The words by which a language calls what can be asked for."""

from collections.abc import Mapping, Sequence

from assistant.speech.language import Language


def vocabulary(language: Language, table: str) -> Mapping[str, Sequence[str]]:
    """Key -> every word for it.

    Args:
        language: Its words.
        table: Holds the plural forms; beside it stands one with "_named" after its name, which holds all other words
            for each key, separated by commas.
    """
    named = language.words.get(f"{table}_named", {})
    return {
        key: [*_words(named.get(key, "")), *_plurals(forms)] for key, forms in language.words.get(table, {}).items()
    }


def _words(text: str | Sequence[str]) -> list[str]:
    return [word.strip() for word in text.split(",")] if isinstance(text, str) else list(text)


def _plurals(forms: str | Sequence[str]) -> list[str]:
    return [form.replace("{count}", "").strip() for form in ([forms] if isinstance(forms, str) else forms)]
