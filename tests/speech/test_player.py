"""The player with a real sound server: what is heard, when, and what happens when the server dies."""

import time
from functools import partial
from threading import Event, Thread

import numpy as np
import pytest

from assistant.domain.values import Cue, Utterance
from assistant.errors import SpeechError
from assistant.speech.espeak import EspeakVoice
from assistant.speech.player import Player
from assistant.speech.portaudio import names
from assistant.speech.style import Style
from tests.speech.sound import Loudspeaker

SENTENCE = Utterance("Nobody.", "en")
LONG = Utterance("Nobody in view, " * 40, "en")
HANG_S = 30.0


def _spoken(player: Player, cancelled: Event | None = None, utterance: Utterance = SENTENCE) -> None:
    EspeakVoice(player=player, style=partial(Style, rate_wpm=250)).speak(utterance, cancelled or Event())


def test_a_sentence_is_heard_once_and_speaking_takes_as_long(ear: Loudspeaker) -> None:
    player = Player()
    began = time.monotonic()
    _spoken(player)
    took = time.monotonic() - began
    ear.pass_s(0.5)
    player.close()
    [(start, end)] = ear.sounds()
    assert 0.3 < end - start < 1.2
    assert took > end - start


def test_a_cancelled_sentence_falls_silent(ear: Loudspeaker) -> None:
    player, cancelled = Player(), Event()
    speaking = Thread(target=_spoken, args=(player, cancelled, LONG))
    speaking.start()
    ear.wait_for_sound()
    cancelled.set()
    speaking.join(HANG_S)
    stopped = ear.now
    ear.pass_s(5.0)
    player.close()
    assert ear.sounds()[-1][1] < stopped + 2  # much less than was left of the sentence
    assert not speaking.is_alive()


def test_a_sentence_cancelled_before_it_began_is_not_heard(ear: Loudspeaker) -> None:
    player, cancelled = Player(), Event()
    cancelled.set()
    _spoken(player, cancelled)
    ear.pass_s(0.5)
    player.close()
    assert ear.sounds() == []


def test_an_earcon_is_heard_on_its_side(ear: Loudspeaker) -> None:
    player = Player()
    player.play(Cue("person", -1))
    ear.wait_for_sound()
    ear.pass_s(1.0)
    player.play(Cue("gone", 1))
    ear.pass_s(1.5)
    player.close()
    first, second = ear.sounds()
    left, right = np.abs(ear.heard().astype(np.int32)).T
    for (start, end), loud, soft in ((first, left, right), (second, right, left)):
        span = slice(round(start * 16000), round(end * 16000))
        assert loud[span].max() > 20 * soft[span].max()


def test_an_earcon_sounds_beside_speech_from_another_thread(ear: Loudspeaker) -> None:
    player, cancelled = Player(), Event()
    speaking = Thread(target=_spoken, args=(player, cancelled, LONG))
    speaking.start()
    ear.wait_for_sound()
    player.play(Cue("click"))
    assert speaking.is_alive()
    cancelled.set()
    speaking.join(HANG_S)
    player.close()
    assert not speaking.is_alive()


def test_after_the_stream_fell_asleep_the_next_sentence_is_whole(ear: Loudspeaker) -> None:
    player = Player(keep_awake_s=0.2)
    _spoken(player)
    ear.pass_s(1.0)
    _spoken(player)
    ear.pass_s(0.5)
    player.close()
    first, second = ear.sounds()
    assert abs((first[1] - first[0]) - (second[1] - second[0])) < 0.1


def test_the_volume_can_be_turned_between_sentences(ear: Loudspeaker) -> None:
    volumes = iter((100, 20))
    player = Player(volume=lambda: next(volumes))
    for _ in range(2):
        _spoken(player)
        ear.pass_s(0.5)
    player.close()
    loud, soft = (ear.heard()[round(start * 16000) : round(end * 16000)] for start, end in ear.sounds())
    assert 4 < np.abs(loud.astype(int)).max() / np.abs(soft.astype(int)).max() < 6


def test_a_server_that_dies_in_mid_sentence_is_an_error_in_bounded_time_and_its_return_is_found(
    ear: Loudspeaker,
) -> None:
    player = Player()
    _spoken(player)
    ear.listen()
    killer = Thread(target=lambda: (ear.wait_for_sound(), ear.stop()))
    killer.start()
    began = time.monotonic()
    with pytest.raises(SpeechError, match="vanished"):
        _spoken(player, utterance=LONG)
    assert time.monotonic() - began < HANG_S
    killer.join()
    with pytest.raises(SpeechError, match="does not open"):
        _spoken(player)
    ear.start()
    back = ear.now
    _spoken(player)
    ear.pass_s(0.5)
    player.close()
    assert ear.sounds()[-1][1] > back + 0.3


def test_a_device_is_found_by_a_part_of_its_name(ear: Loudspeaker) -> None:
    Player().wake(Event())
    assert "pulse" in names()
    player = Player(device="PUL")
    _spoken(player)
    player.close()
    assert ear.sounds()


def test_a_device_that_does_not_exist_is_named(ear: Loudspeaker) -> None:
    with pytest.raises(SpeechError, match='"Headset of Maria"'):
        Player(device="Headset of Maria").wake(Event())


def test_without_a_sound_server_speaking_fails_and_an_earcon_does_nothing(ear: Loudspeaker) -> None:
    ear.stop()
    player = Player()
    with pytest.raises(SpeechError):
        _spoken(player)
    player.play(Cue("click"))
    player.close()
