"""Skills: asked in the background, cancelled, told by their names when they fail; "now" stays instant meanwhile."""

import os
import sys
from collections.abc import Callable, Generator, Iterator
from threading import Event, get_native_id
from time import monotonic

import pytest

from assistant import answering
from assistant.commands import table
from assistant.devices.replay_camera import ReplayCamera
from assistant.domain.commands import Command
from assistant.domain.ports import Look
from assistant.domain.values import Announcement, Cue, Frame, Phrase, Query, Urgency
from assistant.errors import AssistantError, CameraLost
from tests.scripted import GREY, HANG_S, House, ScriptedSense

Answers = Generator[Announcement | Cue, None, None]


class ToySkill:
    """Answers as it is told to."""

    name = "toy"
    lens = "things"

    def __init__(self, act: Callable[[Query, Iterator[Look]], Answers], verb: str = "find") -> None:
        self.commands = [Command(verb, about="thing")]
        self._act = act
        self.closed = 0

    def answer(self, query: Query, looks: Iterator[Look]) -> Answers:
        return self._act(query, looks)

    def close(self) -> None:
        self.closed += 1
        raise ValueError("made for this test")


class Stalls(ReplayCamera):
    """Gives no picture any more where it should end, and does not end."""

    def read(self) -> Frame:
        frame = super().read()
        if frame is None:
            raise CameraLost("made for this test")
        return frame


def says(message: str, **facts: str) -> Announcement:
    return Announcement((Phrase(message, facts),), Urgency.ANSWER, topic="answer")


@pytest.fixture
def gate() -> Iterator[Event]:
    """Keeps a skill waiting; opened at the end, so that nothing hangs."""
    gate = Event()
    yield gate
    gate.set()


def house(skill: ToySkill, reading: str | None = "happy") -> House:
    return House(ScriptedSense(lambda at: reading), skills=[skill])


def waiting(gate: Event, then: str = "nobody") -> Callable[[Query, Iterator[Look]], Answers]:
    """A skill that works until the gate opens, whatever else is asked, and answers then."""

    def act(query: Query, looks: Iterator[Look]) -> Answers:
        gate.wait(HANG_S)
        yield says(then)

    return act


def test_it_answers_with_the_newest_frame_and_its_subject() -> None:
    seen: list[tuple[Query, float]] = []

    def act(query: Query, looks: Iterator[Look]) -> Answers:
        first, second = next(looks), next(looks)
        seen.append((query, second.frame.at - first.frame.at))
        yield says("disclose")

    with house(ToySkill(act)).running() as running:
        assert running.runtime.commands.ask("find", "test", "a cup") == {"ok": True}
        running.wait_for(lambda: "disclose" in running.messages())
    assert (seen[0][0].verb, seen[0][0].about) == ("find", "a cup")
    assert seen[0][1] > 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux gives a thread a priority of its own")
def test_it_steps_back_behind_those_that_see() -> None:
    priorities: list[int] = []

    def act(query: Query, looks: Iterator[Look]) -> Answers:
        priorities.append(os.getpriority(os.PRIO_PROCESS, get_native_id()))
        yield says("disclose")

    before = os.getpriority(os.PRIO_PROCESS, get_native_id())
    with house(ToySkill(act)).running() as running:
        running.runtime.commands.ask("find", "test", "a cup")
        running.wait_for(lambda: "disclose" in running.messages())
    assert priorities == [min(19, max(before, answering.NICE))]
    assert os.getpriority(os.PRIO_PROCESS, get_native_id()) == before


def test_now_is_answered_at_once_while_it_works(gate: Event) -> None:
    with house(ToySkill(waiting(gate))).running() as running:
        running.wait_for(lambda: "expression_sure" in running.messages())
        for _ in range(5):
            running.runtime.commands.ask("find", "test")
            assert running.runtime.commands.ask("now", "test")["message"] == "expression_sure"


@pytest.mark.parametrize("verb", ["stop", "now", "find", "camera", "status", "repeat"])
def test_another_question_cancels_it(gate: Event, verb: str) -> None:
    began = Event()

    def act(query: Query, looks: Iterator[Look]) -> Answers:
        if not began.is_set():
            began.set()
            gate.wait(HANG_S)
            yield says("covered")
        yield says("blurred")

    with house(ToySkill(act)).running() as running:
        running.runtime.commands.ask("find", "test")
        running.wait_for(began.is_set)
        running.runtime.commands.ask(verb, "test")
        gate.set()
        running.wait_for(lambda: verb != "find" or "blurred" in running.messages())
        running.wait_for(lambda: not running.runtime._answering.busy)
        assert "covered" not in [heard.message for heard in running.heard]


@pytest.mark.parametrize("verb", ["louder", "softer", "faster", "slower", "verbosity", "history"])
def test_how_it_is_said_can_be_changed_meanwhile(gate: Event, verb: str) -> None:
    with house(ToySkill(waiting(gate))).running() as running:
        running.runtime.commands.ask("find", "test")
        running.runtime.commands.ask(verb, "test")
        gate.set()
        running.wait_for(lambda: "nobody" in running.messages())


