"""The real program, while its settings file becomes what it should not be; each time it goes on, and says so."""

import os
from pathlib import Path

import pytest

from tests.e2e.program import Running, assistant, running

GOOD = "tour: false\ncamera: {source: /dev/video77}\nspeech: {engine: silent}\nsenses: [light]\ntriggers: [socket]\n"


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def save(path: Path, text: str) -> None:
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def put(path: Path, kind: str) -> None:
    """Puts something else in the place of the file, in one step."""
    new = path.with_suffix(".new")
    match kind:
        case "pipe":
            os.mkfifo(new)
        case "device":
            new.symlink_to("/dev/zero")
        case "large":
            new.write_text("verbosity: brief\n" * 600_000, encoding="utf-8")
        case "bomb":
            new.write_text("verbosity: brief\n" * 55_000, encoding="utf-8")
    new.replace(path)


def mend(house: Running, path: Path) -> None:
    before = house.messages().count("settings_mended")
    save(path, GOOD)
    house.wait_for_message("settings_mended", times=before + 1)


def test_whatever_takes_the_place_of_the_file_is_told_and_the_old_settings_stay(settings: Path, tmp_path: Path) -> None:
    with running(tmp_path, "--config", str(settings)) as house:
        house.wait_for_message("ready")
        for count, kind in enumerate(("pipe", "device", "large"), 1):
            put(settings, kind)
            house.wait_for_message("settings_unreadable", times=count)
            mend(house, settings)
        put(settings, "bomb")
        house.wait_for_message("settings_bad")
        settings.unlink()
        house.wait_for_message("settings_gone")
        mend(house, settings)
        assert house.ask("status")["ok"]
        assert house.end() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        f"camera: {{source: /dev/video77{'x' * 300}/y.avi}}",
        f"camera: {{source: {'x' * 300}.avi}}",
        'camera: {source: "a\\0b"}',
        "language: en-US",
        "speech: {engine: megaphone}",
        "triggers: [telepathy]",
    ],
)
def test_settings_that_cannot_be_used_end_nothing(settings: Path, tmp_path: Path, wrong: str) -> None:
    with running(tmp_path, "--config", str(settings)) as house:
        house.wait_for_message("ready")
        key = wrong.partition(":")[0]
        save(settings, "\n".join(line for line in GOOD.splitlines() if not line.startswith(key)) + f"\n{wrong}\n")
        house.wait_for(lambda: {"settings_bad", "fault", "fault_picture"} & set(house.messages()))
        mend(house, settings)
        assert "settings_taken" not in house.messages()
        assert house.end() == 0


@pytest.mark.parametrize("kind", ["pipe", "device", "large", "bomb"])
def test_a_service_starts_whatever_lies_in_the_place_of_its_settings(
    settings: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody-listens"))
    put(settings, kind)
    with running(tmp_path, "--config", str(settings), "--engine", "silent", "--source", "/dev/video77") as house:
        house.wait_for_message("fault_config" if kind == "bomb" else "fault_config_unreadable")
        assert house.end() == 0


def test_without_a_service_it_ends_with_a_sentence(settings: Path, tmp_path: Path) -> None:
    put(settings, "pipe")
    done = assistant("run", "--config", str(settings), "--engine", "silent", folder=tmp_path)
    assert (done.returncode, "no ordinary file" in done.stderr, "Traceback" in done.stderr) == (3, True, False)
