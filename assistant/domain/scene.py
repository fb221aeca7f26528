"""The scene: what is believed about each person in view, and about the light.

Percepts come in, frame by frame; beliefs settle (`steady.py`); changes and an immutable `SceneView` come out, which any
thread may read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, sqrt

from assistant.domain import place
from assistant.domain.steady import MIN_GUESSES, Steady
from assistant.domain.values import Box, Change, Landmarks, Percept, Pose, Statement, Thresholds

FRONT_CENTRE_WEIGHT = 1.5
"""How much being off the middle counts against a face's size when the person in front is chosen."""
SAME_PLACE_IOU = 0.2
"""A face that comes back overlapping the place of one just lost by this much is taken for the same person."""
SAME_PERSON_S = 5.0
"""... if it comes back within this time, seconds."""
PRESENT_S = 0.3
"""A face counts once it was seen for this long (seconds) and in `MIN_GUESSES` frames; a detector's flashes do not."""
FACING_SURE = 0.6
"""How a head is turned is told from this averaged probability on."""
HEDGED = Thresholds(sure=None, unsure=0.0)
"""For a label of which the model's manifest says nothing."""


@dataclass(frozen=True, slots=True)
class PersonView:
    """What is believed about one person in view."""

    person: int
    """Stays the same while the person is in view, also over a short loss."""
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
    statement: Statement
    """How firmly it may be said."""
    still: bool
    """A face that does not move: a poster, a screen."""
    cut: bool
    """A face cut by the edge of the frame."""
    landmarks: Landmarks | None
    """Its five points in the newest frame that showed them."""
    probabilities: Mapping[str, float]
    """Averaged probability of every expression; empty when nothing was read."""


@dataclass(frozen=True, slots=True)
class SceneView:
    """All that is believed at one moment."""

    at: float
    """Time of the newest frame, seconds."""
    people: tuple[PersonView, ...]
    """Living faces, the one in front first, the others by size; still pictures are left out."""
    pictures: int
    """How many still pictures of faces are in view."""
    light: str
    """"ok", "dark", "covered" or "blurred"."""


NOTHING_SEEN = SceneView(at=float("-inf"), people=(), pictures=0, light="ok")
"""The view before the first frame."""


@dataclass
class _Person:
    person: int
    box: Box
    kind: str
    landmarks: Landmarks | None
    began_at: float
    seen_at: float
    expression: Steady
    facing: Steady
    pose: Pose | None = None
    seen: int = 0
    present: bool = False


