"""What other packages bring is taken only where it is what it should be; the rest goes on without it."""

from pathlib import Path

import pytest

from assistant import parts
from assistant.settings import Settings


class Half:
    """Lacks most of what a skill has."""

    name = "half"


class Broken:
    def __init__(self) -> None:
        raise SystemExit(3)


class Worded:
    """Names its sentences by a text, and not by a path."""

    voices = str(Path(__file__).parent)


@pytest.mark.parametrize("made", [Half, Broken])
def test_what_is_no_skill_is_told_by_its_name(made: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SKILLS", {"made": f"{__name__}:{made.__name__}"})
    skills, failed = parts.make_skills(Settings(skills=("made",)))
    assert skills == []
    assert [each.facts for each in failed] == [{"skill": "made"}]


@pytest.mark.parametrize("made", [Half, Worded])
def test_the_sentences_of_another_package_may_be_missing(made: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "SKILLS", {"made": f"{__name__}:{made.__name__}"})
    assert parts.make_phrases(Settings(skills=("made",))).language
