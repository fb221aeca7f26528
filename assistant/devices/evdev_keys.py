"""Keyboards, keypads and headset keys through the kernel's event devices, with or without a desktop."""

import logging
import select
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.devices.permission import remedy
from assistant.domain import commands
from assistant.domain.ports import Control
from assistant.errors import TriggerError

if TYPE_CHECKING:
    from assistant.devices.key_devices import Keyboard, KeyboardFinder

log = logging.getLogger(__name__)

HELD_S = 1.0
"""How long a key is held to mean something else, seconds; many headsets report its release at once."""
WAIT_S = 0.1
"""How long is waited for a key before looking whether to stop, seconds."""
RESCAN_S = 2.0
"""How often new devices are looked for, seconds."""


class EvdevKeys:
    """Listens to every device that has one of the keys; they may come and go at any time.

    Args:
        press: Names of the keys that work by gestures (press, double press, hold), as `evtest` shows them.
        verbs: Names of keys that mean one thing each; one that is in `press` too works by gestures. None: those of the
            table of commands.
        held: Names of keys that mean something else when they are held; likewise.
        grab: Take these devices away from every other program, as soon as none of their keys is down.
        insist: Whether it is an error that no device may be read; otherwise that is waited for.
        paths: Devices, or recordings of them (see `key_devices`), to use; empty for all under `folder`.
        folder: Where devices appear.
    """

    name = "evdev"

    def __init__(
        self,
        press: Collection[str] = (),
        verbs: Mapping[str, str] | None = None,
        held: Mapping[str, str] | None = None,
        grab: bool = False,
        insist: bool = False,
        paths: Collection[Path] = (),
        folder: Path = Path("/dev/input"),
    ) -> None:
        self._press = press
        self._verbs = commands.headset_keys() if verbs is None else verbs
        self._held = commands.held_keys() if held is None else held
        self._grab = grab
        self._insist = insist
        self._paths = paths
        self._folder = folder
        self._finder: KeyboardFinder | None = None
        self._scanned = float("-inf")
        self._keyboards: list[Keyboard] = []
        self._press_codes: frozenset[int] = frozenset()
        self._verb_codes: dict[int, str] = {}
        self._held_codes: dict[int, str] = {}
        self._down: dict[int, float] = {}

    def open(self) -> None:
        """Looks the keys up; devices are opened while serving.

        Raises:
            TriggerError: evdev is not installed, a key has no such name, or this user may read none of the devices.
        """
        try:
            from assistant.devices.key_devices import KeyboardFinder, code_of
        except ImportError as error:
            raise TriggerError(
                "The package evdev is missing.",
                "Install it with: sudo apt install python3-evdev, or pip install evdev.",
            ) from error
        self._press_codes = frozenset(map(code_of, self._press))
        self._verb_codes = {code_of(name): verb for name, verb in self._verbs.items()}
        self._held_codes = {code_of(name): verb for name, verb in self._held.items()}
        self._scanned = float("-inf")
        wanted = self._press_codes | self._verb_codes.keys() | self._held_codes.keys()
        self._finder = KeyboardFinder(self._paths, self._folder, wanted, self._grab)
        if self._insist and (barred := self._finder.barred()):
            raise TriggerError(f"{barred} may not be read.", remedy(barred))

    def serve(self, control: Control, stopped: Callable[[], bool]) -> None:
        """Passes keys on until stopped, whatever is plugged in or out."""
        while not stopped():
            self._rescan()
            for keyboard in self._waiting():
                try:
                    for code, down in keyboard.changes():
                        self._pass_on(code, down, control)
                except OSError as error:  # ENODEV: it was unplugged.
                    log.info("%s is gone: %s", keyboard.path, error)
                    self._keyboards.remove(keyboard)
                    self._down.clear()
                    keyboard.close()
            self._hold(control)

    def close(self) -> None:
        """Lets all devices go."""
        while self._keyboards:
            self._keyboards.pop().close()

    def _rescan(self) -> None:
        if self._finder is not None and time.monotonic() - self._scanned >= RESCAN_S:
            self._scanned = time.monotonic()
            for keyboard in self._finder.new():
                log.info("keys are read from %s", keyboard.path)
                self._keyboards.append(keyboard)

    def _waiting(self) -> list["Keyboard"]:
        """Waits a moment; the keyboards that have something to read."""
        for keyboard in self._keyboards:
            keyboard.grab_when_idle()
        ready, _, _ = select.select(self._keyboards, [], [], WAIT_S)
        return ready

    def _pass_on(self, code: int, down: bool, control: Control) -> None:
        if code in self._press_codes:
            (control.press if down else control.release)(self.name)
            return
        if down and code in self._verb_codes:
            control.ask(self._verb_codes[code], self.name)
        if down and code in self._held_codes:
            self._down.setdefault(code, time.monotonic())
        else:
            self._down.pop(code, None)

    def _hold(self, control: Control) -> None:
        """Asks for what the keys mean that have been down for long enough by now."""
        due = [code for code, began in self._down.items() if time.monotonic() - began >= HELD_S]
        for code in due:
            del self._down[code]
            control.ask(self._held_codes[code], self.name)
