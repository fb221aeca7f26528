"""Whether a part of the picture still shows the same flat thing, seen from wherever the camera is by now.

A camera that moves before something flat changes its picture by a homography, and nearly so before its near
surroundings; what a homography, another brightness and another contrast do not explain has moved by itself. The
homography is found by inverse compositional alignment (Baker and Matthews, "Lucas-Kanade 20 Years On: A Unifying
Framework", IJCV 2004), whose equations are solved once for a template and not again for every picture.
"""

from math import cos, sin

import cv2
import numpy as np
from numpy import float32, float64
from numpy.typing import NDArray

from assistant.domain.values import Pixels
from assistant.senses.faces.crop import Square

SIDE = 48
"""The template is looked at as this many by this many pixels."""
BLUR = 1.0
"""Standard deviation of the blur against noise, pixels of the template."""
MARGIN = 5
"""Half of this beside the picture's edge is not compared, for the blur reaches over it; pixels of the template."""
ROUNDS = 5
"""At most so many steps of the alignment."""
BLOCK = 5
"""Differences are averaged over blocks of this side, pixels of the template: an eye that closes is larger."""
SLACK = 0.2
"""Edges that lie this far beside their place are no difference, pixels of the template."""
NOISE = 0.1
"""Differences of this size are none, in standard deviations of the template."""

Matrix = NDArray[float64]
Picture = NDArray[float32]


class PlanarTemplate:
    """A part of a picture, kept to be compared.

    Args:
        pixels: uint8 (height, width, 3), RGB.
        where: The part; may reach over the edge, beyond which nothing is compared.
    """

    def __init__(self, pixels: Pixels, where: Square) -> None:
        here = _map(where)
        self._template, self._inside = _Patch(pixels, here).sample(here)
        self._contrast = float(self._template.std()) + 2
        across = np.asarray(cv2.Sobel(self._template, cv2.CV_32F, 1, 0, scale=SIDE / 16), float32)
        down = np.asarray(cv2.Sobel(self._template, cv2.CV_32F, 0, 1, scale=SIDE / 16), float32)
        self._equations = _equations(self._template, across, down)
        exact = self._equations.astype(float64)
        self._solution = np.linalg.solve(exact.T @ exact + 1e-3 * np.eye(10), exact.T).astype(float32)
        steepness = (across**2 + down**2) * (2 / SIDE / self._contrast) ** 2
        self._allowed = _averaged(steepness) * SLACK**2 + NOISE**2

    def difference(self, pixels: Pixels, where: Square, enough: float = 0.0) -> float:
        """By how much the part differs where it differs most, after the best alignment.

        Args:
            pixels: Another picture, of any size.
            where: Where the part should be by now, to within a tenth of its side.
            enough: The search ends at a difference below this.

        Returns:
            Mean square difference in the worst block, as a multiple of what noise and inexact alignment explain.
        """
        here = _map(where)
        patch = _Patch(pixels, here)
        least = float("inf")
        for _ in range(ROUNDS):
            sample, inside = patch.sample(here)
            compared = (inside & self._inside).ravel()
            beside = (sample - self._template).ravel() * compared
            step = self._solution @ beside
            rest = (beside - self._equations @ step) * compared / (self._contrast * max(0.5, 1 + step[8]))
            least = min(least, float((_averaged(rest.reshape(SIDE, SIDE) ** 2) / self._allowed).max()))
            here = here @ np.linalg.inv(np.eye(3) + np.append(step[:8], 0).reshape(3, 3))
            if least < enough or not _plausible(here):
                break
            here = here / here[2, 2]
        return least


