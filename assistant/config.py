"""config.yaml -> frozen settings, with every mistake at once: its line, its value and the nearest right name.

The file is read as a tree of nodes that know their lines, and held against the types in `assistant.settings`. The text
of a value is believed before YAML's opinion of it: `sound: off` is the word "off", `language: no` is Norwegian, and
only where no such text fits is `on` true.
"""

import os
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args, get_origin

import msgspec
import yaml
from msgspec import inspect

from assistant.errors import ConfigError
from assistant.settings import Settings
from assistant.weights import data_folder

__all__ = ["Settings", "find", "load", "stamp"]

VARIABLE = "ASSISTANT_CONFIG"
SYSTEM = Path("/etc/assistant/config.yaml")
_NULL = "tag:yaml.org,2002:null"
_Section = TypeVar("_Section", bound=msgspec.Struct)


def find(explicit: Path | None = None) -> Path:
    """The settings file that counts.

    Args:
        explicit: What `--config` named.

    Returns:
        The first of: `explicit`, $ASSISTANT_CONFIG (both even if there is no such file, so that a slip is noticed),
        $XDG_CONFIG_HOME/assistant/config.yaml, /etc/assistant/config.yaml, the file that came with the program.
    """
    if explicit is not None:
        return explicit
    if named := os.environ.get(VARIABLE):
        return Path(named)
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")  # noqa: PTH111 - a service may have none
    for path in (Path(home, "assistant", "config.yaml"), SYSTEM):
        if stamp(path) is not None:
            return path
    return data_folder("models").parent / "config.yaml"


def stamp(path: Path) -> tuple[int, int, int] | None:
    """Differs from an earlier stamp when the file was saved in between; None while none can be seen."""
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_ino, state.st_size


def load(path: Path | None = None) -> Settings:
    """Reads a settings file; what it leaves out keeps its default.

    Args:
        path: The file; None for the one that `find` gives.

    Raises:
        ConfigError: with every mistake in it.
    """
    path = find() if path is None else path
    reader = _Reader()
    settings = reader.read(path)
    if reader.problems:
        reader.problems.sort()
        raise ConfigError(str(path), [text for _, text in reader.problems], reader.problems[0][0] or None)
    return settings


