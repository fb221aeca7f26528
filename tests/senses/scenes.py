"""Pictures of people that installed packages carry, and scenes made from them."""

from functools import cache

import cv2
import numpy as np
from matplotlib.cbook import get_sample_data
from skimage.data import astronaut as skimage_astronaut

from assistant.domain.values import Pixels


@cache
def astronaut() -> Pixels:
    """A smiling woman, 512x512, public domain (NASA); her face is about 110 pixels high."""
    return _fixed(skimage_astronaut())


def masked(shade: tuple[int, int, int]) -> Pixels:
    """The astronaut with a mask over nose, mouth and chin."""
    cloth = np.array([[195, 122], [223, 116], [252, 124], [250, 160], [224, 178], [200, 160]], np.int32)
    return np.asarray(cv2.fillPoly(astronaut().copy(), [cloth], shade), np.uint8)


@cache
def hopper() -> Pixels:
    """A serious woman in uniform, 606 pixels high, public domain (US Navy)."""
    with get_sample_data("grace_hopper.jpg") as file:
        data = np.frombuffer(file.read(), np.uint8)
    return _fixed(cv2.cvtColor(cv2.imdecode(data, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB))


def pasted(picture: Pixels, left: int, top: int, width: int = 640, height: int = 480) -> Pixels:
    """A grey scene of the given size with a picture in it, which may reach over the edge."""
    scene = np.full((height, width, 3), 90, np.uint8)
    across = slice(max(0, left), min(width, left + picture.shape[1]))
    down = slice(max(0, top), min(height, top + picture.shape[0]))
    scene[down, across] = picture[down.start - top : down.stop - top, across.start - left : across.stop - left]
    return scene


def portrait(picture: Pixels, height: int) -> Pixels:
    """A portrait made `height` pixels high."""
    width = round(picture.shape[1] * height / picture.shape[0])
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def noisy(picture: Pixels, sigma: float, seed: int) -> Pixels:
    """With the noise of a sensor."""
    noise = np.random.default_rng(seed).normal(0, sigma, picture.shape)
    return np.asarray(np.clip(picture + noise, 0, 255), np.uint8)


def _fixed(picture: Pixels) -> Pixels:
    picture = np.ascontiguousarray(picture)
    picture.setflags(write=False)
    return picture
