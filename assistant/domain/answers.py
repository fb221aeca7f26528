"""What is answered when the user asks: found in the beliefs of that moment, in the order that the listener needs.

Who is there and where comes before how they look; what is not known is said as not known.
"""

from assistant.domain.scene import PersonView, SceneView
from assistant.domain.values import Announcement, Phrase, Query, Statement, Urgency, Verb

BLIND_AFTER_S = 1.0
"""An answer needs a frame younger than this; otherwise it says that it cannot see (seconds)."""
EXPRESSION_MESSAGES = {
    Statement.SURE: "expression_sure",
    Statement.UNSURE: "expression_unsure",
    Statement.CANNOT_TELL: "expression_unknown",
}
LIGHT_MESSAGES = {"dark": "too_dark", "covered": "covered", "blurred": "blurred"}
DISTANCES = ((0.55, "very_near"), (0.2, "near"), (0.0, "far"))
"""Height of the face in the frame, from which on it is called so."""


def answer(query: Query, view: SceneView, verbosity: str, expressions_told: bool) -> Announcement:
    """The answer to "what is in front of me?" (`Verb.NOW`) or to "tell me more" (`Verb.DETAIL`).

    Args:
        query: What is asked, and when.
        view: What is believed.
        verbosity: "quiet", "brief", "normal" or "detailed".
        expressions_told: False at work and at school.
    """
    if query.at - view.at > BLIND_AFTER_S:
        return _answer(Phrase("cannot_see"))
    if not view.people:
        return _answer(_nobody(view))
    detail = query.what is Verb.DETAIL or verbosity == "detailed"
    phrases = _detail(view, expressions_told) if detail else _short(view, verbosity, expressions_told)
    return _answer(*phrases, subject=view.people[0].person)


def distance(person: PersonView) -> str:
    """How far a person is, as a word, from the height of the face in the frame."""
    return next(word for height, word in DISTANCES if person.box.height >= height)


def certainty_word(certainty: float) -> str:
    """How sure a reading is that may be said unhedged, as a word."""
    return "sure" if certainty >= 0.9 else "fairly_sure"


def _nobody(view: SceneView) -> Phrase:
    if view.light in LIGHT_MESSAGES:
        return Phrase(LIGHT_MESSAGES[view.light])
    return Phrase("still_picture" if view.pictures else "nobody")


def _short(view: SceneView, verbosity: str, expressions_told: bool) -> list[Phrase]:
    front = _expression(view.people[0], "front", expressions_told)
    if len(view.people) == 1 or verbosity == "brief":
        return [front]
    return [Phrase("people_count", {"count": len(view.people)}), front]


def _detail(view: SceneView, expressions_told: bool) -> list[Phrase]:
    """How many, who is nearest and where, how far, expression, how sure; then the others."""
    front, *others = view.people
    nearest = {"place": front.place, "distance": distance(front)}
    phrases = [Phrase("people_count", {"count": len(view.people)}), Phrase("person_at", nearest)]
    if front.cut:
        phrases.append(Phrase("face_cut", {"side": front.place}))
    phrases.append(_expression(front, "front", expressions_told))
    if expressions_told and front.statement is Statement.SURE:
        phrases.append(Phrase("certainty", {"level": certainty_word(front.certainty)}))
    return phrases + [_expression(person, person.place, expressions_told) for person in others]


def _expression(person: PersonView, who: str, expressions_told: bool) -> Phrase:
    if not expressions_told:
        return Phrase("expression_off", {"who": who})
    facts = {"who": who}
    if person.statement is not Statement.CANNOT_TELL and person.expression:
        facts["expression"] = person.expression
    return Phrase(EXPRESSION_MESSAGES[person.statement], facts)


def _answer(first: Phrase, *then: Phrase, subject: int | None = None) -> Announcement:
    return Announcement(first.message, first.facts, then, urgency=Urgency.ANSWER, topic="answer", subject=subject)
