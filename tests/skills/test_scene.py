"""The scene: one sentence of who and what is there, more the second time, and never more than five."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.devices.caption_client import SocketCaptioner
from assistant.domain.naming import Identity
from assistant.domain.ports import Finding, Look, Skill
from assistant.domain.scene import Scene
from assistant.domain.setting import setting
from assistant.domain.values import (
    Announcement,
    Box,
    Confidence,
    Counted,
    Fact,
    Frame,
    Listing,
    Percept,
    Phrase,
    Query,
    Verbatim,
    Word,
    announce,
)
from assistant.domain.views import NOTHING_SEEN, SceneView
from assistant.errors import PartMissing
from assistant.skills.light import LightSkill
from assistant.skills.scene import AGAIN_S, SceneSkill
from assistant.speech.phrases import Phrases
from tests.skills.captioning import served

PIXELS = np.random.default_rng(1).integers(60, 200, (120, 160, 3), dtype=np.uint8)
CUP = ("cup", 1, "left", "near")
CHAIRS = ("chair", 2, "ahead", "near")


class Things:
    """Finds what it is told to find."""

    name, lens = "things", "things"
    commands = LightSkill.commands

    def __init__(self, *found: tuple[str, int, str, str], error: Exception | None = None) -> None:
        self._found, self._error = found, error

    def study(self, query: Query, look: Look) -> Finding:
        if self._error:
            raise self._error
        phrases = [
            Phrase("things_at", {"thing": Counted(count, "thing", label), "details": Listing((Word("place", place),))})
            for label, count, place, _ in self._found
        ]
        rows = [{"label": label, "statement": "sure"} for label, count, *_ in self._found for _ in range(count)]
        return Finding(tuple(phrases) or (Phrase("things_none"),), {"things": rows})

    def answer(self, query: Query, looks: Iterator[Look]) -> Any:
        raise AssertionError("the scene asks others to study a look, no more")

    def check(self) -> str:
        return "made."

    def close(self) -> None:
        pass


class Read(Things):
    """Reads a line, or what it is told."""

    name, lens = "read", "text"

    def __init__(self, message: str = "read_short", text: str = "Way out") -> None:
        self._phrase = Phrase(message, {"text": Verbatim(text)})
        self._lines = [{"text": text, "certainty": 0.9}] if message in ("read_short", "read_perhaps") else []
        self.looks = self.closed = 0

    def study(self, query: Query, look: Look) -> Finding:
        self.looks += 1
        return Finding((self._phrase,), {"lines": self._lines})

    def close(self) -> None:
        self.closed += 1


def people(*names: str | None) -> SceneView:
    scene = Scene({}, settle_s=0)
    scene.believe(
        [
            Percept("face", number, "person", 0.9, Box(0.1 + 0.2 * number, 0.3, 0.1, 0.2))
            for number in range(len(names))
        ],
        0.0,
        1.3,
    )
    view = scene.view()
    known = [
        replace(person, identity=Identity(name, 0.99, Confidence.SURE) if name else Identity(stranger=True))
        for person, name in zip(view.people, names, strict=True)
    ]
    return replace(view, people=tuple(known))


def skill(*others: Any, **given: Any) -> SceneSkill:
    made: dict[str, Skill] = {other.name: other for other in others}
    return SceneSkill(others=made, **given)


def looks(view: SceneView = NOTHING_SEEN, number: int = 100) -> Iterator[Look]:
    return (Look(Frame(PIXELS, 0.1 * index), view) for index in range(number))


def said(items: Sequence[Any]) -> list[str]:
    return [Phrases("en").text(item) for item in items if isinstance(item, Announcement)]


def test_one_sentence_first_and_more_the_second_time() -> None:
    scene = skill(Things(CUP, CHAIRS), LightSkill(), Read())
    assert said(list(scene.answer(Query("scene", 10.0), looks()))) == ["A cup on your left and two chairs ahead."]
    more = said(list(scene.answer(Query("scene", 12.0), looks())))
    assert "A cup on your left." in more[0]
    assert "It is bright" in more[0]
    assert more[1] == "Something is written there: Way out."
    assert len(said(list(scene.answer(Query("scene", 14.0), looks())))) == 1
    assert len(said(list(scene.answer(Query("scene", 14.0 + AGAIN_S), looks())))) == 1


def test_people_come_first_by_name() -> None:
    scene = skill(Things(CUP))
    known = list(scene.answer(Query("scene", 10.0), looks(people("Ana", None))))
    assert said(known) == ["Ana, somebody I do not know and a cup on your left."]
    unknown = list(skill(Things(CUP)).answer(Query("scene", 10.0), looks(people(None, None))))
    assert said(unknown) == ["Two people and a cup on your left."] or "do not know" in said(unknown)[0]


def test_never_more_than_five() -> None:
    many = [("cup", 1, "left", "near"), ("chair", 1, "left", "near"), ("book", 1, "left", "near")] * 3
    (first,) = said(list(skill(Things(*many)).answer(Query("scene", 10.0), looks(people("Ana", "Tom")))))
    assert first.count("on your left") == 3


def test_nothing_is_there_and_what_lacks_is_told() -> None:
    assert said(list(skill(Things()).answer(Query("scene", 1.0), looks()))) == ["I see nothing that I know by name."]
    lacking = skill(Things(error=PartMissing("toys", "toys")))
    assert "toys" in said(list(lacking.answer(Query("scene", 1.0), looks())))[0]
    broken = skill(Things(error=ZeroDivisionError()))
    assert said(list(broken.answer(Query("scene", 1.0), looks()))) == ["The skill things failed."]
    dark = replace(NOTHING_SEEN, light="dark")
    assert said(list(skill(Things()).answer(Query("scene", 1.0), looks(dark)))) == ["It is too dark to see."]


@pytest.mark.parametrize("language", ["en", "de", "es", "ar"])
def test_where_nothing_has_a_name_it_begins_with_what_is_known(language: str) -> None:
    def first(*others: Any, view: SceneView = NOTHING_SEEN) -> str:
        (told,) = skill(Things(), *others).answer(Query("scene", 1.0), looks(view))
        whole = skill(Things(), *others).study(Query("scene", 1.0), next(looks(view)))
        assert isinstance(told, Announcement)
        text = Phrases(language).text(told)
        assert Phrases(language).text(Announcement(whole.phrases)).startswith(text)
        return text

    def phrase(message: str, **facts: Fact) -> str:
        return Phrases(language).text(announce(message, facts))

    nothing, light = phrase("scene_nothing"), phrase("light_even", light=Word("brightness", "bright"))
    poster, doubt = replace(NOTHING_SEEN, pictures=1), replace(NOTHING_SEEN, unsure=1)
    written = phrase("scene_text", text=Verbatim("Way out"))
    assert first() == nothing
    assert first(LightSkill()) == f"{light} {nothing}"
    assert first(LightSkill(), Read("read_nothing")) == f"{light} {nothing}"
    assert first(LightSkill(), Read("read_unclear")) == phrase("read_unclear")
    assert first(LightSkill(), Read("read_perhaps", "L")) == phrase("read_perhaps", text=Verbatim("L"))
    assert first(LightSkill(), Read(), view=poster) == written
    assert first(LightSkill(), Read("read_nothing"), view=poster) == phrase("still_picture")
    assert first(LightSkill(), view=doubt) == phrase("perhaps_somebody")
    assert first(LightSkill(), Read(), view=replace(doubt, light="dark")) == written
    assert first(LightSkill(), Read("read_nothing"), view=replace(NOTHING_SEEN, light="dark")) == phrase("too_dark")


def test_what_lacks_comes_after_what_is_known_and_nothing_is_told_twice() -> None:
    lacking = skill(Things(error=PartMissing("toys", "toys")), LightSkill(), Read())
    (first,) = said(list(lacking.answer(Query("scene", 1.0), looks())))
    assert first == "Something is written there: Way out."
    (whole,) = said(list(lacking.answer(Query("scene", 2.0), looks())))
    assert whole.startswith("Something is written there: Way out. It is bright")
    assert whole.count("toys") == whole.count("Way out") == whole.count("bright") == 1


def test_nobody_waits_for_what_reads_where_something_has_a_name_and_it_is_let_go() -> None:
    read = Read()
    scene = skill(Things(CUP), read)
    list(scene.answer(Query("scene", 1.0), looks()))
    assert (read.looks, read.closed) == (0, 1)
    list(scene.answer(Query("scene", 2.0), looks()))
    assert (read.looks, read.closed) == (1, 2)
    scene.close()
    assert read.closed == 3


def test_a_picture_is_told_as_a_whole() -> None:
    finding = skill(Things(CUP), LightSkill(), Read()).study(Query("scene", 0.0), next(looks()))
    assert finding.details["named"] == ["cup"]
    assert finding.details["lines"][0]["text"] == "Way out"
    assert {"people", "things", "light", "side", "setting"} <= set(finding.details)
    assert Phrases("en").text(Announcement(finding.phrases)).startswith("A cup on your left. ")


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (["bed", "tv"], "indoors"),
        (["car", "truck"], "outdoors"),
        (["bed"], None),
        (["car", "car", "tv"], None),
        ([], None),
    ],
)
def test_indoors_or_out_only_when_sure(labels: list[str], told: str | None) -> None:
    assert setting([{"label": label, "statement": "sure"} for label in labels]) == told
    assert setting([{"label": label, "statement": "unsure"} for label in labels]) is None


def test_the_captioner_is_heard_last_and_in_its_own_words(tmp_path: Path) -> None:
    with served(tmp_path):
        scene = skill(Things(CUP), captioner=SocketCaptioner(path=tmp_path / "captions"))
        assert len(said(list(scene.answer(Query("scene", 10.0), looks())))) == 1
        more = list(scene.answer(Query("scene", 11.0), looks(number=10_000)))
    assert said(more[1:]) == ["It seems that: A dog sleeps.", "The room is bright.", "It is 3.5 metres wide."]
    assert all(item.follows for item in more[1:] if isinstance(item, Announcement))


def test_a_captioner_that_is_gone_is_told(tmp_path: Path) -> None:
    scene = skill(Things(CUP), captioner=SocketCaptioner(path=tmp_path / "captions"))
    list(scene.answer(Query("scene", 10.0), looks()))
    assert said(list(scene.answer(Query("scene", 11.0), looks())))[-1] == "The captioner does not answer."
