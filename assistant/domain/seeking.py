"""Guiding somebody to a thing: beeps that quicken and move with it, and short words when something has changed."""

from collections.abc import Sequence
from math import hypot

from assistant.domain.place import bearing
from assistant.domain.things import Lens, Placed, elevation, whereabouts
from assistant.domain.values import Announcement, Confidence, Counted, Cue, Fact, Phrase, Urgency

LOOK_S = 4.0
"""So long is looked before it is said that there is none, seconds."""
LOST_S = 3.0
"""What was not seen for so long is lost, seconds."""
LONGEST_S = 30.0
"""So long somebody is guided, seconds."""
WORDS_S = 2.5
"""Between two sentences, so that the first can be heard, seconds."""
BEEP_S = (0.15, 1.0)
"""Between two beeps when the thing is in the middle, and when it is at the edge or beyond, seconds."""
CENTRED, BESIDE = 8.0, 40.0
"""Off the middle by less than this counts as the middle, and from this on as the edge; degrees."""
FULL = 0.12
"""A thing without a typical size is reached when it covers so much of the frame."""
SAME = 0.3
"""A box that overlaps the one before by so much (IoU) is the same thing, however faint it is now."""


class Guide:
    """Guides to one thing, from frame to frame.

    Args:
        label: What is sought.
        lens: Of the camera.
        unseen: What is said if it is not found.
    """

    def __init__(self, label: str, lens: Lens, unseen: Sequence[Phrase]) -> None:
        self._label = label
        self._lens = lens
        self._unseen = unseen
        self._began: float | None = None
        self._seen: tuple[float, Placed] | None = None
        self._said: tuple[float, Fact] | None = None
        self._beeped_at = float("-inf")
        self.over = False
        """Whether it is found, lost or given up."""

    def see(self, at: float, things: Sequence[Placed], aspect: float) -> Announcement | Cue | None:
        """What is to be heard now, if anything.

        Args:
            at: Of the frame, seconds.
            things: All that were found in it, the most certain first.
            aspect: Width of the frame / its height.
        """
        self._began = at if self._began is None else self._began
        found = self._same([each for each in things if each.thing.label == self._label])
        if found is None:
            return self._missed(at)
        self._seen = at, found
        view, box = self._lens.field_of_view, found.thing.box
        off = hypot(bearing(box, view), elevation(box, view, aspect))
        phrase = find_phrase(found)
        if off < CENTRED and (found.distance == "within_reach" or found.thing.box.area > FULL):
            return self._end(phrase)
        if at - self._began > LONGEST_S:
            return self._end(Phrase("find_over"), phrase)
        where = phrase.facts["details"]
        if self._said is None or (where != self._said[1] and at - self._said[0] >= WORDS_S):
            self._said = at, where
            return answer(phrase)
        return self._beep(at, off, found)

    def _same(self, things: Sequence[Placed]) -> Placed | None:
        """The one that is followed, also where it is faint now; else the most certain that may be told."""
        if self._seen:
            box = self._seen[1].thing.box
            nearest = max(things, key=lambda each: each.thing.box.iou(box), default=None)
            if nearest and nearest.thing.box.iou(box) > SAME:
                return nearest
        return next((each for each in things if each.confidence is not Confidence.CANNOT_TELL), None)

    def _missed(self, at: float) -> Announcement | None:
        if self._seen is None:
            return self._end(*self._unseen) if self._began is not None and at - self._began >= LOOK_S else None
        return self._end(Phrase("find_lost", {"thing": _one(self._label)})) if at - self._seen[0] >= LOST_S else None

    def _beep(self, at: float, off: float, found: Placed) -> Cue | None:
        quick, slow = BEEP_S
        if at - self._beeped_at < quick + (slow - quick) * min(1.0, off / BESIDE):
            return None
        self._beeped_at = at
        side = bearing(found.thing.box, self._lens.field_of_view) / BESIDE
        return Cue("beacon", max(-1.0, min(1.0, side)))

    def _end(self, *phrases: Phrase) -> Announcement:
        self.over = True
        return answer(*phrases)


def find_phrase(found: Placed) -> Phrase:
    """What is found and where, in few words; of what was faint but followed no doubt is told again."""
    message = "find_perhaps" if found.confidence is Confidence.UNSURE else "find_at"
    facts: dict[str, Fact] = {"thing": _one(found.thing.label), "details": whereabouts(found, height=True)}
    return Phrase(message, facts)


def not_found(label: str, minutes: int | None, place: str) -> tuple[Phrase, ...]:
    """That a thing is not in view, and where it was seen last, if it was."""
    none = Phrase("find_none", {"thing": _one(label)})
    if minutes is None:
        return (none,)
    return none, Phrase("find_seen", {"minutes": minutes, "place": place}) if minutes else Phrase(
        "find_seen_just", {"place": place}
    )


def answer(*phrases: Phrase) -> Announcement:
    """An answer of some sentences."""
    return Announcement(phrases, Urgency.ANSWER, topic="answer")


def _one(label: str) -> Counted:
    return Counted(1, "thing", label)
