"""What is there, in one sentence; asked again, more: people, things, writing, light, and what a captioner sees."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from assistant.domain.answers import LIGHT_MESSAGES
from assistant.domain.answers import answer as about_people
from assistant.domain.commands import Command
from assistant.domain.naming import listed
from assistant.domain.ports import Answer, Captioner, Finding, Look, PictureSkill, Skill
from assistant.domain.setting import setting
from assistant.domain.values import Announcement, Counted, Fact, Listing, Phrase, Query, Verbatim
from assistant.domain.views import SceneView
from assistant.errors import AssistantError, SkillFailed
from assistant.skills.spoken import say, told

log = logging.getLogger(__name__)

MOST = 5
"""So many things and people are named at most."""
AGAIN_S = 20.0
"""Asked again within so many seconds more is told."""
DOUBTED_TEXT = ("read_perhaps", "read_unclear")
"""What is told of a picture in which there may be text."""
SHOWN = 60
"""So many letters of a writing are told; `read` tells all."""


class SceneSkill:
    """`scene`: composes what the other skills and the beliefs about people say.

    Args:
        others: The skills that are there, by name; filled by the time of the first question.
        captioner: Describes pictures in sentences; None where there is none.
        expressions_told: Whether it is told how people look.
        strangers: Whether those who are not known are told as such.
    """

    name = "scene"
    lens = "scene"
    commands: Sequence[Command] = (Command("scene", "x"),)

    def __init__(
        self,
        *,
        others: Mapping[str, Skill],
        captioner: Captioner | None = None,
        expressions_told: bool = True,
        strangers: bool = True,
    ) -> None:
        self._others = others
        self._captioner = captioner
        self._expressions_told = expressions_told
        self._strangers = strangers
        self._asked_at = float("-inf")

    def answer(self, query: Query, looks: Iterator[Look]) -> Answer:
        """One sentence; the second time more, one part after the other, and last what the captioner sees."""
        look = next(looks, None)
        if look is None:
            return
        again = 0 <= query.at - self._asked_at < AGAIN_S
        self._asked_at = float("-inf") if again else query.at
        parts = _Parts(self._others, query, look)
        try:
            yield from self._tell(parts, again)
        finally:
            if "read" in self._others:
                self._others["read"].close()  # what reads takes too much memory to be kept
        if again and self._captioner:
            yield from self._caption(self._captioner, look, looks)

    def study(self, query: Query, look: Look) -> Finding:
        """All that is known of a picture, the sentence that comes first at the beginning; without the captioner.

        Its details: `people` (their number), `named` [label] of what the first sentence names, `things` and `lines` as
        those skills give them, `light`, `side`, and `setting`: "indoors", "outdoors", or null where that is not sure.
        """
        parts = _Parts(self._others, query, look)
        named = [fact.key for item in self._items(parts) if (fact := _counted(item)) is not None]
        details: dict[str, Any] = {"people": len(look.view.people), "named": named, "things": [], "lines": []}
        for finding in (parts.things, parts.text, parts.light):
            details |= finding.details if finding else {}
        details["setting"] = setting(details["things"])
        return Finding(self._all(parts), details)

    def check(self) -> str:
        """Which parts it composes."""
        parts = ", ".join(name for name in ("things", "read", "light") if name in self._others)
        seen = self._captioner.check() if self._captioner else "no captioner is set."
        return f"tells of people, {parts}; {seen}"

    def close(self) -> None:
        """Lets go of what the others hold, which were asked through it alone."""
        for other in self._others.values():
            if other is not self:
                other.close()

    def _tell(self, parts: "_Parts", again: bool) -> Answer:
        if not again:
            yield told(Finding(self._first(parts), {}))
        elif not self._items(parts):
            yield told(Finding(self._all(parts), {}))
        else:  # reading takes seconds: what is known without it is told meanwhile
            yield told(Finding((*self._more(parts), *parts.lacks), {}))
            if parts.writing:
                yield _follows(parts.writing)

    def _all(self, parts: "_Parts") -> tuple[Phrase, ...]:
        """The sentence that comes first, and all others, each once."""
        phrases = list(self._first(parts))
        more = (*self._more(parts), *([parts.writing] if parts.writing else []), *parts.lacks)
        phrases += [phrase for phrase in more if phrase not in phrases]
        return tuple(phrases)

    def _first(self, parts: "_Parts") -> tuple[Phrase, ...]:
        """Who and what is named; where that is nobody and nothing, the most important that is known beside it."""
        if items := self._items(parts):
            return (Phrase("scene_first", {"things": Listing(tuple(items))}),)
        if known := parts.writing or _half_seen(parts.view):
            return (known,)
        light = parts.view.newest_light or parts.view.light
        if light in LIGHT_MESSAGES:
            return (Phrase(LIGHT_MESSAGES[light]),)
        return (*parts.light_phrases, *(parts.lacks or (Phrase("scene_nothing"),)))

    def _items(self, parts: "_Parts") -> list[Fact]:
        """Who and what is named, the most important first."""
        people = parts.view.people
        items: list[Fact] = []
        if any(person.identity.name for person in people):
            items += listed([person.identity for person in people], self._strangers)
        elif people:
            items.append(Counted(len(people), "thing", "person"))
        items += [_placed(phrase) for phrase in parts.named_things]
        return items[:MOST]

    def _more(self, parts: "_Parts") -> tuple[Phrase, ...]:
        """How people look, where the things are, whether it is indoors or out, and the light."""
        phrases: list[Phrase] = []
        view = parts.view
        if view.people:
            people = replace(parts.query, verb="now", at=view.at)
            phrases += about_people(people, view, "normal", self._expressions_told, self._strangers).phrases
        phrases += parts.named_things[: max(0, MOST - len(view.people))]
        where = setting(parts.things.details["things"]) if parts.things else None
        return (*phrases, *([Phrase(f"scene_{where}")] if where else []), *parts.light_phrases)

    def _caption(self, captioner: Captioner, look: Look, looks: Iterator[Look]) -> Answer:
        """What the captioner sees, sentence by sentence, until nobody wants it any more."""
        message = "scene_seems"
        try:
            for sentence in captioner.caption(look.frame.pixels, lambda: next(looks, None) is not None):
                yield _follows(Phrase(message, {"text": Verbatim(sentence.rstrip(".!? "))}))
                message = "scene_goes_on"
        except AssistantError as error:
            yield replace(say(error.phrase, error.facts), follows=True)


class _Parts:
    """What the other skills make of one look, each asked once, when it is first needed: reading takes seconds."""

    def __init__(self, others: Mapping[str, Skill], query: Query, look: Look) -> None:
        self._others = others
        self._look = look
        self.query = query
        self.view = look.view
        self.lacks: tuple[Phrase, ...] = ()
        """Why things cannot be found; nothing where they can."""

    @cached_property
    def things(self) -> Finding | None:
        """What is there; None where that cannot be told."""
        finding, lack = self._study("things")
        self.lacks = (lack,) if lack else ()
        return finding

    @cached_property
    def light(self) -> Finding | None:
        """How bright it is."""
        return self._study("light")[0]

    @cached_property
    def text(self) -> Finding | None:
        """What is written there."""
        return self._study("read")[0]

    @property
    def named_things(self) -> list[Phrase]:
        """The sentences that name a thing."""
        return [phrase for phrase in (self.things.phrases if self.things else ()) if "thing" in phrase.facts]

    @property
    def light_phrases(self) -> tuple[Phrase, ...]:
        """How bright it is, as sentences."""
        return self.light.phrases if self.light else ()

    @property
    def writing(self) -> Phrase | None:
        """That something is written there, with its beginning, or that something may be; None where nothing is."""
        for phrase in self.text.phrases if self.text else ():
            if phrase.message in DOUBTED_TEXT:
                return phrase
        lines = self.text.details["lines"] if self.text else ()
        text = str(lines[0]["text"]) if lines else ""
        return Phrase("scene_text", {"text": Verbatim(text[:SHOWN])}) if text else None

    def _study(self, name: str) -> tuple[Finding | None, Phrase | None]:
        """What another skill makes of the look, or why it cannot."""
        skill = self._others.get(name)
        if not isinstance(skill, PictureSkill):
            return None, None
        try:
            return skill.study(replace(self.query, verb=skill.commands[0].verb, about=""), self._look), None
        except AssistantError as error:
            return None, Phrase(error.phrase, error.facts)
        except Exception:
            log.exception("the scene goes on without %s", name)
            return None, Phrase(SkillFailed.phrase, {"skill": name})


def _half_seen(view: SceneView) -> Phrase | None:
    """That there is a face which is nobody yet, or the picture of one."""
    if view.unsure:
        return Phrase("perhaps_somebody")
    return Phrase("still_picture") if view.pictures else None


def _follows(phrase: Phrase) -> Announcement:
    return replace(told(Finding((phrase,), {})), follows=True)


def _placed(phrase: Phrase) -> Phrase:
    """A thing as a part of the first sentence: where it is, and not how far."""
    details = phrase.facts.get("details")
    place = details.items[0] if isinstance(details, Listing) and details.items else Verbatim("")
    message = "scene_perhaps" if "perhaps" in phrase.message else "scene_thing"
    return Phrase(message, {"thing": phrase.facts["thing"], "place": place})


def _counted(item: Fact) -> Counted | None:
    fact = item.facts.get("thing") if isinstance(item, Phrase) else item
    return fact if isinstance(fact, Counted) and fact.table == "thing" else None
