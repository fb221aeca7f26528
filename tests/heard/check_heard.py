"""The real program, heard: `make test-heard`. Real camera code on a film, real senses, real voices, a recogniser.

Not called test_*.py, so that `make test` leaves it alone: it takes minutes, and a machine that is not too busy.
"""

import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.senses.faces.recognizers import installed
from tests.cli.test_people import RETAIL, install_network
from tests.heard.children import group, only_child
from tests.heard.conftest import Start
from tests.heard.grammar import (
    AHEAD,
    CONSENT,
    DISCLOSED,
    FAILED,
    HAPPY,
    LEARNT,
    LEFT,
    MISSED,
    NAMED,
    READY,
    RIGHT,
)
from tests.senses.shared import MEDIA, needs

if TYPE_CHECKING:
    from tests.heard.listener import Listener

pytestmark = pytest.mark.timeout(300)

CLIP = MEDIA / "asl_walk.mkv"
CHILD = "assistant.speech.pyttsx3_child"
LONG_S = 4.0
"""What nobody asked for twice would be heard in this time; the longest sentence goes on for longer (seconds)."""
SILENT_S = 1.5
"""Much longer than a stop takes, much shorter than the sentence that is stopped (seconds)."""

every_engine = pytest.mark.parametrize("engine", ["espeak", "speech-dispatcher", "pyttsx3"])


@every_engine
def test_the_right_sentence_and_nothing_twice(engine: str, start: Start, ear: "Listener") -> None:
    with start(engine) as house:
        assert house.ask("now")["message"] == "expression_sure"
        ear.wait_for(HAPPY, ear.speaker.now)
        ear.pass_s(LONG_S)
        assert ear.said() == f"{READY} {HAPPY} {HAPPY}"  # told once unasked, once when asked


@every_engine
def test_an_answer_cuts_in(engine: str, start: Start, ear: "Listener") -> None:
    with start(engine) as house:
        asked = ear.speaker.now
        house.ask("disclose")
        ear.wait_for_speech(asked)
        house.wait_for_answer("expression_sure")
        ear.wait_for(HAPPY, asked)
        ear.pass_s(LONG_S)
        assert DISCLOSED not in ear.said(asked)
        assert ear.said(asked).endswith(HAPPY)
        assert "disclose" in house.messages("cut")


@every_engine
def test_stop_makes_silence(engine: str, start: Start, ear: "Listener") -> None:
    with start(engine) as house:
        asked = ear.speaker.now
        house.ask("disclose")
        ear.wait_for_speech(asked)
        stopped = ear.speaker.now
        house.ask("stop")
        ear.pass_s(LONG_S)
        assert ear.speaker.last_sound() < stopped + SILENT_S, ear.said(asked)
        assert house.messages("cut") == ["disclose"]


def test_a_child_that_is_killed_costs_no_more_than_a_sentence(start: Start, ear: "Listener") -> None:
    with start("pyttsx3") as house:
        asked = ear.speaker.now
        house.ask("disclose")
        ear.wait_for_speech(asked)
        os.kill(only_child(house.process.pid, CHILD), signal.SIGKILL)
        ear.wait_for(FAILED, asked)
        asked = ear.speaker.now
        house.wait_for_answer("expression_sure")
        ear.wait_for(HAPPY, asked)


def test_a_child_that_is_killed_is_not_heard_any_more(start: Start, ear: "Listener") -> None:
    with start("pyttsx3") as house:
        asked = ear.speaker.now
        house.ask("disclose")
        ear.wait_for_speech(asked)
        child = only_child(house.process.pid, CHILD)
        os.kill(child, signal.SIGKILL)
        ear.pass_s(LONG_S)
        assert not group(child)  # aplay


def test_a_child_that_hangs_costs_no_more_than_a_sentence(start: Start, ear: "Listener") -> None:
    with start("pyttsx3") as house:
        os.kill(only_child(house.process.pid, CHILD), signal.SIGSTOP)
        asked = ear.speaker.now
        house.wait_for_answer("expression_sure")
        ear.wait_for(FAILED, asked)
        asked = ear.speaker.now
        house.wait_for_answer("expression_sure")
        ear.wait_for(HAPPY, asked)


@every_engine
def test_a_sound_server_that_dies_is_recovered_from(engine: str, start: Start, ear: "Listener") -> None:
    with start(engine) as house:
        asked = ear.speaker.now
        house.ask("disclose")
        ear.wait_for_speech(asked)
        ear.speaker.stop()
        ear.wait_until(lambda: "disclose" in house.messages("dropped") + house.messages("played"))
        assert "disclose" not in house.messages("played")  # nobody heard it
        ear.begin()
        ear.wait_for(MISSED)  # the end of what is said: it may begin before the recording does
        asked = ear.speaker.now
        house.wait_for_answer("expression_sure")
        ear.wait_for(HAPPY, asked)


@needs(CLIP)
def test_somebody_is_learnt_and_called_by_name(
    start: Start, ear: "Listener", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody signs before the camera, and turns their head only as far as signing takes it."""
    if not installed():
        if not RETAIL.exists():
            pytest.skip("no network that recognises people is installed")
        install_network(tmp_path, monkeypatch)
    with start("espeak", CLIP) as house:
        asked = ear.speaker.now
        house.wait_for(lambda: "message" not in house.ask("learn", "ana"))  # else it says why it cannot look yet
        house.wait_for_message("learn_may_i")
        house.ask("now")  # the press
        for heard in (CONSENT, AHEAD, LEFT, RIGHT, LEARNT):
            ear.wait_for(heard, asked)
        house.wait_for_answer("person_named")
        ear.wait_for(NAMED, asked)
