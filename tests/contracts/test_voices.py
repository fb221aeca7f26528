"""What every voice keeps to; one whose engine is not installed is skipped by name."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Timer

import pytest

from assistant.domain.ports import Voice
from assistant.domain.values import Utterance
from assistant.speech.dispatcher import DispatcherVoice
from assistant.speech.espeak import EspeakVoice
from assistant.speech.fallback import FallbackVoice
from assistant.speech.player import Player
from assistant.speech.pyttsx3_engine import Pyttsx3Voice
from assistant.speech.silent import SilentVoice
from assistant.speech.style import Style
from assistant.speech.wav import WavVoice
from tests.speech.conftest import ear, sound_server
from tests.speech.sound import Loudspeaker

__all__ = ["ear", "sound_server"]

HANG_S = 30.0
SENTENCE = Utterance("Nobody.", "en")
LONG = Utterance("One, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve. " * 15, "en")
LONG_S = 15.0
"""Every voice takes longer than this for the long one, seconds."""
ENGINES = {"espeak": EspeakVoice, "pyttsx3": Pyttsx3Voice, "speech-dispatcher": DispatcherVoice}
TOOLS = {"pyttsx3": "aplay", "speech-dispatcher": "speech-dispatcher"}


@dataclass
class Heard:
    """A voice, and how long it could be heard so far (in seconds, or in sentences for one that is silent)."""

    voice: Voice
    so_far: Callable[[], float]
    catch_up: Callable[[], None] = lambda: None
    player: Player | None = None

    def settled(self) -> float:
        """How long, once a recording has caught up."""
        self.catch_up()
        return self.so_far()

    def close(self) -> None:
        """Lets the voice and its device go."""
        self.voice.close()
        if self.player:
            self.player.close()


def _style() -> Style:
    return Style(rate_wpm=450, voices={"en": "en-us", "de": "de"})


@pytest.fixture(params=["espeak", "pyttsx3", "speech-dispatcher", "fallback", "wav", "silent"])
def heard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Heard]:
    name = request.param
    if name in TOOLS and shutil.which(TOOLS[name]) is None:
        pytest.skip(f"{TOOLS[name]} is not installed")
    if name == "silent":
        silent = SilentVoice(seconds_per_letter=0.02)
        found = Heard(silent, lambda: sum(len(utterance.text) for utterance in silent.said))
    elif name == "wav":
        path = tmp_path / "heard.wav"
        found = Heard(WavVoice(path=path, style=_style), lambda: path.stat().st_size - 44)
    else:
        loudspeaker: Loudspeaker = request.getfixturevalue("ear")
        player = Player()
        found = Heard(
            _engine(name, player),
            lambda: sum(end - start for start, end in loudspeaker.sounds()),
            lambda: loudspeaker.pass_s(0.5),
            player,
        )
    yield found
    found.close()


def _engine(name: str, player: Player) -> Voice:
    if name != "fallback":
        return ENGINES[name](player=player, style=_style)
    engines = [EspeakVoice(player=player, style=_style)]
    return FallbackVoice(engines=engines, last=SilentVoice(), words=lambda announcement: SENTENCE)


def test_it_is_a_voice(heard: Heard) -> None:
    assert isinstance(heard.voice, Voice)
    assert heard.voice.name


def test_it_speaks_one_sentence_after_the_other(heard: Heard) -> None:
    heard.voice.speak(SENTENCE, Event())
    once = heard.settled()
    heard.voice.speak(SENTENCE, Event())
    assert heard.settled() > once > 0.2


def test_it_speaks_another_language(heard: Heard) -> None:
    heard.voice.speak(Utterance("Niemand ist zu sehen.", "de"), Event())
    assert heard.settled() > 0.2


def test_what_was_cancelled_before_it_began_is_not_heard(heard: Heard) -> None:
    cancelled = Event()
    cancelled.set()
    began = time.monotonic()
    heard.voice.speak(LONG, cancelled)
    assert time.monotonic() - began < HANG_S
    assert heard.settled() == 0


def test_a_cancelled_sentence_ends_early_and_the_next_one_is_heard(heard: Heard) -> None:
    cancelled = Event()
    Timer(0.3, cancelled.set).start()
    began = time.monotonic()
    heard.voice.speak(LONG, cancelled)
    assert time.monotonic() - began < LONG_S
    before = heard.settled()
    heard.voice.speak(SENTENCE, Event())
    assert heard.settled() > before


def test_a_sentence_of_nothing_is_over_at_once(heard: Heard) -> None:
    began = time.monotonic()
    heard.voice.speak(Utterance("", "en"), Event())
    assert time.monotonic() - began < HANG_S
    assert heard.settled() == 0


def test_closing_is_bounded_and_harmless_twice(heard: Heard) -> None:
    heard.voice.speak(SENTENCE, Event())
    began = time.monotonic()
    heard.voice.close()
    heard.voice.close()
    assert time.monotonic() - began < HANG_S
