"""Where somebody is and how far away, in words for the person who wears the camera.

All of it follows from the box of a face and the camera's field of view; the lens is taken for one without distortion.
"""

from math import atan, degrees, hypot, pow, radians, sqrt, tan

from assistant.domain.values import Box

FIELD_OF_VIEW = 60.0
"""Taken where the camera's is not known: degrees across the picture. Webcams have 50 to 80."""
FACE_M = 0.149
"""Side of the square that has the area of a face's box, metres: of 982 faces of LFW that YuNet found from the front it
is 2.36 times the distance between the eyes (standard deviation 4 %), which is 63 mm (Dodgson, "Variation and extrema of
human interpupillary distance", 2004). Brows to chin that is 0.17 m; the square changes less where a head is turned or
tilted than its height or its width does."""
DISTANCES = ((0.6, "very_near"), (1.5, "one_metre"), (2.5, "two_metres"))
"""Below how many metres it is called so; beyond, "far"."""
NEAR_M = 1.5
"""Where the field of view is not known, only near and far are told apart; and at this, metres."""
STRAIGHT = ("ahead", "12 o'clock")
"""The places that are straight ahead."""
AHEAD = 15.0
"""Half of the angle that is "ahead" and, on the clock, twelve: degrees."""


def place(box: Box, field_of_view: float | None, clock: bool) -> str:
    """Where a face is: "left", "ahead" or "right", or the hour on a clock of which twelve is ahead, "11 o'clock".

    Args:
        box: In fractions of the frame.
        field_of_view: Across the frame, degrees. None: the sides are thirds of the frame, and hours are reckoned with
            `FIELD_OF_VIEW`.
        clock: Whether hours are wanted.
    """
    angle = bearing(box, field_of_view)
    if clock:
        return f"{round(angle / (2 * AHEAD)) % 12 or 12} o'clock"
    off, limit = (box.centre[0] - 0.5, 1 / 6) if field_of_view is None else (angle, AHEAD)
    return "left" if off < -limit else "right" if off > limit else "ahead"


def bearing(box: Box, field_of_view: float | None) -> float:
    """By how many degrees a face lies to the right of straight ahead; negative: to the left."""
    return degrees(atan((2 * box.centre[0] - 1) * _half_width(field_of_view)))


def metres(box: Box, aspect: float, field_of_view: float | None) -> float:
    """How far away a face is.

    What is seen at an angle is drawn larger on a flat picture, by the power 3/2 of one over its cosine for the side of
    a square that faces the camera.

    Args:
        box: In fractions of the frame.
        aspect: Width of the frame / its height.
        field_of_view: Across the frame, degrees; None: `FIELD_OF_VIEW`.
    """
    half = _half_width(field_of_view)
    x, y = box.centre
    across, down = (2 * x - 1) * half, (2 * y - 1) * half / aspect
    side = 2 * half * sqrt(max(box.area, 1e-9) / aspect)
    return FACE_M / side * pow(hypot(1, across, down), 1.5)


def distance(away_m: float, configured: bool) -> str:
    """A distance as a word; without a configured field of view "near" or "far"."""
    if not configured:
        return "near" if away_m < NEAR_M else "far"
    return next((word for limit, word in DISTANCES if away_m < limit), "far")


def edge(box: Box) -> str:
    """The edge of the frame over which a face reaches farthest, or to which it is nearest."""
    over = {
        "left": -box.left,
        "right": box.left + box.width - 1,
        "top": -box.top,
        "bottom": box.top + box.height - 1,
    }
    return max(over, key=over.__getitem__)


def _half_width(field_of_view: float | None) -> float:
    """Half of the frame's width, in focal lengths."""
    return tan(radians(field_of_view or FIELD_OF_VIEW) / 2)