class Scene:
    """Beliefs about everything in view.

    Args:
        thresholds: How firmly each expression may be said, by label.
        settle_s: How long a reading must hold before it is believed, seconds; 0 for single pictures.
        lost_s: A person unseen for longer has left, seconds.
        field_of_view: Of the camera, across the frame, degrees; None where it is not configured.
        clock: Whether places are hours of a clock.
    """

    def __init__(
        self,
        thresholds: Mapping[str, Thresholds],
        settle_s: float = 1.2,
        lost_s: float = 0.5,
        field_of_view: float | None = None,
        clock: bool = False,
    ) -> None:
        self._thresholds = thresholds
        self._settle_s = settle_s
        self._lost_s = lost_s
        self._field_of_view = field_of_view
        self._clock = clock
        self._aspect = 4 / 3
        self._people: dict[int, _Person] = {}
        self._gone: list[_Person] = []
        self._light = Steady(settle_s)
        self._ids = 0
        self._at = NOTHING_SEEN.at

    def believe(self, percepts: Sequence[Percept], at: float, aspect: float = 4 / 3) -> list[Change]:
        """Takes in all percepts of one frame.

        Args:
            percepts: What the senses guessed.
            at: The time of the frame, seconds; never earlier than the one before.
            aspect: Width of the frame / its height.
        """
        self._at, self._aspect = at, aspect
        changes: list[Change] = []
        for percept in percepts:
            if percept.kind == "face" and percept.subject is not None and percept.box is not None:
                changes += self._see(percept.subject, percept, percept.box, at)
        for percept in percepts:
            if percept.kind == "expression" and percept.subject in self._people:
                changes += self._read(self._people[percept.subject], percept, at)
            elif percept.kind == "facing" and percept.subject in self._people:
                _turn(self._people[percept.subject], percept, at)
            elif percept.kind == "light":
                changes += self._judge_light(percept, at)
        return changes + self._lose(at)

    def view(self) -> SceneView:
        """What is believed now."""
        present = (self._look_at(person) for person in self._people.values() if person.present)
        people = sorted(present, key=_frontness, reverse=True)
        living = [person for person in people if not person.still]
        others = sorted(living[1:], key=lambda person: person.box.area, reverse=True)
        return SceneView(
            at=self._at,
            people=(*living[:1], *others),
            pictures=len(people) - len(living),
            light=self._light.value or "ok",
        )

    def _see(self, subject: int, face: Percept, box: Box, at: float) -> list[Change]:
        person = self._people.get(subject) or self._returned(box)
        if person is None:
            self._ids += 1
            beliefs = Steady(self._settle_s), Steady(self._settle_s)
            person = _Person(self._ids, box, face.value, None, at, at, *beliefs)
        self._people[subject] = person
        person.box, person.kind, person.landmarks, person.seen_at = box, face.value, face.landmarks, at
        person.pose = face.pose
        person.seen += 1
        long_enough = person.seen >= MIN_GUESSES and at - person.began_at >= PRESENT_S
        if person.present or not (long_enough or self._settle_s == 0):
            return []
        person.present = True
        return [Change("presence", person.person, None, face.value, at)]

    def _returned(self, box: Box) -> _Person | None:
        """Who left from this place a moment ago."""
        person = next((person for person in self._gone if person.box.iou(box) > SAME_PLACE_IOU), None)
        if person:
            self._gone.remove(person)
        return person

    def _read(self, person: _Person, percept: Percept, at: float) -> list[Change]:
        before = person.expression.value
        if not person.expression.observe(at, percept.distribution or {percept.value: percept.certainty}):
            return []
        return [Change("expression", person.person, before, person.expression.value, at)]

    def _judge_light(self, percept: Percept, at: float) -> list[Change]:
        before = self._light.value
        if not self._light.observe(at, percept.distribution or {percept.value: percept.certainty}):
            return []
        return [Change("light", None, before, self._light.value, at)]

    def _lose(self, at: float) -> list[Change]:
        lost = [subject for subject, person in self._people.items() if at - person.seen_at > self._lost_s]
        changes = []
        for subject in lost:
            person = self._people.pop(subject)
            if person.present:
                self._gone.append(person)
                changes.append(Change("presence", person.person, person.kind, None, at))
                person.present = False
        self._gone = [person for person in self._gone if at - person.seen_at <= SAME_PERSON_S]
        return changes

    def _look_at(self, person: _Person) -> PersonView:
        belief = person.expression
        expression = belief.value or belief.guess
        certainty = belief.certainty(expression) if expression else 0.0
        statement = Statement.CANNOT_TELL
        if expression:
            statement = self._thresholds.get(expression, HEDGED).statement(certainty)
        if statement is Statement.SURE and belief.value is None:
            statement = Statement.UNSURE
        away_m = place.metres(person.box, self._aspect, self._field_of_view)
        return PersonView(
            person=person.person,
            box=person.box,
            place=place.place(person.box, self._field_of_view, self._clock),
            distance=place.distance(away_m, self._field_of_view is not None),
            metres=None if self._field_of_view is None else away_m,
            facing=_faced(person.facing),
            pose=person.pose,
            expression=expression,
            certainty=certainty,
            settled=belief.value is not None,
            statement=statement,
            still=person.kind == "still",
            cut=person.kind == "cut",
            landmarks=person.landmarks,
            probabilities=belief.probabilities,
        )


def _turn(person: _Person, percept: Percept, at: float) -> None:
    person.pose = percept.pose or person.pose
    person.facing.observe(at, percept.distribution or {percept.value: percept.certainty})


def _faced(belief: Steady) -> str | None:
    value = belief.value or belief.guess
    return value if value and belief.certainty(value) >= FACING_SURE else None


def _frontness(person: PersonView) -> float:
    """How much somebody is the one in front: large and central."""
    x, y = person.box.centre
    return sqrt(person.box.area) * (1 - FRONT_CENTRE_WEIGHT * hypot(x - 0.5, y - 0.5))
