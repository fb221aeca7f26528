"""The values that flow through the program; immutable, and knowing nobody.

Frame -> Face -> Percept -> Change -> Announcement -> Utterance
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

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
    covered: float | None = None
    """Probability that the mouth is covered, as by a mask; None where the detector does not tell."""


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing found in one frame."""

    label: str
    """What it is, by its English name in COCO: "cup", "dining table"; the key of a word in `voices/`."""
    certainty: float
    """The detector's score, 0 to 1; how firmly it may be said is in the manifest, by label."""
    box: Box
    """Around all that is seen of it."""


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
class TextLine:
    """A line of text that was read in a picture."""

    text: str
    certainty: float
    """Mean certainty of its letters, 0 to 1."""
    corners: tuple[Point, Point, Point, Point]
    """Of the line, which may be turned by any angle, in pixels: the beginning of its upper edge, the end of that, the
    end of its lower edge, the beginning of that."""


@dataclass(frozen=True, slots=True)
class Percept:
    """One guess of one sense about one frame: the narrow waist of the program."""

    kind: str
    """What was looked at: "face", "expression", "light", ..."""
    subject: int | None
    """Number of the person it is about; None for the scene as a whole."""
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


class Confidence(StrEnum):
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

    def confidence(self, certainty: float) -> Confidence:
        """How a label of this certainty is said."""
        if self.sure is not None and certainty >= self.sure:
            return Confidence.SURE
        return Confidence.UNSURE if certainty >= self.unsure else Confidence.CANNOT_TELL


@dataclass(frozen=True, slots=True)
class Change:
    """A belief began, turned or ended."""

    kind: str
    """What the belief is about: "presence", "expression", "light"."""
    subject: int | None
    """Number of the person it is about; None for the scene as a whole."""
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
    """The user asked: interrupts ambient speech and a former answer."""
    ALERT = 2
    """A fault or a danger: interrupts everything, is never dropped."""


class Outcome(StrEnum):
    """What became of an announcement."""

    PLAYED = "played"
    DROPPED = "dropped"
    INTERRUPTED = "cut"


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A fact that is said as it is: a person's name, text that was read. It is never looked up, whatever it spells."""

    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """A fact that is the key of a word in a table of its own, whatever table the placeholder names."""

    table: str
    key: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A fact that is so many of something: "a cup", "two cups"."""

    count: int
    table: str
    """The table whose words have a form for each plural of the language."""
    key: str


@dataclass(frozen=True, slots=True)
class Listing:
    """A fact that is several: "a cup, two books and a chair"."""

    items: tuple["Fact", ...]
    joined: str = "and"
    """The pattern of the language by which they are joined: "and", or "comma" where nothing marks the last one."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """One sentence without language, or, as a fact of another phrase, a part of one."""

    message: str
    """Key of the phrase in `voices/<lang>/`."""
    facts: Mapping[str, "Fact"] = field(default_factory=dict)
    """Values for the phrase's placeholders."""


Fact = str | int | Verbatim | Word | Counted | Listing | Phrase
"""What fills a placeholder: a string is the key of a word in the table that the placeholder names (and said as it is
where no table knows it), a number is said."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A meaning to be told, without language: one sentence, or several that are said one after the other."""

    phrases: tuple[Phrase, ...]
    """At least one."""
    urgency: Urgency = Urgency.AMBIENT
    topic: str = ""
    """A newer announcement of the same non-empty topic replaces a waiting one."""
    expires: float | None = None
    """Monotonic seconds after which it is not worth saying; None: never stale."""
    subject: int | None = None
    """The person it is about, if it is about one."""
    tells: str = ""
    """The expression that it tells of its subject, if it tells one."""
    follows: bool = False
    """Whether it waits for the former parts of the same answer instead of taking their place."""
    resumes: bool = False
    """Whether it goes on, at the sentence that was interrupted, after an alert: so does what was read or counted up,
    and not what is in view, which may have changed meanwhile."""

    @property
    def message(self) -> str:
        """Key of its first sentence, by which it goes in logs and replies."""
        return self.phrases[0].message


def announce(
    message: str,
    facts: Mapping[str, Fact] | None = None,
    *then: Phrase,
    urgency: Urgency = Urgency.AMBIENT,
    topic: str = "",
    expires: float | None = None,
    subject: int | None = None,
    tells: str = "",
) -> Announcement:
    """An announcement of a sentence, and of those that follow it."""
    return Announcement((Phrase(message, facts or {}), *then), urgency, topic, expires, subject, tells)


@dataclass(frozen=True, slots=True)
class Cue:
    """A short sound in place of a sentence."""

    name: str
    """One of the earcons' names."""
    pan: float = 0.0
    """-1 left, 0 middle, 1 right."""
    semitones: int = 0
    """How much higher than usual it is played."""


@dataclass(frozen=True, slots=True)
class Question:
    """Something that the user may agree to, by a press, before an answer goes on."""

    asks: Announcement
    within_s: float = 40.0
    """So long is waited for the press, from before it is said; without it they have not agreed, seconds."""


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence ready for a voice."""

    text: str
    language: str
    """BCP 47 tag of the sentence, e.g. "en" (a missing phrase is spoken in English by the English voice)."""


@dataclass(frozen=True, slots=True)
class Query:
    """What the user wants to know, about what, and when they asked."""

    verb: str
    """One of the commands', see `assistant.domain.commands`."""
    at: float
    """Monotonic seconds."""
    about: str = ""
    """What it is about, as the user said it; empty where nothing was said."""
    patience_s: float = 1.0
    """How old the beliefs may be from which it is answered, seconds."""
    held: bool = False
    """Whether its key is held down, and the answer goes on until it is let go."""
