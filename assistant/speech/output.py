"""A sound device that is open: what sounds in it, until it ends."""

from threading import Lock
from time import monotonic
from typing import Any

from numpy import float32
from numpy.typing import NDArray

from assistant.speech.earcons import Samples
from assistant.speech.mixer import AudioBuffer, Mixer

STALLED_S = 3.0
"""A stream that asked for no samples for this long is dead (sound servers may pause for two seconds at first)."""


class Output:
    """One stream from its opening to its end; a new one is made when the device is opened again.

    What is given to one that has ended is refused, so that nobody waits for a sound that will never be heard. Every
    method may be called from any thread; the stream itself belongs to the thread that opened it.

    Args:
        rate: Samples a second.
        channels: 1, or 2 for left and right.
    """

    def __init__(self, rate: int, channels: int) -> None:
        self.rate = rate
        self.latency_s = 0.0
        """How long a sample is on its way to the ear, seconds."""
        self.stream: Any = None
        """PortAudio's stream."""
        self._mixer = Mixer(rate, channels)
        self._lock = Lock()
        self._ended = False
        self._pulse_at = self._sounded_at = monotonic()

    def begin(self, stream: Any) -> None:
        """It is open: from now on silence and standstill are counted, however long the opening took."""
        self.stream = stream
        self.latency_s = float(stream.latency)
        self._pulse_at = self._sounded_at = monotonic()

    def fill(self, block: NDArray[float32], frames: int, time: Any, status: Any) -> None:
        """PortAudio's callback, in the audio thread."""
        self._pulse_at = monotonic()
        block[:] = self._mixer.mix(frames)
        if not self._mixer.quiet:
            self._sounded_at = self._pulse_at

    def end(self) -> None:
        """Nothing sounds in it any more; PortAudio calls it as well when a stream ends by itself."""
        with self._lock:
            self._ended = True

    @property
    def alive(self) -> bool:
        """Whether what is put in now will be heard."""
        return not self._ended and monotonic() - self._pulse_at < STALLED_S

    def speak(self, line: AudioBuffer, volume: float) -> bool:
        """Makes a line the one that sounds; False when it has ended."""
        with self._lock:
            self._mixer.volume = volume
            self._mixer.speak(line)
            return self._kept_awake()

    def play(self, samples: Samples, pan: float, volume: float) -> bool:
        """Mixes a short sound in; False when it has ended."""
        with self._lock:
            self._mixer.volume = volume
            self._mixer.play(samples, pan)
            return self._kept_awake()

    def hush(self) -> None:
        """Takes back what is being said."""
        self._mixer.speak(None)

    def stay(self) -> bool:
        """Counts silence anew, while another program speaks; False when it has ended."""
        with self._lock:
            return self._kept_awake()

    def rest(self, after_s: float) -> bool:
        """Ends it if nothing has sounded for so many seconds; whether it has ended."""
        with self._lock:
            if self._mixer.quiet and monotonic() - self._sounded_at > after_s:
                self._ended = True
            return self._ended

    def _kept_awake(self) -> bool:
        self._sounded_at = monotonic()
        return self.alive
