"""What things are there, and where one of them is; the answer to the latter guides to it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from assistant import weights
from assistant.domain.answers import LIGHT_MESSAGES
from assistant.domain.commands import Command
from assistant.domain.ports import Answer, Finding, Look, ObjectDetector
from assistant.domain.seeking import Guide, find_phrase, not_found
from assistant.domain.things import Lens, Placed, placed, told, without_faces
from assistant.domain.values import Confidence, Counted, Listing, Phrase, Query, Verbatim
from assistant.domain.vocabulary import Vocabulary
from assistant.errors import AssistantError
from assistant.senses.things.detectors import MODELS, chosen
from assistant.senses.things.detectors import detector as make_detector
from assistant.skills.spoken import answered, say
from assistant.skills.spoken import told as as_answer

REMEMBERED_S = 600.0
"""Where a thing was seen is remembered for so long, in memory alone; seconds."""
REST = 1.0
"""After each look the guide rests for so many times as long as the look took, so that it leaves others their share."""
SHORTEST_S = 0.1
"""Two looks are never nearer to each other, seconds."""


class ThingsSkill:
    """`things`, and `find THING`.

    Args:
        detector: As in config.yaml.
        clock: Whether places are hours.
        field_of_view: Of the camera, degrees across; None where it is not known.
        words: Gives the words by which things are called; asked for with the first search.
        now: Monotonic seconds.
    """

    name = "things"
    lens = "things"
    commands: Sequence[Command] = (Command("things", "o"), Command("find", about="thing"))

    def __init__(
        self,
        *,
        detector: str = "auto",
        clock: bool = False,
        field_of_view: float | None = None,
        words: Callable[[], Mapping[str, Sequence[str]]] = dict,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._named = detector
        self._lens = Lens(field_of_view, clock)
        self._words = words
        self._now = now
        self._detector: ObjectDetector | None = None
        self._vocabulary: Vocabulary | None = None
        self._seen: dict[str, tuple[float, str]] = {}

    def answer(self, query: Query, looks: Iterator[Look]) -> Answer:
        """Tells what is there, or guides to what is sought; of what is not installed, how to add it."""
        return self._find(query, looks) if query.verb == "find" else answered(self, query, looks)

    def study(self, query: Query, look: Look) -> Finding:
        """The things in one look, or those that are sought.

        Raises:
            ModelMissing, ModelBroken: no detector is installed, or its file is another one.
            UnknownName: there is no detector of the name in the settings.
        """
        if query.verb != "find":
            things = self._look(look)
            return Finding(_sentences(things, look), {"things": [_row(each) for each in things]})
        label = self._meant(query.about)
        if label is None:
            return Finding(self._unknown(query.about), {"things": []})
        things = [each for each in self._look(look) if each.thing.label == label]
        phrases = (find_phrase(things[0]),) if things else self._not_found(label)
        return Finding(phrases, {"things": [_row(each) for each in things]})

    def check(self) -> str:
        """Which detector is used, its file held against its hash; of another package nothing more is known."""
        name = chosen(self._named)
        if name not in MODELS:
            return f"{name} finds them."
        weights.locate(MODELS[name])
        manifest = weights.manifest(MODELS[name])
        return f"{name} finds them, with {manifest.name} {manifest.version}, SHA-256 {manifest.file.sha256[:12]}."

    def close(self) -> None:
        """Lets the detector go; where things were is remembered for its time."""
        self._detector = None

    def _find(self, query: Query, looks: Iterator[Look]) -> Answer:
        label = self._meant(query.about)
        if label is None:
            yield as_answer(Finding(self._unknown(query.about), {}))
            return
        try:
            yield from self._guide(Guide(label, self._lens, self._not_found(label)), looks)
        except AssistantError as error:
            yield say(error.phrase, error.facts)

    def _guide(self, guide: Guide, looks: Iterator[Look]) -> Answer:
        next_at = float("-inf")
        for look in looks:
            if look.frame.at < next_at:
                continue
            began = self._now()
            item = guide.see(look.frame.at, self._look(look, faint=True), _aspect(look))
            next_at = look.frame.at + max(SHORTEST_S, (1 + REST) * (self._now() - began))
            if item:
                yield item
            if guide.over:
                return

    def _look(self, look: Look, *, faint: bool = False) -> list[Placed]:
        """What is there, the most certain first; with what is too faint to be told, where wanted."""
        if self._detector is None:
            self._detector = make_detector(self._named)
        limits, aspect = self._detector.thresholds, _aspect(look)
        every = [placed(thing, limits, self._lens, aspect) for thing in self._detector.detect(look.frame.pixels)]
        seen = [each for each in every if each.confidence is not Confidence.CANNOT_TELL]
        self._seen |= {each.thing.label: (self._now(), each.place) for each in reversed(seen)}
        return every if faint else seen

    def _not_found(self, label: str) -> tuple[Phrase, ...]:
        at, place = self._seen.get(label, (float("-inf"), ""))
        ago_s = self._now() - at
        return not_found(label, round(ago_s / 60) if ago_s < REMEMBERED_S else None, place)

    def _meant(self, said: str) -> str | None:
        if self._vocabulary is None:
            self._vocabulary = Vocabulary(self._words())
        return self._vocabulary.meant(said)

    def _unknown(self, said: str) -> tuple[Phrase, ...]:
        if not said.strip():
            return (Phrase("find_what"),)
        near = self._vocabulary.nearest(said) if self._vocabulary else ()
        offered = Listing(tuple(Counted(1, "thing", label) for label in near), "comma")
        unknown = Phrase("find_unknown", {"word": Verbatim(said[:40])})
        return (unknown, Phrase("find_near", {"things": offered})) if near else (unknown,)


def _sentences(things: Sequence[Placed], look: Look) -> tuple[Phrase, ...]:
    phrases, _ = told(without_faces(things, [person.box for person in look.view.people]))
    light = look.view.newest_light or look.view.light
    return tuple(phrases) or (Phrase(LIGHT_MESSAGES.get(light, "things_none")),)


def _row(each: Placed) -> dict[str, Any]:
    thing = each.thing
    return {
        "label": thing.label,
        "certainty": round(thing.certainty, 4),
        "statement": each.confidence.value,
        "box": thing.box,
        "place": each.place,
        "height": each.height,
        "distance": each.distance,
    }


def _aspect(look: Look) -> float:
    height, width = look.frame.pixels.shape[:2]
    return float(width / height)
