"""What is answered when the user asks: found in the beliefs of that moment, in the order that the listener needs.

Who is there and where comes before how they look; what is not known is said as not known.
"""

from collections.abc import Sequence

from assistant.domain.naming import listed
from assistant.domain.place import STRAIGHT, edge
from assistant.domain.values import Announcement, Confidence, Fact, Listing, Phrase, Query, Urgency, Verbatim, Word
from assistant.domain.views import PersonView, SceneView
from assistant.domain.whos_there import row, why

RHYTHM = 2.0
"""Beliefs may be as old as so many of the usual times between two frames, where those come slowly."""
OLD_S = 1.5
"""The age of a picture is told with the answer from this on, seconds."""
EXPRESSION_MESSAGES = {
    Confidence.SURE: "expression_sure",
    Confidence.UNSURE: "expression_unsure",
    Confidence.CANNOT_TELL: "expression_unknown",
}
NAMED_MESSAGES = {Confidence.SURE: "named_sure", Confidence.UNSURE: "named_unsure"}
LIGHT_MESSAGES = {"dark": "too_dark", "covered": "covered", "blurred": "blurred"}


def answer(
    query: Query, view: SceneView, verbosity: str, expressions_told: bool, strangers: bool = True
) -> Announcement:
    """The answer to "what is in front of me?" ("now"), to "tell me more" ("detail"), "who" or "why".

    Args:
        query: What is asked, and when.
        view: What is believed.
        verbosity: "quiet", "brief", "normal" or "detailed".
        expressions_told: False at work and at school.
        strangers: Whether those who are not known are told as such.
    """
    age_s = query.at - view.at
    if is_old(query, view):
        return _answer(Phrase("cannot_see"))
    if not view.searched:
        return _answer(nobody(view))
    old = [Phrase("picture_old", {"seconds": round(age_s)})] if age_s >= OLD_S else []
    if not view.people:
        return _answer(nobody(view), *old)
    if query.verb == "who":
        return _answer(row(view.people), *old)
    if query.verb == "why":
        return _answer(*why(view.people[0]), *old)
    if query.verb == "detail" or verbosity == "detailed":
        phrases, about = _detail(view, expressions_told, strangers), _by_size(view)[0]
    elif len(view.people) > 1 and any(person.identity.name for person in view.people):
        phrases, about = _group(view, expressions_told, strangers), view.people[0]
    else:
        phrases, about = _short(view, verbosity, expressions_told, strangers), view.people[0]
    return _answer(*phrases, *old, about=about, expressions_told=expressions_told)


def is_old(query: Query, view: SceneView) -> bool:
    """Whether the newest beliefs are too old to answer from, given how often frames come."""
    return query.at - view.at > max(query.patience_s, RHYTHM * view.interval_s)


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


def _short(view: SceneView, verbosity: str, expressions_told: bool, strangers: bool) -> list[Phrase]:
    person = view.people[0]
    front = _expression(person, "front", expressions_told)
    if len(view.people) == 1 and (named := _named(person, [Word("place", "front"), *_facing(person)], strangers)):
        return [named, front] if verbosity != "brief" and _shows(person, expressions_told) else [_brief(named, front)]
    if len(view.people) == 1 or verbosity == "brief":
        return [front]
    return [Phrase("people_count", {"count": len(view.people)}), front]


def _group(view: SceneView, expressions_told: bool, strangers: bool) -> list[Phrase]:
    """Who they are, and how many of them look how."""
    people = listed([person.identity for person in view.people], strangers)
    phrases = [Phrase("people_named", {"people": Listing(people), "count": len(view.people)})]
    looks: dict[str, list[PersonView]] = {}
    for person in view.people:
        if _shows(person, expressions_told) and person.confidence is Confidence.SURE:
            looks.setdefault(person.expression or "", []).append(person)
    for expression, alike in sorted(looks.items(), key=lambda row: -len(row[1])):
        if len(alike) == 1 and alike[0].identity.sure:
            phrases.append(_expression(alike[0], who(view, alike[0]), expressions_told))
        else:
            phrases.append(Phrase("group_looks", {"count": len(alike), "expression": expression}))
    return phrases


