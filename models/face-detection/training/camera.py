"""What a camera, the light and things in front do to a picture, uint8 (height, width, 3) RGB; numpy and OpenCV."""

from __future__ import annotations

import math

import cv2
import numpy as np


def look(random: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """Lets blur, other tones, darkness, noise and compression happen, each to some pictures."""
    if random.random() < 0.2:
        picture = cv2.GaussianBlur(picture, (0, 0), random.uniform(0.3, 1.5))
    if random.random() < 0.05:
        picture = _shaken(random, picture)
    if random.random() < 0.7:
        picture = tint(random, picture)
    if random.random() < 0.3:
        picture = cast(random, picture)
    if random.random() < 0.25:
        picture = cv2.convertScaleAbs(picture, alpha=math.exp(random.uniform(math.log(0.06), 0)))
    if random.random() < 0.3:
        grain = np.empty(picture.shape, np.int8)
        cv2.setRNGSeed(int(random.integers(1 << 30)))
        cv2.randn(grain, 0, math.exp(random.uniform(0, math.log(10))) * min(1.0, picture.mean() / 60 + 0.1))
        picture = cv2.add(picture, grain, dtype=cv2.CV_8U)
    if random.random() < 0.12:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 75))]
        picture = cv2.imdecode(cv2.imencode(".jpg", picture, quality)[1], cv2.IMREAD_COLOR)
    return picture


def tint(random: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """Another tone curve: gamma, contrast and brightness."""
    gamma = math.exp(random.normal(0, 0.3))
    contrast, shift = math.exp(random.normal(0, 0.2)), random.normal(0, 14)
    tones = 255 * (np.arange(256) / 255) ** gamma
    return cv2.LUT(picture, (contrast * (tones - 128) + 128 + shift).clip(0, 255).astype(np.uint8))


def cast(random: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """Light of another colour, and stronger or weaker colours."""
    gains = np.exp(random.normal(0, 0.08, 3))
    grey = cv2.cvtColor(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    share = float(np.clip(random.normal(0.9, 0.25), 0, 1.3))
    mixed = cv2.addWeighted(picture, share, grey, 1 - share, 0)
    return cv2.transform(mixed, np.diag(gains))


def cover(random: np.random.Generator, picture: np.ndarray, rows: np.ndarray) -> None:
    """Hides up to a half of some faces, and as many places without one, under a patch.

    Args:
        random: draws.
        picture: changed in place.
        rows: faces, (n, 15), box first, in pixels.
    """
    for row in rows:
        if random.random() < 0.15:
            _hide(random, picture, row[:4])
    for _ in range(random.poisson(0.5)):
        size = math.exp(random.uniform(math.log(10), math.log(150)))
        corner = random.uniform(-0.2, 1, 2) * picture.shape[1::-1]
        _hide(random, picture, np.array([*corner, size, 1.3 * size]))


def _hide(random: np.random.Generator, picture: np.ndarray, box: np.ndarray) -> None:
    """Lays a patch over up to four tenths of a box, from one side or across it: one tone, noise, or another place."""
    left, top, width, height = box
    share, place = random.uniform(0.15, 0.38), random.integers(5)
    x, y, w, h = {
        0: (left - 0.2 * width, top + (1 - share) * height, 1.4 * width, (share + 0.2) * height),
        1: (left - 0.2 * width, top - 0.3 * height, 1.4 * width, (share + 0.3) * height),
        2: (left - 0.3 * width, top - 0.2 * height, (share + 0.3) * width, 1.4 * height),
        3: (left + (1 - share) * width, top - 0.2 * height, (share + 0.3) * width, 1.4 * height),
        4: (left - 0.05 * width, top + 0.2 * height, 1.1 * width, share * 0.8 * height),
    }[int(place)]
    x0, y0 = max(0, int(x)), max(0, int(y))
    part = picture[y0 : max(y0, int(y + h)), x0 : max(x0, int(x + w))]
    if part.size == 0:
        return
    down, across = part.shape[:2]
    kind = random.integers(3)
    if kind == 0:
        part[:] = random.integers(0, 256, 3)
    elif kind == 1:
        part[:] = random.integers(0, 256, (down, across, 1))
    else:
        y1 = random.integers(0, picture.shape[0] - down + 1)
        x1 = random.integers(0, picture.shape[1] - across + 1)
        part[:] = picture[y1 : y1 + down, x1 : x1 + across][::-1].copy()


def _shaken(random: np.random.Generator, picture: np.ndarray) -> np.ndarray:
    """Smeared along a line of 3 to 9 pixels."""
    length, angle = int(random.integers(3, 10)), random.uniform(0, math.pi)
    kernel = np.zeros((9, 9), np.float32)
    for step in np.linspace(-length / 2, length / 2, 2 * length):
        kernel[round(4 + step * math.sin(angle) * 0.88), round(4 + step * math.cos(angle) * 0.88)] = 1
    return cv2.filter2D(picture, -1, kernel / kernel.sum())