class _Patch:
    """The upright part of a picture round the compared one, grey and no finer than needed."""

    def __init__(self, pixels: Pixels, here: Matrix) -> None:
        height, width = pixels.shape[:2]
        corners = _carried(here, 1.2)
        left, top = (int(np.clip(low, 0, high - 1)) for low, high in zip(corners.min(0), (width, height), strict=True))
        right, bottom = (int(v) for v in np.clip(corners.max(0) + 1, (left + 1, top + 1), (width, height)))
        grey = cv2.cvtColor(pixels[top:bottom, left:right], cv2.COLOR_RGB2GRAY)
        factor = max(1, min(int(np.hypot(here[0, 0], here[1, 0]) / SIDE), *grey.shape))
        across, down = grey.shape[1] // factor, grey.shape[0] // factor
        grey = grey[: down * factor, : across * factor]
        self._grey = cv2.resize(grey, (across, down), interpolation=cv2.INTER_AREA) if factor > 1 else grey
        self._matrix = np.array(
            [[1 / factor, 0, -left / factor - 0.5], [0, 1 / factor, -top / factor - 0.5], [0, 0, 1]]
        )
        self._size = across, down

    def sample(self, here: Matrix) -> tuple[Picture, NDArray[np.bool_]]:
        """The compared part, float32 (SIDE, SIDE), and which of it lies inside the picture."""
        matrix = self._matrix @ here
        fine = cv2.warpPerspective(
            self._grey,
            matrix @ _grid(2 * SIDE),
            (2 * SIDE, 2 * SIDE),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        grey = cv2.resize(fine, (SIDE, SIDE), interpolation=cv2.INTER_AREA).astype(float32)
        x, y, depth = np.tensordot(matrix @ _grid(SIDE), _PLACES, 1)
        inside = (x > -depth) & (y > -depth) & (x < self._size[0] * depth) & (y < self._size[1] * depth)
        unblurred = cv2.erode(inside.astype(np.uint8), np.ones((MARGIN, MARGIN), np.uint8)).astype(bool)
        return np.asarray(cv2.GaussianBlur(grey, (0, 0), BLUR), float32), unblurred


_PLACES = np.stack([*np.meshgrid(np.arange(SIDE), np.arange(SIDE)), np.ones((SIDE, SIDE))])
"""(3, SIDE, SIDE): column, row and 1 of every pixel of a template."""


def _map(where: Square) -> Matrix:
    """Carries (-1, -1) to (1, 1) onto a square of the picture, pixels."""
    a, b = where.side / 2 * cos(where.roll), where.side / 2 * sin(where.roll)
    return np.array([[a, -b, where.x], [b, a, where.y], [0, 0, 1]])


def _grid(side: int) -> Matrix:
    """Carries the middles of side x side pixels into -1 to 1."""
    return np.array([[2 / side, 0, 1 / side - 1], [0, 2 / side, 1 / side - 1], [0, 0, 1]])


def _carried(here: Matrix, reach: float) -> Matrix:
    """Where the corners of a square of twice this side lie: (4, 2)."""
    ends = here @ np.array([[-reach, reach, reach, -reach], [-reach, -reach, reach, reach], [1, 1, 1, 1]])
    return np.asarray((ends[:2] / ends[2]).T)


def _plausible(here: Matrix) -> bool:
    """Whether a map still looks at something from the front."""
    depth = here[2] @ np.array([[-1, 1, 1, -1], [-1, -1, 1, 1], [1, 1, 1, 1]])
    return bool(here[2, 2] != 0 and (depth / here[2, 2] > 0.2).all())


def _equations(template: Picture, across: Picture, down: Picture) -> Picture:
    """How the template changes with the eight numbers of a homography, with contrast and with brightness.

    Returns:
        float32 (SIDE * SIDE, 10).
    """
    u, v = ((_grid(SIDE) @ _PLACES.reshape(3, -1))[:2]).reshape(2, SIDE, SIDE)
    away = -(across * u + down * v)
    columns = [across * u, across * v, across, down * u, down * v, down, away * u, away * v]
    columns += [template - template.mean(), np.ones_like(template)]
    return np.stack(columns, axis=-1).reshape(-1, 10).astype(float32)


def _averaged(picture: NDArray[float32]) -> Picture:
    return np.asarray(cv2.blur(picture, (BLOCK, BLOCK)), float32)
