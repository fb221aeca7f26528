"""Random crops of the cached photographs, with what the network should answer: faces, backgrounds, bad crops.

Everything works on a whole batch at once, on any device. Squares and affine maps are in the coordinates of
`torch.nn.functional.grid_sample`: both picture and crop reach from -1 to 1.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

import cv2
import numpy as np
import torch
from backgrounds import PATCH, REACH, Backgrounds
from network import CROP, MIRRORED
from photographs import Faces
from torch import Tensor
from torch.nn import functional as F

from assistant.senses.faces.points import PADDING

SMALLEST = 0.12
"""Of smaller faces, as part of the photograph's side, too little is left in the cache to learn from."""

OUTSIDE = 0.62
"""A square shows no face if the middle of every face is farther from its own than this part of its side; the loose
square of a face that is still to be found is at most 0.25 off on either axis."""

TOO_LARGE, TOO_SMALL = 3.2, 0.33
"""Or if it is so many times the loose square of the face in it."""


@dataclass(frozen=True)
class Jitter:
    """How far crops are from the face's own loose square; each number is drawn evenly, factors in their logarithm.

    Attributes:
        shift: of the middle, up to this part of the side on either axis.
        scale: of the face in the crop, between these factors.
        roll: up to this many degrees either way.
        stretch: width against height, up to this logarithm either way.
        mirror: whether half of them are mirrored.
    """

    shift: float = 0.0
    scale: tuple[float, float] = (1.0, 1.0)
    roll: float = 0.0
    stretch: float = 0.0
    mirror: bool = False


WIDE = Jitter(0.25, (0.6, 1.6), 50.0, 0.06, mirror=True)
NEAR = Jitter(0.10, (0.85, 1.2), 15.0, 0.04, mirror=True)


@dataclass
class Batch:
    """Crops and what should be answered.

    Attributes:
        crops: (n, 1, CROP, CROP) float32, 0 to 255.
        present: (n,) 1 for a face, 0 for none.
        coordinates: (n, 14) five points and the box as the network gives them; meaningless without a face.
        known: (n,) 1 where the points are known.
        covered: (n,) 1 where a mask covers the mouth, 0 where nothing does, -1 where nobody knows.
    """

    crops: Tensor
    present: Tensor
    coordinates: Tensor
    known: Tensor
    covered: Tensor

    @classmethod
    def joined(cls, batches: list[Batch]) -> Batch:
        """All of them as one."""
        return cls(*(torch.cat([vars(batch)[each.name] for batch in batches]) for each in fields(cls)))


def _evenly(n: int, low: float, high: float) -> Tensor:
    return torch.empty(n).uniform_(low, high)


def squares(middle: Tensor, side: Tensor, jitter: Jitter) -> tuple[Tensor, Tensor]:
    """Random affine maps from a crop to its picture.

    Args:
        middle: (n, 2) of the squares.
        side: (n,) of the squares, as part of the picture's.
        jitter: how far from them the crops are.

    Returns:
        (n, 2, 3) maps, and (n,) whether the crop is mirrored.
    """
    n = len(middle)
    roll = _evenly(n, -jitter.roll, jitter.roll) * (math.pi / 180)
    # A larger square shows a smaller face: the factors are those of the face.
    side = side / _evenly(n, *map(math.log, jitter.scale)).exp()
    stretch = _evenly(n, -jitter.stretch, jitter.stretch).exp()
    mirrored = (torch.rand(n) < 0.5) & jitter.mirror
    across = side * stretch * torch.where(mirrored, -1.0, 1.0)
    down = side / stretch
    linear = torch.stack(
        [
            torch.stack([across * roll.cos(), -down * roll.sin()], dim=1),
            torch.stack([across * roll.sin(), down * roll.cos()], dim=1),
        ],
        dim=1,
    )
    # In units of the crop, whose half side is 1: a shift of a quarter of the side is 0.5.
    shift = linear @ torch.empty(n, 2, 1).uniform_(-2 * jitter.shift, 2 * jitter.shift)
    return torch.cat([linear, middle.unsqueeze(2) + shift], dim=2), mirrored


def sample(pictures: Tensor, maps: Tensor, finely: int) -> Tensor:
    """Cuts crops out of pictures, the border repeated beyond them.

    Args:
        pictures: (n, side, side) uint8.
        maps: (n, 2, 3) from crop to picture.
        finely: each pixel of a crop is the mean of so many samples on either axis.

    Returns:
        (n, 1, CROP, CROP) float32.
    """
    n = len(pictures)
    grid = F.affine_grid(maps, [n, 1, finely * CROP, finely * CROP], align_corners=False)
    crops = F.grid_sample(pictures.unsqueeze(1).float(), grid, padding_mode="border", align_corners=False)
    return F.avg_pool2d(crops, finely)


def seen_through(maps: Tensor, mirrored: Tensor, rows: Tensor) -> Tensor:
    """Where points and box of faces lie in their crops.

    Args:
        maps: (n, 2, 3) from crop to picture.
        mirrored: (n,) whether the crop is mirrored.
        rows: (n, 14) box (middle, width, height) and five points, in fractions of the picture.

    Returns:
        (n, 14) five points and box in fractions of the crop. Width and height are those of the face's own upright
        box, however the crop is turned.
    """
    places = torch.cat([rows[:, :2], rows[:, 4:]], dim=1).view(-1, 6, 2) * 2 - 1
    inverse = torch.linalg.inv(maps[:, :, :2])
    inside = (places - maps[:, :, 2].unsqueeze(1)) @ inverse.transpose(1, 2) / 2 + 0.5
    points = torch.where(mirrored.view(-1, 1, 1), inside[:, 1:][:, list(MIRRORED)], inside[:, 1:])
    side = torch.linalg.det(maps[:, :, :2]).abs().sqrt().unsqueeze(1)
    return torch.cat([points.flatten(1), inside[:, 0], rows[:, 2:4] / side], dim=1)


