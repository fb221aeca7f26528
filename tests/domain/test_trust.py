"""A sense that cannot be trusted is put aside alone."""

from collections.abc import Callable, Sequence
from math import inf, nan
from typing import Any

import numpy as np
import pytest

from assistant.domain.beliefs import values
from assistant.domain.policy import Policy, Preferences
from assistant.domain.scene import Scene
from assistant.domain.trust import WELL_S, TrustedSense
from assistant.domain.values import Announcement, Box, Frame, Percept, Phrase
from assistant.errors import Unbelieved
from assistant.pipeline import Pipeline

PIXELS = np.zeros((4, 4, 3), np.uint8)
BOX = Box(0.4, 0.3, 0.2, 0.3)
OK = [Percept("light", None, "ok", 0.9)]


class Made:
    """A sense that gives what it is told to."""

    def __init__(self, look: Callable[[float], Any], name: str = "made", kinds: Sequence[str] = ("light",)) -> None:
        self._look = look
        self.name = name
        self.kinds = kinds
        self.looks = 0

    def look(self, frame: Frame) -> Any:
        self.looks += 1
        return self._look(frame.at)

    def close(self) -> None:
        raise SystemExit("made for this test")


def fails(at: float) -> Any:
    raise ValueError("made for this test")


class Panic(BaseException):
    """As code in other languages raises it: no Exception."""


def panics(at: float) -> Any:
    raise Panic


def leaves(at: float) -> Any:
    raise SystemExit(3)


def watch(sense: Made, seconds: float) -> list[tuple[float, str]]:
    """What is told of it in a time at ten frames a second, rounded to the second."""
    trusted = TrustedSense(sense, values({}))
    told = []
    for index in range(int(seconds * 10)):
        at = index / 10
        trusted.look(Frame(PIXELS, at), at)
        told += [(round(at), item.message) for item in trusted.news(at)]
    trusted.close()
    return told


@pytest.mark.parametrize(
    "look",
    [
        fails,
        leaves,
        panics,
        lambda at: None,
        lambda at: 5,
        lambda at: "ok",
        lambda at: iter(OK),
        lambda at: ["ok"],
        lambda at: [None],
        lambda at: [Percept("weather", None, "fine", 0.9)],
        lambda at: [Percept("light", None, "sunny", 0.9)],
        lambda at: [Percept("expression", 1, "happy", 0.9, distribution={"happy": 0.9, "cheerful": 0.1})],
        lambda at: [Percept("light", None, "ok", nan)],
        lambda at: [Percept("light", None, "ok", -1.0)],
        lambda at: [Percept("light", None, "ok", 0.9, distribution={"ok": nan, "dark": 0.1})],
        lambda at: [Percept("face", 1, "person", 0.9, Box(inf, 0, 1, 1))],
        lambda at: [Percept("light", None, "ok", "high")],  # type: ignore[arg-type]
        lambda at: [Percept("light", None, None, 0.9)],  # type: ignore[arg-type]
        lambda at: [Percept("face", [1], "person", 0.9, BOX)],  # type: ignore[arg-type]
        lambda at: [Percept("face", 1, "person", 0.9, (0, 0, 1, 1))],  # type: ignore[arg-type]
        lambda at: [Percept("light", None, "ok", 0.9, distribution=5)],  # type: ignore[arg-type]
    ],
)
def test_whatever_it_does_wrong_is_told_once_and_it_is_tried_ever_more_seldom(look: Callable[[float], Any]) -> None:
    sense = Made(look)
    assert watch(sense, 120) == [(0, "fault_sense")]
    assert 5 <= sense.looks <= 10


def test_one_that_fails_now_and_then_is_told_once() -> None:
    assert watch(Made(lambda at: fails(at) if int(at * 10) % 19 == 5 else OK), 300) == [(0, "fault_sense")]


def test_one_that_is_well_again_is_told_to_be_and_a_relapse_takes_longer() -> None:
    told = watch(Made(lambda at: fails(at) if at % 20 < 0.1 else OK), 300)
    assert told[:2] == [(0, "fault_sense"), (round(1 + WELL_S), "sense_back")]
    assert len(told) <= 4


def test_a_failure_is_logged_with_a_limit(caplog: pytest.LogCaptureFixture) -> None:
    watch(Made(fails), 3600)
    assert 3 <= len([record for record in caplog.records if "failed" in record.message]) <= 10


def pipeline(*senses: Made) -> Pipeline:
    return Pipeline(senses, Scene({}), Policy(Preferences()))


def test_what_the_others_saw_counts() -> None:
    person = Made(lambda at: [Percept("face", 1, "person", 0.9, BOX)], "faces", ["face"])
    thinking = pipeline(Made(fails, "bad"), person)
    said = [thinking.step(Frame(PIXELS, index / 10), index / 10).announcements for index in range(40)]
    assert len(thinking.view.people) == 1
    told = [item for items in said for item in items if isinstance(item, Announcement)]
    assert [item.phrases for item in told] == [(Phrase("fault_sense", {"sense": "bad"}),)]


def test_while_the_sense_that_looks_for_faces_is_put_aside_nobody_is_not_claimed() -> None:
    thinking = pipeline(Made(fails, "faces", ["face"]), Made(lambda at: OK))
    thinking.step(Frame(PIXELS, 0.0), 0.0)
    assert not thinking.view.searched
    thinking = pipeline(Made(lambda at: [], "faces", ["face"]), Made(fails))
    thinking.step(Frame(PIXELS, 0.0), 0.0)
    assert thinking.view.searched


def test_a_sense_of_which_nothing_is_believed_is_found_when_the_program_is_composed() -> None:
    with pytest.raises(Unbelieved, match='"bad" gives weather'):
        pipeline(Made(lambda at: OK, "bad", ["light", "weather"]))


def test_any_word_for_somebody_who_is_there_means_a_person() -> None:
    thinking = pipeline(Made(lambda at: [Percept("face", 1, "face", 0.9, BOX)], "faces", ["face"]))
    for index in range(10):
        thinking.step(Frame(PIXELS, index / 10), index / 10)
    assert [person.picture for person in thinking.view.people] == [False]
