"""What the network sees in training: views of faces as a camera would deliver them."""

from __future__ import annotations

import covers
import numpy as np
import torch
from degrade import blur, compress, cover, degrade, light, noise, shrink
from faces import REACH, Faces, grey
from network import SIDE
from objective import NOBODY
from torch import Tensor
from torch.nn import functional as F
from views import STEPS, Views


def small(images: Tensor) -> Tensor:
    """Few pixels, as faces have that are far away."""
    return shrink(images, 20, 44)


CHANCES = ((blur, 0.12), (small, 0.12), (light, 0.25), (noise, 0.12), (compress, 0.12), (cover, 0.06))
"""What happens to a view, in this order, and with which probability."""
COVERED = 0.12
"""Share of the faces that wear a mask, a hat or glasses."""
COVERS = 256
"""Covers that are drawn in advance."""


class Samples:
    """Views to train on, each as often as asked and never twice the same.

    Args:
        faces: all in the cache.
        views: of those that train.

    Attributes:
        targets: (n, 256) what the teacher says of each view, length one.
        people: (n,) whom it shows, a row of `centres`, or `NOBODY`.
        centres: (people, 256) where each person is among the teacher's answers: the mean of their views, length one.
    """

    def __init__(self, faces: Faces, views: Views) -> None:
        self._pictures = torch.from_numpy(views.pictures)[:, None]
        self._maps = views.maps
        self.targets = torch.from_numpy(views.targets)
        self.people, self.centres = _people(faces, views)
        room = round(SIDE * REACH)
        edge = (room - SIDE) // 2
        alphas, levels = covers.bank(covers.KINDS, COVERS, room, seed=0)
        middle = slice(edge, edge + SIDE)
        self._alphas = torch.from_numpy(alphas[:, None, middle, middle])
        self._levels = torch.from_numpy(levels[:, None, middle, middle])

    def __len__(self) -> int:
        """How many views there are."""
        return len(self._pictures)

    def maps(self, index: Tensor) -> list[Tensor]:
        """What the teacher sees inside these views, (n, channels, height, width) each, in standard deviations."""
        rows = index.numpy()
        return [torch.from_numpy(kept[rows]).float() / STEPS for kept in self._maps]

    @torch.no_grad()
    def draw(self, index: Tensor, strength: float = 1.0) -> Tensor:
        """These views, covered and damaged by chance: (n, 1, SIDE, SIDE), 0 to 255."""
        pictures = self._pictures[index].float()
        hidden = (torch.rand(len(index)) < COVERED * strength).nonzero().flatten()
        which = torch.randint(COVERS, (len(hidden),))
        alphas = self._alphas[which]
        pictures[hidden] = pictures[hidden] * (1 - alphas) + self._levels[which] * alphas
        return degrade(pictures, [(change, chance * strength) for change, chance in CHANCES])


def plain(canvases: np.ndarray) -> Tensor:
    """Cached pictures as the run time delivers them: (n, CANVAS, CANVAS, 3) -> (n, 1, SIDE, SIDE) float32."""
    return torch.from_numpy(grey(canvases, SIDE))[:, None].float()


def _people(faces: Faces, views: Views) -> tuple[Tensor, Tensor]:
    """Who each view shows, a row of the second answer or `NOBODY`; where each person's faces lie on the mean.

    Of FER-2013 nobody knows who is who, and so many people of one picture each would cost more than they teach.
    """
    people = np.full(len(views.rows), NOBODY)
    known = np.flatnonzero((views.rows != NOBODY) & (faces.kinds[views.rows] != "fer"))
    people[known] = np.unique(faces.people[views.rows[known]], return_inverse=True)[1]
    sums = torch.zeros(int(people.max()) + 1, views.targets.shape[1])
    sums.index_add_(0, torch.from_numpy(people[known]), torch.from_numpy(views.targets[known]))
    return torch.from_numpy(people), F.normalize(sums)
