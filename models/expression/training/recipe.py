"""How a network is trained: the recipes that `train.py --recipe` knows."""

from __future__ import annotations

from dataclasses import dataclass

from network import CROP


@dataclass(frozen=True)
class Recipe:
    """How a network is trained.

    Attributes:
        network: "residual" (two heads) or "plain" (one head, FER-2013 labels alone).
        epochs: passes over as many pictures as the training split has.
        batch: pictures a step, in all processes together.
        rate: peak learning rate.
        sides: (share of the training after which it starts, side of the network's input in pixels), rising.
        mixup: share of batches whose pictures are blended in pairs (Zhang et al., ICLR 2018).
        balance: pictures are drawn with probability class_size ** -balance; 0 shows each once an epoch.
        smoothing: share of a FER-2013 label spread over all classes (Szegedy et al., CVPR 2016).
        ema: how much of the averaged weights each step keeps (Tarvainen and Valpola, NeurIPS 2017).
        strength: of the augmentation, as `augment` takes it; 0: pictures stay as they are.
        refine: share of the training after which nothing is mixed up any more and half as many pictures are degraded,
            so that the last steps see what the run time sees (He et al., "Data Augmentation Revisited", 2019).
        label_weights: (share of the training after which it starts, weight of the FER-2013 loss beside that of FER+).
        taught: how much of what a teacher says goes into the targets, where there is one; the rest is the data set's.
        unlabelled: share of the drawn pictures that only the teacher has labelled.
    """

    network: str = "residual"
    epochs: int = 110
    batch: int = 128
    rate: float = 0.1
    sides: tuple[tuple[float, int], ...] = ((0.0, 32), (0.4, 40))
    mixup: float = 0.5
    balance: float = 0.3
    smoothing: float = 0.1
    ema: float = 0.999
    strength: float = 1.0
    refine: float = 0.58
    label_weights: tuple[tuple[float, float], ...] = ((0.0, 1.0), (0.76, 2.0))
    taught: float = 0.5
    unlabelled: float = 0.25

    def side_at(self, progress: float) -> int:
        """Side of the network's input in pixels, after this share of the training."""
        return [side for start, side in self.sides if progress >= start - 1e-9][-1]

    def label_weight_at(self, progress: float) -> float:
        """Weight of the FER-2013 loss beside that of FER+, after this share of the training."""
        return [weight for start, weight in self.label_weights if progress >= start - 1e-9][-1]


RECIPES = {
    "expression": Recipe(),
    "further": Recipe(epochs=40, rate=0.03, sides=((0.0, 40),), refine=0.0, label_weights=((0.0, 2.0),)),
    "student": Recipe(
        epochs=40,
        rate=0.03,
        sides=((0.0, 40),),
        mixup=0.25,
        balance=0.4,
        smoothing=0.0,
        strength=1.3,
        refine=0.6,
        label_weights=((0.0, 1.5),),
    ),
    "baseline": Recipe(
        network="plain",
        epochs=120,
        batch=64,
        rate=0.01,
        sides=((0.0, CROP),),
        mixup=0.0,
        balance=0.0,
        smoothing=0.0,
        ema=0.0,
        strength=0.0,
    ),
}
"""`expression` makes the network; `further` goes on from its weights (`--weights`) at a lower rate; `student` too, and
learns from a teacher (`--taught`) how faces from other sources look, under heavier augmentation; `baseline` is the
ancestor's plain network, to measure the gain."""