def test_a_press_while_it_works_means_stop(gate: Event) -> None:
    with house(ToySkill(waiting(gate))).running() as running:
        running.runtime.commands.ask("find", "test")
        running.wait_for(lambda: running.runtime._answering.busy)
        running.runtime.commands.press("button")
        running.runtime.commands.release("button")
        assert not running.runtime._answering.busy
        gate.set()
        running.runtime.commands.ask("disclose", "test")
        running.wait_for(lambda: "disclose" in running.messages())
        assert "nobody" not in running.messages()


def test_its_looks_end_when_it_is_cancelled() -> None:
    ended, began = Event(), Event()

    def act(query: Query, looks: Iterator[Look]) -> Answers:
        for _ in looks:
            began.set()
        ended.set()
        yield says("nobody")

    with house(ToySkill(act)).running() as running:
        running.runtime.commands.ask("find", "test")
        running.wait_for(began.is_set)
        running.runtime.commands.ask("stop", "test")
        running.wait_for(ended.is_set)


def test_a_soft_sound_tells_that_it_works(gate: Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "TICK_AFTER_S", 0.2)
    with house(ToySkill(waiting(gate))).running() as running:
        running.runtime.commands.ask("find", "test")
        running.wait_for(lambda: Cue("tick") in running.sounds.played)


def fails(query: Query, looks: Iterator[Look]) -> Answers:
    raise ValueError("made for this test")
    yield


def leaves(query: Query, looks: Iterator[Look]) -> Answers:
    raise SystemExit(1)
    yield


def gives_nothing(query: Query, looks: Iterator[Look]) -> Answers:
    yield from ()


@pytest.mark.parametrize("act", [fails, leaves, gives_nothing])
def test_one_that_fails_is_told_by_its_name_and_can_be_asked_again(
    act: Callable[[Query, Iterator[Look]], Answers],
) -> None:
    with house(ToySkill(act)).running() as running:
        for times in (1, 2):
            running.runtime.commands.ask("find", "test")
            running.wait_for(lambda times=times: running.messages().count("fault_skill") == times)
        assert "The skill toy failed." in [heard.text for heard in running.heard]


def test_several_results_one_after_the_other() -> None:
    def act(query: Query, looks: Iterator[Look]) -> Answers:
        yield Cue("notice")
        yield Announcement((Phrase("nobody"), Phrase("covered"), Phrase("blurred")), Urgency.ANSWER, topic="answer")

    with house(ToySkill(act)).running() as running:
        running.runtime.commands.ask("find", "test")
        running.wait_for(lambda: "nobody" in running.messages())
        assert Cue("notice") in running.sounds.played


def test_models_are_let_go_after_a_long_time_and_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    skill = ToySkill(lambda query, looks: (says("nobody") for _ in range(1)))
    monkeypatch.setattr(answering, "IDLE_S", 0.2)
    with house(skill).running() as running:
        running.runtime.commands.ask("find", "test")
        running.wait_for(lambda: skill.closed == 1)
        monkeypatch.setattr(answering, "IDLE_S", HANG_S)
        running.runtime.commands.ask("find", "test")
        running.wait_for(lambda: running.messages().count("nobody") == 2)
    assert skill.closed == 2


def test_the_plain_question_goes_through_the_lens() -> None:
    skill = ToySkill(lambda query, looks: (says("covered") for _ in range(1)))
    with house(skill).running() as running:
        running.wait_for(lambda: "expression_sure" in running.messages())
        assert running.runtime.commands.ask("lens", "test")["message"] == "lens_now"
        running.runtime.commands.ask("now", "test")
        running.wait_for(lambda: "covered" in running.messages())
        running.runtime.commands.ask("lens", "test")
        assert running.runtime.commands.ask("now", "test")["message"] == "expression_sure"


def test_without_a_camera_it_is_not_asked() -> None:
    with house(ToySkill(fails)).running() as running:
        running.runtime.commands.ask("camera", "test")
        assert running.runtime.commands.ask("find", "test")["message"] == "camera_off"


def test_one_that_waits_for_a_picture_does_not_wait_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    def act(query: Query, looks: Iterator[Look]) -> Answers:
        for _ in looks:
            pass
        yield says("nobody")

    monkeypatch.setattr(answering, "BLIND_S", 0.5)
    with House(
        ScriptedSense(lambda at: None), Stalls([GREY] * 20, realtime=True, fps=20), skills=[ToySkill(act)]
    ).running() as running:
        running.runtime.commands.ask("find", "test")
        running.wait_for(lambda: "cannot_see" in running.messages())


@pytest.mark.parametrize(("verb", "about"), [("dance", ""), ("now", "a cup"), ("", "")])
def test_what_nobody_can_do_is_refused(verb: str, about: str) -> None:
    with house(ToySkill(fails)).running() as running:
        reply = running.runtime.commands.ask(verb, "test", about)
        assert not reply["ok"]
        assert reply["error"]


def test_two_commands_of_one_name_are_refused() -> None:
    with pytest.raises(AssistantError, match="now"):
        table([ToySkill(fails, verb="now")])


def test_it_ends_while_a_skill_hangs_in_its_looks() -> None:
    def act(query: Query, looks: Iterator[Look]) -> Answers:
        for _ in looks:
            pass
        yield says("nobody")

    with house(ToySkill(act)).running() as running:
        running.runtime.commands.ask("find", "test")
        running.wait_for(lambda: running.runtime._answering.busy)
        began = monotonic()
    assert monotonic() - began < HANG_S
