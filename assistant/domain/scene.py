"""The scene: what is believed about each person in view, and about the light.

Percepts come in, frame by frame; beliefs settle (`steady.py`); changes and an immutable `SceneView` come out, which any
thread may read.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import hypot, inf, sqrt
from statistics import median
from types import MappingProxyType

from assistant.domain import appearance, place
from assistant.domain.appearance import HEDGED
from assistant.domain.beliefs import OF_PEOPLE, OF_THE_SCENE, PRESENCE, Belief, distribution, values
from assistant.domain.naming import Identity, Names, each_once, identity
from assistant.domain.steady import MIN_GUESSES, Steady
from assistant.domain.values import Box, Change, Landmarks, Percept, Pose, Thresholds
from assistant.domain.views import NOTHING_SEEN, PersonView, SceneView

FRONT_CENTRE_WEIGHT = 1.5
"""How much being off the middle counts against a face's size when the person in front is chosen."""
REMEMBERED_S = 60.0
"""What was believed of somebody who left is kept for this long, should the same number come back (seconds)."""
PRESENT_S = 0.3
"""A face counts once it was seen for this long (seconds) and in `MIN_GUESSES` frames; a detector's flashes do not."""
LONGEST_GAP_S = 1.0
"""Of a longer time without frames only so much counts as time in which somebody was not seen, seconds."""
WARM_UP_S = 2.5
"""A camera that begins, or begins again, may give black or green for this long, which says nothing of its lens."""
STRANGE_GAP = 3.0
"""A gap so many times as long as those before, and at least as long as the longest that counts, is a beginning."""


@dataclass
class _Person:
    id: int
    box: Box
    kind: str
    landmarks: Landmarks | None
    began_at: float
    seen_at: float
    beliefs: Mapping[str, Steady]
    """By kind, as in `OF_PEOPLE`."""
    pose: Pose | None = None
    seen: int = 0
    unseen_s: float = 0.0
    """For how long frames have come without this face."""
    present: bool = False
    believed: bool = False
    """Whether it ever was present."""


