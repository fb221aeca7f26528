"""What is believed at one moment, as immutable values that any thread may read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from assistant.domain.naming import UNKNOWN, Identity
from assistant.domain.values import Box, Confidence, Landmarks, Pose


@dataclass(frozen=True, slots=True)
class PersonView:
    """What is believed about one person in view."""

    id: int
    """The number that the sense follows the face by; it stays through a short loss."""
    box: Box
    place: str
    """"left", "ahead" or "right" of the camera, or an hour like "11 o'clock"."""
    distance: str
    """"near" or "far"; with a configured field of view "very_near", "one_metre", "two_metres" or "far"."""
    metres: float | None
    """How far away; None until the field of view is configured."""
    facing: str | None
    """Whether the head (not the gaze) faces "you" or is turned to the "left" or "right" of the picture: a belief, or
    before anything has settled the best guess. None: unknown, in between, or bowed far."""
    pose: Pose | None
    """How the head is turned in the newest frame, unsmoothed; None where that frame did not tell."""
    expression: str | None
    """The settled expression, or before anything has settled the best guess; None: nothing to go by."""
    certainty: float
    """Averaged probability of it, 0 to 1."""
    settled: bool
    """Whether `expression` is a belief and not just a guess."""
    confidence: Confidence
    """How firmly it may be said."""
    picture: bool
    """A face that does not move: a poster, a screen."""
    truncated: bool
    """A face of which the edge of the frame leaves out a part."""
    landmarks: Landmarks | None
    """Its five points in the newest frame that showed them."""
    probabilities: Mapping[str, float]
    """Averaged probability of every expression; empty when nothing was read."""
    identity: Identity = UNKNOWN
    """Who it is believed to be."""
    mouth: str | None = None
    """"bare", "covered" as by a mask, or "perhaps" covered, with either of which no expression is said unhedged; None:
    nothing is known of it."""


@dataclass(frozen=True, slots=True)
class SceneView:
    """All that is believed at one moment."""

    at: float
    """Time of the newest frame, seconds."""
    people: tuple[PersonView, ...]
    """Living faces, the one in front first, the others by size; pictures are left out."""
    pictures: int
    """How many pictures of faces are in view."""
    light: str
    """What is believed of it: "ok", "dark", "covered" or "blurred"."""
    newest_light: str | None = None
    """The newest judgement, which the belief follows after a second or two; None: none yet."""
    unsure: int = 0
    """Faces in the newest frame that are not believed yet."""
    searched: bool = True
    """Whether faces were looked for in the newest frame."""
    starting: bool = False
    """Whether the camera has only just begun to give pictures."""
    interval_s: float = 0.0
    """Between two frames that were thought about, the median of the last ones; 0 before there were two."""
    beliefs: Mapping[str, str] = field(default_factory=dict)
    """All that is believed of the scene as a whole, by kind."""


NOTHING_SEEN = SceneView(at=float("-inf"), people=(), pictures=0, light="ok")
"""The view before the first frame."""
