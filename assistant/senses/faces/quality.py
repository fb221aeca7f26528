"""How far an expression can be read from a crop at all; networks stay sure where there is nothing to see.

The limits were set with version 1.0.0 of the expression model on validation faces of FER-2013, made small, cut, dimmed
and blurred, with noise: where the answers that are told unhedged stop being right nine times in ten. They hold for
1.1.0, on 1,500 such faces: told unhedged and right are 0.92 untouched; 0.90 at 24 pixels, and nothing is told at 16
(without the limits 0.86 would be right); with a fifth cut off at the chin 0.91, and nothing is told with 0.3 (0.81); at
a tenth of the light 0.89, at a twentieth 0.91, and nothing is told at a thirtieth (0.88); blurred by 1.5 pixels of the
crop 0.90, by 2 pixels 0.89 (0.84), by 2.5 pixels 0.85 (0.80), where one face in twelve is told. Version 1.2.0 has the
same answers and is told unhedged less often, so that they were left as they are.
"""

import numpy as np
from numpy import float32, uint8
from numpy.typing import NDArray

from assistant.senses.picture import fineness, smoothed

SIDE = (12.0, 24.0)
"""Side of the square in the frame, pixels: up to the first nothing is read, from the second on everything."""
INSIDE = (0.6, 0.85)
"""Part of the square inside the frame, likewise."""
CONTRAST = (1.5, 3.5)
"""Standard deviation of the crop, grey levels, likewise."""
FINENESS = (0.10, 0.25)
"""`picture.fineness` of the crop, likewise."""


def quality(crop: NDArray[uint8], side: float, inside: float) -> float:
    """How much the network's answer is to be trusted.

    Args:
        crop: uint8 (48, 48), grey.
        side: Side of the square in the frame, pixels.
        inside: Part of the square that lies within the frame, 0 to 1.

    Returns:
        0 (not at all) to 1 (as its calibration says).
    """
    grey = smoothed(crop.astype(float32))
    return min(
        _ramp(side, SIDE),
        _ramp(inside, INSIDE),
        _ramp(float(np.std(crop)), CONTRAST),
        _ramp(fineness(grey), FINENESS),
    )


def _ramp(value: float, limits: tuple[float, float]) -> float:
    """0 up to the first limit, 1 from the second on, linear between."""
    none, full = limits
    return float(np.clip((value - none) / (full - none), 0.0, 1.0))
