"""YAML text -> its tree of nodes, which know their lines; in bounded time and memory, whoever wrote the text.

The parser in C counts first: a settings file has a few hundred parts, and the careful parser in Python, whose messages
help people, takes four seconds for a mebibyte of names and a minute for ten thousand brackets.
"""

from typing import Any

import yaml

MOST_PARTS = 3000
"""Names, values, beginnings and ends of sections in one text."""
DEEPEST = 20
"""Sections inside of sections."""

_Quick = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NESTING = ("while increasing flow level", "while increasing block level")
"""How the parser in C says that it was deeper than it can go."""


class TooMuch(yaml.YAMLError):
    """There is more in it than any file of ours holds.

    Args:
        problem: What is too much, as a clause.
        line: Where, from 1 on.
    """

    def __init__(self, problem: str, line: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line


def compose(text: str) -> yaml.Node | None:
    """The tree of a text's only document; None for a text without content.

    Raises:
        TooMuch: it has too many parts, or they lie too deep.
        yaml.YAMLError: it is no YAML, or has a second document.
    """
    _measure(text)
    return yaml.compose(text, yaml.SafeLoader)


def _measure(text: str) -> None:
    """Goes through the parts until there are too many."""
    depth = 0
    try:
        for parts, event in enumerate(yaml.parse(text, _Quick)):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEEPEST:
                raise TooMuch("it goes too deep", _line(event.start_mark))
            if parts > MOST_PARTS:
                raise TooMuch("there is too much in it", _line(event.start_mark))
    except TooMuch:
        raise
    except yaml.MarkedYAMLError as error:
        if error.context in _NESTING:
            raise TooMuch("it goes too deep", _line(error.problem_mark)) from error
    except yaml.YAMLError:
        return  # The other parser finds it too, and says it better.


def _line(mark: Any) -> int:
    return int(mark.line) + 1 if mark else 1
