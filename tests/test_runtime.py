"""The threads together: what is told, asked, lost and found again, and how it ends."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Event
from threading import enumerate as enumerate_threads
from time import sleep
from typing import Any

import numpy as np
import pytest

from assistant.devices.replay_camera import ReplayCamera
from assistant.domain.values import Announcement, Box, Cue, Frame, Percept, Pixels
from assistant.environment import Ending, Reread
from assistant.errors import (
    AssistantError,
    CameraAbsent,
    CameraLost,
    ConfigError,
    ConfigGone,
    ConfigUnreadable,
    ModelBroken,
    StillRunning,
    TriggerError,
    Unforeseen,
)
from tests.scripted import GREY, HANG_S, House, ScriptedSense


class FaultySense(ScriptedSense):
    """Raises, the first so many times."""

    def __init__(self, faults: int) -> None:
        super().__init__(lambda at: "happy")
        self._faults = faults

    def look(self, frame: Frame) -> Sequence[Percept]:
        if self._faults:
            self._faults -= 1
            raise ValueError("made for this test")
        return super().look(frame)


class LostCamera(ReplayCamera):
    """Is absent, then gives frames, then is lost, then comes back.

    Args:
        lasting: How many frames it gives after each opening but the first; the last of them stays.
    """

    def __init__(self, *lasting: int) -> None:
        super().__init__([GREY] * 3, realtime=True, fps=20, loop=True)
        self._lasting = [0, *lasting]
        self._left = 0

    def open(self) -> None:
        self._left = self._lasting.pop(0) if len(self._lasting) > 1 else self._lasting[0]
        if not self._left:
            raise CameraAbsent("There is no camera yet.")
        super().open()

    def read(self) -> Frame | None:
        self._left -= 1
        if self._left < 0:
            raise CameraLost("It was unplugged.")
        return super().read()


class BrokenTrigger:
    """Cannot be opened."""

    name = "broken"

    def __init__(self, error: Exception) -> None:
        self._error = error

    def open(self) -> None:
        raise self._error


def sense(*, until: float = 1e9) -> ScriptedSense:
    return ScriptedSense(lambda at: "happy" if at < until else None)


def test_it_says_that_it_is_ready_and_what_it_sees_once() -> None:
    with House(sense()).running() as house:
        house.wait_for(lambda: "expression_sure" in house.messages())
        house.wait_for(lambda: house.states.count("WATCHDOG=1") >= 2)
    assert sorted(house.messages()) == ["expression_sure", "ready"]
    assert "The person in front of you looks happy." in [heard.text for heard in house.heard]
    assert house.endings == [Ending.STOPPED]
    assert house.states.count("READY=1") == 1
    assert house.states[-1] == "STOPPING=1"


def test_a_flickering_expression_is_announced_once() -> None:
    flicker = ScriptedSense(lambda at: "neutral" if int(at * 20) % 4 == 3 else "happy")
    with House(flicker).running() as house:
        house.wait_for(lambda: "expression_sure" in house.messages())
        sleep(2.0)
    assert house.messages().count("expression_sure") == 1


def test_all_threads_are_gone_afterwards() -> None:
    before = set(enumerate_threads())
    with House(sense()).running() as house:
        house.wait_for(house.messages)
        assert {"capture", "perceive", "speak"} <= {thread.name for thread in enumerate_threads()}
    assert set(enumerate_threads()) <= before


def test_an_answer_comes_from_the_belief() -> None:
    with House(sense()).running() as house:
        house.wait_for(lambda: "expression_sure" in house.messages())
        house.wait_for(lambda: house.runtime.commands.ask("now", "test")["message"] == "expression_sure")
        house.wait_for(lambda: house.messages().count("expression_sure") >= 2)
        assert house.runtime.commands.ask("status", "test")["people"] == 1
        house.wait_for(lambda: "status_camera_ok" in house.messages())
    assert Cue("click") in house.sounds.played


def test_stop_cuts_what_is_being_said() -> None:
    with House(sense(), seconds_per_letter=10.0).running() as house:
        house.wait_for(lambda: len(house.voice.said) == 1)
        house.runtime.commands.ask("stop", "test")
        house.wait_for(lambda: "ready" in house.messages("cut"))


def test_ending_in_the_middle_of_a_sentence_is_quick() -> None:
    with House(sense(), seconds_per_letter=10.0).running() as house:
        house.wait_for(lambda: len(house.voice.said) == 1)
        house.runtime.quit()
        house.join()
    assert house.endings == [Ending.STOPPED]


def test_the_end_of_a_source_ends_the_run_when_all_is_said() -> None:
    house = House(sense(), ReplayCamera([GREY] * 80, realtime=True, fps=20), seconds_per_letter=0.02)
    with house.running():
        house.join()
    assert house.endings == [Ending.ENDED]
    assert house.messages() == ["ready", "expression_sure"]


def test_an_absent_camera_is_told_once_and_its_return_too() -> None:
    with House(sense(), LostCamera(60, 10_000)).running() as house:
        house.wait_for(lambda: house.messages().count("camera_back") == 2)
    assert [message for message in house.messages() if message.startswith("camera")] == [
        "camera_absent",
        "camera_back",
        "camera_lost",
        "camera_back",
    ]


def test_a_camera_that_comes_and_goes_is_told_once_and_counted() -> None:
    with House(sense(), LostCamera(5)).running() as house:
        house.wait_for(lambda: house.runtime.status()["camera_losses"] >= 4)
    assert [message for message in house.messages() if "camera" in message] == ["camera_absent", "camera_unsteady"]


class Stuck(ReplayCamera):
    """A live camera that repeats so many pictures for ever, and begins to live when the test wants it."""

    live = True

    def __init__(self, pictures: int) -> None:
        super().__init__([noisy(seed) for seed in range(pictures)], realtime=True, fps=15, loop=True)
        self.alive = False

    def read(self) -> Frame | None:
        frame = super().read()
        return Frame(noisy(None), frame.at) if frame and self.alive else frame


def noisy(seed: int | None) -> Pixels:
    return np.random.default_rng(seed).integers(100, 140, GREY.shape, dtype=np.uint8)


@pytest.mark.parametrize("pictures", [1, 2, 5])
def test_a_picture_that_stands_still_is_told_once_and_nothing_is_answered_from_it(pictures: int) -> None:
    camera = Stuck(pictures)
    with House(ScriptedSense(lambda at: None), camera).running() as house:
        house.wait_for(lambda: house.runtime.status()["camera"] == "camera_frozen")
        for _ in range(40):
            assert house.runtime.commands.ask("now", "test")["message"] == "cannot_see_frozen"
            sleep(0.1)
        camera.alive = True
        house.wait_for(lambda: "camera_back" in house.messages())
        house.wait_for(lambda: house.runtime.commands.ask("now", "test")["message"] == "nobody")
    alerts = [heard.message for heard in house.heard if heard.urgency == "alert"]
    assert alerts == ["camera_frozen", "camera_back"]


class Faulty(ReplayCamera):
    """A camera of another package that begins to fail when the test wants it."""

    def __init__(self) -> None:
        super().__init__([GREY] * 2, realtime=True, fps=20, loop=True)
        self.given: Callable[[], Any] | None = None

    def read(self) -> Frame | None:
        frame = super().read()
        return self.given() if self.given else frame

    def close(self) -> None:
        super().close()
        if self.given:
            self.given()


def raising(error: BaseException) -> Callable[[], Any]:
    def fail() -> None:
        raise error

    return fail


@pytest.mark.parametrize(
    "given",
    [
        raising(ValueError("made for this test")),
        raising(SystemExit(3)),
        raising(KeyboardInterrupt()),
        lambda: 5,
        lambda: Frame(GREY.astype(float), 0.0),  # type: ignore[arg-type]
        lambda: Frame(GREY[:, :, 0], 0.0),
        lambda: Frame(GREY[:0], 0.0),
        lambda: Frame(GREY, float("nan")),
    ],
)
def test_whatever_a_camera_does_wrong_is_a_loss_that_can_be_mended(given: Callable[[], Any]) -> None:
    camera = Faulty()
    with House(sense(), camera).running() as house:
        house.wait_for(lambda: house.runtime.status()["camera"] == "ok")
        camera.given = given
        house.wait_for(lambda: "camera_lost" in house.messages())
        camera.given = None
        house.wait_for(lambda: "camera_back" in house.messages())
    assert house.endings == [Ending.STOPPED]


@pytest.mark.parametrize("rate", [0.9, 0.4])
def test_in_a_slow_camera_who_is_there_is_there(rate: float) -> None:
    with House(sense(), ReplayCamera([GREY] * 2, realtime=True, fps=rate, loop=True)).running() as house:
        house.wait_for(lambda: house.runtime.view().people)
        answers = []
        for _ in range(60):
            answers.append(house.runtime.commands.ask("now", "test")["message"])
            sleep(0.1)
    assert set(answers) == {"expression_sure"} or set(answers) <= {"expression_sure", "expression_unsure"}


def test_the_camera_can_be_switched_off_and_on() -> None:
    with House(sense()).running() as house:
        house.wait_for(lambda: house.runtime.status()["camera"] == "ok")
        house.runtime.commands.ask("camera", "test")
        house.wait_for(lambda: house.runtime.status()["camera"] == "off")
        assert house.runtime.commands.ask("now", "test")["message"] == "camera_off"
        house.runtime.commands.ask("camera", "test")
        house.wait_for(lambda: house.runtime.status()["camera"] == "ok")
    assert [cue.name for cue in house.sounds.played if "camera" in cue.name] == ["camera_off", "camera_on"]


def test_a_sense_that_fails_is_told_by_name_and_the_rest_goes_on() -> None:
    with House(FaultySense(2)).running() as house:
        house.wait_for(lambda: "expression_sure" in house.messages())
    assert house.messages().count("fault_sense") == 1


def test_a_sense_that_keeps_failing_is_told_once_and_nobody_is_not_claimed() -> None:
    with House(FaultySense(1000)).running() as house:
        house.wait_for(lambda: "fault_sense" in house.messages())
        for _ in range(30):
            assert house.runtime.commands.ask("now", "test")["message"] == "faces_unwatched"
            sleep(0.1)
    assert house.messages().count("fault_sense") == 1
    assert house.endings == [Ending.STOPPED]


class SlowSense(ScriptedSense):
    """Takes its time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(lambda at: "happy")
        self._seconds = seconds

    def look(self, frame: Frame) -> Sequence[Percept]:
        sleep(self._seconds)
        return super().look(frame)