def _detail(view: SceneView, expressions_told: bool, strangers: bool) -> list[Phrase]:
    """How many and the nearest in one sentence: where, how far, facing or not, expression; the others; how to aim."""
    nearest, *others = _by_size(view)
    details: list[Fact] = [Word("place", nearest.place), Word("distance", nearest.distance), *_facing(nearest)]
    if nearest.mouth == "covered":
        details.append(Phrase("masked"))
    if expressions_told:
        details += _reading(nearest)
    named = _named(nearest, details, strangers)
    if named:
        people = listed([person.identity for person in view.people], strangers)
        group = Phrase("people_named", {"people": Listing(people), "count": len(view.people)})
        phrases = [group, named] if others else [named]
    else:
        phrases = [Phrase("people_detail", {"count": len(view.people), "details": Listing(tuple(details), "comma")})]
    for person in others:
        phrases.append(_expression(person, _placed(view, person), expressions_told))
        if person.mouth == "covered":
            phrases.append(Phrase("wears_mask", {"who": _placed(view, person)}))
    if nearest.truncated:
        phrases.append(Phrase("face_cut", {"side": edge(nearest.box)}))
    return phrases


def _named(person: PersonView, details: Sequence[Fact], strangers: bool) -> Phrase | None:
    """Somebody by name with what is told of them; None where nothing is known of who they are."""
    facts: dict[str, Fact] = {"details": Listing(tuple(details), "comma")}
    if person.identity.name is not None:
        message = "person_named" if person.identity.sure else "person_perhaps"
        return Phrase(message, {"name": Verbatim(person.identity.name), **facts})
    return Phrase("person_stranger", facts) if person.identity.stranger and strangers else None


def _brief(named: Phrase, front: Phrase) -> Phrase:
    """The one sentence that says more: with the expression, where it has the name too."""
    return front if front.message in NAMED_MESSAGES.values() else named


def _facing(person: PersonView) -> list[Fact]:
    return [Word("facing", person.facing)] if person.facing else []


def _shows(person: PersonView, expressions_told: bool) -> bool:
    """Whether there is an expression to tell."""
    return expressions_told and person.confidence is not Confidence.CANNOT_TELL and bool(person.expression)


def _reading(person: PersonView) -> list[Fact]:
    """What a face shows and how sure that is, as parts of a sentence."""
    if person.confidence is Confidence.CANNOT_TELL or not person.expression:
        return [Phrase("expression_hidden")]
    if person.confidence is Confidence.UNSURE:
        return [Phrase("may_be", {"expression": person.expression}), Word("level", "not_sure")]
    return [Phrase("looks", {"expression": person.expression}), Word("level", certainty_word(person.certainty))]


def _by_size(view: SceneView) -> list[PersonView]:
    return sorted(view.people, key=lambda person: person.box.area, reverse=True)


def who(view: SceneView, person: PersonView) -> str:
    """How somebody is called: the one in front, or by their place."""
    return "front" if view.people and view.people[0] is person else person.place


def _placed(view: SceneView, person: PersonView) -> str:
    """Likewise, but by the place also for the one in front who is at the side, where the place was told before."""
    return who(view, person) if person.place in STRAIGHT else person.place


def looks(person: PersonView, called: str) -> Phrase:
    """How somebody looks, by their name where it is sure, else by their place."""
    if person.identity.name is not None and person.identity.sure and person.confidence in NAMED_MESSAGES:
        name = Verbatim(person.identity.name)
        return Phrase(NAMED_MESSAGES[person.confidence], {"name": name, "expression": person.expression or ""})
    return Phrase(EXPRESSION_MESSAGES[person.confidence], {"who": called, "expression": person.expression or ""})


def _expression(person: PersonView, called: str, expressions_told: bool) -> Phrase:
    if not expressions_told:
        return Phrase("expression_off", {"who": called})
    if person.identity.sure and _shows(person, expressions_told):
        return looks(person, called)
    facts = {"who": called}
    if person.confidence is not Confidence.CANNOT_TELL and person.expression:
        facts["expression"] = person.expression
    return Phrase(EXPRESSION_MESSAGES[person.confidence], facts)


def _answer(*phrases: Phrase, about: PersonView | None = None, expressions_told: bool = False) -> Announcement:
    readable = about is not None and expressions_told and about.confidence is not Confidence.CANNOT_TELL
    return Announcement(
        phrases,
        Urgency.ANSWER,
        topic="answer",
        subject=about.id if about else None,
        tells=(about.expression or "") if about and readable else "",
    )
