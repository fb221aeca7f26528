"""`assistant people`, from pictures to names, at home and while an assistant runs."""

import json
import tarfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from assistant import weights
from assistant.cli import cli
from assistant.devices.control_socket import ControlSocket
from assistant.devices.single_instance import single_instance
from assistant.domain.people import Gallery
from assistant.errors import NotRunning
from assistant.skills.learning import LearnSkill
from assistant.store.choices import state_folder
from assistant.store.people import FILE
from tests.scripted import House, ScriptedSense
from tests.senses.shared import SHARED, needs, without_network
from tests.store.test_people import learnt

RETAIL = SHARED / "models" / "face-reidentification-retail-0095.onnx"
LFW = SHARED / "data" / "lfw.tar"
PEOPLE = {"Ana": "Jennifer_Capriati", "Tom": "Tiger_Woods"}
STRANGER = "Serena_Williams"


def run(*words: str) -> Result:
    return CliRunner().invoke(cli, ["people", *words])


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pictures")
    with tarfile.open(LFW) as whole:
        for member in whole.getmembers():
            person, _, name = member.name.removeprefix("lfw/").partition("/")
            if person in {*PEOPLE.values(), STRANGER} and name:
                content = whole.extractfile(member)
                assert content is not None
                (folder / name).write_bytes(content.read())
    return folder


