"""Choices stand over the settings until those change, survive a restart, and never break the start."""

from pathlib import Path
from threading import Event, Thread

import pytest
from msgspec.structs import replace

from assistant import files
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
    assert choices.flush(30)
    assert Choices(Settings(), tmp_path / "state")["sound"] == "beeps"


def test_steps_end_at_the_limits(tmp_path: Path) -> None:
    choices = Choices(Settings(speech=Speech(rate_wpm=170)), tmp_path)
    assert choices.step("rate_wpm", 1) == 190
    assert [choices.step("rate_wpm", -1) for _ in range(7)][-1] == 80
    assert [choices.step("volume", -1) for _ in range(12)][-1] == 10
    assert choices.step("volume", 1) == 20


def test_who_edits_the_settings_wins(tmp_path: Path) -> None:
    settings = Settings()
    choices = Choices(settings, tmp_path)
    choices.put("verbosity", "brief")
    assert choices.flush(30)
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


def test_a_press_does_not_wait_for_the_disk_and_the_last_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_write = Event()
    replace_file = files.replace

    def slow(path: Path, content: bytes) -> None:
        assert may_write.wait(30)
        replace_file(path, content)

    monkeypatch.setattr(files, "replace", slow)
    choices = Choices(Settings(), tmp_path)
    assert [choices.step("volume", -1) for _ in range(5)] == [90, 80, 70, 60, 50]
    assert not choices.flush(0.05)
    may_write.set()
    assert choices.flush(30)
    assert Choices(Settings(), tmp_path)["volume"] == 50
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_choice_that_cannot_be_kept_is_told_once_and_leaves_nothing_behind(tmp_path: Path) -> None:
    state = tmp_path / "state"
    (state / FILE).mkdir(parents=True)
    choices = Choices(Settings(), state)
    told = []
    for _ in range(5):
        choices.step("volume", -1)
        assert choices.flush(30)
        told.append(choices.trouble() is not None)
    assert told == [True, False, False, False, False]
    assert [path.name for path in state.iterdir()] == [FILE]
    (state / FILE).rmdir()
    choices.step("volume", -1)
    assert choices.flush(30)
    (state / FILE).unlink()
    (state / FILE).mkdir()
    choices.step("volume", -1)
    assert choices.flush(30)
    assert choices.trouble() is not None


def test_presses_of_many_threads_lose_none(tmp_path: Path) -> None:
    choices = Choices(Settings(speech=Speech(rate_wpm=100)), tmp_path)
    threads = [Thread(target=lambda: [choices.step("volume", -1) for _ in range(2)]) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert choices["volume"] == 20
    assert choices.flush(30)
