"""What is answered when the user asks: found in the beliefs of that moment, in the order that the listener needs.

Who is there and where comes before how they look; what is not known is said as not known.
"""

from assistant.domain.place import STRAIGHT, edge
from assistant.domain.scene import PersonView, SceneView
from assistant.domain.values import Announcement, Phrase, Query, Statement, Urgency, Verb

BLIND_AFTER_S = 1.0
"""An answer needs a frame younger than this; otherwise it says that it cannot see (seconds)."""
RHYTHM = 2.0
"""... or younger than so many of the usual times between two frames, where they come more slowly than that."""
OLD_S = 1.5
"""The age of a picture is told with the answer from this on, seconds."""
EXPRESSION_MESSAGES = {
    Statement.SURE: "expression_sure",
    Statement.UNSURE: "expression_unsure",
    Statement.CANNOT_TELL: "expression_unknown",
}
LIGHT_MESSAGES = {"dark": "too_dark", "covered": "covered", "blurred": "blurred"}


def answer(query: Query, view: SceneView, verbosity: str, expressions_told: bool) -> Announcement:
    """The answer to "what is in front of me?" (`Verb.NOW`) or to "tell me more" (`Verb.DETAIL`).

    Args:
        query: What is asked, and when.
        view: What is believed.
        verbosity: "quiet", "brief", "normal" or "detailed".
        expressions_told: False at work and at school.
    """
    age_s = query.at - view.at
    if is_old(view, query.at):
        return _answer(Phrase("cannot_see"))
    if not view.searched:
        return _answer(nobody(view))
    old = [Phrase("picture_old", {"seconds": round(age_s)})] if age_s >= OLD_S else []
    if not view.people:
        return _answer(nobody(view), *old)
    if query.what is Verb.DETAIL or verbosity == "detailed":
        return _answer(*_detail(view, expressions_told), *old, subject=_by_size(view)[0].person)
    return _answer(*_short(view, verbosity, expressions_told), *old, subject=view.people[0].person)


def is_old(view: SceneView, now: float) -> bool:
    """Whether the newest beliefs are too old to answer from, given how often frames come."""
    return now - view.at > max(BLIND_AFTER_S, RHYTHM * view.interval_s)


def certainty_word(certainty: float) -> str:
    """How sure a reading is that may be said unhedged, as a word."""
    return "sure" if certainty >= 0.9 else "fairly_sure"


def nobody(view: SceneView) -> Phrase:
    """That nobody is in view, or why that cannot be said: the newest judgement of light counts, not the belief."""
    if not view.searched:
        return Phrase("faces_unwatched")
    light = view.newest_light or view.light
    if light != "ok" and view.starting:
        return Phrase("camera_starting")
    if light in LIGHT_MESSAGES:
        return Phrase(LIGHT_MESSAGES[light])
    if view.unsure:
        return Phrase("perhaps_somebody")
    return Phrase("still_picture" if view.pictures else "nobody")


def _short(view: SceneView, verbosity: str, expressions_told: bool) -> list[Phrase]:
    front = _expression(view.people[0], "front", expressions_told)
    if len(view.people) == 1 or verbosity == "brief":
        return [front]
    return [Phrase("people_count", {"count": len(view.people)}), front]


def _detail(view: SceneView, expressions_told: bool) -> list[Phrase]:
    """How many, who is nearest and where, how far, facing or not, expression, how sure; the others; how to aim."""
    nearest, *others = _by_size(view)
    where = {"place": nearest.place, "distance": nearest.distance}
    phrases = [Phrase("people_count", {"count": len(view.people)}), Phrase("person_at", where)]
    if nearest.facing:
        phrases.append(Phrase("person_facing", {"facing": nearest.facing}))
    if expressions_told:
        phrases.append(_expression(nearest, _placed(view, nearest), expressions_told))
        if nearest.statement is Statement.SURE:
            phrases.append(Phrase("certainty", {"level": certainty_word(nearest.certainty)}))
    phrases += [_expression(person, _placed(view, person), expressions_told) for person in others]
    if nearest.cut:
        phrases.append(Phrase("face_cut", {"side": edge(nearest.box)}))
    return phrases


def _by_size(view: SceneView) -> list[PersonView]:
    return sorted(view.people, key=lambda person: person.box.area, reverse=True)


def who(view: SceneView, person: PersonView) -> str:
    """How somebody is called: the one in front, or by their place."""
    return "front" if view.people and view.people[0] is person else person.place


def _placed(view: SceneView, person: PersonView) -> str:
    """Likewise, but by the place also for the one in front who is at the side, where the place was told before."""
    return who(view, person) if person.place in STRAIGHT else person.place


def _expression(person: PersonView, called: str, expressions_told: bool) -> Phrase:
    if not expressions_told:
        return Phrase("expression_off", {"who": called})
    facts = {"who": called}
    if person.statement is not Statement.CANNOT_TELL and person.expression:
        facts["expression"] = person.expression
    return Phrase(EXPRESSION_MESSAGES[person.statement], facts)


def _answer(first: Phrase, *then: Phrase, subject: int | None = None) -> Announcement:
    return Announcement(first.message, first.facts, then, urgency=Urgency.ANSWER, topic="answer", subject=subject)