def test_answers_stay_true_while_a_sense_is_slow() -> None:
    with House(SlowSense(1.5)).running() as house:
        house.wait_for(lambda: house.runtime.view().people)
        for _ in range(20):
            assert house.runtime.commands.ask("now", "test")["message"].startswith("expression")
            sleep(0.2)
    assert "sense_slow" not in house.messages()


def test_a_sense_that_hangs_is_told_by_its_name_and_the_camera_is_not_blamed() -> None:
    with House(SlowSense(7.0)).running() as house:
        house.wait_for(lambda: "sense_slow" in house.messages())
        assert house.runtime.commands.ask("now", "test")["message"] == "sense_slow"
        house.wait_for(lambda: house.messages().count("sense_slow") == 2)
    assert "cannot_see" not in {heard.message for heard in house.heard}


def test_what_is_left_aside_on_purpose_is_not_dropped() -> None:
    with House(ScriptedSense(lambda at: None)).running() as house:
        sleep(5.0)  # of a hundred frames far more than half come while it rests
        assert house.runtime.status()["dropped_frames"] <= 40


def test_a_trigger_that_cannot_be_used_is_left_out() -> None:
    broken = BrokenTrigger(TriggerError("made for this test"))
    with House(sense(), triggers=[broken]).running() as house:
        house.wait_for(lambda: "ready" in house.messages())


