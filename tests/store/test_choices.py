"""Choices stand over the settings until those change, survive a restart, and never break the start."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from assistant.settings import Settings, Speech
from assistant.store.choices import FILE, Choices, state_folder


def test_what_nobody_chose_is_as_set(tmp_path: Path) -> None:
    choices = Choices(Settings(verbosity="brief", speech=Speech(rate_wpm=170)), tmp_path)
    assert (choices["verbosity"], choices["rate_wpm"]) == ("brief", 170)
    assert not (tmp_path / FILE).exists()


def test_a_choice_goes_round_and_is_kept(tmp_path: Path) -> None:
    choices = Choices(Settings(), tmp_path / "state")
    assert [choices.next("verbosity") for _ in range(4)] == ["detailed", "quiet", "brief", "normal"]
    choices.next("sound")
    assert Choices(Settings(), tmp_path / "state")["sound"] == "beeps"


def test_steps_end_at_the_limits(tmp_path: Path) -> None:
    choices = Choices(Settings(speech=Speech(rate_wpm=170)), tmp_path)
    assert choices.step("rate_wpm", 1) == 190
    assert [choices.step("rate_wpm", -1) for _ in range(7)][-1] == 80
    assert [choices.step("volume", -1) for _ in range(12)][-1] == 10
    assert choices.step("volume", 1) == 20


def test_who_edits_the_settings_wins(tmp_path: Path) -> None:
    settings = Settings()
    Choices(settings, tmp_path).put("verbosity", "brief")
    assert Choices(settings, tmp_path)["verbosity"] == "brief"
    assert Choices(replace(settings, verbosity="detailed"), tmp_path)["verbosity"] == "detailed"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"verbosity": 3}', '{"verbosity": {"value": "loud", "over": "normal"}}']
)
def test_a_damaged_file_is_not_used(text: str, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    assert Choices(Settings(), tmp_path)["verbosity"] == "normal"


def test_a_choice_that_cannot_be_kept_still_counts(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    choices = Choices(Settings(), tmp_path / "file")
    assert choices.next("sound") == "beeps"
    assert choices["sound"] == "beeps"


def test_the_state_folder() -> None:
    assert state_folder({"STATE_DIRECTORY": "/var/lib/assistant"}) == Path("/var/lib/assistant")
    assert state_folder({"XDG_STATE_HOME": "/home/somebody/state"}) == Path("/home/somebody/state/assistant")
