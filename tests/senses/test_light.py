"""Dark, covered and blurred pictures are told from usable ones."""

import cv2
import numpy as np
import pytest

from assistant.domain.ports import Sense
from assistant.domain.values import Frame, Pixels
from assistant.senses.light import LightSense, judge
from tests.senses.scenes import astronaut, hopper, noisy, pasted, portrait

PICTURES = {
    "astronaut": astronaut(),
    "hopper": hopper(),
    "a small face before a wall": pasted(portrait(astronaut(), 200), 220, 140),
}
named = pytest.mark.parametrize("picture", PICTURES.values(), ids=PICTURES)


def blurred(picture: Pixels, sigma: float) -> Pixels:
    """Out of focus by so many pixels of a picture 640 pixels wide."""
    return noisy(np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma * max(picture.shape) / 640), np.uint8), 2, seed=1)


def finger() -> Pixels:
    """A finger on the lens with light behind it: red, brighter to one side."""
    glow = np.linspace(0.7, 1.3, 640)[np.newaxis, :, np.newaxis] * np.array([110.0, 30.0, 25.0])
    return noisy(np.asarray(np.broadcast_to(glow, (480, 640, 3)), np.uint8), 4, seed=2)


def test_it_is_a_sense_with_one_percept() -> None:
    sense = LightSense()
    assert isinstance(sense, Sense)
    (percept,) = sense.look(Frame(astronaut(), 0.0))
    assert (percept.kind, percept.subject, percept.value) == ("light", None, "ok")
    assert 0.9 < percept.certainty <= 1
    sense.close()


@named
@pytest.mark.parametrize("light", [1, 0.5, 0.2])
def test_usable_pictures_are_ok(picture: Pixels, light: float) -> None:
    assert judge(noisy(np.asarray(picture * light, np.uint8), 2, seed=0)) == "ok"


@named
@pytest.mark.parametrize("light", [0.05, 0.03])
def test_little_light_is_dark(picture: Pixels, light: float) -> None:
    assert judge(noisy(np.asarray(picture * light, np.uint8), 2, seed=0)) == "dark"


@named
@pytest.mark.parametrize("sigma", [16, 24])
def test_nothing_but_blur_is_blurred(picture: Pixels, sigma: float) -> None:
    assert judge(blurred(picture, sigma)) == "blurred"


@named
def test_a_little_blur_is_ok(picture: Pixels) -> None:
    assert judge(blurred(picture, 4)) == "ok"


@pytest.mark.parametrize("level", [0, 20, 128, 255])
def test_one_colour_is_a_covered_lens(level: int) -> None:
    assert judge(noisy(np.full((480, 640, 3), level, np.uint8), 3, seed=0)) == "covered"


def test_a_finger_with_light_behind_it_is_a_covered_lens() -> None:
    assert judge(finger()) == "covered"


@pytest.mark.parametrize("shape", [(1, 1), (1, 500), (500, 1), (3, 2), (37, 53), (3001, 2003)])
def test_any_size_can_be_judged(shape: tuple[int, int]) -> None:
    assert judge(np.full((*shape, 3), 200, np.uint8)) == "covered"


def test_the_size_of_a_picture_does_not_change_the_answer() -> None:
    large = np.asarray(cv2.resize(astronaut(), (2000, 2000), interpolation=cv2.INTER_CUBIC), np.uint8)
    assert judge(large) == judge(portrait(astronaut(), 200)) == "ok"


def test_it_judges_four_times_a_second_whatever_the_clock_does() -> None:
    sense = LightSense()
    times = [*np.arange(0, 2, 1 / 30).tolist(), 1.0]  # at the end the clock is set back
    judged = [at for at in times if sense.look(Frame(astronaut(), at))]
    assert judged[0] == 0.0
    assert judged[-1] == 1.0
    assert np.diff(judged[:-1]).max() < 0.3
    assert len(judged) <= 10
