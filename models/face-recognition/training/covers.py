"""Masks, hats and glasses, drawn on faces that are laid out; none is a photograph of anything."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from faces import REACH

KINDS = ("mask", "hat", "glasses", "sunglasses")
_EYES = ((0.316, 0.462), (0.683, 0.462))
_BROW, _CHIN, _TEMPLES = 0.33, 1.12, (0.02, 0.98)


def drawn(kind: str, random: np.random.Generator, side: int) -> tuple[np.ndarray, np.ndarray]:
    """One cover, a little different each time.

    Args:
        kind: one of `KINDS`.
        random: what makes it different.
        side: of the cached picture on which it is laid, pixels.

    Returns:
        How far it hides each pixel, (side, side) float32 from 0 to 1, and its own grey level there.
    """
    shape = np.zeros((side, side), np.uint8)
    {"mask": _mask, "hat": _hat, "glasses": _frames, "sunglasses": _sunglasses}[kind](shape, random)
    alpha = cv2.GaussianBlur(shape, (0, 0), side / 200).astype(np.float32) / 255
    rows, columns = np.mgrid[-1 : 1 : side * 1j, -1 : 1 : side * 1j]
    slope = random.normal(0, 18, 2)
    dark = kind == "sunglasses" or random.random() < 0.4
    level = random.uniform(8, 50) if dark else random.uniform(60, 235)
    folds = 8 * np.sin(random.uniform(6, 16) * rows + random.uniform(0, 6)) if kind == "mask" else 0
    return alpha, (level + slope[0] * rows + slope[1] * columns + folds).clip(0, 255).astype(np.float32)


def bank(kinds: Sequence[str], n: int, side: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """`n` covers of these kinds in turn: (n, side, side) of each of what `drawn` gives."""
    random = np.random.default_rng(seed)
    pairs = [drawn(kinds[number % len(kinds)], random, side) for number in range(n)]
    alphas, levels = zip(*pairs, strict=True)
    return np.array(alphas), np.array(levels)


def worn(canvases: np.ndarray, kind: str, seed: int) -> np.ndarray:
    """Cached pictures (n, side, side, 3) uint8 with a cover on each, always the same for one seed."""
    alphas, levels = bank((kind,), len(canvases), canvases.shape[1], seed)
    covered = canvases * (1 - alphas[..., None]) + (alphas * levels)[..., None]
    return np.asarray(covered.round(), np.uint8)


def _pixels(places: np.ndarray, side: int) -> np.ndarray:
    """Fractions of the laid-out face as sixteenths of a pixel of the cached picture."""
    return np.round(((np.asarray(places) - 0.5) / REACH + 0.5) * side * 16).astype(np.int32)


def _mask(shape: np.ndarray, random: np.random.Generator) -> None:
    bridge, cheek = random.uniform(0.48, 0.6), random.uniform(0.54, 0.68)
    half = [(0.5, bridge), (0.72, (bridge + cheek) / 2), (0.93, cheek), (0.92, 0.9), (0.72, 1.04), (0.5, _CHIN)]
    outline = [*half, *[(1 - x, y) for x, y in half[-2:0:-1]]]
    moved = np.array(outline) + random.normal(0, 0.012, (len(outline), 2))
    cv2.fillPoly(shape, [_pixels(moved, len(shape))], 255, cv2.LINE_AA, 4)


def _hat(shape: np.ndarray, random: np.random.Generator) -> None:
    brim = _BROW + random.uniform(-0.12, 0.05)
    bend, tilt = random.uniform(-0.06, 0.06), random.normal(0, 0.025)
    across = np.linspace(-0.2, 1.2, 15)
    edge = brim + bend * (2 * across - 1) ** 2 + tilt * (2 * across - 1)
    outline = [*zip(across, edge, strict=True), (1.2, -0.3), (-0.2, -0.3)]
    cv2.fillPoly(shape, [_pixels(np.array(outline), len(shape))], 255, cv2.LINE_AA, 4)


def _frames(shape: np.ndarray, random: np.random.Generator) -> None:
    _pair(shape, random, max(1, round(len(shape) * random.uniform(0.01, 0.03))))


def _sunglasses(shape: np.ndarray, random: np.random.Generator) -> None:
    _pair(shape, random, -1)
    np.multiply(shape, random.uniform(0.8, 1.0), out=shape, casting="unsafe")


def _pair(shape: np.ndarray, random: np.random.Generator, thickness: int) -> None:
    """Two lenses, filled where `thickness` is negative, and what holds them."""
    across, down, drop = random.uniform(0.13, 0.18), random.uniform(0.08, 0.14), random.uniform(-0.01, 0.04)
    scale, line = len(shape) / REACH * 16, max(1, thickness)
    for x, y in _EYES:
        (middle,) = _pixels(np.array([(x, y + drop)]), len(shape))
        axes = (round(across * scale), round(down * scale))
        cv2.ellipse(shape, middle.tolist(), axes, 0, 0, 360, 255, thickness, cv2.LINE_AA, 4)
    y = _EYES[0][1] + drop - 0.02
    inner, outer = (_EYES[0][0] + across, _EYES[1][0] - across), (_EYES[0][0] - across, _EYES[1][0] + across)
    for left, right in (inner, (_TEMPLES[0], outer[0]), (outer[1], _TEMPLES[1])):
        ends = _pixels(np.array([(left, y), (right, y)]), len(shape)).tolist()
        cv2.line(shape, ends[0], ends[1], 255, line, cv2.LINE_AA, 4)
