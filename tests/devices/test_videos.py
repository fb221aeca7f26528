"""The times of videos, whatever the files tell."""

from itertools import pairwise
from math import inf, isfinite, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.devices.videos import LONGEST_GAP_S, steady_times


@pytest.mark.parametrize(
    ("told", "times"),
    [
        ([0, 0.1, 0.2], [0, 0.1, 0.2]),
        ([5, 5.1, 5.3], [0, 0.1, 0.3]),
        ([-3, -2.9, -2.8], [0, 0.1, 0.2]),
        ([0, 0, 0], [0, 0.1, 0.2]),
        ([0, 0.1, 0, 0.1], [0, 0.1, 0.2, 0.3]),
        ([30_000, 30_000.1, 0, 0.1], [0, 0.1, 0.2, 0.3]),
        ([0, 0.1, 30_000, 30_000.1], [0, 0.1, 0.2, 0.3]),
        ([0, 30, 30.1], [0, 30, 30.1]),
        ([0, nan, 0.2, inf, 0.4], [0, 0.1, 0.2, 0.3, 0.4]),
        ([nan, nan, nan], [0, 0.1, 0.2]),
        ([0, 0.1, -86_400, -86_399.9], [0, 0.1, 0.2, 0.3]),
    ],
)
def test_times(told: list[float], times: list[float]) -> None:
    assert list(steady_times(iter(told), 0.1)) == pytest.approx(times)


@given(st.lists(st.floats(), max_size=50))
def test_times_always_rise_and_never_far(told: list[float]) -> None:
    times = list(steady_times(iter(told), 0.1))
    assert len(times) == len(told)
    assert times[:1] in ([], [0.0])
    for before, after in pairwise(times):
        assert isfinite(after)
        assert 0 < after - before <= LONGEST_GAP_S + 1
