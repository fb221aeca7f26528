"""How bright it is, on which side the light is, and the tone that leads there."""

from collections.abc import Iterator

import numpy as np
import pytest

from assistant.domain.ports import Look
from assistant.domain.values import Announcement, Cue, Frame, Query
from assistant.domain.views import NOTHING_SEEN
from assistant.skills.light import AGAIN_S, GUIDE_S, Light, LightSkill, ahead, light_in
from assistant.speech.earcons import earcon

SIDES = {"left": (60, 20), "ahead": (60, 80), "right": (60, 140), "above": (15, 80)}


def room(level: int, lamp: tuple[int, int] | None = None) -> np.ndarray:
    """A wall with furniture, so bright, with a lamp where one is wanted: uint8 (120, 160, 3)."""
    random = np.random.default_rng(1)
    pixels = np.full((120, 160, 3), level) * np.ones((120, 160, 1))
    for _ in range(40):
        top, left = random.integers(0, 110), random.integers(0, 150)
        pixels[top : top + 25, left : left + 25] = level * random.uniform(0.5, 1.5)
    if lamp:
        down, across = np.mgrid[:120, :160]
        pixels += 255 * np.exp(-((down - lamp[0]) ** 2 + (across - lamp[1]) ** 2) / (2 * 14**2))[..., None]
    return np.clip(pixels + random.normal(0, 3, pixels.shape), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("level", [30, 90])
def test_the_side_of_a_lamp(level: int, side: str) -> None:
    assert light_in(room(level, SIDES[side])).side == side


@pytest.mark.parametrize(("level", "told"), [(2, "dark"), (35, "dim"), (140, "bright")])
def test_how_bright_it_is(level: int, told: str) -> None:
    assert light_in(room(level)) == Light(told, None)


def test_sides_as_hours() -> None:
    assert light_in(room(40, SIDES["right"]), clock=True).side == "1 o'clock"


def looks(*pictures: np.ndarray, apart_s: float = 0.1) -> Iterator[Look]:
    return (Look(Frame(picture, number * apart_s), NOTHING_SEEN) for number, picture in enumerate(pictures))


def test_asked_again_a_tone_rises_and_quickens_with_the_light_and_then_it_is_told_once_more() -> None:
    skill = LightSkill()
    (first,) = skill.answer(Query("light", 10.0), looks(room(40)))
    assert isinstance(first, Announcement)
    steps = round(GUIDE_S / 0.1) + 3
    pictures = [room(20)] * (steps // 2) + [room(140, SIDES["ahead"])] * (steps - steps // 2)
    *tones, last = skill.answer(Query("light", 12.0), looks(*pictures))
    assert isinstance(last, Announcement)
    pitches = [tone.semitones for tone in tones if isinstance(tone, Cue)]
    assert len(pitches) == len(tones)
    changed = pitches.index(pitches[-1])
    assert pitches[0] < pitches[-1]
    assert len(pitches) - changed > 1.5 * changed
    (told,) = skill.answer(Query("light", 20.0), looks(room(40)))
    assert isinstance(told, Announcement)


def test_asked_later_it_is_told_again() -> None:
    skill = LightSkill()
    for at in (0.0, AGAIN_S):
        (told,) = skill.answer(Query("light", at), looks(room(40)))
        assert isinstance(told, Announcement)


def test_nobody_waits_for_a_camera_that_is_gone() -> None:
    assert list(LightSkill().answer(Query("light", 0.0), iter(()))) == []


def test_what_is_bright_in_the_middle_counts() -> None:
    assert ahead(room(40, SIDES["ahead"])) > ahead(room(40, SIDES["left"])) > ahead(room(5))
    assert 0 <= ahead(np.zeros((1, 1, 3), np.uint8)) <= ahead(np.full((1, 1, 3), 255, np.uint8)) == pytest.approx(1)


def test_a_tone_is_higher_by_octaves() -> None:
    low, high = (np.abs(np.fft.rfft(earcon("light", 48000, semitones))) for semitones in (0, 12))
    assert high.argmax() == pytest.approx(2 * low.argmax(), rel=0.1)
