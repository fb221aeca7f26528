"""Which cell answers for which face, and what a wrong answer costs."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

SIZES = {8: (0.0, 46.0), 16: (28.0, 96.0), 32: (62.0, 1e9)}
"""Faces (root of the area, pixels) for which a scale answers, by its stride; they overlap."""
SLACK = 1.35
"""Faces so many times too small or too large for a scale are neither right nor wrong there."""
CORE, RIM = 0.28, 0.45
"""Cells so near to a face's middle (in its sides) answer for it; between the two nothing is asked of them."""
BOX_WEIGHT, POINTS_WEIGHT = 1.5, 2.0


def assign(cells: Tensor, faces: Tensor) -> tuple[Tensor, Tensor]:
    """Gives faces to cells.

    Args:
        cells: (cells, 3) as `network.grid` gives them.
        faces: (n, most, 16) box, points, 1 for a face, 0 for a place that is left out, -1 for nothing, and 1 where
            the points are known.

    Returns:
        (n, cells) the number of the cell's face, -1 where it has none; and whether the cell's score counts.
    """
    boxes, kind = faces[:, None, :, :4], faces[:, None, :, 14]
    sides = boxes[..., 2:].clamp(min=1e-3)
    away = (cells[:, None, :2] - boxes[..., :2] - sides / 2).abs()
    near = (away / sides).square().sum(-1).sqrt()
    size = sides.prod(-1).sqrt()
    stride = cells[:, 2]
    least, most = (stride.new_tensor([SIZES[int(s)][end] for s in stride.tolist()])[:, None] for end in (0, 1))
    fits = (kind == 1) & (size >= least) & (size <= most)
    nearly = (kind == 1) & (size >= least / SLACK) & (size <= most * SLACK)
    mine = fits & ((near < CORE) | (away <= stride[:, None, None] / 2).all(-1))
    left_out = (nearly & (near < RIM)) | ((kind == 0) & (near < 0.75))
    nearest, number = near.masked_fill(~mine, torch.inf).min(-1)
    number = number.masked_fill(nearest.isinf(), -1)
    return number, (number >= 0) | ~left_out.any(-1)


def loss_of(answers: Tensor, faces: Tensor, cells: Tensor) -> tuple[Tensor, dict[str, float]]:
    """The loss of a batch, and its parts.

    The score is asked for the middle between one and how well the box fits (Li et al., "Generalized Focal Loss",
    NeurIPS 2020; the fit alone says little of small faces, whose boxes never fit well); boxes by their generalised
    overlap (Rezatofighi et al., CVPR 2019); points by their distance in sides of the face.
    """
    with torch.no_grad():
        number, counts = assign(cells, faces)
    has = number >= 0
    picture = torch.arange(len(faces))[:, None].expand_as(number)[has]
    wanted, given = faces[picture, number[has]], answers[has]
    corner = wanted[:, :2]
    overlap, generalised = _overlaps(given[:, 1:3] - given[:, 3:5] / 2, given[:, 3:5], corner, wanted[:, 2:4])
    quality = torch.zeros_like(answers[..., 0])
    quality[has] = (1 + overlap.detach()) / 2
    logit = answers[..., 0]
    focus = (quality - logit.sigmoid()).detach().abs().square()
    score = (focus * F.binary_cross_entropy_with_logits(logit, quality, reduction="none"))[counts].sum()
    n = max(1, len(wanted))
    side = wanted[:, 2:4].prod(-1).sqrt()[:, None]
    known = wanted[:, 15] == 1
    given_points, points = given[known, 5:] / side[known], wanted[known, 4:14] / side[known]
    apart = F.smooth_l1_loss(given_points, points, beta=0.05, reduction="sum") / 10 / max(1, len(points))
    parts = {"score": score / n, "box": (1 - generalised).sum() / n, "points": apart}
    total = parts["score"] + BOX_WEIGHT * parts["box"] + POINTS_WEIGHT * parts["points"]
    return total, {name: float(value.detach()) for name, value in parts.items()}


def _overlaps(corner: Tensor, sides: Tensor, other: Tensor, other_sides: Tensor) -> tuple[Tensor, Tensor]:
    """Intersection over union of boxes (n, 2) and (n, 2), and the generalised one."""
    far, other_far = corner + sides, other + other_sides
    shared = (torch.minimum(far, other_far) - torch.maximum(corner, other)).clamp(min=0).prod(-1)
    union = sides.prod(-1) + other_sides.prod(-1) - shared
    hull = (torch.maximum(far, other_far) - torch.minimum(corner, other)).prod(-1)
    overlap = shared / union
    return overlap, overlap - (hull - union) / hull
