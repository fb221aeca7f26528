"""The voice into a file: real timing, truncated where it was cut, whole at every moment."""

import resource
import time
import wave
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.domain.values import Cue, Utterance
from assistant.errors import SpeechError
from assistant.speech.earcons import earcon
from assistant.speech.style import Style
from assistant.speech.wav import RATE, WavVoice
from tests.speech.sound import sounds

SENTENCE = Utterance("Nobody in view.", "en")
LONG = Utterance("Nobody in view. " * 20, "en")
HANG_S = 30.0


def _read(path: Path) -> NDArray[np.int16]:
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, RATE)
        return np.frombuffer(file.readframes(file.getnframes()), np.int16).reshape(-1, 2)


class Clock:
    now = 50.0

    def __call__(self) -> float:
        return self.now


def test_sentences_lie_where_they_were_spoken(tmp_path: Path) -> None:
    clock = Clock()
    speaker = WavVoice(path=tmp_path / "a.wav", clock=clock, realtime=False)
    clock.now += 2
    speaker.speak(SENTENCE, Event())
    clock.now += 5
    speaker.speak(SENTENCE, Event())
    speaker.close()
    first, second = sounds(_read(tmp_path / "a.wav"), RATE)
    assert first[0] == pytest.approx(2, abs=0.1)
    assert second[0] == pytest.approx(7, abs=0.1)
    assert second[1] - second[0] == pytest.approx(first[1] - first[0], abs=0.01)


def test_volume(tmp_path: Path) -> None:
    peaks = []
    for volume in (100, 25):
        with closing(
            WavVoice(path=tmp_path / "a.wav", style=partial(Style, volume=volume), clock=Clock(), realtime=False)
        ) as it:
            it.speak(SENTENCE, Event())
        peaks.append(int(np.abs(_read(tmp_path / "a.wav").astype(int)).max()))
    assert peaks[0] == pytest.approx(4 * peaks[1], rel=0.15)


def test_sentences_never_overlap(tmp_path: Path) -> None:
    speaker = WavVoice(path=tmp_path / "a.wav", clock=Clock(), realtime=False)
    speaker.speak(SENTENCE, Event())
    once = sounds(_read(tmp_path / "a.wav"), RATE, 1)[0][1]
    speaker.speak(SENTENCE, Event())
    speaker.close()
    assert sounds(_read(tmp_path / "a.wav"), RATE, 1)[0][1] > 1.9 * once


def test_in_real_time_it_takes_as_long_as_the_sentence(tmp_path: Path) -> None:
    speaker = WavVoice(path=tmp_path / "a.wav")
    began = time.monotonic()
    speaker.speak(SENTENCE, Event())
    took = time.monotonic() - began
    speaker.close()
    assert len(_read(tmp_path / "a.wav")) / RATE - 0.3 < took < HANG_S


def test_what_is_cut_is_cut_in_the_file(tmp_path: Path) -> None:
    whole = WavVoice(path=tmp_path / "whole.wav", realtime=False, clock=Clock())
    whole.speak(LONG, Event())
    whole.close()
    cancelled = Event()
    speaker = WavVoice(path=tmp_path / "cut.wav")
    speaking = Thread(target=speaker.speak, args=(LONG, cancelled))
    speaking.start()
    time.sleep(1.0)
    cancelled.set()
    speaking.join(HANG_S)
    speaker.close()
    cut = _read(tmp_path / "cut.wav")
    assert 0 < len(cut) < 0.8 * len(_read(tmp_path / "whole.wav"))
    assert np.abs(cut[-3:]).max() < 500


def test_an_earcon_is_mixed_in_where_it_was_played(tmp_path: Path) -> None:
    clock = Clock()
    speaker = WavVoice(path=tmp_path / "a.wav", clock=clock, realtime=False)
    speaker.speak(SENTENCE, Event())
    alone = _read(tmp_path / "a.wav").astype(np.int32)
    clock.now += 0.25
    speaker.play(Cue("person", -1))
    speaker.close()
    both = _read(tmp_path / "a.wav").astype(np.int32)
    start, length = round(0.25 * RATE), len(earcon("person", RATE))
    changed = np.flatnonzero((both != alone).any(1))
    assert start <= changed[0]
    assert changed[-1] < start + length
    assert (both[:, 1] == alone[:, 1]).all()


def test_silence_is_a_file_as_well(tmp_path: Path) -> None:
    WavVoice(path=tmp_path / "empty.wav").close()
    assert len(_read(tmp_path / "empty.wav")) == 0


def test_after_closing_nothing_is_written(tmp_path: Path) -> None:
    speaker = WavVoice(path=tmp_path / "a.wav")
    speaker.close()
    speaker.play(Cue("click"))
    speaker.close()
    assert len(_read(tmp_path / "a.wav")) == 0


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpeechError, match=r"a\.wav cannot be written"):
        WavVoice(path=tmp_path / "nowhere" / "a.wav")


@contextmanager
def _full_disk(path: Path) -> Iterator[None]:
    """No file of this process grows beyond the size of this one."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_disk_that_is_full_is_an_error_of_speech_and_a_sound_does_nothing(tmp_path: Path) -> None:
    voice = WavVoice(path=tmp_path / "a.wav", realtime=False, clock=Clock())
    with _full_disk(tmp_path / "a.wav"):
        with pytest.raises(SpeechError, match="cannot be written"):
            voice.speak(SENTENCE, Event())
        voice.play(Cue("click"))
        voice.close()
