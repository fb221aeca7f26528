"""The owner of the sound device, with devices that are slow, refuse, hang, fall asleep and die: nobody waits for it."""

import time
from collections.abc import Callable, Iterator
from functools import partial
from threading import Event, Thread

import pytest

from assistant.domain.values import Cue, Utterance
from assistant.errors import SpeechError
from assistant.speech import device
from assistant.speech.espeak import EspeakVoice
from assistant.speech.output import Output
from assistant.speech.player import FRESH_S, Player
from assistant.speech.portaudio import open_output
from assistant.speech.style import Style
from tests.speech.sound import Loudspeaker

SENTENCE = Utterance("Nobody.", "en")
LONG = Utterance("Nobody in view, " * 40, "en")
CLICK = Cue("click")
HANG_S = 30.0


class SlowDevice:
    """Opens the real device when it is let, refuses when it is told to; counts."""

    def __init__(self, takes_s: float = HANG_S) -> None:
        self.takes_s = takes_s
        self.go = Event()
        self.refuses = False
        self.tries = 0

    def __call__(self, name: str) -> Output:
        self.tries += 1
        self.go.wait(self.takes_s)
        if self.refuses:
            raise SpeechError("The sound device does not open.")
        return open_output(name)


@pytest.fixture
def slow() -> Iterator[SlowDevice]:
    slow = SlowDevice()
    yield slow
    slow.go.set()


def _speak(player: Player, utterance: Utterance = SENTENCE, cancelled: Event | None = None) -> None:
    EspeakVoice(player=player, style=partial(Style, rate_wpm=250)).speak(utterance, cancelled or Event())


def _until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + HANG_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_device_that_opens_slower_than_it_stays_awake_is_heard(ear: Loudspeaker) -> None:
    player = Player(keep_awake_s=0.2, open_output=SlowDevice(takes_s=0.6))
    _speak(player)
    ear.pass_s(0.5)
    player.close()
    assert ear.sounds()


def test_whoever_plays_a_sound_does_not_wait_and_what_is_fresh_is_heard(ear: Loudspeaker, slow: SlowDevice) -> None:
    player = Player(open_output=slow)
    player.play(CLICK)  # it returns, or the test hangs: the device opens when it is let, below
    _until(lambda: slow.tries)
    assert ear.sounds() == []
    slow.go.set()
    ear.wait_for_sound()
    player.close()


def test_a_sound_that_has_waited_too_long_is_not_heard(ear: Loudspeaker, slow: SlowDevice) -> None:
    player = Player(open_output=slow)
    player.play(CLICK)
    time.sleep(FRESH_S * 1.5)
    slow.go.set()
    player.wake(Event())
    ear.pass_s(0.7)
    assert ear.sounds() == []
    player.play(CLICK)
    ear.wait_for_sound()
    player.close()


def test_an_answer_is_heard_when_the_device_has_opened(ear: Loudspeaker, slow: SlowDevice) -> None:
    player = Player(open_output=slow)
    speaking = Thread(target=_speak, args=(player,))
    speaking.start()
    player.play(CLICK)
    time.sleep(1.0)
    slow.go.set()
    speaking.join(HANG_S)
    ear.pass_s(0.5)
    player.close()
    assert slow.tries == 1
    assert ear.sounds()


def test_what_is_cancelled_while_the_device_opens_is_over_at_once(slow: SlowDevice) -> None:
    player, cancelled = Player(open_output=slow), Event()
    speaking = Thread(target=_speak, args=(player, LONG, cancelled))
    speaking.start()
    _until(lambda: slow.tries)
    cancelled.set()
    speaking.join(HANG_S / 2)  # the device is still opening
    assert not speaking.is_alive()
    player.close()


def test_a_device_that_never_opens_is_an_error(slow: SlowDevice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "OPEN_S", 0.3)
    player = Player(open_output=slow)
    for _ in range(2):
        with pytest.raises(SpeechError, match="too long"):
            _speak(player)
    player.close()
    assert slow.tries == 1


def test_a_device_that_never_opens_is_not_waited_for_by_one_voice_after_the_other(
    slow: SlowDevice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(device, "OPEN_S", 0.3)
    monkeypatch.setattr(device, "RETRY_S", HANG_S)
    player = Player(open_output=slow)
    with pytest.raises(SpeechError, match="too long"):
        player.wake(Event())
    monkeypatch.setattr(device, "OPEN_S", 10 * HANG_S)
    for _ in range(2):
        with pytest.raises(SpeechError, match="too long"):
            player.wake(Event())
    player.close()


def test_a_refusal_is_not_waited_for_by_one_voice_after_the_other(slow: SlowDevice) -> None:
    slow.refuses = True
    slow.go.set()
    player = Player(open_output=slow)
    for _ in range(3):
        with pytest.raises(SpeechError, match="does not open"):
            player.wake(Event())
        player.play(CLICK)
    assert slow.tries == 1
    time.sleep(device.RETRY_S)
    with pytest.raises(SpeechError):
        player.wake(Event())
    assert slow.tries == 2
    player.close()


def test_whatever_the_library_raises_is_an_error_of_speech(ear: Loudspeaker) -> None:
    broken = [True]

    def open_after_a_failure(name: str) -> Output:
        if broken:
            raise TypeError(f"{broken.pop()} is no device")
        return open_output(name)

    player = Player(open_output=open_after_a_failure)
    with pytest.raises(SpeechError, match="does not open"):
        _speak(player)
    time.sleep(device.RETRY_S)
    _speak(player)
    player.close()


def test_a_click_that_opens_the_device_again_does_not_leave_the_sentence_waiting(ear: Loudspeaker) -> None:
    player, errors = Player(), []

    def speak() -> None:
        try:
            _speak(player, LONG)
        except SpeechError as error:
            errors.append(str(error))

    speaking = Thread(target=speak)
    speaking.start()
    ear.wait_for_sound()
    ear.stop()
    ear.start()
    while speaking.is_alive() and not errors:
        player.play(CLICK)  # whichever comes first, the click or the look of the sentence at its device
        time.sleep(0.001)
        speaking.join(0.001)
    assert errors == ["The sound device vanished. I keep looking for it."]
    player.close()


@pytest.mark.parametrize("cue_first", [True, False])
def test_a_sentence_never_falls_into_a_device_that_falls_asleep(ear: Loudspeaker, cue_first: bool) -> None:
    player = Player(keep_awake_s=0.05)
    for pause_ms in range(0, 400, 25):
        if cue_first:
            player.play(CLICK)
        time.sleep(pause_ms / 1000)
        _speak(player)  # raises or hangs if it was lost
    player.close()


def test_a_sound_server_that_hangs_keeps_nobody(ear: Loudspeaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "OPEN_S", 1.0)
    player = Player()
    _speak(player)
    with ear.frozen():
        player.play(CLICK)
        for _ in range(2):
            with pytest.raises(SpeechError):
                _speak(player, LONG)
            player.play(CLICK)
    _until(lambda: _heard(player))
    player.close()


def _heard(player: Player) -> bool:
    try:
        _speak(player)
    except SpeechError:
        return False
    return True


def test_closing_does_not_wait_for_a_device_that_hangs(slow: SlowDevice) -> None:
    player = Player(open_output=slow)
    player.play(CLICK)
    _until(lambda: slow.tries)
    player.close()  # returns, or the test hangs
    with pytest.raises(SpeechError):
        _speak(player)
