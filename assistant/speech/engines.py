"""The voice engines by name, and the voice that the settings ask for."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from assistant.domain.ports import Cancelled, Speaker
from assistant.domain.values import Utterance
from assistant.plugins import resolve
from assistant.settings import Settings
from assistant.speech.fallback import FallbackSpeaker
from assistant.speech.phrases import Phrases
from assistant.speech.player import Player
from assistant.speech.silent import SilentSpeaker
from assistant.speech.style import Style
from assistant.speech.wav import WavSpeaker

ENGINES = {
    "espeak": "assistant.speech.espeak:EspeakSpeaker",
    "pyttsx3": "assistant.speech.pyttsx3_engine:Pyttsx3Speaker",
    "speech-dispatcher": "assistant.speech.dispatcher:DispatcherSpeaker",
}
"""Our own engines that are heard; others come as entry points of the group `assistant.speakers`. Each is made with
`player` and `style` (which gives a `Style`)."""

WAV_FILE = Path("demo.wav")
"""What the engine "wav" writes, in the current folder."""


class Selected:
    """A voice of which only some earcons are wanted.

    Args:
        speaker: The voice.
        earcons: The names of those that are played.
    """

    def __init__(self, speaker: Speaker, earcons: frozenset[str]) -> None:
        self._speaker = speaker
        self._earcons = earcons

    @property
    def name(self) -> str:
        """That of the voice in use."""
        return self._speaker.name

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        """Speaks, as the voice does."""
        self._speaker.speak(utterance, cancelled)

    def earcon(self, name: str, pan: float = 0.0) -> None:
        """Plays an earcon that is wanted."""
        if name in self._earcons:
            self._speaker.earcon(name, pan)

    def close(self) -> None:
        """Silence."""
        self._speaker.close()


Turned = Callable[[str], Any]
"""Gives what the user turned by key: "rate_wpm" or "volume"."""


def make_speaker(settings: Settings, phrases: Phrases, turned: Turned | None = None) -> Speaker:
    """The voice that the settings ask for, followed by those that step in when it fails.

    Args:
        settings: What the user chose.
        phrases: The language, and the words for telling that a voice failed.
        turned: Asked before each sentence, in place of the settings.

    Raises:
        UnknownName: there is no such engine.
        SpeechError: the file of the engine "wav" cannot be written.
    """
    chosen = settings.speech.engine

    def style() -> Style:
        return make_style(settings, phrases, turned)

    if chosen == "wav":
        return WavSpeaker(path=WAV_FILE, style=style)
    if chosen == "silent":
        return SilentSpeaker()
    player = make_player(settings, turned)
    return FallbackSpeaker(
        engines=[_engine(name, player, style) for name in order(chosen, phrases.language.engines)],
        last=SilentSpeaker(),
        words=phrases.words,
    )


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


def _engine(name: str, player: Player, style: Callable[[], Style]) -> Speaker:
    speaker: Speaker = resolve("speaker", name, ENGINES)(player=player, style=style)
    return speaker
