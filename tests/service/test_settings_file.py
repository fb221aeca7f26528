"""Which settings are used, whatever the file says."""

import os
from pathlib import Path

import pytest

from assistant.environment import Reread
from assistant.errors import CameraAbsent, ConfigError, ConfigGone, UnknownName
from assistant.service.settings_file import KEPT, SettingsFile
from assistant.settings import Settings

SAME, MENDED, OTHER = Reread.SAME, Reread.MENDED, Reread.OTHER
BRIEF = Settings(verbosity="brief")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text("verbosity: brief\n")
    return path


def same(settings: Settings) -> Settings:
    return settings


def readable(settings_file: SettingsFile) -> list[Settings | None]:
    """What each candidate gives; None for one with a mistake."""
    found: list[Settings | None] = []
    for read in settings_file.candidates():
        try:
            found.append(read())
        except ConfigError:
            found.append(None)
    return found


def save(path: Path, text: str) -> None:
    """As editors do; the new file has another stamp, however soon it comes."""
    new = path.with_suffix(".new")
    new.write_text(text)
    new.replace(path)


def test_who_started_the_program_is_told_of_a_mistake_and_nothing_else_is_tried(path: Path) -> None:
    settings_file = SettingsFile(path, same)
    assert readable(settings_file) == [BRIEF]
    save(path, "verbosity: loud\n")
    assert readable(settings_file) == [None]
    assert settings_file.readable() == Settings()


def test_a_service_has_what_it_used_last_time_and_the_defaults(path: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    assert readable(SettingsFile(path, same, state)) == [BRIEF, None, Settings()]
    SettingsFile(path, same, state).take(BRIEF, refused=False)
    save(path, "verbosity: loud\n")
    assert readable(SettingsFile(path, same, state)) == [None, BRIEF, Settings()]


def test_what_is_kept_is_the_last_that_could_be_used_and_for_nobody_else(path: Path, tmp_path: Path) -> None:
    state = tmp_path / "state"
    settings_file = SettingsFile(path, same, state)
    settings_file.take(BRIEF, refused=False)
    save(path, "verbosity: loud\n")
    settings_file.take(BRIEF, refused=True)
    assert [path.name for path in state.iterdir()] == [KEPT]
    assert (state / KEPT).read_text() == "verbosity: brief\n"
    assert (state / KEPT).stat().st_mode & 0o777 == 0o600


def test_a_state_directory_that_cannot_be_written_harms_nothing(path: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings_file = SettingsFile(path, same, tmp_path / "file" / "state")
    settings_file.take(BRIEF, refused=False)
    assert readable(settings_file) == [BRIEF, None, Settings()]


def test_a_file_that_was_saved_is_noticed_once(path: Path) -> None:
    settings_file = SettingsFile(path, same)
    settings_file.take(BRIEF, refused=False)
    assert settings_file.look(asked=False) is SAME
    assert settings_file.look(asked=True) is OTHER
    save(path, "verbosity: normal\n")
    assert [settings_file.look(asked=False) for _ in range(3)] == [SAME, OTHER, SAME]
    save(path, "verbosity: loud\n")
    assert settings_file.look(asked=False) is SAME
    with pytest.raises(ConfigError):
        settings_file.look(asked=False)
    assert settings_file.look(asked=False) is SAME
    with pytest.raises(ConfigError):
        settings_file.look(asked=True)


def test_a_file_that_is_being_written_is_not_read(path: Path) -> None:
    settings_file = SettingsFile(path, same)
    settings_file.take(BRIEF, refused=False)
    for text in ("", "verbosity", "verbosity: "):
        save(path, text)
        assert settings_file.look(asked=False) is SAME
    save(path, "verbosity: normal\n")
    assert [settings_file.look(asked=False) for _ in range(2)] == [SAME, OTHER]


def test_a_mended_file_is_taken_even_if_it_says_what_is_used_already(path: Path) -> None:
    settings_file = SettingsFile(path, same)
    settings_file.take(BRIEF, refused=True)
    save(path, "verbosity: brief\n")
    assert [settings_file.look(asked=False) for _ in range(2)] == [SAME, OTHER]


def test_a_mistake_mended_back_to_what_is_used_is_told(path: Path) -> None:
    settings_file = SettingsFile(path, same)
    settings_file.take(BRIEF, refused=False)
    save(path, "verbosity: loud\n")
    settings_file.look(asked=False)
    with pytest.raises(ConfigError):
        settings_file.look(asked=False)
    save(path, "verbosity: brief\n")
    assert [settings_file.look(asked=False) for _ in range(3)] == [SAME, MENDED, SAME]


def test_so_is_a_file_that_named_what_cannot_be_used(path: Path) -> None:
    settings_file = SettingsFile(path, same)
    settings_file.take(BRIEF, refused=False)
    save(path, "senses: [telepathy]\n")
    assert [settings_file.look(asked=False) for _ in range(2)] == [SAME, OTHER]
    settings_file.refuse()
    save(path, "verbosity: brief\n")
    assert [settings_file.look(asked=False) for _ in range(3)] == [SAME, MENDED, SAME]


def test_a_file_that_is_gone_is_told_once_and_so_is_its_return(path: Path) -> None:
    settings_file = SettingsFile(path, same)
    settings_file.take(BRIEF, refused=False)
    path.unlink()
    assert settings_file.look(asked=False) is SAME
    with pytest.raises(ConfigGone):
        settings_file.look(asked=False)
    assert [settings_file.look(asked=False) for _ in range(2)] == [SAME, SAME]
    save(path, "verbosity: brief\n")
    assert [settings_file.look(asked=False) for _ in range(3)] == [SAME, MENDED, SAME]


def test_nothing_is_left_behind_where_the_settings_cannot_be_kept(path: Path, tmp_path: Path) -> None:
    (tmp_path / "state" / KEPT).mkdir(parents=True)
    SettingsFile(path, same, tmp_path / "state").take(BRIEF, refused=False)
    assert [left.name for left in (tmp_path / "state").iterdir()] == [KEPT]


def test_what_does_not_exist_is_a_mistake_in_the_line_that_names_it(path: Path) -> None:
    path.write_text("verbosity: brief\ncamera:\n  source: webcam\n")
    error = SettingsFile(path, same).located(UnknownName("camera", "webcam", ["auto"]))
    assert isinstance(error, ConfigError)
    assert error.facts == {"line": 3}
    assert 'no camera called "webcam"' in str(error)


@pytest.mark.parametrize("error", [CameraAbsent("None."), UnknownName("camera", "eye", [])])
def test_other_errors_stay_what_they_are(path: Path, error: CameraAbsent | UnknownName) -> None:
    assert SettingsFile(path, same).located(error) is error
    path.write_bytes(os.urandom(64) + b"\xff")
    assert SettingsFile(path, same).located(error) is error
