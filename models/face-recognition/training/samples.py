"""What the network sees in training: faces as a camera and our own five points would deliver them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import covers
import cv2
import numpy as np
import torch
from blends import Blends
from degrade import blur, compress, cover, degrade, light, noise, shrink
from faces import REACH, Faces
from network import SIDE
from objective import NOBODY
from torch import Tensor
from torch.nn import functional as F

ROOM = round(SIDE * REACH * 1.25)
"""Side to which cached pictures are reduced before they are sampled: 1.25 of its pixels are one of the network's."""
COVERS = 256
"""Covers that are drawn in advance."""


@dataclass(frozen=True)
class Jitter:
    """How far off a face may be laid out; each face draws its own, evenly.

    Attributes:
        shift: largest shift, sides of the laid-out face.
        scale: largest factor on its size.
        roll: largest turn, degrees.
        stretch: largest factor by which it is wider or narrower, as heads that are turned seem to be.
        mirror: whether every second one is mirrored.
    """

    shift: float = 0.0
    scale: float = 1.0
    roll: float = 0.0
    stretch: float = 1.0
    mirror: bool = False


POINTS = Jitter(0.02, 1.06, 4.0, 1.03)
"""What the points network leaves over: its points are off by 4.5 % of the distance between the eyes on the mean."""
TRAINING = Jitter(0.025, 1.07, 5.0, 1.05, mirror=True)


def reduced(canvases: np.ndarray) -> Tensor:
    """Cached pictures (n, CANVAS, CANVAS, 3) as (n, 1, ROOM, ROOM) uint8, grey."""
    small = np.empty((len(canvases), 1, ROOM, ROOM), np.uint8)
    for row, canvas in enumerate(canvases):
        grey = cv2.cvtColor(np.ascontiguousarray(canvas), cv2.COLOR_RGB2GRAY)
        small[row, 0] = cv2.resize(grey, (ROOM, ROOM), interpolation=cv2.INTER_AREA)
    return torch.from_numpy(small)


def laid_out(pictures: Tensor, jitter: Jitter) -> Tensor:
    """Samples the middle `1 / REACH` of reduced pictures, a little off: (n, 1, ROOM, ROOM) -> (n, 1, SIDE, SIDE)."""
    n = len(pictures)

    def evenly(most: float) -> Tensor:
        return torch.empty(n).uniform_(-1, 1) * most

    angle = evenly(jitter.roll * math.pi / 180)
    scale, stretch = evenly(math.log(jitter.scale)).exp() / REACH, evenly(math.log(jitter.stretch)).exp()
    mirror = torch.where(torch.rand(n) < 0.5, -1.0, 1.0) if jitter.mirror else torch.ones(n)
    across, down = scale * stretch * mirror, scale / stretch
    matrix = torch.stack(
        [
            torch.stack([across * angle.cos(), -down * angle.sin(), evenly(2 * jitter.shift) / REACH], dim=1),
            torch.stack([across * angle.sin(), down * angle.cos(), evenly(2 * jitter.shift) / REACH], dim=1),
        ],
        dim=1,
    )
    grid = F.affine_grid(matrix, [n, 1, SIDE, SIDE], align_corners=False)
    return F.grid_sample(pictures.float(), grid, mode="bilinear", padding_mode="border", align_corners=False)


def small(images: Tensor) -> Tensor:
    """Few pixels, as faces have that are far away."""
    return shrink(images, 20, 44)


CHANCES = ((blur, 0.12), (small, 0.12), (light, 0.25), (noise, 0.12), (compress, 0.12), (cover, 0.06))
"""What happens to a laid-out face, in this order, and with which probability."""
COVERED = 0.12
"""Share of the faces that wear a mask, a hat or glasses."""


class Samples:
    """Faces to train on, each as often as asked and never twice the same.

    Args:
        faces: all in the cache; only those of the training side are used.
        blends: mixtures of some of them.
    """

    def __init__(self, faces: Faces, blends: Blends) -> None:
        mine = np.flatnonzero(faces.sides == "train")
        pictures = reduced(faces.canvases[mine])
        rows = replace(blends, first=np.searchsorted(mine, blends.first), second=np.searchsorted(mine, blends.second))
        mixtures = [picture[None, None] for picture in rows.pictures(pictures[:, 0].numpy())]
        self._pictures = torch.cat([pictures, *map(torch.from_numpy, mixtures)])
        self.targets = torch.from_numpy(np.concatenate([faces.targets[mine], blends.targets]))
        people = np.full(len(self._pictures), NOBODY)
        # Of FER-2013 nobody knows who is who, and so many people of one picture each would cost more than they teach.
        known = np.flatnonzero(faces.kinds[mine] != "fer")
        people[known] = np.unique(faces.people[mine][known], return_inverse=True)[1]
        self.people = torch.from_numpy(people)
        alphas, levels = covers.bank(covers.KINDS, COVERS, ROOM, seed=0)
        self._alphas, self._levels = torch.from_numpy(alphas)[:, None], torch.from_numpy(levels)[:, None]

    def __len__(self) -> int:
        """How many faces there are."""
        return len(self._pictures)

    def centres(self) -> Tensor:
        """(people, 256) where each person is among the teacher's answers: the mean of their faces, length one."""
        real = self.people != NOBODY
        sums = torch.zeros(int(self.people.max()) + 1, self.targets.shape[1])
        return F.normalize(sums.index_add(0, self.people[real], self.targets[real]))

    @torch.no_grad()
    def draw(self, index: Tensor, strength: float = 1.0) -> Tensor:
        """These faces, each moved, and covered and damaged by chance: (n, 1, SIDE, SIDE), 0 to 255."""
        pictures = self._pictures[index].float()
        hidden = (torch.rand(len(index)) < COVERED * strength).nonzero().flatten()
        which = torch.randint(COVERS, (len(hidden),))
        alphas = self._alphas[which]
        pictures[hidden] = pictures[hidden] * (1 - alphas) + self._levels[which] * alphas
        chances = [(change, chance * strength) for change, chance in CHANCES]
        return degrade(laid_out(pictures, TRAINING), chances)