class Crops:
    """Draws crops from the photographs of one group.

    Args:
        faces: what the teacher said.
        backgrounds: where nobody is.
        group: whose photographs.
        others: whether faces of people beside the one whom a photograph is of count too.
        finely: how finely crops are sampled, see `sample`; 1 samples reduced photographs, in a quarter of the time.
    """

    def __init__(
        self, faces: Faces, backgrounds: Backgrounds, group: int, *, others: bool = False, finely: int = 2
    ) -> None:
        self._finely = finely
        pictures = faces.pictures
        if finely == 1:
            pictures = np.array([cv2.resize(each, (PATCH, PATCH), interpolation=cv2.INTER_AREA) for each in pictures])
        self._pictures = torch.from_numpy(np.array(pictures))
        mine = np.flatnonzero(faces.groups == group)
        self._mine = torch.from_numpy(mine)
        large = np.sqrt(faces.rows[:, 3] * faces.rows[:, 4]) > SMALLEST
        chosen = np.isin(faces.rows[:, 0], mine) & large & (faces.named() | others)
        rows = faces.rows[chosen]
        self.rows = torch.from_numpy(rows[:, 1:]).float()
        self.known = torch.from_numpy(faces.known[chosen]).float()
        self.covered = torch.from_numpy(faces.covered[chosen]).float()
        self._numbers = torch.from_numpy(rows[:, 0]).long()
        # Every picture's faces side by side, absent ones far away.
        counts = np.bincount(faces.faint[:, 0].astype(int), minlength=len(faces.pictures))
        self._faint = torch.full((len(faces.pictures), counts.max(), 4), 1e3)
        self._faint[:, :, 2:] = 1e-6
        starts = np.concatenate([[0], np.cumsum(counts)[:-1]])
        for row, (number, *box) in enumerate(faces.faint.tolist()):
            self._faint[int(number), row - starts[int(number)]] = torch.tensor(box)
        theirs = backgrounds.groups == group
        self._patches = torch.from_numpy(backgrounds.patches[theirs & ~backgrounds.false])
        self._false = torch.from_numpy(backgrounds.patches[theirs & backgrounds.false])

    def __len__(self) -> int:
        """How many faces there are."""
        return len(self.rows)

    def faces(self, index: Tensor, jitter: Jitter) -> Batch:
        """One crop of each of these faces."""
        rows = self.rows[index]
        size = (rows[:, 2] * rows[:, 3]).sqrt()
        maps, mirrored = squares(rows[:, :2] * 2 - 1, PADDING * size, jitter)
        crops = self._sample(self._pictures[self._numbers[index]], maps)
        coordinates = seen_through(maps, mirrored, rows)
        return Batch(crops, torch.ones(len(index)), coordinates, self.known[index], self.covered[index])

    def nobody(self, n: int) -> Batch:
        """Crops without a face: a third each of empty pictures, of what was taken for a face, and beside faces."""
        third = n // 3
        anywhere = self._patches[torch.randint(len(self._patches), (third,))]
        anywhere_maps, _ = squares(
            _evenly(2 * third, -0.4, 0.4).view(-1, 2), _evenly(third, 0.4, 1.0), Jitter(roll=180, mirror=True)
        )
        false = self._false[torch.randint(len(self._false), (third,))]
        near = Jitter(0.15, (0.75, 1.3), 30.0, 0.06, mirror=True)
        near_maps, _ = squares(torch.zeros(third, 2), torch.full((third,), 1 / REACH), near)
        crops = torch.cat(
            [self._sample(anywhere, anywhere_maps), self._sample(false, near_maps), self._beside(n - 2 * third)]
        )
        return Batch(crops, torch.zeros(n), torch.zeros(n, 14), torch.zeros(n), torch.full((n,), -1.0))

    def _beside(self, n: int) -> Tensor:
        """Crops of photographs of people that show no face, or one far too large or too small."""
        numbers = self._mine[torch.randint(len(self._mine), (6 * n,))]
        middle = torch.rand(6 * n, 2)
        side = _evenly(6 * n, math.log(0.15), math.log(1.6)).exp()
        boxes = self._faint[numbers]
        away = (boxes[:, :, :2] - middle.unsqueeze(1)).abs().amax(dim=2) / side.unsqueeze(1)
        ratio = side.unsqueeze(1) / (PADDING * (boxes[:, :, 2] * boxes[:, :, 3]).sqrt())
        fine = ((away > OUTSIDE) | (ratio > TOO_LARGE) | (ratio < TOO_SMALL)).all(dim=1).nonzero().flatten()[:n]
        fine = fine[torch.arange(n) % len(fine)]
        maps, _ = squares(middle[fine] * 2 - 1, side[fine], Jitter(roll=30, mirror=True))
        return self._sample(self._pictures[numbers[fine]], maps)

    def _sample(self, pictures: Tensor, maps: Tensor) -> Tensor:
        return sample(pictures, maps, self._finely)
