"""The policy: is a change of belief worth a blind person's ear, how urgent is it, and when is it stale?

Volunteering and answering are different acts. What nobody asked for is compared, step by step, with what the listener
was last *told* (not with the last change), so that nobody is left with a false belief when a rate limit lifts or a
sentence was dropped. What was asked for is answered from the beliefs at that moment.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from assistant.domain.answers import LIGHT_MESSAGES, answer, looks, who
from assistant.domain.appearance import hidden
from assistant.domain.comings import Comings
from assistant.domain.snooze import Snooze
from assistant.domain.told import Told
from assistant.domain.values import (
    Announcement,
    Change,
    Confidence,
    Cue,
    Fact,
    Outcome,
    Query,
    Urgency,
    Verbatim,
    Word,
    announce,
)
from assistant.domain.views import PersonView, SceneView

CAME_OR_LEFT = {"person_came": "person", "named_came": "person", "person_left": "gone", "named_left": "gone"}
"""The sounds that stand for these sentences."""
WIDEST_PAN = 0.8
"""A sound about somebody at the edge of the frame comes from this far to the side."""


@dataclass(frozen=True, slots=True)
class Preferences:
    """What the listener chose."""

    verbosity: str = "normal"
    """"quiet", "brief", "normal" or "detailed"."""
    expressions_told: bool = True
    """False at work and at school."""
    volunteered: frozenset[str] = frozenset({"happy", "sad", "surprise", "angry"})
    """Expressions that are told unasked."""
    topics: frozenset[str] = frozenset({"expressions", "people", "light"})
    """What is told unasked at all."""
    per_person_s: float = 20.0
    """At most one volunteered expression per person in this time, seconds."""
    per_minute: int = 2
    """At most so many volunteered sentences about people in any minute."""
    strangers: bool = True
    """Whether somebody who is not known is told as such, once somebody is known."""
    stale_s: float = 2.5
    """A volunteered sentence that waited longer is dropped, seconds."""


class Policy:
    """Decides what is said.

    Every method takes the time from its caller and is called by one thread at a time, except `answer` and
    `still_true`, which read immutable values only.

    Args:
        preferences: What the listener chose.
        hushed: Whether it is a quiet hour, when nothing but faults is volunteered.
        told: Kinds of beliefs about the scene, beside ours, of which each turn is told.
    """

    def __init__(
        self, preferences: Preferences, hushed: Callable[[], bool] = lambda: False, told: Collection[str] = frozenset()
    ) -> None:
        self.preferences = preferences
        """What the listener chose; another value may be put here at any time."""
        self.sound: Callable[[], str] = lambda: "speech"
        """Whether sentences are wanted, "beeps" in their place, or nothing ("off"): asked at every step."""
        self._hushed = hushed
        self._told_kinds = told
        self._told = Told()
        self._comings = Comings()
        self._snooze: Snooze | None = None
        self._faults_told: set[str] = set()

    def volunteer(self, changes: Sequence[Change], view: SceneView, now: float) -> list[Announcement | Cue]:
        """What to say unasked, after one frame.

        Args:
            changes: What changed with this frame.
            view: What is believed after it.
            now: Seconds, the clock by which announcements expire.
        """
        sound = self.sound()
        if sound == "off":
            if self._snooze:
                self._snooze.note(changes)
            return []
        if sound == "beeps":
            return [self._as_sound(item, view, now) for item in self._worth_saying(changes, view, now)]
        self._told.forget_sounds()
        return self._worth_saying(changes, view, now)

    def _worth_saying(self, changes: Sequence[Change], view: SceneView, now: float) -> list[Announcement | Cue]:
        said: list[Announcement | Cue] = []
        came, gone = self._comings.note(view.people, now)
        for change in changes:
            if change.kind == "light" and change.after is not None and "light" in self.preferences.topics:
                said += self._tell_light(change)
        if self._snooze and now >= self._snooze.until:
            said.append(self._snooze.summary(view))
            self._snooze = None
        if self._snooze:
            self._snooze.note(changes)
        if self._snooze or self.preferences.verbosity == "quiet" or self._hushed():
            return said
        if "people" in self.preferences.topics:
            said += self._tell_names(came, gone, now)
        return said + self._tell_changes(changes, view, now)

    def _tell_changes(self, changes: Sequence[Change], view: SceneView, now: float) -> list[Announcement | Cue]:
        """Who comes and goes, what else turned, and how people look."""
        said: list[Announcement | Cue] = []
        for change in changes:
            if change.kind == "presence" and "people" in self.preferences.topics:
                said += self._tell_presence(change, view, now)
        turned = (change for change in changes if change.kind in self._told_kinds and change.after is not None)
        said += [
            announce(f"{turn.kind}_{turn.after}", topic=turn.kind, expires=now + self.preferences.stale_s)
            for turn in turned
        ]
        if self.preferences.expressions_told and "expressions" in self.preferences.topics:
            for person in view.people:
                said += self._tell_expression(person, who(view, person), now)
        return said

    @property
    def snoozing(self) -> bool:
        """Whether a snooze is on."""
        return self._snooze is not None

    def snooze(self, until: float) -> None:
        """Volunteers nothing but faults until then (seconds, the clock of `volunteer`); then one sentence sums up.

        During a snooze only its end is moved.
        """
        if self._snooze:
            self._snooze.until = until
        else:
            self._snooze = Snooze(until)

    def outcome(self, announcement: Announcement, outcome: Outcome, now: float) -> None:
        """Takes note of what became of an announcement.

        Args:
            announcement: One that `volunteer` or `answer` gave.
            outcome: Whether it was heard.
            now: Seconds, when it began to sound or was dropped.
        """
        if announcement.subject is not None:
            self._told.outcome(announcement.subject, announcement, outcome, now)

    def answer(self, query: Query, view: SceneView) -> Announcement:
        """The answer to a question about what is in view; see `answers.py`."""
        return answer(
            query, view, self.preferences.verbosity, self.preferences.expressions_told, self.preferences.strangers
        )

    def still_true(self, announcement: Announcement, view: SceneView) -> bool:
        """Whether a volunteered announcement still holds when its turn to be spoken comes."""
        if announcement.urgency is not Urgency.AMBIENT:
            return True
        if announcement.topic == "light":
            return announcement.message == LIGHT_MESSAGES.get(view.light)
        if announcement.topic in self._told_kinds:
            return announcement.message == f"{announcement.topic}_{view.beliefs.get(announcement.topic)}"
        if announcement.subject is None or announcement.message == "person_left":
            return True
        person = next((person for person in view.people if person.id == announcement.subject), None)
        return person is not None and announcement.tells in ("", person.expression)

    def _as_sound(self, item: Announcement | Cue, view: SceneView, now: float) -> Cue:
        """The sound that stands for a sentence; the sentence counts as not told."""
        if isinstance(item, Cue):
            return item
        if item.topic == "light":
            self._faults_told.discard(item.message)
            return Cue("fault")
        if item.message in CAME_OR_LEFT:
            return Cue(CAME_OR_LEFT[item.message])
        if item.subject is not None and item.tells:
            self._told.sound(item.subject, item.tells, now)
        person = next((person for person in view.people if person.id == item.subject), None)
        return Cue("notice", _pan(person) if person else 0.0)

    def _tell_light(self, change: Change) -> list[Announcement | Cue]:
        message = LIGHT_MESSAGES.get(change.after or "")
        if message is None:
            return [Cue("camera_on")] if change.before in LIGHT_MESSAGES else []
        if message in self._faults_told:
            return [Cue("fault")]
        self._faults_told.add(message)
        return [announce(message, topic="light")]

    def _tell_presence(self, change: Change, view: SceneView, now: float) -> list[Announcement | Cue]:
        person = next((person for person in view.people if person.id == change.subject), None)
        if change.after is not None and person is None:
            return []
        if change.after is None and change.before == "picture":
            return []
        pan = _pan(person) if person else 0.0
        if self.preferences.verbosity != "detailed":
            return [Cue("person" if change.after else "gone", pan)]
        message, facts = ("person_came", {"who": who(view, person)}) if person else ("person_left", {})
        return [announce(message, facts, topic="presence", expires=now + self.preferences.stale_s)]

    def _tell_names(self, came: Sequence[PersonView], gone: Sequence[str], now: float) -> list[Announcement | Cue]:
        """Known people who have come or gone."""
        said: list[Announcement | Cue] = []
        expires, per_minute = now + self.preferences.stale_s, self.preferences.per_minute
        for person in came:
            name = person.identity.name or ""
            if self._comings.may_tell("came", name, now, per_minute):
                facts: dict[str, Fact] = {"name": Verbatim(name), "place": Word("place", person.place)}
                said.append(announce("named_came", facts, topic=f"name {name}", expires=expires, subject=person.id))
        for name in gone:
            if self._comings.may_tell("left", name, now, per_minute):
                said.append(announce("named_left", {"name": Verbatim(name)}, topic=f"name {name}", expires=expires))
        return said

    def _tell_expression(self, person: PersonView, called: str, now: float) -> list[Announcement | Cue]:
        told = self._told.expression(person.id)
        if not person.settled or person.expression == told or self._told.is_waiting(person.id):
            return []
        tellable = person.expression in self.preferences.volunteered and (
            person.confidence is Confidence.SURE or (told is not None and person.confidence is Confidence.UNSURE)
        )
        if tellable:
            return self._queue_expression(person, called, now)
        if told is None:
            return []
        return self._end_told(person, called, now)

    def _queue_expression(self, person: PersonView, called: str, now: float) -> list[Announcement | Cue]:
        if not self._may_speak(person.id, now):
            return []
        self._told.wait(person.id)
        phrase = looks(person, called)
        return [
            announce(
                phrase.message,
                phrase.facts,
                topic=f"expression {person.id}",
                expires=now + self.preferences.stale_s,
                subject=person.id,
                tells=person.expression or "",
            )
        ]

    def _end_told(self, person: PersonView, called: str, now: float) -> list[Announcement | Cue]:
        """What was told is over, and what came in its place is not volunteered."""
        self._told.end(person.id)
        if self.preferences.verbosity != "detailed" or person.expression != "neutral" or hidden(person.mouth):
            return [Cue("neutral", _pan(person))]
        phrase = looks(replace(person, confidence=Confidence.SURE), called)
        topic = f"expression {person.id}"
        return [
            announce(
                phrase.message,
                phrase.facts,
                topic=topic,
                expires=now + self.preferences.stale_s,
                subject=person.id,
                tells="neutral",
            )
        ]

    def _may_speak(self, person: int, now: float) -> bool:
        if self.sound() == "beeps":
            return self._told.may_sound(person, now, self.preferences.per_person_s)
        return self._told.may_speak(person, now, self.preferences.per_minute, self.preferences.per_person_s)


def _pan(person: PersonView) -> float:
    """Where a sound about somebody comes from, -1 left to 1 right."""
    x, _ = person.box.centre
    return WIDEST_PAN * max(-1.0, min(1.0, 2 * x - 1))
