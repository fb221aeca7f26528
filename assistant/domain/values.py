"""The values that flow through the program; immutable, and knowing nobody.

Frame -> Face -> Percept -> Change -> Announcement -> Utterance
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""A picture: uint8 (height, width, 3), RGB."""

Point = tuple[float, float]
"""(x, y) as fractions of the frame's width and height."""

Landmarks = tuple[Point, Point, Point, Point, Point]
"""Five points of a face: the eye at the left of the picture, the eye at its right, nose tip, the corner of the mouth at
the left of the picture, the corner at its right."""

EXPRESSIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")
"""The seven expressions, in the order of every model's output."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture from a camera."""

    pixels: Pixels
    """uint8 (height, width, 3), RGB."""
    at: float
    """When it was taken: seconds on the clock of the source (monotonic for a live camera)."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in fractions of the frame; may reach over its edge (below 0 or above 1)."""

    left: float
    top: float
    width: float
    height: float

    @property
    def centre(self) -> Point:
        """The middle (x, y)."""
        return self.left + self.width / 2, self.top + self.height / 2

    @property
    def area(self) -> float:
        """Part of the frame that is covered, 0 to 1 (more if it reaches over the edge)."""
        return self.width * self.height

    def iou(self, other: "Box") -> float:
        """Intersection over union with another box, 0 to 1."""
        width = min(self.left + self.width, other.left + other.width) - max(self.left, other.left)
        height = min(self.top + self.height, other.top + other.height) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0.0
        shared = width * height
        return shared / (self.area + other.area - shared)


@dataclass(frozen=True, slots=True)
class Face:
    """A face found in one frame."""

    box: Box
    """From the brows to the chin and from cheek to cheek (the framing of WIDER FACE, which YuNet reports)."""
    landmarks: Landmarks | None
    """Five points, or None where the detector gives none."""
    score: float
    """The detector's certainty, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Pose:
    """How a head is turned towards the camera, degrees; all zero: upright, looking into the camera.

    Left and right are those of the picture, which for the person who wears the camera are their own.
    """

    roll: float
    """Positive: tilted clockwise in the picture, the eye at its right lower than the eye at its left."""
    yaw: float
    """Positive: turned towards the right of the picture."""
    pitch: float
    """Positive: the chin raised."""


@dataclass(frozen=True, slots=True)
class Percept:
    """One guess of one sense about one frame: the narrow waist of the program."""

    kind: str
    """What was looked at: "face", "expression", "light", ..."""
    subject: int | None
    """The track it is about; None for the scene as a whole."""
    value: str
    """The guess, e.g. "happy"."""
    certainty: float
    """Calibrated probability that the guess is right, 0 to 1."""
    box: Box | None = None
    """Where in the frame, if anywhere."""
    distribution: Mapping[str, float] = field(default_factory=dict)
    """Probability of every alternative, where the sense gives it; sums to 1."""
    landmarks: Landmarks | None = None
    """The five points of a face, where the sense knows them."""
    pose: Pose | None = None
    """How a head is turned, where the sense knows it."""


class Statement(StrEnum):
    """How firmly something may be said, by its measured chance of being wrong."""

    SURE = "sure"
    UNSURE = "unsure"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which certainty on a label is said how; measured on a validation set, kept in the model's manifest."""

    sure: float | None
    """Said unhedged from here on; None: never."""
    unsure: float
    """Said hedged from here on; below it: cannot tell."""

    def statement(self, certainty: float) -> Statement:
        """How a label of this certainty is said."""
        if self.sure is not None and certainty >= self.sure:
            return Statement.SURE
        return Statement.UNSURE if certainty >= self.unsure else Statement.CANNOT_TELL


@dataclass(frozen=True, slots=True)
class Change:
    """A belief began, turned or ended."""

    kind: str
    """What the belief is about: "presence", "expression", "light"."""
    subject: int | None
    """The track it is about; None for the scene as a whole."""
    before: str | None
    """What was believed; None when the belief began."""
    after: str | None
    """What is believed now; None when it ended."""
    at: float
    """Seconds on the clock of the frames."""


class Urgency(IntEnum):
    """What an announcement does to the ear."""

    AMBIENT = 0
    """Nobody asked: waits for silence, may be dropped when it goes stale or something newer comes."""
    ANSWER = 1
    """The user asked: cuts ambient speech and a former answer."""
    ALERT = 2
    """A fault or a danger: cuts everything, is never dropped."""


class Outcome(StrEnum):
    """What became of an announcement."""

    PLAYED = "played"
    DROPPED = "dropped"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence without language."""

    message: str
    """Key of the phrase in `voices/<lang>/`."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Values for the phrase's placeholders: a string is the key of a word in the same language, a number is said."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A meaning to be told, without language."""

    message: str
    """Key of the phrase in `voices/<lang>/`."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Values for the phrase's placeholders, as in `Phrase`."""
    then: tuple[Phrase, ...] = ()
    """Sentences that follow in the same utterance."""
    urgency: Urgency = Urgency.AMBIENT
    topic: str = ""
    """A newer announcement of the same non-empty topic replaces a waiting one."""
    expires: float | None = None
    """Monotonic seconds after which it is not worth saying; None: never stale."""
    subject: int | None = None
    """The track it is about, if it is about a person."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A short sound in place of a sentence."""

    name: str
    """One of the earcons' names."""
    pan: float = 0.0
    """-1 left, 0 middle, 1 right."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence ready for a voice."""

    text: str
    language: str
    """BCP 47 tag of the sentence, e.g. "en" (a missing phrase is spoken in English by the English voice)."""


class Verb(StrEnum):
    """What the user wants, whichever key, button or socket said it."""

    NOW = "now"
    DETAIL = "detail"
    REPEAT = "repeat"
    STOP = "stop"
    STATUS = "status"
    DISCLOSE = "disclose"
    HISTORY = "history"
    """The last sentences, as text for whoever asks."""
    VERBOSITY = "verbosity"
    """The next way of saying more or less."""
    SOUND = "sound"
    """The next of sentences, short sounds, nothing."""
    FASTER = "faster"
    SLOWER = "slower"
    LOUDER = "louder"
    SOFTER = "softer"
    SNOOZE = "snooze"
    """Quiet for a while; again: not any more."""
    PRACTICE = "practice"
    """Name every press without doing it; again: not any more."""
    CAMERA = "camera"
    """Camera off, or on again."""
    RELOAD = "reload"
    QUIT = "quit"
    HELP = "help"
    """Name the keys."""


@dataclass(frozen=True, slots=True)
class Query:
    """What the user wants to know, and when they asked."""

    what: Verb
    at: float
    """Monotonic seconds."""
