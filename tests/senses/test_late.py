"""A sense that cannot be made keeps only itself from looking."""

from collections.abc import Sequence

import pytest

from assistant.domain.policy import Policy, Preferences
from assistant.domain.scene import Scene
from assistant.domain.values import Frame, Percept
from assistant.errors import UnknownName
from assistant.pipeline import Pipeline
from assistant.senses.late import LateSense
from tests.scripted import GREY, ScriptedSense


class Seeing(ScriptedSense):
    """Works."""

    def __init__(self) -> None:
        super().__init__(lambda at: "happy")


class Moody:
    """Cannot be made the first two times."""

    def __init__(self, error: BaseException) -> None:
        self._error = error
        self._made = 0

    def __call__(self) -> Seeing:
        self._made += 1
        if self._made <= 2:
            raise self._error
        return Seeing()


@pytest.mark.parametrize("error", [ImportError("made"), ValueError("made"), SystemExit(3), NotImplementedError()])
def test_it_is_told_and_made_later_and_the_others_look(error: BaseException) -> None:
    late = LateSense("late", Moody(error))
    pipeline = Pipeline([late, Seeing()], Scene({}), Policy(Preferences()))
    told, seen = [], []
    for at in range(8):
        thought = pipeline.step(Frame(GREY, float(at)), float(at))
        told += [item.message for item in thought.announcements if hasattr(item, "phrases")]
        seen.append(len(thought.percepts))
    assert told.count("fault_sense") == 1
    assert (seen[0], seen[-1]) == (2, 4)


class Nothing:
    """A plugin that gives nothing at all."""

    name = "nothing"

    def look(self, frame: Frame) -> Sequence[Percept]:
        return None  # type: ignore[return-value] - as a plugin may

    def close(self) -> None:
        pass


def test_one_that_gives_nothing_is_put_aside() -> None:
    pipeline = Pipeline([LateSense("nothing", Nothing), Seeing()], Scene({}), Policy(Preferences()))  # type: ignore[arg-type]
    assert len(pipeline.step(Frame(GREY, 0.0), 0.0).percepts) == 2


def test_a_name_that_nobody_knows_is_a_mistake_in_the_settings() -> None:
    def make() -> Seeing:
        raise UnknownName("sense", "telepathy", [])

    with pytest.raises(UnknownName):
        LateSense("telepathy", make)
