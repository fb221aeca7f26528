"""Learning somebody from the camera: nobody without a press, and only from looks that are good enough."""

import io
import tarfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from numpy import uint8
from numpy.typing import NDArray

from assistant import weights
from assistant.domain.people import Gallery
from assistant.domain.ports import Look
from assistant.domain.values import Announcement, Cue, Frame, Query, Question
from assistant.domain.views import NOTHING_SEEN
from assistant.senses.faces.finder import FinderDetector
from assistant.senses.faces.fitness import Lack
from assistant.senses.faces.recognizers import recognizer
from assistant.senses.faces.sampling import Crowd, Sampled, Sampler
from assistant.skills.learning import WANTED, LearnSkill
from assistant.speech.phrases import Phrases
from assistant.store.people import People
from tests.scripted import House, ScriptedSense
from tests.senses.faces.test_identity import Toy
from tests.senses.shared import SHARED, needs

RETAIL = SHARED / "models" / "face-reidentification-retail-0095.onnx"
LFW = SHARED / "data" / "lfw.tar"
PHRASES = Phrases("en")
GREY = np.full((48, 64, 3), 128, uint8)


class Scripted:
    """Gives one result after the other, then the last one for ever, each a little different."""

    def __init__(self, results: Sequence[Sampled]) -> None:
        self._results = list(results)
        self._given = 0

    def sample(self, pixels: NDArray[uint8]) -> Sampled:
        self._given += 1
        result = self._results.pop(0) if len(self._results) > 1 else self._results[0]
        if result.vector is None:
            return result
        x, y = result.vector.tolist()
        return good(float(np.arctan2(y, x)) + self._given / 1000)


def good(angle: float) -> Sampled:
    return Sampled(np.array([np.cos(angle), np.sin(angle)], np.float32))


def looks(seconds: float = 60.0, **view: Any) -> Iterator[Look]:
    for number in range(round(seconds * 5)):
        yield Look(Frame(GREY, number / 5), replace(NOTHING_SEEN, **view))


def learn(people: People, sampler: Any, given: Iterator[Look], about: str = "Ana", agrees: bool = True) -> list[str]:
    """What is said; sounds are left out."""
    network = recognizer() if isinstance(sampler, Sampler) else Toy()
    answer = LearnSkill(people, lambda: (sampler, network)).answer(Query("learn", 0.0, about), given)
    said, agreed = [], None
    while True:
        try:
            item = answer.send(agreed)
        except StopIteration:
            return said
        agreed = agrees if isinstance(item, Question) else None
        if not isinstance(item, Cue):
            said.append(PHRASES.text(item if isinstance(item, Announcement) else item.asks))


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(tmp_path, Toy.model)


def test_nobody_is_learnt_who_was_not_confirmed(people: People) -> None:
    said = learn(people, Scripted([good(0.1)]), looks(), agrees=False)
    assert said[0].startswith("Ana, may I remember your face on this device?")
    assert said[1:] == ["Then I remember nobody."]
    assert people.everybody() == []


def test_guided_from_ten_looks(people: People) -> None:
    assert learn(people, Scripted([good(0.1)]), looks())[1:] == [
        "Face the camera.",
        "Turn a little to the left.",
        "Turn a little to the right.",
        "Ana is learnt well.",
    ]
    (ana,) = people.everybody()
    assert (ana.name, len(ana.samples)) == ("Ana", WANTED)
    assert people.gallery.names == ("Ana",)


def test_without_a_name_it_is_person_1(people: People) -> None:
    learn(people, Scripted([good(0.1)]), looks(), about="")
    learn(people, Scripted([good(1.5)]), looks(), about="")
    assert [each.name for each in people.everybody()] == ["Person 1", "Person 2"]


