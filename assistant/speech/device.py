"""The owner of the sound device: one thread opens it, looks after it and lets it go, and nobody else touches it.

Opening may take seconds, or never end; so may letting go of a device whose sound server hangs. Whoever wants a sound
asks, and waits as long as they like, or not at all.
"""

import logging
from collections import deque
from collections.abc import Callable
from threading import Condition, Lock, Thread
from time import monotonic

from assistant.domain.ports import Cancelled
from assistant.errors import SpeechError
from assistant.speech.output import Output
from assistant.speech.portaudio import abandon, close_output, open_output

log = logging.getLogger(__name__)

OPEN_S = 10.0
"""A sentence waits no longer for the device to open, seconds."""
RETRY_S = 0.5
"""So soon after a failure the device is not tried again: nobody plugs in headphones more quickly (seconds)."""
WATCH_S = 0.25
"""How often an open device is looked at, seconds."""
CLOSE_S = 0.4
"""How long closing waits for the device, seconds; one that hangs is left to itself."""
MAX_WAITING = 16
"""So many short sounds wait for the device to open at most."""
_LOOK_S = 0.01

_portaudio = Lock()
"""PortAudio is no library for two threads at once: another owner may still be letting a device go."""

Play = Callable[[Output], bool]
"""Puts a sound into a device that is open; False when that has ended."""


class Device:
    """The sound device, closed until somebody asks for it.

    Args:
        name: Part of its name; the system's default when empty.
        keep_awake_s: How long it stays open in silence, seconds; 0: always.
        open_output: Opens it.
    """

    def __init__(
        self, *, name: str = "", keep_awake_s: float = 0.0, open_output: Callable[[str], Output] = open_output
    ) -> None:
        self._name = name
        self._keep_awake_s = keep_awake_s
        self._open_output = open_output
        self._changed = Condition()
        self._thread: Thread | None = None
        self._output: Output | None = None
        self._wanted = False
        self._closed = False
        self._soon: deque[Play] = deque(maxlen=MAX_WAITING)
        self._error: SpeechError | None = None
        self._tried_at = float("-inf")

    def soon(self, play: Play) -> None:
        """Plays at once where the device is open, else as soon as it is; returns at once."""
        with self._changed:
            if self._output is not None and play(self._output):
                return
            if not self._failed_since(monotonic()):
                self._soon.append(play)
                self._ask()

    def wait(self, cancelled: Cancelled) -> Output | None:
        """Waits until the device is open; None when it was cancelled before.

        Raises:
            SpeechError: it does not open, or not in time.
        """
        asked_at = monotonic()
        with self._changed:
            while (output := self.output) is None:
                if cancelled.is_set():
                    return None
                if self._failed_since(asked_at) and self._error:
                    raise SpeechError(self._error.message, self._error.remedy) from self._error
                if self._closed or monotonic() - asked_at > OPEN_S:
                    self._fail(SpeechError("The sound device takes too long to open."))
                    continue
                self._ask()
                self._changed.wait(_LOOK_S)
        return output

    @property
    def output(self) -> Output | None:
        """What can sound at this moment; None while it is closed."""
        output = self._output
        return output if output is not None and output.alive else None

    def close(self) -> None:
        """Silence; lets the device go, for good."""
        with self._changed:
            self._closed = True
            thread, output = self._thread, self._output
            self._changed.notify_all()
        if output is not None:
            output.hush()
        if thread is not None:
            thread.join(CLOSE_S)
            if thread.is_alive():
                abandon()

    def _fail(self, error: SpeechError) -> None:
        """Remembers why, so that the next voices need not find out again; called under the lock."""
        self._error, self._tried_at = error, monotonic()

    def _failed_since(self, moment: float) -> bool:
        """Whether the device refused after this moment, or so shortly before that it would again."""
        return self._error is not None and self._tried_at > moment - RETRY_S

    def _ask(self) -> None:
        """Has the device opened; called under the lock."""
        self._wanted = True
        if self._thread is None and not self._closed:
            self._thread = Thread(target=self._serve, name="sound", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def _serve(self) -> None:
        """The owner's work: one look at the device after the other."""
        while not self._closed:
            if self._output is not None and self._ended(self._output):
                self._let_go()
            if self._output is None and self._wanted:
                self._open()
            with self._changed:
                self._changed.wait_for(self._due, WATCH_S if self._output is not None else None)
        self._let_go()

    def _due(self) -> bool:
        return self._closed or (self._wanted and self.output is None)

    def _ended(self, output: Output) -> bool:
        return not output.alive or (self._keep_awake_s > 0 and output.rest(self._keep_awake_s))

    def _open(self) -> None:
        opened, failure = None, None
        try:
            with _portaudio:
                opened = self._open_output(self._name)
        except SpeechError as error:
            failure = error
        except Exception:  # whatever a driver makes the library raise: the owner lives on, and the voice is told
            log.exception("opening the sound device")
            failure = SpeechError("The sound device does not open.")
        with self._changed:
            self._output, self._error, self._tried_at, self._wanted = opened, failure, monotonic(), False
            for play in self._soon:
                if opened:
                    play(opened)
            self._soon.clear()
            self._changed.notify_all()

    def _let_go(self) -> None:
        with self._changed:
            output, self._output = self._output, None
        if output is not None:
            output.end()
            with _portaudio:
                close_output(output)
