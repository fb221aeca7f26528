"""The sound device: one stream that stays open, into which speech and earcons are mixed.

Opening a stream costs time and, on headphones that sleep, the first syllable; so it runs on, silent, for
`keep_awake_s` after the last sound. A stream ends by itself when its sound server dies, without any error: it is
looked at while something should be heard, and opened again for the next sound.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from time import monotonic, sleep
from typing import Any

from numpy import float32
from numpy.typing import NDArray

from assistant.domain.ports import Cancelled
from assistant.errors import SpeechError
from assistant.speech.earcons import earcon
from assistant.speech.mixer import Line, Mixer
from assistant.speech.portaudio import Fill, close_stream, open_stream

log = logging.getLogger(__name__)

STALLED_S = 3.0
"""A stream that asked for no samples for this long is dead (sound servers may pause for two seconds at first)."""
RETRY_S = 1.0
"""After a failure an earcon does not try to open the device again for so long, seconds."""
_LOOK_S = 0.01


class Player:
    """Plays one line of speech at a time, and earcons beside it.

    Args:
        device: Part of the device's name; the system's default when empty.
        volume: Gives percent, 0 to 100, before each sound.
        keep_awake_s: How long the stream goes on in silence after the last sound, seconds; 0: always.
    """

    def __init__(self, *, device: str = "", volume: Callable[[], int] = lambda: 100, keep_awake_s: float = 0.0) -> None:
        self._device = device
        self._volume = volume
        self._keep_awake_s = keep_awake_s
        self._lock = RLock()
        self._stream: Any = None
        self._mixer = Mixer(48000, 2)
        self._failed_at = float("-inf")
        self._pulse_at = 0.0
        self._sounded_at = 0.0

    @contextmanager
    def line(self, cancelled: Cancelled) -> Iterator[Line]:
        """A line to fill with speech; waits at its end until it was heard or cancelled.

        Raises:
            SpeechError: there is no sound device, or it vanished.
        """
        self.wake()
        line = Line(self._mixer.rate, cancelled)
        self._mixer.speak(line)
        try:
            yield line
        except (
            BaseException
        ):  # whatever ends the sentence early, Ctrl-C too: its rest is not to be heard, and never will be
            self._mixer.speak(None)
            raise
        line.complete()
        while not line.done.wait(_LOOK_S):
            self._look_alive()
        self._drain(cancelled)

    def earcon(self, name: str, pan: float = 0.0) -> None:
        """Plays an earcon at once, from any thread; without a sound device nothing happens."""
        if self._stream is None and monotonic() - self._failed_at < RETRY_S:
            return
        try:
            self.wake()
        except SpeechError as error:
            log.debug("earcon %s not heard: %s", name, error)
            return
        self._mixer.play(earcon(name, self._mixer.rate), pan)

    def wake(self) -> None:
        """Opens the device if it is not open or ended, so that the next sound is heard from its beginning.

        Raises:
            SpeechError: there is no sound device.
        """
        with self._lock:
            self._sounded_at = monotonic()
            if self._stream is None or not self._alive():
                self._let_go()
                self._open()
            self._mixer.volume = self._volume() / 100

    def stay(self) -> None:
        """Keeps the device awake while another program speaks.

        Raises:
            SpeechError: it vanished, so that nobody hears that program either.
        """
        self._sounded_at = monotonic()
        self._look_alive()

    def close(self) -> None:
        """Silence at once; lets the device go."""
        with self._lock:
            self._let_go()

    def _open(self) -> None:
        self._pulse_at = monotonic()
        try:
            self._stream = open_stream(self._device, self._prepare)
        except SpeechError:
            self._failed_at = monotonic()
            raise

    def _prepare(self, rate: int, channels: int) -> Fill:
        from sounddevice import CallbackStop

        mixer = self._mixer = Mixer(rate, channels)

        def fill(block: NDArray[float32], frames: int, time: Any, status: Any) -> None:
            self._pulse_at = monotonic()
            block[:] = mixer.mix(frames)
            if not mixer.quiet:
                self._sounded_at = self._pulse_at
            elif 0 < self._keep_awake_s < self._pulse_at - self._sounded_at:
                raise CallbackStop

        return fill

    def _alive(self) -> bool:
        return bool(self._stream.active) and monotonic() - self._pulse_at < STALLED_S

    def _look_alive(self) -> None:
        """Gives up a stream that has ended while something should be heard."""
        with self._lock:
            if self._stream is not None and self._alive():
                return
            self._let_go()
            self._failed_at = monotonic()
        raise SpeechError("The sound device vanished.", "I keep looking for it.")

    def _drain(self, cancelled: Cancelled) -> None:
        """Waits until the samples that the device holds were heard."""
        with self._lock:
            latency = float(self._stream.latency) if self._stream is not None else 0.0
        end = monotonic() + latency
        while monotonic() < end and not cancelled.is_set():
            sleep(_LOOK_S)

    def _let_go(self) -> None:
        if self._stream is not None:
            close_stream(self._stream)
            self._stream = None
