"""Which looks at somebody count while they are learnt, and what is missing in the end."""

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.domain.enrolment import FACING, NEAR, SAME, SEEN, TURNED, WANTED, Enrolment, Refusal, View
from assistant.domain.people import NEAREST, Sample
from assistant.domain.values import Pose


def face(number: int) -> NDArray[float32]:
    """Looks of different numbers have nothing in common."""
    return np.eye(64, dtype=float32)[number]


def take(enrolment: Enrolment, yaw: float, count: int) -> None:
    for _ in range(count):
        vector = face(len(enrolment.samples))
        assert enrolment.refusal(vector, Pose(0, yaw, 0)) is None
        enrolment.add(Sample("toy@1", vector, 0.0), Pose(0, yaw, 0))


def ahead(yaw: float) -> Enrolment:
    """Somebody who has faced the camera, as far as their head and its place allow."""
    enrolment = Enrolment()
    take(enrolment, yaw, WANTED[View.AHEAD])
    return enrolment


def test_all_views_make_ten_looks_and_each_has_as_many_as_are_compared() -> None:
    enrolment = ahead(0)
    assert enrolment.wanted is View.LEFT
    take(enrolment, 20, WANTED[View.LEFT])
    assert enrolment.wanted is View.RIGHT
    take(enrolment, -20, WANTED[View.RIGHT])
    assert enrolment.wanted is None
    assert enrolment.missing(()) == []
    assert (len(enrolment.samples), min(WANTED.values())) == (10, NEAREST)


@pytest.mark.parametrize(("yaw", "refusal"), [(0, None), (FACING - 1, None), (FACING + 1, Refusal.TURNED)])
@pytest.mark.parametrize("side", [-1, 1])
def test_first_the_camera_is_faced(yaw: float, refusal: Refusal | None, side: int) -> None:
    assert Enrolment().refusal(face(0), Pose(0, side * yaw, 0)) is refusal


@pytest.mark.parametrize("offset", [-12.0, 0.0, 12.0])
def test_turned_is_told_from_how_the_camera_was_faced(offset: float) -> None:
    enrolment = ahead(offset)
    for turn, refusal in (
        (TURNED + 1, None),
        (TURNED - 1, Refusal.UNTURNED),
        (0, Refusal.UNTURNED),
        (-TURNED - 1, Refusal.OTHER_WAY),
    ):
        assert enrolment.refusal(face(9), Pose(0, offset + turn, 0)) is refusal
    take(enrolment, offset + 20, WANTED[View.LEFT])
    assert enrolment.refusal(face(9), Pose(0, offset - TURNED - 1, 0)) is None
    assert enrolment.refusal(face(9), Pose(0, offset + TURNED + 1, 0)) is Refusal.OTHER_WAY


def test_a_look_that_shows_nothing_new_is_refused_by_likeness_and_pose_together() -> None:
    enrolment = Enrolment()
    take(enrolment, 0, 2)
    alike = np.asarray(face(0) * (SAME + 0.01) + face(5) * np.sqrt(1 - (SAME + 0.01) ** 2), float32)
    unlike = np.asarray(face(0) * (SAME - 0.01) + face(5) * np.sqrt(1 - (SAME - 0.01) ** 2), float32)
    assert enrolment.refusal(alike, Pose(0, 0, 0)) is Refusal.ALIKE
    assert enrolment.refusal(alike, Pose(0, 0, NEAR + 1)) is None
    assert enrolment.refusal(unlike, Pose(0, 0, 0)) is None


def test_what_does_not_come_is_done_without_and_missing() -> None:
    enrolment = Enrolment()
    assert not enrolment.skip()
    take(enrolment, 0, WANTED[View.AHEAD])
    take(enrolment, 20, SEEN)
    assert enrolment.skip()
    assert enrolment.wanted is View.RIGHT
    assert enrolment.skip()
    assert (enrolment.wanted, enrolment.skip()) == (None, False)
    assert enrolment.missing(()) == [View.RIGHT]
    assert enrolment.missing({WANTED[View.AHEAD]}) == [View.LEFT, View.RIGHT]


def test_begun_anew_nothing_is_left() -> None:
    enrolment = ahead(0)
    enrolment.restart()
    assert (enrolment.wanted, list(enrolment.samples)) == (View.AHEAD, [])