def test_a_settings_file_with_a_mistake_is_told_and_changes_nothing() -> None:
    def reread(asked: bool) -> Reread:
        if asked:
            raise ConfigError("made.yaml", ["Line 3: made for this test."], 3)
        return Reread.SAME

    with House(sense(), reread=reread).running() as house:
        house.runtime.commands.ask("reload", "test")
        house.wait_for(lambda: "settings_bad" in house.messages())
        house.wait_for(lambda: "expression_sure" in house.messages())


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (ConfigGone("made.yaml", []), "The settings file is gone. I keep the old settings."),
        (ConfigUnreadable("made.yaml", []), "The settings file cannot be read. I keep the old settings."),
        (ModelBroken("Made."), "A model cannot be used. I keep the old settings."),
        (Unforeseen(ValueError()), "Something went wrong. I keep the old settings."),
    ],
)
def test_whatever_is_wrong_with_new_settings_is_told_and_the_old_ones_stay(error: AssistantError, told: str) -> None:
    def reread(asked: bool) -> Reread:
        if asked:
            raise error
        return Reread.SAME

    with House(sense(), reread=reread).running() as house:
        house.runtime.commands.ask("reload", "test")
        house.wait_for(lambda: told in [heard.text for heard in house.heard])
    assert house.endings == [Ending.STOPPED]


