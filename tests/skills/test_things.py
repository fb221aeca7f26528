"""What things are there and where one of them is, found by the real detectors in real pictures."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from skimage.data import coffee

from assistant import weights
from assistant.domain.ports import Look, ObjectDetector, PictureSkill
from assistant.domain.values import Announcement, Box, Cue, Frame, Pixels, Query, Thing, Thresholds
from assistant.domain.views import NOTHING_SEEN, SceneView
from assistant.errors import ModelBroken, ModelMissing
from assistant.senses.things.detectors import DETECTORS, MODELS
from assistant.skills.things import ThingsSkill
from assistant.speech.phrases import Phrases
from assistant.speech.vocabulary import vocabulary
from tests.senses.shared import YOLOX

FIND_CUP = Query("find", 0.0, "cup")
THINGS = Query("things", 0.0)


def words() -> Mapping[str, Sequence[str]]:
    return vocabulary(Phrases("en").language, "thing")


def said(items: Sequence[object]) -> list[str]:
    return [Phrases("en").text(item) for item in items if isinstance(item, Announcement)]


def look(pixels: Pixels, at: float = 0.0, view: SceneView = NOTHING_SEEN) -> Look:
    return Look(Frame(pixels, at), view)


@pytest.fixture(scope="module", params=sorted(DETECTORS))
def skill(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ThingsSkill]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_MODELS", str(tmp_path_factory.mktemp("models")))
        if request.param == "yolox" and YOLOX.exists():
            weights.install(MODELS["yolox"], YOLOX)
        made = ThingsSkill(detector=request.param, words=words)
        try:
            assert "SHA-256" in made.check()
        except ModelMissing as error:
            pytest.skip(f"{request.param}: {error}")
        yield made


def test_it_is_a_picture_skill(skill: ThingsSkill) -> None:
    assert isinstance(skill, PictureSkill)


def test_a_cup_on_a_table_is_told(skill: ThingsSkill) -> None:
    finding = skill.study(THINGS, look(coffee()))
    assert "A cup ahead, within reach." in said([Announcement(finding.phrases)])[0]
    rows = {row["label"]: row for row in finding.details["things"]}
    assert {"cup", "dining table"} <= set(rows)
    assert rows["cup"]["place"] == "ahead"
    assert rows["cup"]["distance"] == "within_reach"
    assert isinstance(rows["cup"]["box"], Box)


def test_a_mug_is_a_cup_and_only_that_is_given(skill: ThingsSkill) -> None:
    finding = skill.study(Query("find", 0.0, "my mug"), look(coffee()))
    assert said([Announcement(finding.phrases)]) == ["A cup, ahead, within reach."]
    assert [row["label"] for row in finding.details["things"]] == ["cup"]


def test_the_guide_ends_at_once_where_it_is_in_front(skill: ThingsSkill) -> None:
    asked = [look(coffee(), number / 10) for number in range(40)]
    assert said(list(skill.answer(FIND_CUP, iter(asked)))) == ["A cup, ahead, within reach."]


def test_a_dark_picture_says_so_and_not_that_nothing_is_there(skill: ThingsSkill) -> None:
    dark = SceneView(at=0.0, people=(), pictures=0, light="dark")
    finding = skill.study(THINGS, look(np.zeros((48, 64, 3), np.uint8), view=dark))
    assert said([Announcement(finding.phrases)]) == ["It is too dark to see."]


class Scripted:
    """An object detector that finds what it is told to."""

    name = "scripted"
    thresholds: Mapping[str, Thresholds] = {"cup": Thresholds(0.5, 0.3)}

    def __init__(self) -> None:
        self.left: float | None = 0.1

    def detect(self, pixels: Pixels) -> list[Thing]:
        return [] if self.left is None else [Thing("cup", 0.9, Box(self.left, 0.45, 0.1, 0.1))]


class Clock:
    """Seconds that are set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> tuple[ThingsSkill, Scripted, Clock]:
    """The skill with a detector as another package would bring it."""
    detector, clock = Scripted(), Clock()

    def make(name: str) -> ObjectDetector:
        return detector

    monkeypatch.setattr("assistant.skills.things.make_detector", make)
    return ThingsSkill(words=words, now=clock), detector, clock


Rig = tuple[ThingsSkill, Scripted, Clock]


def frames(seconds: float, before: Callable[[float], None] = lambda at: None) -> Iterator[Look]:
    """Fifteen a second."""
    for number in range(round(seconds * 15)):
        before(number / 15)
        yield look(np.zeros((48, 64, 3), np.uint8), number / 15)


def test_somebody_is_guided_to_it(scripted: Rig) -> None:
    skill, detector, _ = scripted

    def turn(at: float) -> None:
        detector.left = min(0.45, 0.1 + at / 20)

    heard = list(skill.answer(FIND_CUP, frames(12, turn)))
    assert said(heard) == ["A cup, on your left, near.", "A cup, ahead, near."]
    pans = [item.pan for item in heard if isinstance(item, Cue)]
    assert pans[0] < -0.4 < abs(pans[-1]) < 0.1
    assert len(pans) > 20


def test_where_it_was_seen_is_remembered_for_ten_minutes(scripted: Rig) -> None:
    skill, detector, clock = scripted
    skill.study(THINGS, look(np.zeros((48, 64, 3), np.uint8)))
    detector.left = None
    for now, sentence in (
        (5.0, " I saw it a moment ago on your left."),
        (120.0, " I saw it two minutes ago on your left."),
        (601.0, ""),
    ):
        clock.now = now
        assert said(list(skill.answer(FIND_CUP, frames(6)))) == [f"I cannot see a cup.{sentence}"]


def test_what_is_lost_on_the_way_is_told(scripted: Rig) -> None:
    skill, detector, _ = scripted

    def lose(at: float) -> None:
        detector.left = 0.1 if at < 1 else None

    assert said(list(skill.answer(FIND_CUP, frames(10, lose)))) == [
        "A cup, on your left, near.",
        "I no longer see a cup.",
    ]


@pytest.mark.parametrize(
    ("about", "sentence"),
    [
        ("spon", "I do not know what spon is. Do you mean a spoon?"),
        ("xyzzyqqq", "I do not know what xyzzyqqq is."),
        ("", "Name a thing to find, such as a cup."),
        ("a" * 10_000, f"I do not know what {'a' * 40} is."),
    ],
)
def test_what_is_not_known_gets_a_sentence_at_once(scripted: Rig, about: str, sentence: str) -> None:
    skill, _, _ = scripted
    assert said(list(skill.answer(Query("find", 0.0, about), frames(1)))) == [sentence]
    finding = skill.study(Query("find", 0.0, about), look(np.zeros((4, 4, 3), np.uint8)))
    assert (said([Announcement(finding.phrases)]), finding.details) == ([sentence], {"things": []})


def test_when_nobody_wants_the_answer_it_ends(scripted: Rig) -> None:
    skill, _, _ = scripted
    assert list(skill.answer(FIND_CUP, iter(()))) == []
    assert list(skill.answer(THINGS, iter(()))) == []


def test_a_damaged_model_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path))
    path = tmp_path / MODELS["yolox"] / weights.manifest(MODELS["yolox"]).file.name
    path.parent.mkdir()
    path.write_bytes(b"no network")
    skill = ThingsSkill(words=words)
    with pytest.raises(ModelBroken):
        skill.check()
    for query in (THINGS, FIND_CUP):
        assert said(list(skill.answer(query, frames(1)))) == ["A model cannot be used."]
