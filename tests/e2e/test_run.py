"""`assistant run` as a process: asked through its socket, given new settings, ended in mid-sentence, started twice."""

import signal
from pathlib import Path
from time import sleep

import cv2
import numpy as np
import pytest

from tests.e2e.program import assistant, running

SETTINGS = """\
camera: {{source: {source}, loop: true}}
triggers: [socket]
speech: {{engine: {engine}}}
verbosity: {verbosity}
"""


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A video of an empty room."""
    path = tmp_path / "room.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 15, (320, 240))
    shade = np.linspace(60, 200, 320).astype(np.uint8)
    for seed in range(30):
        noise = np.random.default_rng(seed).integers(0, 8, (240, 320, 3))
        picture = (shade[None, :, None] + noise).astype(np.uint8)
        picture[60:200:20, 40:280] //= 4  # shelves: without an outline it would be covered
        picture[60:200, 40:280:40] //= 4
        writer.write(picture)
    writer.release()
    return path


@pytest.fixture
def settings(room: Path, tmp_path: Path) -> Path:
    return _write(tmp_path, room)


def _write(folder: Path, room: Path, engine: str = "silent", verbosity: str = "normal") -> Path:
    path = folder / "config.yaml"
    _save(path, SETTINGS.format(source=room, engine=engine, verbosity=verbosity))
    return path


def _save(path: Path, text: str) -> None:
    """Saves a file in one step, as careful editors do."""
    new = path.with_suffix(".new")
    new.write_text(text, encoding="utf-8")
    new.replace(path)


def test_it_answers_through_its_socket(settings: Path, tmp_path: Path) -> None:
    with running(tmp_path, "--config", str(settings)) as house:
        house.wait_for_message("ready")
        house.wait_for_answer("nobody")
        house.wait_for_message("nobody")
        house.ask("disclose")
        house.wait_for_message("disclose")
        house.ask("repeat")
        house.wait_for_message("disclose", times=2)
        assert house.ask("status")["camera"] == "ok"
        assert house.ask("quit")["ok"]
        assert house.process.wait(60) == 0


def test_the_command_asks_too(settings: Path, tmp_path: Path) -> None:
    with running(tmp_path, "--config", str(settings)) as house:
        done = assistant("ask", "status", folder=tmp_path, XDG_RUNTIME_DIR=str(tmp_path / "run"))
        assert (done.returncode, "camera: " in done.stdout) == (0, True)
        house.ask("quit")
    done = assistant("ask", "now", folder=tmp_path, XDG_RUNTIME_DIR=str(tmp_path / "run"))
    assert done.returncode == 9
    assert done.stderr.startswith("assistant: No assistant is running.")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_in_the_middle_of_a_sentence_ends_it_well(number: signal.Signals, room: Path, tmp_path: Path) -> None:
    with running(tmp_path, "--config", str(_write(tmp_path, room, engine="wav"))) as house:
        house.wait_for_message("ready")
        house.ask("disclose")
        assert house.end(number) == 0
        assert "disclose" in house.messages("cut") + house.messages("dropped")
        assert "still running" not in house.errors()


def test_a_saved_file_takes_effect_and_a_bad_one_is_told(room: Path, settings: Path, tmp_path: Path) -> None:
    with running(tmp_path, "--config", str(settings)) as house:
        house.wait_for_message("ready")
        _save(settings, "verbosity: loud\n")
        house.wait_for_message("settings_bad")
        _save(settings, "triggers: [socket, telepathy]\n")  # a name that turns out not to exist
        house.wait_for_message("settings_bad", times=2)
        _write(tmp_path, room, verbosity="brief")
        house.wait_for_message("settings_taken")
        assert house.ask("now")["ok"]
        assert house.end() == 0


def test_it_answers_and_lives_through_any_number_of_reloads(settings: Path, tmp_path: Path) -> None:
    with running(tmp_path, "--config", str(settings)) as house:
        for _ in range(5):
            house.process.send_signal(signal.SIGHUP)
            assert house.ask("now")["ok"]  # Its socket may be away at this moment.
            assert house.ask("reload")["ok"]
            sleep(0.3)  # Sometimes in the middle of a reload, when nothing runs that could take the next one.
        house.wait_for_message("settings_taken")
        assert house.end() == 0


def test_a_service_goes_on_without_the_file_and_takes_it_when_it_is_mended(
    room: Path, settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody-listens"))
    good = settings.read_text(encoding="utf-8")
    _save(settings, "\nverbosity: loud\n")
    with running(tmp_path, "--config", str(settings), "--engine", "silent") as house:
        house.wait_for_message("fault_config")
        assert house.texts("fault_config")[0].startswith("The settings have a mistake in line two. Assistant ready.")
        _save(settings, good)
        house.wait_for_message("settings_taken")
        house.wait_for_answer("nobody")
        assert house.end() == 0
    _save(settings, "camera: {source: telescope}\n")
    with running(tmp_path, "--config", str(settings), "--engine", "silent") as house:
        house.wait_for_message("fault_config")
        house.wait_for_answer("nobody")  # Sees the room, as with the last settings that could be used.
        assert house.end() == 0


def test_a_second_assistant_says_so_and_ends(settings: Path, tmp_path: Path) -> None:
    with running(tmp_path, "--config", str(settings)) as house:
        second = assistant("run", "--config", str(settings), folder=tmp_path, XDG_RUNTIME_DIR=str(tmp_path / "run"))
        assert second.returncode == 10
        assert "running already" in second.stderr
        assert "Traceback" not in second.stderr
        assert house.ask("now")["ok"]


def test_without_a_camera_it_runs_and_says_so(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    lines = ("tour: false", "camera: {source: 97}", "triggers: [socket]", "speech: {engine: silent}")
    config.write_text("\n".join(lines), encoding="utf-8")
    with running(tmp_path, "--config", str(config)) as house:
        house.wait_for_message("camera_absent")
        house.wait_for_message("ready")
        house.wait_for_answer("cannot_see")
        assert house.end() == 0


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (("--source", "nowhere.mp4"), 5, "There is no file nowhere.mp4"),
        (("--source", "webcam"), 3, 'There is no camera called "webcam"'),
        (("--engine", "parrot", "--source", "demo"), 3, 'There is no speaker called "parrot"'),
        (("--config", "absent.yaml"), 3, "absent.yaml"),
        (("--speed", "3"), 2, "--speed"),
    ],
)
def test_wrong_input_is_one_sentence(words: tuple[str, ...], code: int, text: str, tmp_path: Path) -> None:
    done = assistant("run", *words, folder=tmp_path)
    assert done.returncode == code, done.stderr
    assert text in done.stderr
    assert "Traceback" not in done.stderr


def test_every_mistake_in_a_settings_file_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("verbosity: loud\nbelieves: {}\nspeech:\n  rate_wpm: fast\n", encoding="utf-8")
    done = assistant("config", "check", "bad.yaml", folder=tmp_path)
    assert done.returncode == 3
    assert all(f"Line {line}:" in done.stderr for line in (1, 2, 4))
