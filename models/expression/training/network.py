"""The expression network: a small residual network with two heads.

The body is a residual network (He et al., "Deep Residual Learning for Image Recognition", CVPR 2016) that halves
its resolution by average pooling instead of striding, so that the answer moves little when the face moves by a pixel
(Zhang, "Making Convolutional Networks Shift-Invariant Again", ICML 2019), with squeeze-and-excitation (Hu et al., CVPR
2018) where the maps are small. One head answers with the vote distribution of FER+, the other with the FER-2013 label.
"""

from __future__ import annotations

from layers import convolution, stages, standardise
from torch import Tensor, nn
from torch.nn import functional as F

CROP = 48
"""Side of the grey crop that the run time delivers, in pixels."""

FIELD = 44
"""Side of the middle of the crop that the network looks at while it is trained, in pixels of the crop."""

FERPLUS_CLASSES = 8
FER2013_CLASSES = 7


def prepare(crops: Tensor, side: int, field: int = FIELD) -> Tensor:
    """Turns crops into the network's input; the same in training and inside the exported file.

    Args:
        crops: (n, 1, 48, 48), grey values from 0 to 255.
        side: side of the network's input, in pixels.
        field: side of the middle of the crop that is looked at, in pixels of the crop.

    Returns:
        (n, 1, side, side), the middle of each crop, standardised and resampled bilinearly.
    """
    margin = (CROP - field) // 2
    middle = standardise(crops[:, :, margin : CROP - margin, margin : CROP - margin])
    return middle if side == field else F.interpolate(middle, size=(side, side), mode="bilinear", align_corners=False)


class ExpressionNet(nn.Module):
    """Grey faces to two sets of logits.

    Args:
        widths: channels of each stage; the stem halves the picture, each later stage halves the map.
        blocks: residual blocks of each stage.
        dropout: probability with which a feature is dropped before the heads.
    """

    def __init__(
        self, widths: tuple[int, ...] = (32, 80, 192), blocks: tuple[int, ...] = (2, 2, 2), dropout: float = 0.2
    ) -> None:
        super().__init__()
        self.stem = convolution(1, widths[0], 5, stride=2)
        self.body = stages(widths, blocks, attention=True)
        self.dropout = nn.Dropout(dropout)
        self.ferplus = nn.Linear(widths[-1], FERPLUS_CLASSES)
        self.fer2013 = nn.Linear(widths[-1], FER2013_CLASSES)

    def forward(self, faces: Tensor) -> tuple[Tensor, Tensor]:
        """Computes the logits of standardised faces.

        Args:
            faces: (n, 1, side, side), zero mean and unit deviation each; side is a multiple of 8.

        Returns:
            FER+ logits (n, 8) in the order of the votes and FER-2013 logits (n, 7) in the order of the labels.
        """
        features = self.body(F.relu(self.stem(faces))).mean(dim=(2, 3))
        features = self.dropout(features)
        return self.ferplus(features), self.fer2013(features)


class PlainNet(nn.Module):
    """The ancestor's design, for comparison: plain convolutions on 48x48 faces, one head, FER-2013 labels alone."""

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs, pool in ((1, 32, False), (32, 64, True), (64, 128, True), (128, 128, True)):
            layers += [nn.Conv2d(inputs, outputs, 3), nn.ReLU()]
            layers += [nn.MaxPool2d(2), nn.Dropout(0.25)] if pool else []
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Linear(128 * 4 * 4, 1024), nn.ReLU(), nn.Dropout(0.5))
        self.fer2013 = nn.Linear(1024, FER2013_CLASSES)

    def forward(self, faces: Tensor) -> tuple[None, Tensor]:
        """(n, 1, 48, 48) standardised faces to (no FER+ logits, FER-2013 logits (n, 7))."""
        return None, self.fer2013(self.body(faces))
