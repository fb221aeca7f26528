"""How a mistake in a settings file is worded: what was meant to stand there, what does, and the nearest right name."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Literal, get_args, get_origin

import msgspec
import yaml
from msgspec import inspect

from assistant.settings import Settings

NULL = "tag:yaml.org,2002:null"


def describe(kind: Any) -> str:
    """What a value of this type looks like, e.g. "a whole number from 80 to 700"."""
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(map(str, get_args(kind)))
    info = kind if isinstance(kind, inspect.Type) else inspect.type_info(kind)
    match info:
        case inspect.Metadata(extra={"means": str(means)}):
            return means
        case inspect.UnionType(types=types):
            return " or ".join(map(describe, types))
        case inspect.IntType(ge=low, le=high) | inspect.FloatType(ge=low, le=high):
            noun = "a whole number" if isinstance(info, inspect.IntType) else "a number"
            return f"{noun} from {low:g} to {high:g}"
        case inspect.BoolType():
            return "true or false"
        case inspect.NoneType():
            return "null"
    return "text"


def nearest_word(node: yaml.Node, kind: Any) -> str:
    """A question after the word that may have been meant, where one is near."""
    words = [str(word) for word in get_args(kind) if isinstance(word, str)]
    near = get_close_matches(shortened(text_of(node)).lower(), words, 1)
    return f' Did you mean "{near[0]}"?' if near else ""


def nearest_setting(key: str, path: str, known: Mapping[str, Any]) -> str:
    """Looks in the same section first, then for the name in any other."""
    near = [join(path, name) for name in get_close_matches(shortened(key).lower(), known, 1)]
    near += [full for full in names(Settings) if full.rpartition(".")[2] == key.lower()]
    return f' Did you mean "{near[0]}"?' if near else ""


def names(kind: type[Any], path: str = "") -> Iterator[str]:
    """Every setting by its full name."""
    for item in msgspec.structs.fields(kind):
        yield join(path, item.name)
        if isinstance(item.type, type) and issubclass(item.type, msgspec.Struct):
            yield from names(item.type, join(path, item.name))


def join(path: str, key: str) -> str:
    """The full name of a setting in a section; the outermost has no name."""
    return f"{path}.{key}" if path else key


def line_of(node: yaml.Node) -> int:
    """The line in which it begins, from 1 on."""
    return int(node.start_mark.line) + 1


def text_of(node: yaml.Node) -> str:
    """What was written; empty for a null."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) and node.tag != NULL else ""


def shown(node: yaml.Node) -> str:
    """A value in a message, shortened to a length that can be listened to."""
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    if isinstance(node, yaml.MappingNode):
        return "a section"
    text = text_of(node)
    return f'"{shortened(text)}"' if text else "empty"


def shortened(text: str) -> str:
    """The text, or its beginning: nobody listens to more."""
    return f"{text[:40]}…" if len(text) > 40 else text
