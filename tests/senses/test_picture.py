"""Pictures made smaller."""

import numpy as np
import pytest

from assistant.senses.picture import reduced


def picture(height: int, width: int) -> np.ndarray:
    """Soft spots in three colours, uint8 (height, width, 3)."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    waves = [np.sin(x / 23 + shift) * np.cos(y / 17) for shift in (0, 1, 2)]
    return (128 + 100 * np.stack(waves, axis=-1)).astype(np.uint8)


@pytest.mark.parametrize("quickly", [False, True])
@pytest.mark.parametrize(
    ("size", "longest", "expected"),
    [
        ((480, 640), 480, (360, 480)),
        ((480, 640), 300, (225, 300)),
        ((960, 1280), 480, (360, 480)),
        ((1200, 300), 100, (100, 25)),
        ((1, 1), 10, (1, 1)),
        ((2, 4000), 10, (1, 10)),
        ((360, 480), 480, (360, 480)),
    ],
)
def test_the_longer_side_is_as_long_as_asked_at_most(
    size: tuple[int, int], longest: int, expected: tuple[int, int], quickly: bool
) -> None:
    assert reduced(picture(*size), longest, quickly=quickly).shape == (*expected, 3)


@pytest.mark.parametrize("longest", [480, 330, 200])
def test_quickly_means_nearly_the_same(longest: int) -> None:
    whole = picture(480, 640)
    slowly, quickly = (reduced(whole, longest, quickly=each).astype(int) for each in (False, True))
    assert np.abs(slowly - quickly).mean() < 1
    assert np.abs(slowly - quickly).max() < 8


def test_no_fine_pattern_becomes_a_coarse_one() -> None:
    stripes = np.zeros((480, 640, 3), np.uint8)
    stripes[:, ::2] = 255
    assert reduced(stripes, 200, quickly=True).std() < 12
