"""How a head is turned towards the camera, from five points and the camera's geometry, and whether it faces you.

It is the head and not the gaze: eyes may look at somebody whom the head does not face.

The pose that carries a rigid head of five points onto the picture is found by SQPnP (Terzakis and Lourakis, "A
Consistently Fast and Globally Optimal Solution to the Perspective-n-Point Problem", ECCV 2020), which seeks the best
of all poses and so does not stop at a flipped one. On heads of another shape (each measure up to 10 % off), points
3.5 % of the distance between the eyes off, yaw to 60, pitch to 30 and roll to 40 degrees, anywhere in the picture, 95 %
of the errors are below 9 degrees of yaw, 11 of pitch and 7 of roll.
"""

from math import atan2, degrees, exp, hypot, radians, tan

import cv2
import numpy as np
from numpy.typing import NDArray

from assistant.domain.place import FIELD_OF_VIEW
from assistant.domain.values import Landmarks, Pose

FARTHEST = 10.0
"""Points farther than this from the middle of the frame, in its widths or heights, are no points of a face."""
HEAD = np.array(
    [[-31.5, 0.0, 0.0], [31.5, 0.0, 0.0], [0.0, 32.6, -37.3], [-26.1, 60.4, -4.8], [26.1, 60.4, -4.8]],
)
"""The five points on a head that looks into the camera: x to the right of the picture, y down, z away; millimetres.

The eyes are 63 mm apart (Dodgson, "Variation and extrema of human interpupillary distance", 2004). Across and down it
is the mean of YuNet's points on 982 of 2,574 photographs of LFW, those in which the nose lies midway between the eyes;
so level (pitch 0) is how the people of press photographs hold their heads. Depths are those of MediaPipe's canonical
face (Apache-2.0; eyes: the mean of lids and corners).
"""
WORST_FIT = 0.17
"""Points that the best pose misses by more (root mean square, as a part of their spread) are no face: 2,691 real ones
miss by 0.14 at most, while of random ones one in a hundred gets below this."""
FACING_YAW = 25.0
"""A head turned this far is as likely said to face you as not, degrees. Five points know the yaw to about 10, and eyes
easily reach whom the head misses by 20."""
FACING_PITCH = 35.0
"""The same for a head bowed or raised, degrees: wider, because a camera on the chest looks up at a face that looks at
its wearer's eyes, and because the shape of a head is taken for some pitch."""
SOFTNESS = 4.0
"""How gradually the limits are passed: degrees from even to 73 %."""


def head_pose(landmarks: Landmarks, width: int, height: int, field_of_view: float | None = None) -> Pose | None:
    """How a head is turned towards the camera, or rather to the line of sight that leads to it.

    So a face at the edge of the picture that looks into the camera has a pose of zeros, as one in the middle has. The
    line of sight is reached from the camera's axis by panning and then tilting; from there the head is pitched, then
    turned (yaw), then rolled in the picture.

    Args:
        landmarks: Five points, fractions of the frame.
        width: Width of the frame, pixels.
        height: Height of the frame, pixels.
        field_of_view: Of the camera, across the frame, degrees; None: `FIELD_OF_VIEW`. Where it is 45 or 75
            in truth, yaw is off by 1 and pitch by 3 on average.

    Returns:
        None where the points are no face's: all in one place or in a line, not numbers, or in an impossible order.
    """
    points = np.array(landmarks, np.float64) - 0.5
    if not np.abs(points).max() < FARTHEST:  # nor for what is not a number
        return None
    focal = width / 2 / tan(radians(field_of_view or FIELD_OF_VIEW) / 2)
    rays = points * (width, height) / focal
    try:
        _, turns, places, misses = cv2.solvePnPGeneric(HEAD, rays, np.eye(3), None, flags=cv2.SOLVEPNP_SQPNP)
    except cv2.error:  # all points in one place
        return None
    if not turns or not float(misses[0, 0]) < WORST_FIT * float(np.sqrt(rays.var(axis=0).sum())):
        return None
    turned = _line_of_sight(*places[0].ravel().tolist()).T @ np.asarray(cv2.Rodrigues(turns[0])[0], np.float64)
    return _angles(turned) if turned[2, 2] > 0 else None


def facing(pose: Pose | None) -> dict[str, float]:
    """Whether a head faces you: a probability for "you", "left" and "right" (of the picture), summing to 1.

    A head bowed or raised beyond `FACING_PITCH` does not face you; to which side it turns is drawn towards even,
    because neither word describes it. An unknown pose is even between all three.
    """
    if pose is None:
        return dict.fromkeys(("you", "left", "right"), 1 / 3)
    level = _logistic(FACING_PITCH - abs(pose.pitch))
    left, right = _logistic(-pose.yaw - FACING_YAW), _logistic(pose.yaw - FACING_YAW)
    sides = {side: level * turned + (1 - level) / 2 for side, turned in (("left", left), ("right", right))}
    return {"you": level * (1 - left - right), **sides}


def _line_of_sight(x: float, y: float, z: float) -> NDArray[np.float64]:
    """The rotation that carries the camera's axis onto the direction of a place: a pan, then a tilt."""
    across, depth = hypot(x, z), hypot(x, y, z)
    pan = np.array([[z, 0, x], [0, across, 0], [-x, 0, z]]) / across
    tilt = np.array([[depth, 0, 0], [0, across, y], [0, -y, across]]) / depth
    return pan @ tilt


def _angles(turned: NDArray[np.float64]) -> Pose:
    """A rotation as roll after yaw after pitch, with the signs of `Pose`."""
    return Pose(
        roll=degrees(atan2(turned[1, 0], turned[0, 0])),
        yaw=degrees(atan2(turned[2, 0], hypot(turned[0, 0], turned[1, 0]))),
        pitch=-degrees(atan2(turned[2, 1], turned[2, 2])),
    )


def _logistic(margin: float) -> float:
    """Probability of being past a limit by this margin, degrees."""
    return 1 / (1 + exp(-margin / SOFTNESS))
