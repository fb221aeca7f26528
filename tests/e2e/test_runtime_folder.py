"""The real program, while its runtime folder is taken away: it is reached again, and stays the only one."""

import shutil
from pathlib import Path

from tests.e2e.program import assistant, running

SETTINGS = (
    "tour: false\ncamera: {source: /dev/video77}\nspeech: {engine: silent}\nsenses: [light]\ntriggers: [socket]\n"
)


def test_it_is_reached_again_and_no_second_one_starts_beside_it(tmp_path: Path) -> None:
    config = tmp_path / "config.yaml"
    config.write_text(SETTINGS, encoding="utf-8")
    run = tmp_path / "run"
    with running(tmp_path, "--config", str(config)) as house:
        house.wait_for_message("ready")
        shutil.rmtree(run)
        house.wait_for_message("trigger_back")
        house.wait_for((run / "assistant" / "control.lock").exists)
        assert house.ask("stop")["ok"]
        second = assistant("run", "--config", str(config), folder=tmp_path, XDG_RUNTIME_DIR=str(run))
        assert second.returncode == 10
        shutil.rmtree(run)
        run.touch()
        house.wait_for_message("trigger_lost", times=2)
        run.unlink()
        house.wait_for_message("trigger_back", times=2)
        assert house.ask("status")["ok"]
        assert house.end() == 0