def test_settings_that_are_in_order_again_are_told() -> None:
    with House(sense(), reread=lambda asked: Reread.MENDED if asked else Reread.SAME).running() as house:
        house.runtime.commands.ask("reload", "test")
        house.wait_for(lambda: "settings_mended" in house.messages())


class StuckCamera(ReplayCamera):
    """Does not come back from reading until it is let go, as a driver may."""

    def __init__(self) -> None:
        super().__init__([GREY], realtime=True)
        self.released = Event()

    def read(self) -> Frame | None:
        self.released.wait(HANG_S)
        return None


def test_a_thread_that_does_not_end_is_not_followed_by_a_second_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.runtime.JOIN_S", 0.3)
    camera = StuckCamera()
    house = House(sense(), camera, reread=lambda asked: Reread.OTHER if asked else Reread.SAME)
    try:
        with house.running():
            house.runtime.commands.ask("reload", "test")
            house.join()
    finally:
        camera.released.set()
    assert [error.threads for error in house.errors if isinstance(error, StillRunning)] == [["capture"]]


def test_other_settings_end_the_run_for_a_new_one() -> None:
    house = House(sense(), reread=lambda asked: Reread.OTHER if asked else Reread.SAME)
    with house.running():
        house.runtime.commands.ask("reload", "test")
        house.join()
    assert house.endings == [Ending.RELOAD]


def test_beeps_instead_of_sentences_but_answers_are_spoken() -> None:
    with House(sense(), sound="beeps").running() as house:
        house.wait_for(lambda: Cue("notice") in house.sounds.played)
        assert {event.message for event in house.heard} <= {"ready"}
        house.wait_for(lambda: house.runtime.commands.ask("now", "test")["message"] == "expression_sure")
        house.wait_for(lambda: "expression_sure" in house.messages())
        told = [event.urgency for event in house.heard if event.message == "expression_sure"]
        assert set(told) == {"answer"}


class SixPeople:
    """Sees six people side by side, all of whom look happy."""

    name = "six"

    def look(self, frame: Frame) -> Sequence[Percept]:
        boxes = [Box(0.02 + 0.16 * number, 0.3, 0.14, 0.3) for number in range(6)]
        return [
            percept
            for number, box in enumerate(boxes)
            for percept in (
                Percept("face", number, "person", 0.9, box),
                Percept("expression", number, "happy", 0.95, box, {"happy": 0.95, "neutral": 0.05}),
            )
        ]

    def close(self) -> None:
        pass


def test_after_six_people_in_beeps_sentences_are_told_again() -> None:
    with House(SixPeople(), sound="beeps").running() as house:
        house.wait_for(lambda: [cue.name for cue in house.sounds.played].count("notice") == 6)
        assert house.messages() == ["ready"]
        house.choices.put("sound", "speech")
        house.wait_for(lambda: house.messages().count("expression_sure") == 2)


def test_with_sound_off_there_is_no_sign_of_life_and_nothing_is_told_unasked() -> None:
    with House(SixPeople(), sound="off", tick_s=0.1).running() as house:
        house.wait_for(lambda: house.runtime.view().people)
        sleep(1.0)
        assert house.sounds.played == []
        assert house.messages() == ["ready"]
        assert house.runtime.commands.ask("status", "test")["people"] == 6
        house.wait_for(lambda: house.messages().count("expression_sure") == 2)


def test_when_no_words_can_be_found_at_all_a_sound_tells_of_the_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    def damaged(announcement: Announcement, verbosity: str) -> Any:
        raise KeyError(announcement.message)

    with House(sense()).running() as house:
        house.wait_for(lambda: "ready" in house.messages())
        with monkeypatch.context() as phrases:
            phrases.setattr(house.phrases, "words", damaged)
            assert house.runtime.commands.ask("now", "test")["ok"]
            house.wait_for(lambda: Cue("fault") in house.sounds.played)
        assert house.runtime.commands.ask("disclose", "test")["ok"]
        house.wait_for(lambda: "disclose" in house.messages())


def test_a_sign_of_life() -> None:
    with House(sense(), tick_s=0.2).running() as house:
        house.wait_for(lambda: house.sounds.played.count(Cue("tick")) >= 2)


def test_a_choice_that_cannot_be_kept_is_told_once() -> None:
    with House(sense(), state=Path("/dev/null/state")).running() as house:
        for _ in range(3):
            house.runtime.commands.ask("softer", "test")
        house.wait_for(lambda: "choice_lost" in house.messages())
    assert house.messages().count("choice_lost") == 1
