"""A new sense and a new skill are one file and one word: added from a folder of another package, and heard."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.e2e.program import assistant, running
from tests.e2e.toys import install

SETTINGS = """\
camera: {{source: "{pictures}", loop: true}}
triggers: [socket]
senses: [{senses}]
skills: [{skills}]
speech: {{engine: silent}}
"""


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A bright room that looks a little different in each picture."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    random = np.random.default_rng(1)
    for number in range(6):
        pixels = random.integers(150, 255, (120, 160, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")
    return folder


def config(folder: Path, pictures: Path, senses: str = "light", skills: str = "") -> Path:
    path = folder / "config.yaml"
    path.write_text(SETTINGS.format(pictures=pictures, senses=senses, skills=skills), encoding="utf-8")
    return path


def test_a_sense_is_one_file_and_one_word(tmp_path: Path, pictures: Path) -> None:
    environment = install(tmp_path / "plugins")
    path = config(tmp_path, pictures, senses="light, toy")
    with running(tmp_path, "--config", str(path), env=environment) as house:
        house.wait_for_message("toy_bright")
        assert house.texts("toy_bright") == ["The toy sees light."]


def test_a_skill_is_one_file_and_one_word(tmp_path: Path, pictures: Path) -> None:
    environment = install(tmp_path / "plugins")
    with running(tmp_path, "--config", str(config(tmp_path, pictures, skills="toy")), env=environment) as house:
        assert house.ask("count") == {"ok": True}
        house.wait_for_message("toy_counted")
        assert house.texts("toy_counted")[0] == "The toy counts zero people."
        house.ask("lens")
        house.ask("now")
        house.wait_for_message("toy_counted", times=2)


def test_a_percept_that_nobody_believes_is_an_error_when_it_is_composed(tmp_path: Path, pictures: Path) -> None:
    environment = install(tmp_path / "plugins")
    sense = tmp_path / "plugins" / "toy_sense.py"
    sense.write_text(sense.read_text().replace("    beliefs = ", "    unused = "))
    path = config(tmp_path, pictures, senses="light, toy")
    ended = assistant("run", "--config", str(path), folder=tmp_path, **environment)
    assert ended.returncode == 3
    assert "toy" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("place", ["import", "constructor"])
def test_what_cannot_be_made_is_told_and_the_others_go_on(tmp_path: Path, pictures: Path, place: str) -> None:
    environment = install(tmp_path / "plugins")
    for file, error in (("toy_sense.py", "1 / 0"), ("toy_skill.py", "raise SystemExit(3)")):
        path = tmp_path / "plugins" / file
        broken = f"\n    def __init__(self):\n        {error}\n\n    name = "
        text = path.read_text()
        path.write_text(f"{error}\n" if place == "import" else text.replace("\n    name = ", broken))
    with running(
        tmp_path, "--config", str(config(tmp_path, pictures, senses="toy, light", skills="toy")), env=environment
    ) as house:
        house.wait_for_message("fault_sense")
        house.wait_for_message("ready")
        assert house.texts("fault_sense") == ["The sense toy failed."]
        assert house.texts("ready") == ["Assistant ready. The skill toy failed."]
        assert house.ask("status")["ok"]
