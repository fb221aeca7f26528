"""What every speaker keeps to; one whose engine is not installed is skipped by name."""

import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread, Timer

import pytest

from assistant.domain.ports import Speaker
from assistant.domain.values import Utterance
from assistant.speech.dispatcher import DispatcherSpeaker
from assistant.speech.earcons import NAMES
from assistant.speech.espeak import EspeakSpeaker
from assistant.speech.fallback import FallbackSpeaker
from assistant.speech.player import Player
from assistant.speech.pyttsx3_engine import Pyttsx3Speaker
from assistant.speech.silent import SilentSpeaker
from assistant.speech.style import Style
from assistant.speech.wav import WavSpeaker
from tests.speech.conftest import ear, sound_server
from tests.speech.sound import Loudspeaker

__all__ = ["ear", "sound_server"]

HANG_S = 30.0
SENTENCE = Utterance("Nobody.", "en")
LONG = Utterance("One, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve. " * 15, "en")
LONG_S = 15.0
"""Every speaker takes longer than this for the long one, seconds."""
ENGINES = {"espeak": EspeakSpeaker, "pyttsx3": Pyttsx3Speaker, "speech-dispatcher": DispatcherSpeaker}
TOOLS = {"pyttsx3": "aplay", "speech-dispatcher": "speech-dispatcher"}


@dataclass
class Heard:
    """A speaker, and how long it could be heard so far (in seconds, or in sentences for one that is silent)."""

    speaker: Speaker
    so_far: Callable[[], float]
    catch_up: Callable[[], None] = lambda: None

    def settled(self) -> float:
        """How long, once a recording has caught up."""
        self.catch_up()
        return self.so_far()


def _style() -> Style:
    return Style(rate_wpm=450, voices={"en": "en-us", "de": "de"})


@pytest.fixture(params=["espeak", "pyttsx3", "speech-dispatcher", "fallback", "wav", "silent"])
def heard(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Heard]:
    name = request.param
    if name in TOOLS and shutil.which(TOOLS[name]) is None:
        pytest.skip(f"{TOOLS[name]} is not installed")
    if name == "silent":
        silent = SilentSpeaker(seconds_per_letter=0.02)
        found = Heard(silent, lambda: sum(len(utterance.text) for utterance in silent.said))
    elif name == "wav":
        path = tmp_path / "heard.wav"
        found = Heard(WavSpeaker(path=path, style=_style), lambda: path.stat().st_size - 44)
    else:
        loudspeaker: Loudspeaker = request.getfixturevalue("ear")
        found = Heard(
            _engine(name),
            lambda: sum(end - start for start, end in loudspeaker.sounds()),
            lambda: loudspeaker.pass_s(0.5),
        )
    yield found
    found.speaker.close()


def _engine(name: str) -> Speaker:
    player = Player()
    if name != "fallback":
        return ENGINES[name](player=player, style=_style)
    engines = [EspeakSpeaker(player=player, style=_style)]
    return FallbackSpeaker(engines=engines, last=SilentSpeaker(), words=lambda announcement: SENTENCE)


def test_it_is_a_speaker(heard: Heard) -> None:
    assert isinstance(heard.speaker, Speaker)
    assert heard.speaker.name


def test_it_speaks_one_sentence_after_the_other(heard: Heard) -> None:
    heard.speaker.speak(SENTENCE, Event())
    once = heard.settled()
    heard.speaker.speak(SENTENCE, Event())
    assert heard.settled() > once > 0.2


def test_it_speaks_another_language(heard: Heard) -> None:
    heard.speaker.speak(Utterance("Niemand ist zu sehen.", "de"), Event())
    assert heard.settled() > 0.2


def test_what_was_cancelled_before_it_began_is_not_heard(heard: Heard) -> None:
    cancelled = Event()
    cancelled.set()
    began = time.monotonic()
    heard.speaker.speak(LONG, cancelled)
    assert time.monotonic() - began < HANG_S
    assert heard.settled() == 0


def test_a_cancelled_sentence_ends_early_and_the_next_one_is_heard(heard: Heard) -> None:
    cancelled = Event()
    Timer(0.3, cancelled.set).start()
    began = time.monotonic()
    heard.speaker.speak(LONG, cancelled)
    assert time.monotonic() - began < LONG_S
    before = heard.settled()
    heard.speaker.speak(SENTENCE, Event())
    assert heard.settled() > before


def test_a_sentence_of_nothing_is_over_at_once(heard: Heard) -> None:
    began = time.monotonic()
    heard.speaker.speak(Utterance("", "en"), Event())
    assert time.monotonic() - began < HANG_S
    assert heard.settled() == 0


def test_every_earcon_returns_at_once_from_any_thread(heard: Heard) -> None:
    def play() -> None:
        for name in NAMES:
            heard.speaker.earcon(name, pan=-0.5)

    thread = Thread(target=play)
    thread.start()
    thread.join(HANG_S)
    assert not thread.is_alive()


def test_closing_is_bounded_and_harmless_twice(heard: Heard) -> None:
    heard.speaker.speak(SENTENCE, Event())
    began = time.monotonic()
    heard.speaker.close()
    heard.speaker.close()
    assert time.monotonic() - began < HANG_S
