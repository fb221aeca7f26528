"""The real program and a sound server that keeps it waiting."""

from pathlib import Path
from time import sleep

import cv2
import numpy as np
import pytest

from tests.e2e.program import running
from tests.speech.conftest import ear, sound_server
from tests.speech.gate import gate
from tests.speech.sound import Loudspeaker

__all__ = ["ear", "sound_server"]

CONFIG = """\
camera: {source: room.avi, loop: true}
triggers: [socket]
verbosity: quiet
speech: {engine: espeak, keep_awake_s: 0.2}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """With the settings, and a film of an empty room."""
    writer = cv2.VideoWriter(str(tmp_path / "room.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 15, (320, 240))
    for _ in range(15):
        writer.write(np.random.default_rng(1).integers(90, 160, (240, 320, 3), np.uint8))
    writer.release()
    (tmp_path / "config.yaml").write_text(CONFIG)
    return tmp_path


def test_presses_are_taken_while_the_sound_device_opens_and_the_answer_is_heard_then(
    folder: Path, ear: Loudspeaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    with gate(ear) as way:
        for variable, value in way.environment.items():
            monkeypatch.setenv(variable, value)
        with running(folder, "--config", "config.yaml") as house:
            house.wait_for_message("ready")
            ear.pass_s(1.5)  # the device falls asleep
            way.shut()
            callers = way.callers
            ear.listen()
            for _ in range(5):
                assert house.ask("now")["ok"]
            assert house.ask("status")["ok"]
            while way.callers == callers:
                sleep(0.01)
            assert ear.sounds() == []
            way.open()
            ear.wait_for_sound()
            house.wait_for_message("status_camera_ok")
            assert house.end() == 0


def test_it_ends_while_the_sound_server_hangs(folder: Path, ear: Loudspeaker) -> None:
    with running(folder, "--config", "config.yaml") as house:
        house.wait_for_message("ready")
        with ear.frozen():
            assert house.ask("now")["ok"]
            assert house.ask("disclose")["ok"]
            sleep(0.5)
            assert house.end() == 0
