"""config.yaml -> frozen settings, with every mistake at once: its line, its value and the nearest right name.

The file is read as a tree of nodes that know their lines, and held against the types in `assistant.settings`. The text
of a value is believed before YAML's opinion of it: `sound: off` is the word "off", `language: no` is Norwegian, and
only where no such text fits is `on` true.
"""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin

import msgspec
import yaml

from assistant import files, yaml_nodes
from assistant.errors import ConfigError, ConfigGone, ConfigUnreadable
from assistant.mistakes import NULL, describe, join, line_of, nearest_setting, nearest_word, shortened, shown, text_of
from assistant.settings import Settings
from assistant.weights import data_folder

__all__ = ["Settings", "find", "lines", "load", "stamp"]

LARGEST = 10**6
"""A settings file that is larger is not read, bytes."""
MOST_PROBLEMS = 20
"""So many mistakes are told by name; nobody listens to more."""

VARIABLE = "ASSISTANT_CONFIG"
SYSTEM = Path("/etc/assistant/config.yaml")
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


def stamp(path: Path) -> tuple[int, ...] | None:
    """Differs from an earlier one if the file was saved, or made readable, in between; None while none can be seen."""
    try:
        state = path.stat()
    except (OSError, ValueError):  # ValueError: a NUL in its name
        return None
    return state.st_mtime_ns, state.st_ctime_ns, state.st_ino, state.st_size


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
    if problems := sorted(reader.problems):
        told = [text for _, text in problems[:MOST_PROBLEMS]]
        told += [f"There are {rest} more."] if (rest := len(problems) - MOST_PROBLEMS) > 0 else []
        raise ConfigError(str(path), told, problems[0][0] or None)
    return settings


def lines(path: Path) -> Mapping[str, int]:
    """The line of every setting that the file sets, by its full name; whatever else is wrong with the file.

    Of a list every value has one as well, e.g. "senses.light".

    Raises:
        ConfigError: it cannot be read.
    """
    reader = _Reader()
    reader.read(path)
    return reader.lines


def _content(path: Path) -> bytes:
    try:
        return files.read(path, LARGEST)
    except FileNotFoundError as error:
        raise ConfigGone(str(path), [f"It cannot be read: {error.strerror}."]) from error
    except files.NotAFile as error:
        raise ConfigUnreadable(str(path), ["This is no ordinary file, and is not read."]) from error
    except files.TooLarge as error:
        limit = f"{LARGEST // 10**6} MB"
        raise ConfigUnreadable(str(path), [f"It is larger than {limit}, and is not read."]) from error
    except OSError as error:
        raise ConfigUnreadable(str(path), [f"It cannot be read: {error.strerror}."]) from error


class _Reader:
    """Collects the problems of one file, and the lines of its settings."""

    def __init__(self) -> None:
        self.problems: list[tuple[int, str]] = []
        self.lines: dict[str, int] = {}

    def read(self, path: Path) -> Settings:
        """The settings in a file, complete even when there are problems.

        Raises:
            ConfigError: it cannot be read.
        """
        try:
            root = yaml_nodes.compose(_content(path).decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            self._note(line, "This is not UTF-8 text; save the file as UTF-8.")
        except yaml_nodes.TooMuch as error:
            self._note(error.line, f"This is no settings file: {error.problem}.")
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
        if node.tag == NULL:
            return kind()
        if not isinstance(node, yaml.MappingNode):
            self._note(line_of(node), f"{path or 'The file'} must be settings, each as name: value.")
            return kind()
        values = {}
        for key, value in self._entries(node, types, path):
            if (read := self._value(value, types[key], join(path, key))) is not msgspec.UNSET:
                values[key] = read
        return kind(**values)

    def _entries(self, node: yaml.MappingNode, known: Mapping[str, Any], path: str) -> Iterator[tuple[str, yaml.Node]]:
        """The entries of a section whose keys are right and new."""
        lines: dict[str, int] = {}
        for key_node, value in node.value:
            key, line = text_of(key_node), line_of(key_node)
            if key not in known:
                near = nearest_setting(key, path, known) if len(self.problems) < MOST_PROBLEMS else ""
                self._note(line, f'There is no setting "{shortened(join(path, key))}".{near}')
            elif key in lines:
                self._note(line, f"{join(path, key)} is set twice, first in line {lines[key]}.")
            else:
                lines[key] = self.lines[join(path, key)] = line
                yield key, value

    def _value(self, node: yaml.Node, kind: Any, path: str) -> Any:
        """The value of one setting, or UNSET when it does not fit."""
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            return self._struct(node, kind, path)
        if get_origin(kind) is not tuple:
            return self._scalar(node, kind, path)
        nodes = node.value if isinstance(node, yaml.SequenceNode) else [node]
        items = [self._scalar(item, get_args(kind)[0], path) for item in nodes]
        self.lines |= {join(path, text_of(item)): line_of(item) for item in nodes}
        for at, item in enumerate(items):
            if item is not msgspec.UNSET and item in items[:at]:
                self._note(line_of(nodes[at]), f'{path}: "{item}" is there twice.')
        return msgspec.UNSET if msgspec.UNSET in items else tuple(items)

    def _scalar(self, node: yaml.Node, kind: Any, path: str) -> Any:
        if isinstance(node, yaml.ScalarNode):
            for candidate, strict in _candidates(node):
                try:
                    return msgspec.convert(candidate, kind, strict=strict)
                except msgspec.ValidationError:
                    continue
        self._note(line_of(node), f"{path} must be {describe(kind)}, not {shown(node)}.{nearest_word(node, kind)}")
        return msgspec.UNSET


def _candidates(node: yaml.ScalarNode) -> Iterator[tuple[Any, bool]]:
    """What a value may mean, with whether it has to have the right type already: its text, then YAML's reading.

    YAML's reading counts for true, false, null and fractions only: 010 as eight and 1:30 as ninety help nobody.
    """
    yield text_of(node), False
    try:
        meaning = yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError):
        return
    if meaning is None or isinstance(meaning, bool | float):
        yield meaning, True
