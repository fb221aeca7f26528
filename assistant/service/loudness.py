"""Does what the assistant plays get through to the ear? Opening a device does not tell: a muted one opens as well.

Asked of the mixers that are installed, those of the sound servers first: PulseAudio, or PipeWire in its place, PipeWire
itself, ALSA. Where none answers nothing is known, and nothing is said.
"""

import json
import os
import re
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assistant.errors import SpeechError

LOW_PERCENT = 15
"""Below this speech is hardly heard in a quiet room, percent of the mixer's scale."""
DUMMY = "auto_null"
"""What the sound servers call the output that they make up when there is no sound card."""
CONTROLS = ("Master", "PCM", "Headphone", "Speaker", "HDMI")
"""ALSA's names for the volume of everything; the first that exists counts."""
_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Loudness:
    """How an output is set."""

    percent: int
    """Of its loudest channel."""
    muted: bool
    name: str = ""
    """Of the output, where the mixer tells it."""
    plugged: bool = True
    """False when nothing is connected to it."""
    unmute: str = ""
    """The command that lets sound through."""


def check() -> None:
    """Looks whether sound gets through.

    Raises:
        SpeechError: it does not, or nobody would hear it.
    """
    found = next((answer for mixer in MIXERS if (answer := mixer()) is not None), None)
    if found is None:
        return
    if found.name == DUMMY:
        raise SpeechError("There is no sound card; what is said goes nowhere.", "Plug in headphones or a speaker.")
    if found.muted:
        raise SpeechError("The sound is muted.", f'Unmute it, for example with "{found.unmute}".')
    if not found.plugged:
        raise SpeechError("Nothing is plugged into the sound output in use.", "Plug in headphones or a speaker.")
    if found.percent < LOW_PERCENT:
        raise SpeechError(
            f"The volume is at {found.percent} percent.", f'Turn it up, for example with "{found.unmute}".'
        )


def pulse() -> Loudness | None:
    """Asks PulseAudio: the stream of this process and the output where it goes, else the default output."""
    outputs = _listed("sinks")
    if outputs is None:
        return None
    own = [stream for stream in _listed("sink-inputs") or [] if _is_ours(stream)]
    default = (_said("pactl", "get-default-sink") or "").strip()
    for output in outputs:
        if output.get("index") == own[0].get("sink") if own else output.get("name") == default:
            name = str(output.get("name"))
            return Loudness(
                percent=min(_percent(each) for each in (output, *own)),
                muted=any(each.get("mute") is True for each in (output, *own)),
                name=name,
                plugged=not any(
                    port.get("name") == output.get("active_port") and port.get("availability") == "not available"
                    for port in output.get("ports") or []
                ),
                unmute=f"pactl set-sink-mute {name} 0; pactl set-sink-volume {name} 80%",
            )
    return None


def pipewire() -> Loudness | None:
    """Asks PipeWire's session manager about the default output."""
    said = _said("wpctl", "get-volume", "@DEFAULT_AUDIO_SINK@") or ""
    volume = re.search(r"Volume: (\d+(?:\.\d+)?)", said)
    if volume is None:
        return None
    name = re.search(r'node\.name = "(.*?)"', _said("wpctl", "inspect", "@DEFAULT_AUDIO_SINK@") or "")
    return Loudness(
        percent=round(100 * float(volume[1])),
        muted="[MUTED]" in said,
        name=name[1] if name else "",
        unmute="wpctl set-mute @DEFAULT_AUDIO_SINK@ 0; wpctl set-volume @DEFAULT_AUDIO_SINK@ 80%",
    )


def alsa() -> Loudness | None:
    """Asks ALSA about the default card."""
    for control in CONTROLS:
        said = _said("amixer", "sget", control) or ""
        percents = [int(percent) for percent in re.findall(r"\[(\d+)%\]", said)]
        if percents:
            switches = set(re.findall(r"\[(on|off)\]", said))
            return Loudness(max(percents), switches == {"off"}, unmute=f"amixer sset {control} 80% unmute")
    return None


MIXERS: tuple[Callable[[], Loudness | None], ...] = (pulse, pipewire, alsa)
"""In the order in which they are asked; the first answer counts."""


def _listed(kind: str) -> list[dict[str, Any]] | None:
    """What PulseAudio lists; None where it does not answer or is too old to do so in JSON."""
    try:
        listed = json.loads(_said("pactl", "--format=json", "list", kind) or "")
    except ValueError:
        return None
    return listed if isinstance(listed, list) else None


def _is_ours(stream: dict[str, Any]) -> bool:
    return bool(stream.get("properties", {}).get("application.process.id") == str(os.getpid()))


def _percent(of: dict[str, Any]) -> int:
    """The volume of the loudest channel."""
    channels = of.get("volume", {}).values()
    return max((int(channel["value_percent"].rstrip("%")) for channel in channels), default=100)


def _said(*command: str) -> str | None:
    """What a program prints in English; None if it is not installed, fails or hangs."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=_PATIENCE_S, env=os.environ | {"LC_ALL": "C"}, check=True
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout
