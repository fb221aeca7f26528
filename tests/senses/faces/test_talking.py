"""A mouth that is moving is told from one that was opened, and from a head that moves."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import uint8
from numpy.typing import NDArray

from assistant.domain.values import EXPRESSIONS, Box, Face
from assistant.senses.faces.crop import SIZE, crop_square, square
from assistant.senses.faces.talking import Talking, suppress_surprise
from tests.senses.scenes import hopper, noisy

HEIGHT, WIDTH = hopper().shape[:2]
SQUARE = square(Face(Box(178 / WIDTH, 118 / HEIGHT, 172 / WIDTH, 210 / HEIGHT), None, 1), WIDTH, HEIGHT)
FACE = crop_square(hopper(), SQUARE)
SURPRISE = EXPRESSIONS.index("surprise")


def opened(by: float) -> NDArray[uint8]:
    """The face with its mouth opened by up to 1: the jaw goes down, dark shows between the lips."""
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    gap = 8 * by * np.sqrt(np.clip(1 - ((x - 24) / 8) ** 2, 0, 1))
    below = np.clip(y - 36, 0, None)
    moved = cv2.remap(FACE, x, np.where(y > 36, 36 + np.clip(below - gap, 0, None), y).astype(np.float32), 1)
    return np.asarray(np.where((below > 0) & (below < gap), 20, moved), uint8)


def talks(shown: Callable[[float], NDArray[uint8]], rate: float, seconds: float) -> list[float]:
    """How surely somebody talks, frame by frame."""
    talking = Talking()
    times = np.arange(0, seconds, 1 / rate)
    return [talking.observe(float(at), {1: noisy(shown(at), 3, k)})[1] for k, at in enumerate(times)]


def syllables(at: float) -> NDArray[uint8]:
    return opened(abs(np.sin(2 * np.pi * 2.1 * at)))


@pytest.mark.parametrize("rate", [5, 10, 15, 30])
def test_somebody_who_talks_is_noticed_within_a_second_at_any_frame_rate(rate: float) -> None:
    surely = talks(syllables, rate, 4)
    assert surely[0] == 0
    assert min(surely[round(1.0 * rate) :]) > 0.9


@pytest.mark.parametrize("rate", [5, 10, 15, 30])
def test_a_mouth_that_opened_once_and_stays_open_is_surprise(rate: float) -> None:
    surely = talks(lambda at: opened(np.clip((at - 0.5) / 0.25, 0, 1)), rate, 4)
    assert max(surely[round(2.0 * rate) :]) == 0


@pytest.mark.parametrize("rate", [5, 15])
def test_nobody_talks_by_holding_still_or_by_moving_the_head(rate: float) -> None:
    def swaying(at: float) -> NDArray[uint8]:
        matrix = np.array([[1, 0, 1.5 * np.sin(5 * at)], [0, 1, np.sin(7 * at)]], np.float32)
        return np.asarray(cv2.warpAffine(FACE, matrix, (SIZE, SIZE), borderMode=cv2.BORDER_REPLICATE), uint8)

    assert max(talks(lambda at: FACE, rate, 3)) == 0
    assert max(talks(swaying, rate, 3)) == 0


def test_who_stops_talking_is_believed_again() -> None:
    surely = talks(lambda at: syllables(at) if at < 2 else opened(1.0), 15, 5)
    assert surely[28] > 0.9
    assert max(surely[-10:]) == 0


def test_everybody_has_a_mouth_of_their_own() -> None:
    talking = Talking()
    for index in range(30):
        at = index / 10
        surely = talking.observe(at, {1: syllables(at), 2: FACE})
    assert (surely[1] > 0.9, surely[2]) == (True, 0)
    assert talking.observe(3.1, {2: FACE}) == {2: 0}
    assert talking.observe(3.2, {1: FACE, 2: FACE}) == {1: 0, 2: 0}


@pytest.mark.parametrize("later", [-1.0, 0.0, 5.0, 3600.0])
def test_pictures_of_other_times_are_not_compared(later: float) -> None:
    talking = Talking()
    talking.observe(10.0, {1: FACE})
    assert talking.observe(10.0 + later, {1: opened(1.0)}) == {1: 0}


def distributions() -> st.SearchStrategy[list[float]]:
    parts = st.lists(st.floats(0.001, 1), min_size=7, max_size=7)
    return parts.map(lambda values: [value / sum(values) for value in values])


@given(distributions(), st.floats(0, 1))
def test_what_is_taken_from_surprise_goes_to_the_others(answer: list[float], talk: float) -> None:
    before = np.array(answer, np.float32)
    after = suppress_surprise(before, talk)
    assert after.sum() == pytest.approx(1, abs=1e-5)
    assert after[SURPRISE] <= before[SURPRISE] + 1e-6
    assert all(after[k] >= before[k] - 1e-6 for k in range(7) if k != SURPRISE)


def test_who_does_not_talk_is_read_as_ever() -> None:
    answer = np.array([0.1, 0.1, 0.1, 0.1, 0.1, 0.4, 0.1], np.float32)
    np.testing.assert_array_equal(suppress_surprise(answer, 0.0), answer)


def test_who_surely_talks_is_not_told_as_surprised() -> None:
    answer = np.array([0, 0, 0, 0, 0, 1, 0], np.float32)
    assert suppress_surprise(answer, 1.0)[SURPRISE] < 0.2