class _Reader:
    """Collects the problems of one file."""

    def __init__(self) -> None:
        self.problems: list[tuple[int, str]] = []

    def read(self, path: Path) -> Settings:
        """The settings in a file, complete even when there are problems."""
        try:
            root = yaml.compose(path.read_text(encoding="utf-8-sig"), yaml.SafeLoader)
        except OSError as error:
            self._note(0, f"It cannot be read: {error.strerror}.")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            self._note(line, "This is not UTF-8 text; save the file as UTF-8.")
        except yaml.MarkedYAMLError as error:
            self._note_syntax(error)
        except (yaml.YAMLError, RecursionError):
            self._note(1, "This is not YAML text.")
        else:
            if root is not None:
                return self._struct(root, Settings, "")
        return Settings()

    def _note(self, line: int, text: str) -> None:
        self.problems.append((line, f"Line {line}: {text}" if line else text))

    def _note_syntax(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        hint = " Indent with spaces, not with tabs." if "\\t" in (error.problem or "") else ""
        self._note(mark.line + 1 if mark else 1, f"This is not YAML: {error.problem or error.context}.{hint}")

    def _struct(self, node: yaml.Node, kind: type[_Section], path: str) -> _Section:
        """One section: its known keys, each read by its type."""
        types = {item.name: item.type for item in msgspec.structs.fields(kind)}
        if node.tag == _NULL:
            return kind()
        if not isinstance(node, yaml.MappingNode):
            self._note(_line(node), f"{path or 'The file'} must be settings, each as name: value.")
            return kind()
        values = {}
        for key, value in self._entries(node, types, path):
            if (read := self._value(value, types[key], _join(path, key))) is not msgspec.UNSET:
                values[key] = read
        return kind(**values)

    def _entries(self, node: yaml.MappingNode, known: Mapping[str, Any], path: str) -> Iterator[tuple[str, yaml.Node]]:
        """The entries of a section whose keys are right and new."""
        lines: dict[str, int] = {}
        for key_node, value in node.value:
            key, line = _text(key_node), _line(key_node)
            if key not in known:
                self._note(line, f'There is no setting "{_join(path, key)}".{_nearest_setting(key, path, known)}')
            elif key in lines:
                self._note(line, f"{_join(path, key)} is set twice, first in line {lines[key]}.")
            else:
                lines[key] = line
                yield key, value

    def _value(self, node: yaml.Node, kind: Any, path: str) -> Any:
        """The value of one setting, or UNSET when it does not fit."""
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self._struct(node, kind, path)
        if get_origin(kind) is not tuple:
            return self._scalar(node, kind, path)
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        items = [self._scalar(item, get_args(kind)[0], path) for item in nodes]
        for at, item in enumerate(items):
            if item is not msgspec.UNSET and item in items[:at]:
                self._note(_line(nodes[at]), f'{path}: "{item}" is there twice.')
        return msgspec.UNSET if msgspec.UNSET in items else tuple(items)

    def _scalar(self, node: yaml.Node, kind: Any, path: str) -> Any:
        if isinstance(node, yaml.ScalarNode):
            for candidate, strict in _candidates(node):
                try:
                    return msgspec.convert(candidate, kind, strict=strict)
                except msgspec.ValidationError:
                    continue
        self._note(_line(node), f"{path} must be {_describe(kind)}, not {_shown(node)}.{_nearest_word(node, kind)}")
        return msgspec.UNSET


def _candidates(node: yaml.ScalarNode) -> Iterator[tuple[Any, bool]]:
    """What a value may mean, with whether it has to have the right type already: its text, then YAML's reading.

    YAML's reading counts for true, false, null and fractions only: 010 as eight and 1:30 as ninety help nobody.
    """
    yield _text(node), False
    try:
        meaning = yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        return
    if meaning is None or isinstance(meaning, bool | float):
        yield meaning, True


def _describe(kind: Any) -> str:
    """What a value of this type looks like, e.g. "a whole number from 80 to 700"."""
    if get_origin(kind) is Literal:
        return "one of " + ", ".join(map(str, get_args(kind)))
    info = kind if isinstance(kind, inspect.Type) else inspect.type_info(kind)
    match info:
        case inspect.Metadata(extra={"means": str(means)}):
            return means
        case inspect.UnionType(types=types):
            return " or ".join(map(_describe, types))
        case inspect.IntType(ge=low, le=high) | inspect.FloatType(ge=low, le=high):
            noun = "a whole number" if isinstance(info, inspect.IntType) else "a number"
            return f"{noun} from {low:g} to {high:g}"
        case inspect.BoolType():
            return "true or false"
        case inspect.NoneType():
            return "null"
    return "text"


def _nearest_word(node: yaml.Node, kind: Any) -> str:
    words = [str(word) for word in get_args(kind) if isinstance(word, str)]
    near = get_close_matches(_text(node).lower(), words, 1)
    return f' Did you mean "{near[0]}"?' if near else ""


def _nearest_setting(key: str, path: str, known: Mapping[str, Any]) -> str:
    """Looks in the same section first, then for the name in any other."""
    near = [_join(path, name) for name in get_close_matches(key.lower(), known, 1)]
    near += [full for full in _names(Settings) if full.rpartition(".")[2] == key.lower()]
    return f' Did you mean "{near[0]}"?' if near else ""


def _names(kind: type[Any], path: str = "") -> Iterator[str]:
    """Every setting by its full name."""
    for item in msgspec.structs.fields(kind):
        yield _join(path, item.name)
        if isinstance(item.type, type) and issubclass(item.type, msgspec.Struct):
            yield from _names(item.type, _join(path, item.name))


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _text(node: yaml.Node) -> str:
    """What was written; empty for a null."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) and node.tag != _NULL else ""


def _shown(node: yaml.Node) -> str:
    """A value in a message, cut to a length that can be listened to."""
    if isinstance(node, yaml.SequenceNode):
        return "a list"
    if isinstance(node, yaml.MappingNode):
        return "a section"
    text = _text(node)
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"' if text else "empty"
