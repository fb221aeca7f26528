"""The slope of a figure, and whether its interval is an honest one."""

import numpy as np

from tests.soak.figures import slope


def test_a_line_is_found() -> None:
    found = slope(range(120), [5 + second / 36 for second in range(120)])
    assert abs(found.per_hour - 100) < 1e-6
    assert found.within < 1e-6


def test_noise_seldom_looks_like_growth() -> None:
    rng = np.random.default_rng(0)
    grows = [slope(range(120), rng.normal(100, 3, 120).tolist()).least > 0 for _ in range(400)]
    assert 1 <= sum(grows) <= 24  # 2.5 % of them


def test_growth_in_noise_is_found() -> None:
    rng = np.random.default_rng(0)
    assert slope(range(120), (rng.normal(100, 1, 120) + np.arange(120) / 10).tolist()).least > 100
