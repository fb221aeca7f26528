"""Learning somebody from the camera: nobody without a press, and only from looks that are good enough."""

import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from types import MappingProxyType
from typing import Any

import cv2
import numpy as np
import pytest
from numpy import uint8
from numpy.typing import NDArray

from assistant import weights
from assistant.domain.enrolment import WANTED, View
from assistant.domain.people import Gallery
from assistant.domain.ports import FaceRecognizer, Look
from assistant.domain.values import Announcement, Cue, Frame, Pose, Query, Question
from assistant.domain.views import NOTHING_SEEN
from assistant.senses.faces.finder import FinderDetector
from assistant.senses.faces.fitness import Lack
from assistant.senses.faces.recognizers import recognizer
from assistant.senses.faces.sampling import Crowd, Sampled, Sampler
from assistant.skills.learning import LearnSkill
from assistant.speech.phrases import Phrases
from assistant.store.people import People
from tests.scripted import House, ScriptedSense
from tests.senses.faces.test_identity import Toy
from tests.senses.shared import MEDIA, SHARED, needs

RETAIL = SHARED / "models" / "face-reidentification-retail-0095.onnx"
CLIP = MEDIA / "asl_walk.mkv"
LFW = SHARED / "data" / "lfw.tar"
VIEWS = (39, 12, 24, 15, 34, 1, 13, 18, 20, 36, 7, 23, 41)
"""Photographs of Jennifer Capriati: five from the front, and four turned to each side."""
PHRASES = Phrases("en")
TEN = sum(WANTED.values())
GREY = np.full((48, 64, 3), 128, uint8)


class Sitter:
    """Somebody before the camera who does what they hear, and looks a little different in every picture.

    Args:
        angles: Of the face that is seen, one look after the other, then the last one for ever.
        yaws: How the head is turned after each message, degrees; to the person's left is positive.
        frozen: Whether every picture is the same.
    """

    def __init__(self, *angles: float, yaws: Mapping[str, float] = MappingProxyType({}), frozen: bool = False) -> None:
        self._angles = list(angles or (0.1,))
        self._yaws = {"learn_ahead": -5.0, "learn_left": 12.0, "learn_right": -20.0, **yaws}
        self._yaw = 40.0
        self._frozen = frozen
        self._given = 0

    def hears(self, message: str) -> None:
        self._yaw = self._yaws.get(message, self._yaw)

    def sample(self, pixels: NDArray[uint8]) -> Sampled:
        self._given += not self._frozen
        angle = self._angles.pop(0) if len(self._angles) > 1 else self._angles[0]
        return good(angle, self._yaw, self._given)


class Bad:
    """Sees no face to learn from."""

    def __init__(self, why: Lack | Crowd) -> None:
        self._why = why

    def hears(self, message: str) -> None:
        pass

    def sample(self, pixels: NDArray[uint8]) -> Sampled:
        return Sampled(None, self._why)


def good(angle: float, yaw: float, number: int) -> Sampled:
    """A face of which one moment has a likeness of about 0.95 with the others."""
    moment = np.random.default_rng(number).normal(size=98)
    vector = np.array([np.cos(angle), np.sin(angle), *0.23 * moment / np.linalg.norm(moment)], np.float32)
    return Sampled(vector / np.linalg.norm(vector), pose=Pose(0, yaw, 0))


def looks(seconds: float = 60.0, **view: Any) -> Iterator[Look]:
    for number in range(round(seconds * 5)):
        yield Look(Frame(GREY, number / 5), replace(NOTHING_SEEN, **view))


def learn(people: People, sampler: Any, given: Iterator[Look], about: str = "Ana", agrees: bool = True) -> list[str]:
    """What is said; sounds are left out."""
    network = sampler.network if isinstance(sampler, Seeing) else Toy()
    answer = LearnSkill(people, lambda: (sampler, network)).answer(Query("learn", 0.0, about), given)
    said, agreed = [], None
    while True:
        try:
            item = answer.send(agreed)
        except StopIteration:
            return said
        agreed = agrees if isinstance(item, Question) else None
        if not isinstance(item, Cue):
            announcement = item if isinstance(item, Announcement) else item.asks
            said.append(PHRASES.text(announcement))
            sampler.hears(announcement.message)


class Seeing:
    """The real sampler with a real network; who sits there does nothing that is said."""

    def __init__(self, network: FaceRecognizer) -> None:
        self.network = network
        self._sampler = Sampler(FinderDetector(), network)

    def hears(self, message: str) -> None:
        pass

    def sample(self, pixels: NDArray[uint8]) -> Sampled:
        return self._sampler.sample(pixels)