@pytest.mark.parametrize(
    ("why", "hint"),
    [
        (Crowd.NOBODY, "I see no face."),
        (Crowd.SEVERAL, "I see several faces, only one may be there."),
        (Lack.BLURRED, "The face is blurred, hold still."),
        (Lack.DARK, "It is too dark or too pale."),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_learnt(people: People, why: Lack | Crowd, hint: str) -> None:
    said = learn(people, Scripted([Sampled(None, why)]), looks())
    assert set(said[2:-1]) == {hint}
    assert said[-1] == "I saw too little to learn from."
    assert people.everybody() == []


def test_a_picture_of_a_face_is_not_learnt(people: People) -> None:
    said = learn(people, Scripted([good(0.1)]), looks(pictures=1))
    assert "This is a picture, not a person." in said
    assert people.everybody() == []


def test_a_look_at_somebody_else_is_left_out_and_a_known_face_is_told(people: People) -> None:
    learn(people, Scripted([good(0.1)]), looks())
    said = learn(people, Scripted([good(1.5), good(1.5), good(0.1)]), looks(), about="Eva")
    assert (
        said[-1]
        == "Eva is learnt well. Two looks were too unlike the others and are left out. Ana has this face already."
    )
    assert len(people.everybody()[1].samples) == WANTED - 2


def test_no_name_and_no_network(people: People) -> None:
    assert learn(people, Scripted([good(0.1)]), looks(), about="\0") == [
        "That cannot be a name, or somebody is called so already."
    ]
    (said,) = LearnSkill(people, None).answer(Query("learn", 0.0, "Ana"), looks())
    assert isinstance(said, Announcement)
    assert said.message == "people_no_network"


def test_the_users_press_confirms_while_it_is_asked() -> None:
    house = House(ScriptedSense(lambda at: "happy"), skills=[skill := LearnSkill(None, None)])  # type: ignore[arg-type]
    skill._people = house.people
    skill._make = lambda: (Scripted([good(0.1)]), Toy())  # type: ignore[assignment,return-value]
    with house.running():
        house.wait_for(lambda: "ready" in house.messages())
        assert house.runtime.commands.ask("learn", "test", "Ana") == {"ok": True}
        house.wait_for(lambda: "learn_may_i" in house.messages())
        house.runtime.commands.press("button")
        house.wait_for(lambda: "learn_done" in house.messages())
    assert isinstance(house.people.gallery, Gallery)
    assert house.people.gallery.names == ("Ana",)


def test_a_press_while_the_question_is_said_is_no_consent() -> None:
    house = House(ScriptedSense(lambda at: "happy"), skills=[skill := LearnSkill(None, None)], seconds_per_letter=0.05)  # type: ignore[arg-type]
    skill._people = house.people
    skill._make = lambda: (Scripted([good(0.1)]), Toy())  # type: ignore[assignment,return-value]
    with house.running():
        house.wait_for(lambda: "ready" in house.messages())
        house.runtime.commands.ask("learn", "test", "Ana")
        house.wait_for(lambda: house.runtime._queue.answering)
        house.runtime.commands.press("button")
        house.wait_for(lambda: "learn_may_i" in house.messages("cut"))
        house.wait_for(lambda: not house.runtime.commands._answering.busy)
    assert house.people.gallery.names == ()


@needs(RETAIL)
@needs(LFW)
def test_with_the_real_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path / "models"))
    weights.install("face-reidentification-retail-0095", RETAIL)
    with tarfile.open(LFW) as whole:
        content = whole.extractfile("lfw/Tiger_Woods/Tiger_Woods_0008.jpg")
        assert content is not None
        coded = np.frombuffer(io.BytesIO(content.read()).read(), uint8)
    face = np.asarray(cv2.cvtColor(cv2.imdecode(coded, cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB), uint8)
    given = (Look(Frame(np.roll(face, number % 5, axis=1), number / 2), NOTHING_SEEN) for number in range(40))
    network = recognizer()
    people = People(tmp_path / "state", network.model)
    assert learn(people, Sampler(FinderDetector(), network), given)[-1] == "Ana is learnt well."
    assert people.gallery.names == ("Ana",)