class Scene:
    """Beliefs about everything in view.

    Args:
        thresholds: How firmly each expression may be said, by label.
        settle_s: How long a reading must hold before it is believed, seconds; 0 for single pictures.
        lost_s: A person unseen for longer has left, seconds.
        field_of_view: Of the camera, across the frame, degrees; None where it is not configured.
        clock: Whether places are hours of a clock.
        more: What else is believed of the scene, by the kind of the percept.
        names: How people are named; None where they are not.
        covered: How firmly a mouth may be called covered.
    """

    def __init__(
        self,
        thresholds: Mapping[str, Thresholds],
        settle_s: float = 1.2,
        lost_s: float = 0.5,
        field_of_view: float | None = None,
        clock: bool = False,
        more: Mapping[str, Belief] = MappingProxyType({}),
        names: Names | None = None,
        covered: Thresholds = HEDGED,
    ) -> None:
        self._thresholds = thresholds
        self._settle_s = settle_s
        self._lost_s = lost_s
        self._field_of_view = field_of_view
        self._clock = clock
        self._names = names
        self._covered = covered
        self._aspect = 4 / 3
        self._people: dict[int, _Person] = {}
        self._rows = {**more, **OF_THE_SCENE}
        self._whole = {kind: belief.steady(settle_s) for kind, belief in self._rows.items()}
        self.values = values(more)
        """What may be guessed, by the kind of the percept."""
        self._newest_light: str | None = None
        self._searched = True
        self._at = NOTHING_SEEN.at
        self._gaps: deque[float] = deque(maxlen=3)
        self._began_at = -inf

    def believe(
        self, percepts: Sequence[Percept], at: float, aspect: float = 4 / 3, searched: bool = True
    ) -> list[Change]:
        """Takes in all percepts of one frame.

        Args:
            percepts: What the senses guessed.
            at: The time of the frame, seconds; never earlier than the one before.
            aspect: Width of the frame / its height.
            searched: Whether faces were looked for; where not, nobody is lost.
        """
        unseen_s = self._pass_time(at)
        self._aspect, self._searched = aspect, searched
        changes: list[Change] = []
        for percept in percepts:
            if percept.kind == PRESENCE and percept.subject is not None and percept.box is not None:
                changes += self._see(percept.subject, percept, percept.box, at)
        for percept in percepts:
            changes += self._believe(percept, at)
        return changes + (self._lose(at, unseen_s) if searched else [])

    def view(self) -> SceneView:
        """What is believed now."""
        there = [person for person in self._people.values() if person.present]
        identities = each_once([identity(person.beliefs["identity"], self._names) for person in there])
        present = (self._look_at(person, who) for person, who in zip(there, identities, strict=True))
        people = sorted(present, key=_frontness, reverse=True)
        living = [person for person in people if not person.picture]
        others = sorted(living[1:], key=lambda person: person.box.area, reverse=True)
        return SceneView(
            at=self._at,
            people=(*living[:1], *others),
            pictures=len(people) - len(living),
            light=self._whole["light"].value or "ok",
            newest_light=self._newest_light,
            unsure=sum(not person.present and person.seen_at == self._at for person in self._people.values()),
            searched=self._searched,
            starting=self._starting(),
            interval_s=median(self._gaps) if self._gaps else 0.0,
            beliefs={kind: belief.value for kind, belief in self._whole.items() if belief.value},
        )

    def _pass_time(self, at: float) -> float:
        """Goes on to the next frame; gives how much of the time since the last one counts."""
        gap = at - self._at
        if gap > LONGEST_GAP_S and (not self._gaps or gap > STRANGE_GAP * median(self._gaps)):
            self._began_at = at
        if 0 <= gap < inf:
            self._gaps.append(gap)
        self._at = at
        return min(gap, LONGEST_GAP_S)

    def _starting(self) -> bool:
        return self._settle_s > 0 and self._at - self._began_at < WARM_UP_S

    def _see(self, subject: int, face: Percept, box: Box, at: float) -> list[Change]:
        person = self._people.get(subject)
        if person is None:
            beliefs = {kind: belief.steady(self._settle_s) for kind, belief in OF_PEOPLE.items()}
            person = self._people[subject] = _Person(subject, box, face.value, None, at, at, beliefs)
        person.box, person.kind, person.landmarks, person.seen_at = box, face.value, face.landmarks, at
        person.pose = face.pose
        person.seen += 1
        person.unseen_s = 0.0
        long_enough = person.seen >= MIN_GUESSES and at - person.began_at >= PRESENT_S
        if person.present or not (long_enough or self._settle_s == 0):
            return []
        person.present = person.believed = True
        return [Change("presence", person.id, None, face.value, at)]

    def _believe(self, percept: Percept, at: float) -> list[Change]:
        """Takes in a guess of a kind that stands in the tables of beliefs."""
        if percept.kind in self._rows:
            return self._observe(self._rows[percept.kind], self._whole[percept.kind], None, percept, at)
        person = self._people.get(percept.subject) if percept.subject is not None else None
        if person is None or percept.kind not in OF_PEOPLE:
            return []
        person.pose = percept.pose or person.pose
        return self._observe(OF_PEOPLE[percept.kind], person.beliefs[percept.kind], person.id, percept, at)

    def _observe(self, row: Belief, belief: Steady, subject: int | None, percept: Percept, at: float) -> list[Change]:
        if percept.kind == "light":
            self._newest_light = percept.value
            if percept.value != "ok" and self._starting():
                return []
        before = belief.value
        turned = belief.observe(at, distribution(percept)) and row.turns
        return [Change(percept.kind, subject, before, belief.value, at)] if turned else []

    def _lose(self, at: float, unseen_s: float) -> list[Change]:
        """Counts the time for those who were not seen; who was never believed to be there is forgotten when lost."""
        changes = []
        for subject, person in tuple(self._people.items()):
            person.unseen_s += unseen_s if person.seen_at != at else 0.0
            if person.unseen_s <= self._lost_s:
                continue
            if person.present:
                changes.append(Change("presence", subject, person.kind, None, at))
                person.present = False
            elif person.unseen_s > REMEMBERED_S or not person.believed:
                del self._people[subject]
        return changes

    def _look_at(self, person: _Person, who: Identity) -> PersonView:
        belief = person.beliefs["expression"]
        expression = belief.value or belief.guess
        mouth = appearance.mouth(person.beliefs["mouth"], self._covered)
        away_m = place.metres(person.box, self._aspect, self._field_of_view)
        return PersonView(
            id=person.id,
            box=person.box,
            place=place.place(person.box, self._field_of_view, self._clock),
            distance=place.distance(away_m, self._field_of_view is not None),
            metres=None if self._field_of_view is None else away_m,
            facing=appearance.faced(person.beliefs["facing"]),
            pose=person.pose,
            expression=expression,
            certainty=belief.certainty(expression) if expression else 0.0,
            settled=belief.value is not None,
            confidence=appearance.expressed(belief, self._thresholds, mouth),
            picture=person.kind == "picture",
            truncated=person.kind == "truncated",
            landmarks=person.landmarks,
            probabilities=belief.probabilities,
            identity=who,
            mouth=mouth,
        )


def _frontness(person: PersonView) -> float:
    """How much somebody is the one in front: large and central."""
    x, y = person.box.centre
    return sqrt(person.box.area) * (1 - FRONT_CENTRE_WEIGHT * hypot(x - 0.5, y - 0.5))
