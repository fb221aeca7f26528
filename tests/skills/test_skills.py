"""What holds of every skill of ours: it is on by default, has its key and its page, and looks at any picture."""

import json
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest

from assistant import parts
from assistant.domain.commands import COMMANDS
from assistant.domain.ports import Look, PictureSkill
from assistant.domain.values import Frame, Query
from assistant.domain.views import NOTHING_SEEN
from assistant.errors import ModelMissing, PartMissing
from assistant.settings import Settings
from assistant.skills.learning import LearnSkill
from assistant.skills.spoken import answered, told
from assistant.speech.phrases import Phrases
from assistant.weights import data_folder
from tests.e2e.program import assistant

MANUAL = data_folder("models").parent / "docs" / "manual.md"
SIZES = ((1, 1), (1, 300), (300, 1), (48, 64))
ABOUT = {"thing": "cup"}


def skills() -> list[PictureSkill]:
    made, failed = parts.make_skills(Settings())
    assert failed == []
    assert all(isinstance(skill, PictureSkill) for skill in made)
    return [skill for skill in made if isinstance(skill, PictureSkill)]


def queries(skill: PictureSkill) -> list[Query]:
    return [Query(row.verb, 0.0, ABOUT.get(row.about, "")) for row in skill.commands]


def test_all_of_ours_are_on_by_default() -> None:
    assert set(Settings().skills) == set(parts.SKILLS)
    assert set(parts.GIVEN) <= set(parts.SKILLS)


def test_each_verb_and_each_key_is_there_once() -> None:
    rows = [*COMMANDS, *LearnSkill.commands, *(row for skill in skills() for row in skill.commands)]
    assert Counter([row.verb for row in rows] + [row.key for row in rows if row.key]).most_common(1)[0][1] == 1


def test_the_manual_has_each_with_its_key() -> None:
    page = MANUAL.read_text(encoding="utf-8").partition("## What else can be asked")[2].partition("\n## ")[0]
    for row in (row for skill in skills() for row in skill.commands):
        assert (
            f"`{row.verb}`, key {row.key.upper()}:" in page if row.key else f"`{row.verb} {row.about.upper()}`" in page
        )


@pytest.mark.parametrize("skill", skills(), ids=lambda skill: skill.name)
@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("value", ["black", "white", "noise"])
def test_any_picture_is_answered_in_every_language(skill: PictureSkill, size: tuple[int, int], value: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*size, 3), dtype=np.uint8)
    pixels = noise if value == "noise" else np.full_like(noise, 0 if value == "black" else 255)
    for query in queries(skill):
        try:
            finding = skill.study(query, Look(Frame(pixels, 0.0), NOTHING_SEEN))
        except ModelMissing as missing:
            pytest.skip(str(missing))
        assert json.loads(json.dumps(finding.details, default=str)).keys() == finding.details.keys()
        for language in ("en", "de", "es", "ar"):
            utterances = Phrases(language).words(told(finding))
            assert all(utterance.language == language and utterance.text for utterance in utterances)
    skill.close()


@pytest.mark.parametrize("skill", skills(), ids=lambda skill: skill.name)
def test_it_says_what_it_needs(skill: PictureSkill) -> None:
    try:
        said = skill.check()
    except ModelMissing as missing:
        said = missing.remedy
    assert said.endswith(".")


class Lacking:
    """A skill without its package."""

    name, lens = "lacking", ""
    commands = parts.make_skills(Settings(skills=("light",)))[0][0].commands

    def study(self, query: Query, look: Look) -> None:
        raise PartMissing("toys", "toys")


def test_what_is_not_installed_is_told_with_how_to_add_it() -> None:
    (told_of,) = answered(
        Lacking(), Query("light", 0.0), iter([Look(Frame(np.zeros((4, 4, 3), np.uint8), 0.0), NOTHING_SEEN)])
    )
    assert Phrases("en").text(told_of) == (
        "For that I need the package toys, which is not installed. Set me up with all of my parts."
    )


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A dim room with a window at the left."""
    pixels = np.random.default_rng(1).integers(20, 60, (120, 160, 3), dtype=np.uint8)
    pixels[20:80, 10:40] = 255
    cv2.imwrite(str(tmp_path / "room.png"), pixels)
    return tmp_path / "room.png"


def test_a_skill_is_asked_of_a_picture(picture: Path) -> None:
    done = assistant("look", "--json", "--ask", "light", picture.name, folder=picture.parent)
    assert done.returncode == 0, done.stderr
    line = json.loads(done.stdout)
    assert line["source"] == "room.png"
    assert line["asked"] == "light"
    assert line["side"] == "left"
    assert "on your left" in line["says"]


@pytest.mark.parametrize("question", ["", "eagle", "find", "find:", "light:cup", "now:now", ":", "light\n"])
def test_a_wrong_question_gets_a_sentence(question: str, picture: Path) -> None:
    done = assistant("look", "--ask", question, picture.name, folder=picture.parent)
    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr
    assert "asked" in done.stderr or "Known" in done.stderr


def test_a_skill_is_not_asked_of_a_video_or_the_camera(tmp_path: Path) -> None:
    writer = cv2.VideoWriter(str(tmp_path / "a.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for _ in range(5):
        writer.write(np.full((48, 64, 3), 90, np.uint8))
    writer.release()
    done = assistant("look", "--ask", "light", "a.avi", folder=tmp_path)
    assert (done.returncode, done.stdout) == (5, "")
    assert "is a video" in done.stderr
    assert assistant("look", "--camera", "--ask", "light", folder=tmp_path).returncode == 2