def install_network(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODELS", str(folder / "models"))
    weights.install("face-reidentification-retail-0095", RETAIL)


def of(folder: Path, person: str, begin: int, end: int) -> list[str]:
    return [str(path) for path in sorted(folder.glob(f"{person}*"))[begin:end]]


def test_without_a_network_nothing_is_learnt_and_the_rest_works(monkeypatch: pytest.MonkeyPatch) -> None:
    without_network(monkeypatch)
    refused = run("add", "Ana", "--from", "x.jpg", "--consent-given")
    assert "No network that recognises people is installed" in str(refused.exception)
    assert run("list").output == "Nobody is learnt.\n"
    assert "Nobody called Ana is learnt" in str(run("forget", "Ana").exception)
    assert run("forget", "--all").output == "0 forgotten.\n"
    assert run("forget").exit_code == 2
    assert not state_folder().exists()


def test_nobody_is_learnt_without_consent() -> None:
    refused = run("add", "Ana", "--from", "x.jpg")
    assert refused.exit_code == 2
    assert "Ask the person first" in refused.output


def test_without_pictures_and_without_an_assistant_it_says_what_to_do() -> None:
    refused = run("add", "Ana")
    assert isinstance(refused.exception, NotRunning)
    assert "assistant run" in str(refused.exception)
    assert "--from" in str(refused.exception)
    assert run("add", "Ana", "--consent-given").exit_code == 2
    assert run("add", "Ana", "x.jpg").exit_code == 2
    assert "cannot be empty" in str(run("add", " ").exception)


def test_before_the_camera_of_the_running_assistant_they_are_asked_aloud() -> None:
    house = House(ScriptedSense(lambda at: None), triggers=[ControlSocket()], skills=[LearnSkill(None, None)])  # type: ignore[arg-type]
    house.runtime.commands._skills["learn"]._people = house.people  # type: ignore[attr-defined]
    house.runtime.commands._skills["learn"]._make = lambda: None  # type: ignore[attr-defined]
    with single_instance(), house.running():
        house.wait_for(lambda: "ready" in house.messages())
        asked = run("add", "Ana", "--config", "none.yaml")
        assert asked.exit_code == 2
        asked = run("add", "Ana")
        assert asked.output == (
            "Ana is asked aloud now. When they agree, press Space or the button, or run: assistant ask now.\n"
        )
        house.wait_for(lambda: "learn_may_i" in house.messages())
        house.runtime.commands.ask("camera", "test")
        assert "camera_off" in str(run("add", "Ana").exception)


def test_an_assistant_that_names_nobody_learns_nobody() -> None:
    house = House(ScriptedSense(lambda at: None), triggers=[ControlSocket()])
    with single_instance(), house.running():
        house.wait_for(lambda: "ready" in house.messages())
        assert "set context to home" in str(run("add", "Ana").exception)
        house.people.gallery = Gallery("")
        assert "has no network" in str(run("add", "Ana").exception)


@needs(RETAIL)
@needs(LFW)
def test_learnt_from_pictures_recognised_exported_and_forgotten(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install_network(tmp_path, monkeypatch)
    for name, person in PEOPLE.items():
        first, *more = of(pictures, person, 0, 6)
        added = run("add", name, "--consent-given", "--from", first, *more)
        assert added.exit_code == 0, (added.output, added.exception)
        assert f"{name} is learnt from" in added.output
    for name, person in PEOPLE.items():
        assert run("test", of(pictures, person, 7, 8)[0]).output.startswith(f"{name}: ")
    assert run("test", of(pictures, STRANGER, 0, 1)[0]).output.startswith("somebody who is not learnt: ")

    seen = CliRunner().invoke(cli, ["look", "--json", *(of(pictures, person, 7, 8)[0] for person in PEOPLE.values())])
    lines = [json.loads(line) for line in seen.stdout.splitlines() if line.startswith("{")]
    assert [[person["name"] for person in line["people"]] for line in lines] == [["Ana"], ["Tom"]]
    assert all(line["says"].startswith(name) for line, name in zip(lines, PEOPLE, strict=True))

    asked = CliRunner().invoke(cli, ["look", "--ask", "who", of(pictures, PEOPLE["Tom"], 7, 8)[0]])
    assert asked.stdout.endswith(": One person: Tom.\n")

    first, *more = of(pictures, PEOPLE["Tom"], 8, 12)
    again = run("add", "Eva", "--consent-given", "--from", first, *more, *of(pictures, PEOPLE["Ana"], 8, 9))
    assert "this face is known as Tom already" in again.stderr
    assert "the face is too unlike the others" in again.stderr

    rows = [json.loads(line) for line in run("list", "--json").output.splitlines()]
    assert [row["name"] for row in rows] == ["Ana", "Tom", "Eva"]
    file = tmp_path / "people.json"
    assert run("export", str(file)).output == f"3 written to {file}.\n"
    assert file.stat().st_mode & 0o777 == 0o600
    assert run("rename", "eva", "Zoë").output == "eva is called Zoë now.\n"
    assert run("forget", "Zoë").output == "Zoë is forgotten.\n"
    assert run("forget", "--all").output == "2 forgotten.\n"
    assert run("import", str(file)).output == f"3 read from {file}.\n"
    assert run("test", of(pictures, PEOPLE["Ana"], 7, 8)[0]).output.startswith("Ana: ")
    assert sorted(path.name for path in state_folder().iterdir()) == [FILE]


@needs(LFW)
def test_out_of_the_box_people_are_learnt_and_no_stranger_is_named(pictures: Path) -> None:
    for name, person in PEOPLE.items():
        first, *more = of(pictures, person, 0, 6)
        assert f"{name} is learnt from" in run("add", name, "--consent-given", "--from", first, *more).output
    named = {name: run("test", of(pictures, person, 7, 8)[0]).output for name, person in PEOPLE.items()}
    assert all(told.startswith((f"{name}: ", "somebody who is not learnt: ")) for name, told in named.items())
    assert run("test", of(pictures, STRANGER, 0, 1)[0]).output.startswith("somebody who is not learnt: ")


@needs(RETAIL)
@needs(LFW)
def test_pictures_that_cannot_be_learnt_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_network(tmp_path, monkeypatch)
    import cv2

    empty = tmp_path / "empty.png"
    cv2.imwrite(str(empty), np.full((200, 200, 3), 128, np.uint8))
    refused = run("add", "Ana", "--consent-given", "--from", str(empty), str(tmp_path / "none.png"))
    assert "None of these pictures can be learnt from" in str(refused.exception)
    assert "no face is found in it" in refused.stderr
    assert run("list").output == "Nobody is learnt.\n"


def test_while_an_assistant_runs_it_is_the_one_writer(tmp_path: Path) -> None:
    house = House(ScriptedSense(lambda at: None), triggers=[ControlSocket()])
    house.people.add([learnt(name, range(25)) for name in ("Ana", "👩‍👩‍👧" * 30, '"Tom"')])
    with single_instance(), house.running():
        house.wait_for(lambda: "ready" in house.messages())
        assert run("list").output.splitlines()[0] == "Ana: 25 samples"
        file = tmp_path / "people.json"
        assert run("export", str(file)).output == f"3 written to {file}.\n"
        longest = [sign * 200 for sign in ("👩", '"', "陳", "ä")]
        for old, new in pairwise(["ana", *longest, "Zoë"]):
            assert run("rename", old, new).output == f"{old} is called {new} now.\n"
        assert "Nobody called" in str(run("forget", "\udcff").exception)
        assert run("forget", '"TOM"').output == '"Tom" is forgotten.\n'
        assert "Nobody called Eva" in str(run("forget", "Eva").exception)
        assert house.people.gallery.names[0] == "Zoë"
        assert run("forget", "--all").output == "2 forgotten.\n"
        assert run("import", str(file)).output == f"3 read from {file}.\n"
        assert [len(each.samples) for each in house.people.everybody()] == [25, 25, 25]
        assert house.messages() == ["ready"]
    assert not state_folder().exists()
