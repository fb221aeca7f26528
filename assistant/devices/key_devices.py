"""Where key events come from: keyboards and headsets under /dev/input, and recordings of them.

A recording is what `cat /dev/input/event3 > keys.bin` writes: the kernel's `struct input_event`, one after the other
(Documentation/input/input.rst in the kernel's sources). A FIFO that is fed with such events is a keyboard which can be
unplugged.
"""

import errno
import logging
import os
import struct
from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Protocol

from evdev import InputDevice, InputEvent, ecodes

from assistant.errors import TriggerError

log = logging.getLogger(__name__)

Identity = tuple[int, int, int]
"""What changes when another device takes over a path: device number, inode, time of the last change."""

_EVENT = struct.Struct("llHHi")


def code_of(name: str) -> int:
    """The kernel's code of a key.

    Raises:
        TriggerError: no key has this name.
    """
    code = ecodes.ecodes.get(name)
    if isinstance(code, int) and name.startswith(("KEY_", "BTN_")):
        return code
    keys = [known for known in ecodes.ecodes if known.startswith(("KEY_", "BTN_"))]
    near = get_close_matches(name, keys, 1)
    raise TriggerError(f"There is no key called {name}.", f"Did you mean {near[0]}?" if near else "See: evtest.")


class KeyDevice(Protocol):
    """What is used of `evdev.InputDevice`."""

    def fileno(self) -> int:
        """A descriptor to wait on."""

    def read(self) -> Iterable[Any]:
        """The `evdev.InputEvent`s that have come, without waiting.

        Raises:
            BlockingIOError: none.
            OSError: the device is gone.
        """

    def active_keys(self) -> list[int]:
        """Codes of the keys that are down."""

    def grab(self) -> None:
        """Takes the device away from every other program."""

    def close(self) -> None:
        """Lets it go."""


class RecordedKeys:
    """A recording, or a FIFO that is fed with events.

    Args:
        path: The file; it is read to its end, which counts as unplugging.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        self._rest = b""

    def fileno(self) -> int:
        """A descriptor to wait on."""
        return self._file

    def read(self) -> Iterator[InputEvent]:
        """The events that have come.

        Raises:
            BlockingIOError: none.
            OSError: ENODEV at the end.
        """
        data = os.read(self._file, 64 * _EVENT.size)
        if not data:
            raise OSError(errno.ENODEV, "the recording has ended")
        data = self._rest + data
        whole = len(data) - len(data) % _EVENT.size
        self._rest = data[whole:]
        return (InputEvent(*fields) for fields in _EVENT.iter_unpack(data[:whole]))

    def active_keys(self) -> list[int]:
        """None that is known of."""
        return []

    def grab(self) -> None:
        """Nothing to do: nobody else reads it."""

    def close(self) -> None:
        """Closes the file."""
        os.close(self._file)


class Keyboard:
    """One device that is listened to.

    Args:
        path: Where it is.
        device: Gives its events.
        grab: Take it away from other programs as soon as no key is down; earlier, they would miss a release and believe
            the key to be down for ever.
    """

    def __init__(self, path: Path, device: KeyDevice, grab: bool) -> None:
        self.path = path
        self._device = device
        self._grab = grab
        self._down: set[int] = set()

    def fileno(self) -> int:
        """A descriptor to wait on."""
        return self._device.fileno()

    def grab_when_idle(self) -> None:
        """Grabs the device, if it is to be grabbed and no key is down."""
        if not self._grab:
            return
        try:
            if not self._device.active_keys():
                self._grab = False
                self._device.grab()
        except OSError as error:
            log.warning("%s cannot be grabbed: %s", self.path, error)

    def changes(self) -> Iterator[tuple[int, bool]]:
        """Codes of keys with whether they went down, without waiting; everything is up when the device is gone.

        Raises:
            OSError: it is gone, after the keys that were down.
        """
        try:
            for event in self._device.read():
                if (event.type, event.code) == (ecodes.EV_SYN, ecodes.SYN_DROPPED):
                    yield from self._all_up()  # The kernel lost events, perhaps a release.
                elif event.type == ecodes.EV_KEY and event.value in (0, 1):  # 2 is a key that repeats itself.
                    (self._down.add if event.value else self._down.discard)(event.code)
                    yield event.code, bool(event.value)
        except BlockingIOError:
            return
        except OSError:
            yield from self._all_up()
            raise

    def close(self) -> None:
        """Lets the device go."""
        self._device.close()

    def _all_up(self) -> Iterator[tuple[int, bool]]:
        while self._down:
            yield self._down.pop(), False


class KeyboardFinder:
    """Opens devices that have wanted keys, each once, until it is unplugged and another one takes its place.

    Args:
        paths: Devices or recordings to use; empty for all under `folder`.
        folder: Where devices appear.
        wanted: Codes of keys, one of which a device must have.
        grab: Whether they are to be grabbed.
    """

    def __init__(self, paths: Collection[Path], folder: Path, wanted: Collection[int], grab: bool) -> None:
        self._paths = paths
        self._folder = folder
        self._wanted = frozenset(wanted)
        self._grab = grab
        self._seen: dict[Path, Identity] = {}

    def new(self) -> Iterator[Keyboard]:
        """Devices that came since the last call; one that cannot be opened is tried again."""
        for path in sorted(self._paths or self._folder.glob("event*")):
            try:
                found = path.stat()
                identity = found.st_rdev, found.st_ino, found.st_ctime_ns
                if self._seen.get(path) == identity:
                    continue
                device = self._opened(path)
            except OSError as error:  # It may not be opened, or is gone again, or there are no descriptors left.
                log.debug("%s: %s", path, error)
                continue
            self._seen[path] = identity
            if device is not None:
                yield Keyboard(path, device, self._grab)

    def barred(self) -> Path | None:
        """A device that this user may not read, if that is so for all that are there."""
        paths = sorted(self._paths or self._folder.glob("event*"))
        return paths[0] if paths and not any(os.access(path, os.R_OK) for path in paths) else None

    def _opened(self, path: Path) -> KeyDevice | None:
        """The device, or None if it has none of the wanted keys."""
        if not path.is_char_device():
            return RecordedKeys(path)
        device = InputDevice(str(path))
        if self._wanted.isdisjoint(device.capabilities().get(ecodes.EV_KEY, ())):
            device.close()
            return None
        found: KeyDevice = device
        return found
