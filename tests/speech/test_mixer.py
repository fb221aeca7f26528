"""The mixer, sample by sample."""

from threading import Event

import numpy as np
import pytest

from assistant.speech.earcons import NAMES, earcon
from assistant.speech.mixer import FADE_S, MAX_EARCONS, AudioBuffer, Mixer, resampled, spread

RATE = 1000
ONES = np.ones(100, np.float32)


def _line(mixer: Mixer, *chunks: np.ndarray, cancelled: Event | None = None) -> AudioBuffer:
    line = AudioBuffer(mixer.rate, cancelled or Event())
    for chunk in chunks:
        assert line.add(chunk, mixer.rate)
    line.complete()
    mixer.speak(line)
    return line


def test_silence() -> None:
    mixer = Mixer(RATE, 2)
    assert mixer.mix(8).shape == (8, 2)
    assert not mixer.mix(8).any()
    assert mixer.quiet


def test_chunks_follow_one_another_whatever_the_size_of_the_blocks() -> None:
    ramp = np.linspace(0, 1, 97, dtype=np.float32)
    for size in (1, 7, 97, 200):
        mixer = Mixer(RATE, 1)
        line = _line(mixer, ramp[:10], ramp[10:60], ramp[60:])
        blocks = []
        while not line.done.is_set():
            blocks.append(mixer.mix(size))
        assert np.concatenate(blocks)[:97, 0] == pytest.approx(ramp)
        assert mixer.quiet


def test_a_line_that_waits_for_more_sound_is_silent_but_not_done() -> None:
    mixer = Mixer(RATE, 1)
    line = AudioBuffer(RATE, Event())
    mixer.speak(line)
    line.add(ONES[:10], RATE)
    assert mixer.mix(20)[:, 0].sum() == 10
    assert not line.done.is_set()
    line.add(ONES[:5], RATE)
    line.complete()
    assert mixer.mix(20)[:, 0].sum() == 5
    assert line.done.is_set()


def test_what_is_cancelled_fades_out_and_takes_no_more_sound() -> None:
    mixer, cancelled = Mixer(RATE, 1), Event()
    line = _line(mixer, ONES, cancelled=cancelled)
    mixer.mix(10)
    cancelled.set()
    faded = mixer.mix(50)[:, 0]
    length = round(FADE_S * RATE)
    assert faded[0] == 1
    assert (np.diff(faded[:length]) < 0).all()
    assert not faded[length:].any()
    assert not mixer.mix(50).any()
    assert line.done.is_set()
    assert not line.add(ONES, RATE)


def test_an_earcon_sounds_beside_speech() -> None:
    mixer = Mixer(RATE, 2)
    _line(mixer, ONES * 0.5)
    mixer.play(ONES[:4] * 0.25, pan=0)
    block = mixer.mix(10)
    assert block[:4] == pytest.approx(0.75)
    assert block[4:] == pytest.approx(0.5)


def test_an_earcon_goes_on_in_the_next_block() -> None:
    mixer = Mixer(RATE, 1)
    mixer.play(ONES[:10])
    assert [mixer.mix(4).sum() for _ in range(4)] == [4, 4, 2, 0]
    assert mixer.quiet


def test_too_many_earcons_are_not_a_noise() -> None:
    mixer = Mixer(RATE, 1, volume=1 / (2 * MAX_EARCONS))
    for _ in range(3 * MAX_EARCONS):
        mixer.play(ONES[:1])
    assert mixer.mix(1)[0, 0] == pytest.approx(0.5)


def test_nothing_is_louder_than_the_set_volume() -> None:
    mixer = Mixer(RATE, 1, volume=0.2)
    _line(mixer, ONES)
    assert mixer.mix(10).max() == pytest.approx(0.2)
    loud = Mixer(RATE, 1)
    _line(loud, ONES * 5)
    assert loud.mix(10).max() == 1


@pytest.mark.parametrize(("pan", "left", "right"), [(-1, 2**0.5, 0), (0, 1, 1), (1, 0, 2**0.5), (9, 0, 2**0.5)])
def test_pan(pan: float, left: float, right: float) -> None:
    assert spread(ONES[:1], 2, pan)[0] == pytest.approx([left, right], abs=1e-6)
    assert spread(ONES[:1], 1, pan)[0] == 1


@pytest.mark.parametrize(("rate", "wanted"), [(22050, 48000), (48000, 22050), (16000, 16000)])
def test_another_rate_keeps_length_and_pitch(rate: int, wanted: int) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(rate) / rate).astype(np.float32)
    other = resampled(tone, rate, wanted)
    assert len(other) == wanted
    assert np.abs(np.fft.rfft(other)).argmax() == 440


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("rate", [22050, 48000])
def test_earcons_are_short_soft_and_begin_and_end_in_silence(name: str, rate: int) -> None:
    sound = earcon(name, rate)
    assert 0.01 < len(sound) / rate < 0.4
    assert 0.05 < np.abs(sound).max() < 0.5
    assert abs(sound[0]) < 0.01
    assert abs(sound[-1]) < 0.01


def test_earcons_are_told_apart() -> None:
    shapes = {earcon(name, 22050).tobytes() for name in NAMES}
    assert len(shapes) == len(NAMES)


def test_an_earcon_begins_to_sound_at_once() -> None:
    click = np.abs(earcon("click", 48000))
    assert click[: round(0.003 * 48000)].max() > 0.1


def test_an_unknown_earcon() -> None:
    with pytest.raises(KeyError):
        earcon("gong", 48000)
