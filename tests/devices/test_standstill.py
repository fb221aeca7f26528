"""A picture that stands still is told from a quiet room."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from assistant.devices.standstill import LEAST, STILL_S, Standstill
from assistant.domain.values import Frame, Pixels

ROOM = np.random.default_rng(1).integers(60, 190, (12, 16, 3), dtype=np.uint8).repeat(20, 0).repeat(20, 1)


def noisy(number: int, sigma: float = 1.0) -> Pixels:
    """The quiet room through a sensor."""
    noise = np.random.default_rng(number).normal(0, sigma, ROOM.shape)
    return np.clip(ROOM + noise, 0, 255).astype(np.uint8)


def with_clock(number: int) -> Pixels:
    """The room as it was, with the time written over its whole width, and sent as JPEG."""
    picture = ROOM.copy()
    cv2.rectangle(picture, (0, 4), (319, 16), (0, 0, 0), cv2.FILLED)
    cv2.putText(picture, f"2026-11-25 12:00:{number / 10:06.3f}", (2, 14), 0, 0.5, (255, 255, 255))
    return sent(picture, 90)


def sent(picture: Pixels, quality: int) -> Pixels:
    data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def still_at(picture: Callable[[int], Pixels], fps: float = 10.0, seconds: float = 30.0) -> float | None:
    """When it is told that the picture stands still, seconds; None: never."""
    standstill = Standstill()
    standstill.begin()
    for number in range(int(seconds * fps)):
        if standstill.observe(Frame(picture(number), number / fps)):
            return number / fps
    return None


@pytest.mark.parametrize(
    "picture",
    [
        lambda number: ROOM,
        lambda number: np.zeros_like(ROOM),
        lambda number: noisy(number % 2),
        lambda number: noisy(number % 4),
        with_clock,
        lambda number: sent(ROOM, (85, 90, 95)[number % 3]),
        lambda number: noisy(min(number, 5)),
        lambda number: np.full((1, 1, 3), 9, np.uint8),
    ],
    ids=["same", "black", "two", "four", "clock", "encoded anew", "after a while", "one pixel"],
)
def test_what_stands_still_is_told_in_time(picture: Callable[[int], Pixels]) -> None:
    at = still_at(picture)
    assert at is not None
    assert STILL_S <= at <= STILL_S + 1


@pytest.mark.parametrize(
    "picture",
    [
        noisy,
        lambda number: sent(noisy(number), 80),
        lambda number: noisy(number // 20, 0.3),
        lambda number: np.where(np.arange(320)[None, :, None] < 240, ROOM, noisy(number)),
        lambda number: noisy(number % 10),
    ],
    ids=["noise", "as JPEG", "freed of noise but for moments", "a quarter", "a film"],
)
def test_a_quiet_room_is_alive(picture: Callable[[int], Pixels]) -> None:
    assert still_at(picture) is None


@pytest.mark.parametrize("fps", [0.2, 0.9, 30.0])
def test_a_slow_camera_has_its_time(fps: float) -> None:
    at = still_at(lambda number: ROOM, fps, 60)
    assert at is not None
    assert at >= max(STILL_S, LEAST / fps) - 1e-6


def test_after_it_was_opened_again_it_stands_still_until_there_is_news() -> None:
    standstill = Standstill()
    for opening in range(3):
        standstill.begin()
        told = [standstill.observe(Frame(ROOM, 100 * opening + number / 10)) for number in range(60)]
        assert any(told)
        assert standstill.still
    standstill.begin()
    assert not standstill.observe(Frame(noisy(1), 400.0))
    assert not standstill.still


def test_another_size_is_news() -> None:
    standstill = Standstill()
    assert [standstill.observe(Frame(picture, float(at))) for at, picture in enumerate([ROOM] * 8)][-1]
    standstill.observe(Frame(ROOM[::2, ::2].copy()[:10], 9.0))
    assert not standstill.still