class Turning(Seeing):
    """Shows photographs of one person, turned as was asked for, in place of the camera's picture."""

    def __init__(self, network: FaceRecognizer, pictures: Iterator[NDArray[uint8]]) -> None:
        super().__init__(network)
        self._turned: dict[str, list[NDArray[uint8]]] = {"learn_ahead": [], "learn_left": [], "learn_right": []}
        for picture in pictures:
            if pose := self._sampler.sample(picture).pose:
                view = "learn_left" if pose.yaw > 10 else "learn_right" if pose.yaw < -10 else "learn_ahead"
                self._turned[view].append(picture)
        self._shown = cycle(self._turned["learn_ahead"])

    def hears(self, message: str) -> None:
        self._shown = cycle(self._turned[message]) if message in self._turned else self._shown

    def sample(self, pixels: NDArray[uint8]) -> Sampled:
        return super().sample(next(self._shown))


@pytest.fixture
def people(tmp_path: Path) -> People:
    return People(tmp_path, Toy.model)


def test_nobody_is_learnt_who_was_not_confirmed(people: People) -> None:
    said = learn(people, Sitter(), looks(), agrees=False)
    assert said[0].startswith("Ana, may I remember your face on this device?")
    assert said[1:] == ["Then I remember nobody."]
    assert people.everybody() == []


def test_guided_from_ten_looks(people: People) -> None:
    assert learn(people, Sitter(), looks())[1:] == [
        "Face the camera.",
        "Turn a little to the left.",
        "Turn a little to the right.",
        "Ana is learnt well.",
    ]
    (ana,) = people.everybody()
    assert (ana.name, len(ana.samples)) == ("Ana", TEN)
    assert people.gallery.names == ("Ana",)


def test_it_takes_about_ten_seconds_of_pictures(people: People) -> None:
    given = looks()
    learn(people, Sitter(), given)
    assert 7 < next(given).frame.at < 12


def test_who_turns_the_wrong_way_is_told(people: People) -> None:
    confused = Sitter(yaws={"learn_left": -20.0, "learn_hint": 15.0})
    assert learn(people, confused, looks())[2:] == [
        "Turn a little to the left.",
        "Turn to the other side.",
        "Turn a little to the right.",
        "Ana is learnt well.",
    ]


def test_who_does_not_turn_is_learnt_and_what_is_missing_is_told(people: People) -> None:
    said = learn(people, Sitter(yaws={"learn_left": -5.0, "learn_right": -5.0}), looks())
    assert said[2:] == [
        *["Turn a little to the left."] * 3,
        *["Turn a little to the right."] * 3,
        "Ana is learnt, but not well: I did not see the face turned to the left and turned to the right. Learn again.",
    ]
    (ana,) = people.everybody()
    assert len(ana.samples) == WANTED[View.AHEAD]


def test_turning_before_it_is_asked_counts_for_nothing(people: People) -> None:
    said = learn(people, Sitter(yaws={"learn_ahead": 30.0}), looks())
    assert set(said[2:-1]) == {"Turn more towards the camera."}
    assert said[-1] == "I saw too little to learn from."
    assert people.everybody() == []


def test_the_same_look_again_and_again_is_one(people: People) -> None:
    said = learn(people, Sitter(frozen=True), looks())
    assert "Move your head a little." in said
    assert said[-1] == "I saw too little to learn from."
    assert people.everybody() == []


def test_without_a_name_it_is_person_1(people: People) -> None:
    learn(people, Sitter(), looks(), about="")
    learn(people, Sitter(1.5), looks(), about="")
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
    said = learn(people, Bad(why), looks())
    assert set(said[2:-1]) == {hint}
    assert said[-1] == "I saw too little to learn from."
    assert people.everybody() == []


def test_a_picture_of_a_face_is_not_learnt(people: People) -> None:
    said = learn(people, Sitter(), looks(pictures=1))
    assert "This is a picture, not a person." in said
    assert people.everybody() == []


def test_what_turns_out_to_be_a_picture_was_one_before(people: People) -> None:
    given = [*looks(6.0), *(replace(look, frame=Frame(GREY, look.frame.at + 6)) for look in looks(1.0, pictures=1))]
    assert learn(people, Sitter(), iter(given))[-1] == "I saw too little to learn from."
    assert people.everybody() == []


def test_a_look_at_somebody_else_is_left_out_and_a_known_face_is_told(people: People) -> None:
    learn(people, Sitter(), looks())
    said = learn(people, Sitter(1.5, 1.5, 0.1), looks(), about="Eva")
    assert (
        said[-1]
        == "Eva is learnt well. Two looks were too unlike the others and are left out. Ana has this face already."
    )
    assert len(people.everybody()[1].samples) == TEN - 2


def test_no_name_and_no_network(people: People) -> None:
    assert learn(people, Sitter(), looks(), about="\0") == ["That cannot be a name, or somebody is called so already."]
    (said,) = LearnSkill(people, None).answer(Query("learn", 0.0, "Ana"), looks())
    assert isinstance(said, Announcement)
    assert said.message == "people_no_network"


