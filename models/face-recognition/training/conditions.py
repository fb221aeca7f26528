"""What a face may look like when it is met again: changes of cached pictures, the same ones each time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import covers
import cv2
import numpy as np

Change = Callable[[np.ndarray], np.ndarray]
"""(n, CANVAS, CANVAS, 3) uint8 RGB -> the same shape."""

PLAIN = "as it is"


def each(change: Callable[[np.ndarray, np.random.Generator], np.ndarray], seed: int = 11) -> Change:
    """A change of one picture as a change of many."""

    def changed(canvases: np.ndarray) -> np.ndarray:
        random = np.random.default_rng(seed)
        return np.array([change(np.ascontiguousarray(canvas), random) for canvas in canvases], np.uint8)

    return changed


def moved(canvas: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Laid out by points that are a little off, as the points network's are."""
    side = len(canvas)
    middle = (side / 2 - 0.5, side / 2 - 0.5)
    matrix = cv2.getRotationMatrix2D(middle, random.uniform(-4, 4), float(np.exp(random.uniform(-0.06, 0.06))))
    matrix[:, 2] += random.uniform(-0.02, 0.02, 2) * side * 0.8
    return cv2.warpAffine(canvas, matrix, (side, side), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def dim(canvas: np.ndarray, _: np.random.Generator, gain: float = 0.1) -> np.ndarray:
    """A part of the light."""
    return (canvas * gain).round()


def blurred(canvas: np.ndarray, _: np.random.Generator, sigma: float = 3.0) -> np.ndarray:
    """Out of focus."""
    return cv2.GaussianBlur(canvas, (0, 0), sigma)


def small(canvas: np.ndarray, _: np.random.Generator, side: int = 32) -> np.ndarray:
    """The laid-out face has so many pixels from side to side."""
    few = round(side * 1.25)
    return cv2.resize(cv2.resize(canvas, (few, few), interpolation=cv2.INTER_AREA), canvas.shape[:2])


def compressed(canvas: np.ndarray, _: np.random.Generator, quality: int = 20) -> np.ndarray:
    """A JPEG of poor quality."""
    return cv2.imdecode(cv2.imencode(".jpg", canvas, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


def lit_from_one_side(canvas: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One half has a fifth of the light of the other."""
    fall = np.linspace(0.2, 1.0, canvas.shape[1])[:: int(random.choice([-1, 1]))]
    return (canvas * fall[None, :, None]).round()


def again(canvas: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The same picture as a second one of the same person: moved, dimmer, softer, compressed."""
    gain = random.uniform(0.3, 0.9)
    softer = blurred(dim(moved(canvas, random), random, gain).astype(np.uint8), random, random.uniform(0.5, 2.5))
    return compressed(softer, random, int(random.integers(25, 70)))


CONDITIONS: dict[str, Change] = {
    PLAIN: lambda canvases: canvases,
    "points as ours": each(moved),
    "a tenth of the light": each(dim),
    "lit from one side": each(lit_from_one_side),
    "blurred": each(blurred),
    "made from 32 pixels": each(small),
    "compressed": each(compressed),
    **{
        f"with {name}": partial(covers.worn, kind=kind, seed=13)
        for kind, name in {"mask": "a mask", "hat": "a hat", "glasses": "glasses", "sunglasses": "sunglasses"}.items()
    },
}
