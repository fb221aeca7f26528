"""A belief settles in seconds, whatever the frame rate, and does not flicker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.steady import MIN_GUESSES, Steady

HAPPY = {"happy": 0.8, "neutral": 0.15, "sad": 0.05}
NEUTRAL = {"happy": 0.1, "neutral": 0.85, "sad": 0.05}
SETTLE_S = 1.2


def settled_at(rate: float, phase: float, first: dict[str, float], then: dict[str, float], turn: float) -> float:
    """When the belief became the top of `then`, for a reading that turns at `turn`, seen `rate` times a second."""
    belief = Steady(SETTLE_S)
    wanted = max(then, key=then.__getitem__)
    for index in range(int(12 * rate)):
        at = phase / rate + index / rate
        belief.observe(at, first if at < turn else then)
        if belief.value == wanted:
            return at
    raise AssertionError("never settled")


@given(rate=st.floats(2, 30), phase=st.floats(0, 0.999))
def test_a_first_reading_settles_within_a_frame_of_the_same_moment(rate: float, phase: float) -> None:
    at = settled_at(rate, phase, HAPPY, HAPPY, turn=0.0)
    first = phase / rate
    assert SETTLE_S <= at - first + 1e-6
    assert at - first <= SETTLE_S + 1 / rate + 1e-6


@given(rate=st.floats(2, 30), phase=st.floats(0, 0.999))
def test_a_turn_settles_within_a_frame_of_the_moment_at_the_highest_rate(rate: float, phase: float) -> None:
    reference = settled_at(240.0, 0.0, NEUTRAL, HAPPY, turn=4.0)
    at = settled_at(rate, phase, NEUTRAL, HAPPY, turn=4.0)
    assert abs(at - reference) <= 1 / rate + 0.05


@given(rate=st.floats(0.2, 30))
def test_never_on_fewer_than_three_guesses(rate: float) -> None:
    belief = Steady(SETTLE_S)
    for index in range(MIN_GUESSES - 1):
        assert not belief.observe(index / rate, HAPPY)
    assert belief.value is None
    assert belief.guess == "happy"


def test_a_single_picture_is_settled_evidence() -> None:
    belief = Steady(settle_s=0)
    assert belief.observe(0.0, HAPPY)
    assert belief.value == "happy"
    assert belief.certainty("happy") == pytest.approx(0.8)


def test_pictures_that_follow_one_another_do_not_mix() -> None:
    belief = Steady(settle_s=0)
    belief.observe(0.0, HAPPY)
    assert belief.observe(0.001, NEUTRAL)
    assert belief.certainty("neutral") == pytest.approx(0.85)


@given(flicker=st.lists(st.booleans(), min_size=60, max_size=200), rate=st.sampled_from([5.0, 10.0, 30.0]))
def test_a_reading_that_flickers_within_the_margin_never_turns_the_belief(flicker: list[bool], rate: float) -> None:
    belief = Steady(SETTLE_S)
    for index in range(90):
        belief.observe(index / 30, {"happy": 0.55, "sad": 0.45})
    assert belief.value == "happy"
    for index, sad in enumerate(flicker):
        leaning = {"happy": 0.47, "sad": 0.53} if sad else {"happy": 0.53, "sad": 0.47}
        assert not belief.observe(3 + index / rate, leaning)


@given(st.lists(st.tuples(st.floats(0.01, 3), st.floats(0, 1)), min_size=1, max_size=60))
def test_certainties_stay_probabilities(steps: list[tuple[float, float]]) -> None:
    belief, at = Steady(SETTLE_S), 0.0
    for pause, happy in steps:
        at += pause
        belief.observe(at, {"happy": happy, "sad": 1 - happy})
    assert belief.certainty("happy") + belief.certainty("sad") == pytest.approx(1)
    assert 0 <= belief.certainty("happy") <= 1


def test_one_strong_outlier_does_not_turn_a_belief() -> None:
    belief = Steady(SETTLE_S)
    for index in range(30):
        belief.observe(index / 10, HAPPY)
    assert not belief.observe(3.0, {"sad": 1.0})
    changes = [belief.observe(3.1 + index / 10, HAPPY) for index in range(40)]
    assert not any(changes)
    assert belief.value == "happy"