class Hearing(Sitter):
    """The same in a house, where they hear what is said."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self._house = house

    def sample(self, pixels: NDArray[uint8]) -> Sampled:
        for message in self._house.messages():
            self.hears(message)
        return super().sample(pixels)


def home(**given: Any) -> House:
    """A house in which Ana sits before the camera."""
    skill = LearnSkill(None, None)  # type: ignore[arg-type]
    house = House(ScriptedSense(lambda at: "happy"), skills=[skill], **given)
    skill._people = house.people
    skill._make = lambda: (Hearing(house), Toy())  # type: ignore[assignment,return-value]
    return house


@pytest.mark.parametrize(("verbosity", "sound"), [("normal", "speech"), ("quiet", "speech"), ("brief", "beeps")])
def test_the_users_press_confirms_and_all_of_it_is_spoken(verbosity: str, sound: str) -> None:
    house = home(sound=sound)
    house.choices.put("verbosity", verbosity)
    with house.running():
        house.wait_for(lambda: "ready" in house.messages())
        assert house.runtime.commands.ask("learn", "test", "Ana") == {"ok": True}
        house.wait_for(lambda: "learn_may_i" in house.messages())
        house.runtime.commands.press("button")
        house.wait_for(lambda: "learn_done" in house.messages())
    told = [message for message in house.messages() if message.startswith("learn")]
    assert told == ["learn_may_i", "learn_ahead", "learn_left", "learn_right", "learn_done"]
    assert isinstance(house.people.gallery, Gallery)
    assert house.people.gallery.names == ("Ana",)


def test_a_press_while_the_question_is_said_is_no_consent() -> None:
    house = home(seconds_per_letter=0.05)
    with house.running():
        house.wait_for(lambda: "ready" in house.messages())
        house.runtime.commands.ask("learn", "test", "Ana")
        house.wait_for(lambda: house.runtime._queue.answering)
        house.runtime.commands.press("button")
        house.wait_for(lambda: "learn_may_i" in house.messages("cut"))
        house.wait_for(lambda: not house.runtime.commands._answering.busy)
    assert house.people.gallery.names == ()


def test_sound_that_is_off_is_switched_on_to_ask() -> None:
    house = home(sound="off")
    with house.running():
        house.wait_for(lambda: house.runtime.view().at > 0)
        house.runtime.commands.ask("learn", "test", "Ana")
        house.wait_for(lambda: "learn_may_i" in house.messages())
    assert house.people.gallery.names == ()


@pytest.fixture
def network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FaceRecognizer:
    """A real one."""
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path / "models"))
    weights.install("face-reidentification-retail-0095", RETAIL)
    return recognizer()


@needs(RETAIL)
@needs(CLIP)
def test_with_the_real_network(tmp_path: Path, network: FaceRecognizer) -> None:
    people = People(tmp_path / "state", network.model)
    pictures = cycle(frames(CLIP))
    given = (Look(Frame(next(pictures), number / 2.5), NOTHING_SEEN) for number in range(100))
    said = learn(people, Seeing(network), given)
    assert said[1:3] == ["Face the camera.", "Turn a little to the left."]
    assert said[-1].startswith("Ana is learnt")
    assert people.gallery.names == ("Ana",)


@needs(RETAIL)
@needs(LFW)
def test_somebody_who_turns_as_they_are_asked_is_learnt_well(tmp_path: Path, network: FaceRecognizer) -> None:
    people = People(tmp_path / "state", network.model)
    said = learn(people, Turning(network, photographs("Jennifer_Capriati", *VIEWS)), looks())
    assert said[1:3] == ["Face the camera.", "Turn a little to the left."]
    assert said[-1].startswith("Ana is learnt well.")
    (ana,) = people.everybody()
    assert len(ana.samples) >= 8


@needs(RETAIL)
@needs(LFW)
def test_a_photograph_that_is_moved_is_not_learnt(tmp_path: Path, network: FaceRecognizer) -> None:
    (face,) = photographs("Tiger_Woods", 8)
    given = (Look(Frame(np.roll(face, number % 5, axis=1), number / 2), NOTHING_SEEN) for number in range(40))
    people = People(tmp_path / "state", network.model)
    said = learn(people, Seeing(network), given)
    assert "Move your head a little." in said
    assert said[-1] == "I saw too little to learn from."


def photographs(person: str, *numbers: int) -> Iterator[NDArray[uint8]]:
    """Of one person, uint8 (height, width, 3) RGB."""
    with tarfile.open(LFW) as whole:
        for number in numbers:
            content = whole.extractfile(f"lfw/{person}/{person}_{number:04d}.jpg")
            assert content is not None
            coded = cv2.imdecode(np.frombuffer(content.read(), uint8), cv2.IMREAD_COLOR)
            yield np.asarray(cv2.cvtColor(coded, cv2.COLOR_BGR2RGB), uint8)


def frames(path: Path) -> Iterator[NDArray[uint8]]:
    """Five pictures in two seconds of a video of 30 a second, uint8 (height, width, 3) RGB."""
    film = cv2.VideoCapture(str(path))
    number = 0
    while film.grab():
        if number % 12 == 0:
            yield np.asarray(cv2.cvtColor(film.retrieve()[1], cv2.COLOR_BGR2RGB), uint8)
        number += 1
