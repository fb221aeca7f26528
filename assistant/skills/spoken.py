"""What all skills share that make an answer of one look: how it is said, and that what cannot be done is told."""

from collections.abc import Iterator, Mapping

from assistant.domain.ports import Answer, Finding, Look, PictureSkill
from assistant.domain.values import Announcement, Fact, Phrase, Query, Urgency
from assistant.errors import AssistantError


def say(message: str, facts: Mapping[str, Fact] | None = None, *then: Phrase) -> Announcement:
    """An answer of one sentence, and of those that follow it."""
    return Announcement((Phrase(message, facts or {}), *then), Urgency.ANSWER, topic="answer")


def told(finding: Finding) -> Announcement:
    """What was found, as an answer."""
    return Announcement(finding.phrases, Urgency.ANSWER, topic="answer")


def answered(skill: PictureSkill, query: Query, looks: Iterator[Look]) -> Answer:
    """Looks once and tells what is found; of what is not installed it tells how to add it."""
    look = next(looks, None)
    if look is None:
        return
    try:
        yield told(skill.study(query, look))
    except AssistantError as error:
        yield say(error.phrase, error.facts)
