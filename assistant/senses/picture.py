"""Pictures made small enough to look at, and how much there is to see in them."""

import cv2
import numpy as np
from numpy import float32, uint8
from numpy.typing import NDArray

from assistant.domain.values import Pixels

NOISE_BLUR = 1.0
"""Standard deviation of the blur that takes the sensor's noise away, pixels."""
FLAT = 0.02
"""Mean square slope that noise leaves in a picture of nothing, (grey levels per pixel) squared."""


def reduced(pixels: Pixels, longest: int) -> Pixels:
    """The picture with its longer side at most `longest` pixels, by area averaging; never enlarged.

    Args:
        pixels: uint8 (height, width, 3), any size from 1x1 on.
        longest: Pixels.

    Returns:
        uint8 (height, width, 3), no side below one pixel; the same array where nothing had to be done.
    """
    while max(pixels.shape) >= 2 * longest and pixels.shape[0] % 2 == pixels.shape[1] % 2 == 0:
        pixels = _halved(pixels)  # the same result as in one step, several times as fast
    height, width = pixels.shape[:2]
    scale = longest / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), uint8)


def stretched(picture: NDArray[uint8]) -> NDArray[uint8]:
    """A picture made as bright as it can be: uint8, grey or RGB, its 99th percentile at white; never darker."""
    gain = 255 / max(1.0, float(np.percentile(picture, 99)))
    return np.asarray(cv2.convertScaleAbs(picture, alpha=max(1.0, gain)), uint8)


def smoothed(grey: NDArray[float32]) -> NDArray[float32]:
    """A grey picture, float32 (height, width), 0 to 255, freed of the sensor's noise."""
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), NOISE_BLUR), float32)


def slopes(grey: NDArray[float32]) -> NDArray[float32]:
    """Steepness everywhere in a smoothed picture (Sobel): float32 (height, width), grey levels per pixel."""
    across, down = cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1)
    return np.asarray(cv2.magnitude(across, down) / 8, float32)


def fineness(grey: NDArray[float32]) -> float:
    """How fine the finest detail of a smoothed picture is, whatever its contrast.

    The mean square of the second derivative against that of the first: for an edge that is blurred by s pixels it falls
    with the square of s. Sharp pictures have 0.44 or more, pictures blurred by 3 pixels about 0.1.
    """
    bends = cv2.Laplacian(grey, cv2.CV_32F)
    return float(np.mean(bends**2)) / (float(np.mean(slopes(grey) ** 2)) + FLAT)


def _halved(pixels: Pixels) -> Pixels:
    size = (pixels.shape[1] // 2, pixels.shape[0] // 2)
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), uint8)
