"""Speech and short sounds into the sound device: the port `Sounds`, and a line to speak into for the voices.

Opening a device costs time and, on headphones that sleep, the first syllable; so it stays open, silent, for
`keep_awake_s` after the last sound. Who speaks waits for it to open; who plays a short sound never does.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from assistant.domain.ports import Cancelled
from assistant.domain.values import Cue
from assistant.errors import SpeechError
from assistant.speech.device import Device
from assistant.speech.earcons import NAMES, earcon
from assistant.speech.mixer import AudioBuffer
from assistant.speech.output import Output
from assistant.speech.portaudio import open_output

FRESH_S = 0.5
"""A short sound that had to wait longer for the device says nothing any more, seconds."""
_LOOK_S = 0.01
_SILENT_RATE = 48000


class Player:
    """Plays one line of speech at a time, and short sounds beside it.

    Args:
        device: Part of the device's name; the system's default when empty.
        volume: Gives percent, 0 to 100, before each sound.
        keep_awake_s: How long the device stays open in silence after the last sound, seconds; 0: always.
        open_output: Opens the device.
    """

    def __init__(
        self,
        *,
        device: str = "",
        volume: Callable[[], int] = lambda: 100,
        keep_awake_s: float = 0.0,
        open_output: Callable[[str], Output] = open_output,
    ) -> None:
        self._device = Device(name=device, keep_awake_s=keep_awake_s, open_output=open_output)
        self._volume = volume

    @contextmanager
    def line(self, cancelled: Cancelled) -> Iterator[AudioBuffer]:
        """A line to fill with speech; waits at its end until it was heard or cancelled.

        Raises:
            SpeechError: there is no sound device, or it vanished.
        """
        line, output = self._begin(cancelled)
        try:
            yield line
        except (
            BaseException
        ):  # whatever ends the sentence early, Ctrl-C too: its rest is not to be heard, and never will be
            if output is not None:
                output.hush()
            raise
        line.complete()
        if output is not None:
            _wait(line, output, cancelled)

    def play(self, cue: Cue) -> None:
        """Plays a short sound soon, from any thread, without waiting; without a sound device nothing happens."""
        if cue.name not in NAMES:
            raise KeyError(cue.name)
        asked_at = monotonic()

        def put(output: Output) -> bool:
            if monotonic() - asked_at > FRESH_S:
                return True
            return output.play(earcon(cue.name, output.rate, cue.semitones), cue.pan, self.volume / 100)

        self._device.soon(put)

    def wake(self, cancelled: Cancelled) -> None:
        """Waits until the device is open, so that the next sound is heard from its beginning, or until cancelled.

        Raises:
            SpeechError: there is no sound device.
        """
        while (output := self._device.wait(cancelled)) is not None and not output.stay():
            pass

    def stay(self) -> None:
        """Keeps the device awake while another program speaks.

        Raises:
            SpeechError: it vanished, so that nobody hears that program either.
        """
        output = self._device.output
        if output is None or not output.stay():
            raise _vanished()

    @property
    def volume(self) -> int:
        """Percent, as it is turned now."""
        return self._volume()

    def close(self) -> None:
        """Silence at once; lets the device go."""
        self._device.close()

    def _begin(self, cancelled: Cancelled) -> tuple[AudioBuffer, Output | None]:
        """A line that sounds in the device that is open; in none if it was cancelled before."""
        while (output := self._device.wait(cancelled)) is not None:
            line = AudioBuffer(output.rate, cancelled)
            if output.speak(line, self.volume / 100):
                return line, output
        return AudioBuffer(_SILENT_RATE, cancelled), None


def _wait(line: AudioBuffer, output: Output, cancelled: Cancelled) -> None:
    """Waits until a line was heard, with the samples that the device holds."""
    while not line.done.wait(_LOOK_S):
        if not output.alive:
            raise _vanished()
    end = monotonic() + output.latency_s
    while monotonic() < end and not cancelled.is_set():
        sleep(_LOOK_S)


def _vanished() -> SpeechError:
    return SpeechError("The sound device vanished.", "I keep looking for it.")
