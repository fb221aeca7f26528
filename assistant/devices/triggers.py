"""Triggers by the words in config.yaml."""

import os
import re
from collections.abc import Collection, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from assistant.domain.commands import COMMANDS, Command, headset_keys, held_keys, keys
from assistant.domain.ports import Trigger
from assistant.plugins import resolve

KNOWN = {
    "socket": "assistant.devices.control_socket:ControlSocket",
    "terminal": "assistant.devices.terminal_keys:TerminalKeys",
    "evdev": "assistant.devices.evdev_keys:EvdevKeys",
    "gpio": "assistant.devices.gpio_button:GpioButton",
}
"""Triggers of ours."""

_TYPED = re.compile(r"KEY_(?:[A-Z0-9]|SPACE|ENTER|TAB|BACKSPACE|DELETE|MINUS|EQUAL|COMMA|DOT|SLASH|KP\w+)")
"""Keys with which somebody writes."""


def triggers(
    names: Collection[str],
    commands: Collection[Command] = COMMANDS,
    press: Collection[str] = (),
    grab: bool = False,
    pin: int | None = None,
    bounce_s: float = 0.05,
    socket_path: Path | None = None,
) -> list[Trigger]:
    """Makes the triggers that the words stand for; nothing is opened yet.

    "auto" stands for all of ours that this machine has: the socket always, the terminal if there is one, keys if they
    can be read (they may be plugged in later), the button if its pin is set. Keys with which people write then count
    only in the service of the whole machine, or where "evdev" is named beside it, and never at a terminal: a letter to
    a friend must not ask, nor may one press of the space bar ask twice. In those two cases, too, it is an error when no
    device may be read; on a desktop few users may.

    Args:
        names: "auto", names of ours, or of installed ones (entry points in the group `assistant.triggers`, made without
            arguments).
        commands: What can be asked, for the keys that mean one thing each.
        press: Keys of keyboards and headsets that work by gestures, by their kernel names.
        grab: Whether those keyboards are taken away from other programs.
        pin: Number of the button's pin; None for no button.
        bounce_s: How long the button's contact may bounce, seconds.
        socket_path: Where the control socket lies; None for its usual place.

    Raises:
        UnknownName: a word that is none of these.
    """
    wanted = dict.fromkeys(names)
    insist = "evdev" in wanted or "RUNTIME_DIRECTORY" in os.environ
    if "auto" in wanted:
        del wanted["auto"]
        nobody_writes = not os.isatty(0) and insist
        if not (nobody_writes or grab):
            press = not_typed(press)
        wanted |= dict.fromkeys(_present(pin))
    means = {"verbs": headset_keys(commands), "held": held_keys(commands)}
    options: dict[str, Mapping[str, Any]] = {
        "socket": {"path": socket_path},
        "terminal": {"keys": keys(commands)},
        "evdev": {"press": press, **means, "grab": grab, "insist": insist},
        "gpio": {"pin": pin, "bounce_s": bounce_s},
    }
    return [cast(Trigger, resolve("trigger", name, KNOWN)(**options.get(name, {}))) for name in wanted]


def not_typed(press: Collection[str]) -> list[str]:
    """The keys with which nobody writes."""
    return [key for key in press if not _TYPED.fullmatch(key)]


def _present(pin: int | None) -> list[str]:
    """Our triggers that this machine has."""
    found = {
        "socket": True,
        "terminal": os.isatty(0),
        "evdev": find_spec("evdev") is not None and Path("/dev/input").is_dir(),
        "gpio": pin is not None,
    }
    return [name for name in KNOWN if found[name]]
