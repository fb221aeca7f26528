"""Opens the sound device through PortAudio."""

import atexit
import logging
import sys
from contextlib import suppress
from functools import cache
from typing import Any

from assistant.errors import SpeechError
from assistant.speech.output import Output

log = logging.getLogger(__name__)

LATENCY_S = 0.03
"""What is asked of the device: less lets sound servers run dry on a busy small computer (seconds)."""
_BLOCK = 512
_REMEDY = "Connect a loudspeaker or headphones, or look at speech.device in the settings."


def open_output(device: str) -> Output:
    """Opens a device, started; stereo where the device has it, at the device's own rate.

    Args:
        device: Part of its name; the system's default when empty.

    Raises:
        SpeechError: no library, no such device, or it does not open.
    """
    sounddevice = _sounddevice()
    try:
        return _open(sounddevice, device)
    except (sounddevice.PortAudioError, SpeechError, ValueError):
        rescan(sounddevice)
    try:
        return _open(sounddevice, device)
    except (sounddevice.PortAudioError, ValueError) as error:
        raise SpeechError("The sound device does not open.", _REMEDY) from error


def close_output(output: Output) -> None:
    """Lets a device go at once; one that is gone as well."""
    with suppress(_sounddevice().PortAudioError):
        output.stream.abort()
        output.stream.close()


def abandon() -> None:
    """Keeps the library from waiting, when the process ends, for a device that hangs."""
    if (sounddevice := sys.modules.get("sounddevice")) is not None:
        atexit.unregister(sounddevice._exit_handler)


def names() -> list[str]:
    """The output devices that exist now.

    Raises:
        SpeechError: PortAudio is not installed.
    """
    sounddevice = _sounddevice()
    return [device["name"] for device in sounddevice.query_devices() if device["max_output_channels"] > 0]


def rescan(sounddevice: Any) -> None:
    """Lets PortAudio look for devices again: it reads their list only when it starts."""
    with suppress(sounddevice.PortAudioError):
        sounddevice._terminate()
    with suppress(sounddevice.PortAudioError):
        sounddevice._initialize()


def _open(sounddevice: Any, device: str) -> Output:
    found = sounddevice.query_devices(_index(sounddevice, device), "output")
    rate, channels = round(found["default_samplerate"]), min(2, found["max_output_channels"])
    output = Output(rate, channels)
    stream = sounddevice.OutputStream(
        device=found["index"],
        samplerate=rate,
        channels=channels,
        dtype="float32",
        latency=LATENCY_S,
        blocksize=_BLOCK,
        callback=output.fill,
        finished_callback=output.end,
    )
    stream.start()
    output.begin(stream)
    return output


def _index(sounddevice: Any, device: str) -> int | None:
    """Index of the first output device whose name contains `device`; None for the default."""
    if not device:
        return None
    for found in sounddevice.query_devices():
        if device.casefold() in found["name"].casefold() and found["max_output_channels"] > 0:
            return int(found["index"])
    raise SpeechError(f'There is no sound device called "{device}".', f"Known: {', '.join(names())}.")


@cache
def _sounddevice() -> Any:
    try:
        import sounddevice
    except OSError as error:
        raise SpeechError("The library PortAudio is not installed.", "Debian: apt install libportaudio2.") from error
    return sounddevice
