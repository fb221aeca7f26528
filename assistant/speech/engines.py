"""The voice engines by name, and the voice that the settings ask for."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.domain.ports import Sounds, Voice
from assistant.domain.values import Cue
from assistant.errors import UnknownName
from assistant.plugins import resolve
from assistant.settings import Settings
from assistant.speech.fallback import FallbackVoice
from assistant.speech.phrases import Phrases
from assistant.speech.player import Player
from assistant.speech.silent import SilentSounds, SilentVoice
from assistant.speech.style import Style
from assistant.speech.wav import WavVoice

log = logging.getLogger(__name__)

ENGINES = {
    "espeak": "assistant.speech.espeak:EspeakVoice",
    "pyttsx3": "assistant.speech.pyttsx3_engine:Pyttsx3Voice",
    "speech-dispatcher": "assistant.speech.dispatcher:DispatcherVoice",
}
"""Our own engines that are heard; others come as entry points of the group `assistant.speakers`. Each is made with
`player` and `style` (which gives a `Style`)."""

WAV_FILE = Path("demo.wav")
"""What the engine "wav" writes, in the current folder."""


@dataclass(frozen=True, slots=True)
class Audio:
    """What can be heard, and what it is heard through."""

    voice: Voice
    sounds: Sounds
    player: Player | None = None
    """The sound device of both; None where they need none."""

    def close(self) -> None:
        """Silence; lets the device go."""
        self.voice.close()
        if self.player:
            self.player.close()


class Selected:
    """Short sounds of which only some are wanted.

    Args:
        sounds: All.
        names: Of those that are played.
    """

    def __init__(self, sounds: Sounds, names: Collection[str]) -> None:
        self._sounds = sounds
        self._names = names

    def play(self, cue: Cue) -> None:
        """Plays one that is wanted."""
        if cue.name in self._names:
            self._sounds.play(cue)


Turned = Callable[[str], Any]
"""Gives what the user turned by key: "rate_wpm" or "volume"."""


def make_audio(settings: Settings, phrases: Phrases, turned: Turned | None = None) -> Audio:
    """The short sounds that the settings ask for, and the voice, followed by those that step in when it fails.

    Args:
        settings: What the user chose.
        phrases: The language, and the words for telling that a voice failed.
        turned: Asked before each sentence, in place of the settings.

    Raises:
        UnknownName: there is no such engine.
        SpeechError: the file of the engine "wav" cannot be written.
    """

    def style() -> Style:
        return make_style(settings, phrases, turned)

    voice: Voice
    sounds: Sounds
    player: Player | None = None
    if settings.speech.engine == "wav":
        voice = sounds = WavVoice(path=WAV_FILE, style=style)
    elif settings.speech.engine == "silent":
        voice, sounds = SilentVoice(), SilentSounds()
    else:
        sounds = player = make_player(settings, turned)
        names = order(settings.speech.engine, phrases.language.engines)
        made, broken = _engines(names, player, style)
        voice = FallbackVoice(engines=made, last=SilentVoice(), words=phrases.words, broken=broken)
    return Audio(voice, Selected(sounds, settings.speech.earcons), player)


def make_player(settings: Settings, turned: Turned | None = None) -> Player:
    """The sound device that the settings ask for, not opened yet."""
    return Player(
        device="" if settings.speech.device == "auto" else settings.speech.device,
        volume=lambda: int(turned("volume")) if turned else settings.speech.volume,
        keep_awake_s=settings.speech.keep_awake_s,
    )


def make_style(settings: Settings, phrases: Phrases, turned: Turned | None = None) -> Style:
    """How the voice speaks now."""
    voices = dict(phrases.espeak_voices)
    if settings.speech.voice:
        voices[phrases.language.tag] = settings.speech.voice
    return Style(
        rate_wpm=turned("rate_wpm") if turned else settings.speech.rate_wpm or phrases.language.rate_wpm,
        pitch=settings.speech.pitch,
        volume=turned("volume") if turned else settings.speech.volume,
        punctuation=settings.speech.punctuation,
        voices=voices,
    )


def order(chosen: str, suited: Sequence[str]) -> list[str]:
    """The engine that was chosen first, then those that suit the language; "auto" chooses none."""
    return list(dict.fromkeys([*([chosen] if chosen != "auto" else []), *suited]))


def _engines(names: Sequence[str], player: Player, style: Callable[[], Style]) -> tuple[list[Voice], list[str]]:
    """The voices by name, and the names of those that could not be made: one may be anybody's plugin.

    Raises:
        UnknownName: there is no such engine.
    """
    made: list[Voice] = []
    broken: list[str] = []
    for name in names:
        try:
            voice = resolve("speaker", name, ENGINES)(player=player, style=style)
            if not (isinstance(voice, Voice) and isinstance(voice.name, str)):
                raise TypeError(f"{voice!r} is no voice")
            made.append(voice)
        except (UnknownName, KeyboardInterrupt):
            raise
        except BaseException:
            log.exception("making the voice %s", name)
            broken.append(name)
    return made, broken
