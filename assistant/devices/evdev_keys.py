"""Keyboards, keypads and headset keys through the kernel's event devices, with or without a desktop."""

import logging
import select
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.domain.ports import Control
from assistant.domain.values import Verb
from assistant.errors import TriggerError

if TYPE_CHECKING:
    from assistant.devices.key_devices import Finder, Keyboard

log = logging.getLogger(__name__)

MEDIA_KEYS: Mapping[str, Verb] = {
    "KEY_PLAYPAUSE": Verb.NOW,
    "KEY_PLAYCD": Verb.NOW,
    "KEY_PAUSECD": Verb.NOW,
    "KEY_MEDIA": Verb.NOW,
    "KEY_NEXTSONG": Verb.DETAIL,
    "KEY_PREVIOUSSONG": Verb.REPEAT,
    "KEY_STOPCD": Verb.STOP,
    "KEY_VOLUMEUP": Verb.LOUDER,
    "KEY_VOLUMEDOWN": Verb.SOFTER,
}
"""What the keys of headsets mean; many of them report their release at once, however long they are held."""
WAIT_S = 0.1
"""How long is waited for a key before looking whether to stop, seconds."""
RESCAN_S = 2.0
"""How often new devices are looked for, seconds."""


class EvdevKeys:
    """Listens to every device that has one of the keys; they may come and go at any time.

    Args:
        press: Names of the keys that work by gestures (press, double press, hold), as `evtest` shows them.
        verbs: Names of keys that mean one thing each; one that is in `press` too works by gestures.
        grab: Take these devices away from every other program, as soon as none of their keys is down.
        paths: Devices, or recordings of them (see `key_devices`), to use; empty for all under `folder`.
        folder: Where devices appear.
    """

    name = "evdev"

    def __init__(
        self,
        press: Collection[str] = (),
        verbs: Mapping[str, Verb] = MEDIA_KEYS,
        grab: bool = False,
        paths: Collection[Path] = (),
        folder: Path = Path("/dev/input"),
    ) -> None:
        self._press = press
        self._verbs = verbs
        self._grab = grab
        self._paths = paths
        self._folder = folder
        self._finder: Finder | None = None
        self._scanned = float("-inf")
        self._keyboards: list[Keyboard] = []
        self._press_codes: frozenset[int] = frozenset()
        self._verb_codes: dict[int, Verb] = {}

    def open(self) -> None:
        """Looks the keys up; devices are opened while serving.

        Raises:
            TriggerError: evdev is not installed, or a key has no such name.
        """
        try:
            from assistant.devices.key_devices import Finder, code_of
        except ImportError as error:
            raise TriggerError(
                "The package evdev is missing.",
                "Install it with: sudo apt install python3-evdev, or pip install evdev.",
            ) from error
        self._press_codes = frozenset(map(code_of, self._press))
        self._verb_codes = {code_of(name): verb for name, verb in self._verbs.items()}
        self._scanned = float("-inf")
        wanted = self._press_codes | self._verb_codes.keys()
        self._finder = Finder(self._paths, self._folder, wanted, self._grab)

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
                    keyboard.close()

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
        elif down and code in self._verb_codes:
            control.ask(self._verb_codes[code], self.name)
