"""Whose face it is: nobody's, unless it is much more like one of those who are learnt than like the next."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import float32
from numpy.typing import NDArray

from assistant.domain.people import NOBODY, Gallery, Matching, gallery, strangers, whose

MATCHING = Matching(even=0.4, scale=0.03, margin=0.1)


def unit(*numbers: float) -> NDArray[float32]:
    made = np.array(numbers, float32)
    return np.asarray(made / np.linalg.norm(made), float32)


def like(cosine: float, axis: int, size: int = 8) -> NDArray[float32]:
    """A vector at this cosine to one axis, and to no other but the last."""
    made = np.zeros(size, float32)
    made[axis], made[-1] = cosine, np.sqrt(1 - cosine**2)
    return made


def axis(number: int, size: int = 8) -> NDArray[float32]:
    return like(1.0, number, size)


def likely(odds: dict[str, float]) -> str:
    return max(odds, key=odds.__getitem__)


KNOWN = gallery("toy@1", {"Ana": [axis(0)], "Tom": [axis(1)], "": []})


@pytest.mark.parametrize(("cosine", "name"), [(0.9, "Ana"), (0.5, "Ana"), (0.3, NOBODY), (0.0, NOBODY), (-0.5, NOBODY)])
def test_the_nearest_is_not_taken_for_somebody_who_is_far(cosine: float, name: str) -> None:
    assert likely(whose(like(cosine, 0), KNOWN, MATCHING)) == name


def test_of_two_who_look_alike_neither_is_named() -> None:
    twins = gallery("toy@1", {"Ana": [axis(0)], "Eva": [unit(1, 0.05, 0, 0, 0, 0, 0, 0)]})
    odds = whose(like(0.9, 0), twins, MATCHING)
    assert likely(odds) == NOBODY
    assert abs(odds["Ana"] - odds["Eva"]) < 0.1


def test_where_nobody_is_learnt_it_is_nobody() -> None:
    assert whose(axis(0), Gallery("toy@1"), MATCHING) == {NOBODY: 1.0}


def test_one_bad_sample_spoils_nobody() -> None:
    people = gallery("toy@1", {"Ana": [axis(0), axis(0), axis(0), axis(3)]})
    assert likely(whose(like(0.9, 0), people, MATCHING)) == "Ana"
    assert likely(whose(axis(3), people, MATCHING)) == NOBODY


@given(st.lists(st.floats(-1, 1), min_size=0, max_size=12), st.integers(0, 1000))
def test_probabilities(cosines: Sequence[float], seed: int) -> None:
    random = np.random.default_rng(seed)
    people = {f"Somebody {number}": [like(cosine, number, 14)] for number, cosine in enumerate(cosines)}
    vector = random.normal(size=14).astype(float32)
    odds = whose(np.asarray(vector / np.linalg.norm(vector), float32), gallery("toy@1", people), MATCHING)
    assert sum(odds.values()) == pytest.approx(1.0, abs=1e-5)
    assert set(odds) == {NOBODY, *people}
    assert all(0 <= chance <= 1 for chance in odds.values())


def test_a_sample_of_somebody_else_stands_out() -> None:
    own = [like(cosine, 0) for cosine in (0.99, 0.98, 0.97, 0.96)]
    assert strangers([*own, axis(2)], MATCHING) == [4]
    assert strangers(own, MATCHING) == []
    assert strangers([*own, axis(2)], replace(MATCHING, alike=0.0)) == []
    assert strangers([axis(0), axis(1)], MATCHING) == []
