"""Colours as people name them, whatever the light: linear sRGB, the light's own colour, OKLab and the basic terms.

The eleven basic terms are those of Berlin and Kay, "Basic Color Terms" (1969). Distances
are those of OKLab (Ottosson, "A perceptual color space for image processing", 2020).
"""

from functools import cache

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.domain.values import Pixels
from assistant.senses.colour_names import NAMED

Colours = NDArray[float32]
"""float32 (..., 3)."""

NORM = 12
"""Order of the Minkowski mean that estimates the light: "shades of grey" (Finlayson and Trezzi, "Shades of Gray and
Colour Constancy", 2004). Of 4, 6, 8 and 12 the best in 400 pictures: swatches of a survey in photographs of COCO."""
CASTS = 0.044
"""Mean square of the logarithm of the cast that is estimated where there is none: of 128 photographs of COCO."""
CLIPPED = (4, 250)
"""Pixels with a channel beyond tell nothing of the light's colour, of 255."""
BRIGHTER = 2**0.5
"""By so much a picture is made brighter at most, so that its brightest surface is white: half a stop."""
WHITE_FROM = 0.881
"""Lightness in OKLab of Munsell value 8.5, from which on a colour without hue is white (ISCC-NBS: Kelly and Judd,
"Color: Universal Language and Dictionary of Names", NBS 440, 1976)."""
BLACK_BELOW = 0.353
"""Of Munsell value 2.5, below which it is black; the same source."""
NO_HUE = 0.05
"""Chroma in OKLab below which a colour is white, grey or black: about Munsell chroma 3, where "pale" and "grayish" end
in ISCC-NBS. Of .03, .04 and .05 the best in 200 pictures: swatches of another naming survey in photographs of COCO."""
NEIGHBOURS = 9
"""So many named colours decide about one; of 3, 5 and 9 the best in the same pictures."""
LIGHTNESS = 0.5
"""What a difference in lightness counts, squared, against one in hue or chroma: names are of hues first."""

_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    float32,
)
_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ],
    float32,
)
_LUMINANCE = np.array([0.2126, 0.7152, 0.0722], float32)


def linear(pixels: Pixels) -> Colours:
    """Light instead of the code of a screen (sRGB): uint8 (..., 3) to 0 to 1."""
    return _decoded()[pixels]


def luminance(light: Colours) -> NDArray[float32]:
    """Of linear sRGB (Rec. 709): 0 to 1."""
    return np.asarray(light @ _LUMINANCE, float32)


def oklab(light: Colours) -> Colours:
    """Lightness 0 to 1 and the two axes of colour, of linear sRGB."""
    return np.asarray(np.cbrt(np.maximum(light @ _CONES.T, 0)) @ _LAB.T, float32)


def illuminant(pixels: Pixels) -> Colours:
    """The colour of the light in a picture, by shades of grey, shrunk towards white (James and Stein, 1961).

    What looks like the light may be the colour of the things: an estimate as small as those of pictures in white light
    tells nothing, and a large one counts nearly whole.

    Args:
        pixels: uint8 (height, width, 3), RGB.

    Returns:
        Linear sRGB, its strongest channel 1; white where everything is black or overexposed.
    """
    flat = pixels.reshape(-1, 3)
    told = (flat.min(axis=1) > CLIPPED[0]) & (flat.max(axis=1) < CLIPPED[1])
    if np.count_nonzero(told) < 0.02 * len(flat):
        return np.ones(3, float32)
    mean = np.mean(linear(flat[told]).astype(np.float64) ** NORM, axis=0) ** (1 / NORM)
    cast = np.log(mean) - np.log(mean).mean()
    light = np.exp(cast * max(0.0, 1 - CASTS / max(float(cast @ cast), CASTS)))
    return np.asarray(light / light.max(), float32)


def under_white(pixels: Pixels) -> Colours:
    """A picture as it would be under white light (von Kries), its brightest surfaces white: linear sRGB."""
    light = linear(pixels) / illuminant(pixels)
    brightest = max(float(np.percentile(luminance(light), 99)), 1e-6)
    return np.asarray(light * np.clip(1 / brightest, 1, BRIGHTER), float32)


def terms(lab: Colours) -> list[str]:
    """The basic term for each of some colours, OKLab (n, 3)."""
    named, of = _named()
    counts = np.array([LIGHTNESS, 1, 1], float32)
    distance = ((lab[:, None] - named) ** 2 @ counts).astype(float32)
    nearest = np.argpartition(distance, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    votes = np.zeros((len(lab), len(NAMED)), float32)
    rows = np.arange(len(lab))
    for column in nearest.T:
        votes[rows, of[column]] += 1 / (distance[rows, column] + 1e-4)
    hues = list(NAMED)
    chroma = np.hypot(lab[:, 1], lab[:, 2])
    return [
        _shade(float(colour[0])) if dull else hues[vote]
        for colour, dull, vote in zip(lab, chroma < NO_HUE, votes.argmax(axis=1), strict=True)
    ]


def _shade(lightness: float) -> str:
    return "black" if lightness < BLACK_BELOW else "white" if lightness > WHITE_FROM else "grey"


@cache
def _named() -> tuple[Colours, NDArray[np.intp]]:
    """The named colours in OKLab, and for each the number of its term."""
    codes = [(number, code) for number, row in enumerate(NAMED.values()) for code in row.split()]
    pixels = np.array([list(bytes.fromhex(code)) for _, code in codes], np.uint8)
    return oklab(linear(pixels)), np.array([number for number, _ in codes], np.intp)


@cache
def _decoded() -> NDArray[float32]:
    code = np.arange(256) / 255
    return np.where(code <= 0.04045, code / 12.92, ((code + 0.055) / 1.055) ** 2.4).astype(float32)
