"""What is there, in one sentence; asked again, more: people, things, writing, light, and what a captioner sees."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from assistant.domain.answers import LIGHT_MESSAGES
from assistant.domain.answers import answer as about_people
from assistant.domain.commands import Command
from assistant.domain.naming import listed
from assistant.domain.ports import Answer, Captioner, Finding, Look, PictureSkill, Skill
from assistant.domain.setting import setting
from assistant.domain.values import Announcement, Counted, Fact, Listing, Phrase, Query, Verbatim
from assistant.errors import AssistantError, SkillFailed
from assistant.skills.spoken import say, told

log = logging.getLogger(__name__)

MOST = 5
"""So many things and people are named at most."""
AGAIN_S = 20.0
"""Asked again within so many seconds more is told."""
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
        things, lack = self._study("things", query, look)
        if not again:
            yield told(Finding((self._first(look, things, lack),), {}))
            return
        light, _ = self._study("light", query, look)
        yield told(Finding(self._more(query, look, things, light, lack), {}))
        text, _ = self._study("read", query, look)
        if writing := _writing(text):
            yield _follows(writing)
        if self._captioner:
            yield from self._caption(self._captioner, look, looks)

    def study(self, query: Query, look: Look) -> Finding:
        """All that is known of a picture, the sentence that comes first at the beginning; without the captioner.

        Its details: `people` (their number), `named` [label] of what the first sentence names, `things` and `lines` as
        those skills give them, `light`, `side`, and `setting`: "indoors", "outdoors", or null where that is not sure.
        """
        things, lack = self._study("things", query, look)
        light, _ = self._study("light", query, look)
        text, _ = self._study("read", query, look)
        writing = _writing(text)
        phrases = (self._first(look, things, lack), *self._more(query, look, things, light, lack))
        named = [fact.key for item in self._items(look, things) if (fact := _counted(item)) is not None]
        details: dict[str, Any] = {"people": len(look.view.people), "named": named, "things": [], "lines": []}
        for finding in (things, text, light):
            details |= finding.details if finding else {}
        details["setting"] = setting(details["things"])
        return Finding((*phrases, *([writing] if writing else [])), details)

    def check(self) -> str:
        """Which parts it composes."""
        parts = ", ".join(name for name in ("things", "read", "light") if name in self._others)
        seen = self._captioner.check() if self._captioner else "no captioner is set."
        return f"tells of people, {parts}; {seen}"

    def close(self) -> None:
        """Holds nothing itself."""

    def _study(self, name: str, query: Query, look: Look) -> tuple[Finding | None, Phrase | None]:
        """What another skill makes of the look, or why it cannot."""
        skill = self._others.get(name)
        if not isinstance(skill, PictureSkill):
            return None, None
        try:
            return skill.study(replace(query, verb=skill.commands[0].verb, about=""), look), None
        except AssistantError as error:
            return None, Phrase(error.phrase, error.facts)
        except Exception:
            log.exception("the scene goes on without %s", name)
            return None, Phrase(SkillFailed.phrase, {"skill": name})

    def _first(self, look: Look, things: Finding | None, lack: Phrase | None) -> Phrase:
        if items := self._items(look, things):
            return Phrase("scene_first", {"things": Listing(tuple(items))})
        light = look.view.newest_light or look.view.light
        return Phrase(LIGHT_MESSAGES[light]) if light in LIGHT_MESSAGES else lack or Phrase("scene_nothing")

    def _items(self, look: Look, things: Finding | None) -> list[Fact]:
        """Who and what is named, the most important first."""
        people = look.view.people
        items: list[Fact] = []
        if any(person.identity.name for person in people):
            items += listed([person.identity for person in people], self._strangers)
        elif people:
            items.append(Counted(len(people), "thing", "person"))
        items += [_placed(phrase) for phrase in (things.phrases if things else ()) if "thing" in phrase.facts]
        return items[:MOST]

    def _more(
        self, query: Query, look: Look, things: Finding | None, light: Finding | None, lack: Phrase | None
    ) -> tuple[Phrase, ...]:
        phrases: list[Phrase] = []
        if look.view.people:
            people = replace(query, verb="now", at=look.view.at)
            phrases += about_people(people, look.view, "normal", self._expressions_told, self._strangers).phrases
        if things:
            named = [phrase for phrase in things.phrases if "thing" in phrase.facts]
            phrases += named[: max(0, MOST - len(look.view.people))]
            where = setting(things.details["things"])
            phrases += [Phrase(f"scene_{where}")] if where else []
        phrases += light.phrases if light else ()
        return (*phrases, *([lack] if lack else []))

    def _caption(self, captioner: Captioner, look: Look, looks: Iterator[Look]) -> Answer:
        """What the captioner sees, sentence by sentence, until nobody wants it any more."""
        message = "scene_seems"
        try:
            for sentence in captioner.caption(look.frame.pixels, lambda: next(looks, None) is not None):
                yield _follows(Phrase(message, {"text": Verbatim(sentence.rstrip(".!? "))}))
                message = "scene_goes_on"
        except AssistantError as error:
            yield replace(say(error.phrase, error.facts), follows=True)


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


def _writing(text: Finding | None) -> Phrase | None:
    """That something is written there, with its beginning."""
    with suppress(KeyError, IndexError):
        line = str(text.details["lines"][0]["text"]) if text else ""
        if line:
            return Phrase("scene_text", {"text": Verbatim(line[:SHOWN])})
    return None
