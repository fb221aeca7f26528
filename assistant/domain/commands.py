"""The one table of what can be asked: keys, socket verbs, `ask --help`, practice and spoken help come from its rows.

A verb is one row here, its deed in `assistant/acts.py` and its words in `voices/` (table `verb`); those of a skill are
rows of the skill.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """Something that the user may want, whichever key, button or socket says it."""

    verb: str
    """The word by which it is asked for."""
    key: str = ""
    """The key on a terminal."""
    headset: tuple[str, ...] = ()
    """Keys that mean it on headsets and keypads, by their kernel names."""
    held: str = ""
    """Likewise a key that means it when it is held for a second."""
    about: str = ""
    """Table of the words that its subject may be, e.g. "thing"; empty where it takes none."""
    beside: bool = False
    """Whether a skill that is at work goes on: it changes how something is said and asks for nothing new."""
    goes_on: bool = False
    """Whether its skill goes on for as long as its key is held down."""
    practised: bool = True
    """Whether it is named and not done while somebody practises."""
    data: bool = False
    """Whether a program asks it and no person: its subject is JSON, and nothing is heard of it."""


COMMANDS = (
    Command("now", " ", ("KEY_PLAYPAUSE", "KEY_PLAYCD", "KEY_PAUSECD", "KEY_MEDIA")),
    Command("detail", "d", ("KEY_NEXTSONG",)),
    Command("who", "w"),
    Command("why", "y"),
    Command("repeat", "r", ("KEY_PREVIOUSSONG",)),
    Command("stop", "s", ("KEY_STOPCD",)),
    Command("lens", "l", held="KEY_NEXTSONG"),
    Command("next", "n", beside=True),
    Command("again", "a", beside=True),
    Command("spell", "e", beside=True),
    Command("practice", "p", practised=False),
    Command("help", "h"),
    Command("verbosity", "v", beside=True),
    Command("sound", "m", beside=True),
    Command("louder", "+", ("KEY_VOLUMEUP",), beside=True),
    Command("softer", "-", ("KEY_VOLUMEDOWN",), beside=True),
    Command("faster", "f", beside=True),
    Command("slower", "g", beside=True),
    Command("snooze", "z"),
    Command("camera", "c"),
    Command("status", "i"),
    Command("disclose", "b"),
    Command("history", beside=True),
    Command("people", about="request", practised=False, data=True),
    Command("reload", practised=False),
    Command("quit", "q", practised=False),
)
"""In the order in which they are explained."""


def keys(commands: Iterable[Command] = COMMANDS) -> Mapping[str, str]:
    """Key of a terminal -> verb."""
    return {command.key: command.verb for command in commands if command.key}


def headset_keys(commands: Iterable[Command] = COMMANDS) -> Mapping[str, str]:
    """Kernel's name of a key -> verb."""
    return {key: command.verb for command in commands for key in command.headset}


def held_keys(commands: Iterable[Command] = COMMANDS) -> Mapping[str, str]:
    """Kernel's name of a key that is held -> verb."""
    return {command.held: command.verb for command in commands if command.held}
