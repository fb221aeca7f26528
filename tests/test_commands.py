"""What each verb and each gesture does, in a running house."""

from collections.abc import Iterator
from time import sleep

import pytest

from assistant.devices.control_socket import SILENTLY
from assistant.domain import gestures
from assistant.domain.system_health import SystemHealth
from assistant.domain.values import Cue
from tests.scripted import House, ScriptedSense


@pytest.fixture
def house() -> Iterator[House]:
    with House(ScriptedSense(lambda at: "happy"), health=lambda: SystemHealth(64, False, 51.2)).running() as house:
        house.wait_for(lambda: "expression_sure" in house.messages())
        yield house


def ask(house: House, verb: str) -> str:
    """Asks, and gives the sentence that is then heard; asks again if the picture was too old by then."""
    before = len(house.heard)
    reply = house.runtime.commands.ask(verb, "test")
    assert reply["ok"]
    house.wait_for(lambda: len(house.heard) > before)
    return ask(house, verb) if reply.get("message") == "cannot_see" else house.heard[before].text


def test_verbosity_goes_round_and_counts_at_once(house: House) -> None:
    assert ask(house, "verbosity") == "Detailed."
    assert "One person: ahead" in ask(house, "now")
    assert ask(house, "verbosity").startswith("Quiet")
    assert ask(house, "verbosity") == "Brief."
    assert ask(house, "now") == "Happy."


def test_entering_off_is_told_and_any_key_brings_the_voice_back(house: House) -> None:
    assert ask(house, "sound") == "Sounds only."
    assert ask(house, "sound") == "Sound off, any key brings it back."
    assert house.choices["sound"] == "off"
    assert ask(house, "now") == "The person in front of you looks happy."
    assert house.choices["sound"] == "speech"


def test_speed_and_volume_are_confirmed(house: House) -> None:
    assert ask(house, "faster") == "190 words a minute."
    assert ask(house, "slower") == "170 words a minute."
    assert ask(house, "softer") == "Volume 90 percent."
    assert ask(house, "louder") == "Volume 100 percent."


def test_repeat_gives_what_was_played_last(house: House) -> None:
    sentence = ask(house, "now")
    assert ask(house, "repeat") == sentence


def test_the_history_is_text_and_not_spoken(house: House) -> None:
    sentence = ask(house, "now")
    count = len(house.heard)
    history = house.runtime.commands.ask("history", "test")["history"]
    assert history[-1]["text"] == sentence
    assert [entry["outcome"] for entry in history] == ["played"] * len(history)
    sleep(0.3)
    assert len(house.heard) == count


def test_status_is_told_and_given(house: House) -> None:
    status = house.runtime.commands.ask("status", "test")
    assert (status["camera"], status["engine"], status["battery_percent"]) == ("ok", "silent", 64)
    house.wait_for(lambda: "status_camera_ok" in house.messages())
    text = house.heard[-1].text
    assert "Battery at 64 percent." in text
    assert "51 degrees" in text


def test_status_can_be_read_without_a_sound_whatever_is_going_on(house: House) -> None:
    ask(house, "practice")
    count, sounds = len(house.heard), house.sounds.played
    status = house.runtime.commands.ask("status", SILENTLY)
    assert (status["ok"], status["camera"], status["engine"]) == (True, "ok", "silent")
    sleep(0.3)
    assert (len(house.heard), house.sounds.played) == (count, sounds)


def test_practice_names_presses_and_does_nothing(house: House) -> None:
    assert ask(house, "practice").startswith("Practice.")
    assert ask(house, "camera") == "Camera off or on."
    assert house.runtime.watching()
    assert ask(house, "practice") == "Practice is over."
    assert ask(house, "camera") == "The camera is off."


def test_snooze_is_confirmed_and_ends_when_asked_again(house: House) -> None:
    assert ask(house, "snooze") == "Quiet for 30 minutes."
    house.runtime.commands.ask("snooze", "test")
    house.wait_for(lambda: "snooze_over" in house.messages())


def test_a_press_answers_and_a_second_one_repeats_what_was_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gestures, "DOUBLE_S", 10.0)  # However long a busy machine takes for two presses.
    monkeypatch.setattr(gestures, "BOUNCE_S", 0.0)
    with House(ScriptedSense(lambda at: "happy"), seconds_per_letter=0.05).running() as house:
        house.wait_for(lambda: "expression_sure" in house.messages())
        before = ask(house, "softer")
        for _ in range(2):
            house.runtime.commands.press("button")
            house.runtime.commands.release("button")
        house.wait_for(lambda: house.messages().count("volume_now") == 2)
        assert [heard.text for heard in house.heard if heard.message == "volume_now"] == [before, before]
        assert house.sounds.played.count(Cue("click")) == 3


def test_a_held_press_gives_detail(house: House) -> None:
    control = house.runtime.commands
    control.press("button")
    house.wait_for(lambda: "people_detail" in house.messages())
    control.release("button")
    assert "happy" in next(heard.text for heard in house.heard if heard.message == "people_detail")


def test_camera_off_then_an_answer_says_so(house: House) -> None:
    assert ask(house, "camera") == "The camera is off."
    assert ask(house, "now") == "The camera is off."


def test_a_low_battery_is_told_unasked() -> None:
    with House(ScriptedSense(lambda at: None), health=lambda: SystemHealth(8, False, None)).running() as house:
        house.wait_for(lambda: "battery_low" in house.messages())
