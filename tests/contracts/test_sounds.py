"""What everything that plays short sounds keeps to: nobody who plays one ever waits for a device."""

import time
from collections.abc import Iterator
from pathlib import Path
from threading import Event, Thread

import pytest

from assistant.domain.ports import Sounds
from assistant.domain.values import Cue
from assistant.errors import SpeechError
from assistant.speech.earcons import NAMES
from assistant.speech.engines import Selected
from assistant.speech.output import Output
from assistant.speech.player import Player
from assistant.speech.silent import SilentSounds
from assistant.speech.wav import WavVoice

HANG_S = 30.0
released = Event()


def _never_opens(device: str) -> Output:
    """A device that takes until the end of the test to refuse."""
    released.wait(HANG_S)
    raise SpeechError("It does not open.")


@pytest.fixture(params=["player", "wav", "silent", "selected"])
def sounds(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Sounds]:
    released.clear()
    player, wav = Player(open_output=_never_opens), WavVoice(path=tmp_path / "heard.wav")
    silent = SilentSounds()
    made = {"player": player, "wav": wav, "silent": silent, "selected": Selected(silent, NAMES)}
    yield made[request.param]
    released.set()
    player.close()
    wav.close()


def test_it_plays_sounds(sounds: Sounds) -> None:
    assert isinstance(sounds, Sounds)


def test_every_sound_returns_at_once_from_any_thread(sounds: Sounds) -> None:
    def play() -> None:
        for _ in range(100):
            for name in NAMES:
                sounds.play(Cue(name, -0.5))

    threads = [Thread(target=play) for _ in range(3)]
    began = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(HANG_S)
    assert time.monotonic() - began < HANG_S  # the device has not opened by then
    assert not any(thread.is_alive() for thread in threads)
