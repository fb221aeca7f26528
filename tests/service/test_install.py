"""Installing, as far as it can be tried without a machine of its own; tests/boot does the rest."""

import os
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant import weights
from assistant.cli import cli
from assistant.errors import AssistantError
from assistant.service import extras, program, unit
from assistant.service import install as installing
from assistant.service.places import SYSTEM, Places
from assistant.service.steps import Steps


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def steps(said: list[str]) -> Steps:
    return Steps(said.append, dry_run=False)


@pytest.fixture
def dry(said: list[str]) -> Steps:
    return Steps(said.append, dry_run=True)


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return replace(SYSTEM, program=tmp_path / "opt", user=True)


def wheel(folder: Path, version: str, main: str = "", name: str = "assistant", needs: str = "") -> Path:
    """A tiny program in place of the assistant: it tells its version, or does what `main` says.

    Args:
        folder: Where it is put.
        version: Its version.
        main: What it does.
        name: Of the package.
        needs: More lines of its metadata.
    """
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": "",
        f"{name}/__main__.py": main or f"print('{name} {version}')\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return path


def test_a_file_is_written_once(steps: Steps, said: list[str], tmp_path: Path) -> None:
    path = tmp_path / "etc" / "unit"
    for _ in range(2):
        steps.write("Writing the unit", path, "[Unit]\n")
    assert path.read_text() == "[Unit]\n"
    assert said == [f"Writing the unit: {path}.", f"There already: {path}."]
    assert list(path.parent.iterdir()) == [path]


def test_a_link_turns_to_another_target(steps: Steps, said: list[str], tmp_path: Path) -> None:
    link = tmp_path / "bin" / "current"
    for target in ("venv-1", "venv-1", "venv-2"):
        steps.link("Turning", link, Path(target))
    assert link.readlink() == Path("venv-2")
    assert said == [f"Turning: {link}.", f"There already: {link}.", f"Turning: {link}."]


def test_a_command_of_somebody_else_is_not_replaced(steps: Steps, tmp_path: Path) -> None:
    (tmp_path / "assistant").write_text("mine")
    with pytest.raises(AssistantError, match="not ours"):
        steps.link("Making", tmp_path / "assistant", Path("elsewhere"))
    assert (tmp_path / "assistant").read_text() == "mine"


def test_files_links_and_folders_are_removed_and_what_is_not_there_is_not_told(
    steps: Steps, said: list[str], tmp_path: Path
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").touch()
    (tmp_path / "link").symlink_to("folder")
    for name in ("link", "folder", "nothing"):
        steps.remove(tmp_path / name)
    assert list(tmp_path.iterdir()) == []
    assert len(said) == 2


def test_a_dry_run_only_says(dry: Steps, said: list[str], tmp_path: Path) -> None:
    (tmp_path / "kept").touch()
    dry.command("Running.", "touch", tmp_path / "made")
    dry.write("Writing", tmp_path / "written", "text")
    dry.link("Linking", tmp_path / "linked", Path("kept"))
    dry.remove(tmp_path / "kept")
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
    assert len(said) == 4


def test_a_command_that_fails_is_told_in_one_sentence(steps: Steps) -> None:
    with pytest.raises(AssistantError, match=r"failed: .*No such file"):
        steps.command("Listing.", "ls", "/no/such/folder")
    with pytest.raises(AssistantError, match='"no-such-command" is missing'):
        steps.command("Trying.", "no-such-command")


def test_it_is_installed_from_where_it_runs_unless_told_otherwise(tmp_path: Path) -> None:
    assert (program.source(None) / "pyproject.toml").is_file()
    assert program.source(tmp_path) == tmp_path.resolve()
    with pytest.raises(AssistantError, match="no-such"):
        program.source(tmp_path / "no-such.whl")


def test_each_version_gets_a_fresh_environment_of_its_own(places: Places, steps: Steps, tmp_path: Path) -> None:
    assert program.version(places) is None
    for number in (1, 2):
        folder = program.build(places, wheel(tmp_path, f"{number}.0"), tmp_path, [], steps)
        assert folder == places.program / f"venv-{number}"
        steps.link("Turning to it", places.current, folder)
        assert program.version(places) == f"assistant {number}.0"
    assert program.outdated(places, folder) == [places.program / "venv-1"]


def test_parts_that_were_left_out_are_added_later_and_an_upgrade_keeps_them(
    places: Places, steps: Steps, tmp_path: Path
) -> None:
    part = extras.ANSWERS["text"].package
    needs = f"Provides-Extra: text\nRequires-Dist: {part}; extra == 'text'\n"
    lite = wheel(tmp_path, "1.0", needs=needs)
    wheel(tmp_path, "3.10", name=part)
    steps.link("Turning to it", places.current, program.build(places, lite, tmp_path, [], steps))
    assert extras.installed(places) == []
    program.add(places, tmp_path, ["text"], steps)
    assert extras.installed(places) == ["text"]
    assert "text" in extras.kept(places)
    assert program.version(places) == "assistant 1.0"


def test_text_and_things_are_wanted_unless_left_out() -> None:
    assert set(extras.ANSWERS) == {"text", "things"} <= set(extras.wanted(lite=False))
    assert not set(extras.ANSWERS) & set(extras.wanted(lite=True))


def test_a_version_that_does_not_start_is_not_turned_to(places: Places, steps: Steps, tmp_path: Path) -> None:
    with pytest.raises(AssistantError, match="ZeroDivisionError"):
        program.build(places, wheel(tmp_path, "1.0", "1 / 0"), tmp_path, [], steps)
    assert program.version(places) is None


def test_a_dry_run_of_the_command_line_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for verb in ("install", "uninstall"):
        done = CliRunner().invoke(cli, ["service", verb, "--user", "--dry-run"])
        assert done.exit_code == 0, done.output
        assert "nothing is changed" in done.output
    assert list(tmp_path.iterdir()) == []


def test_upgrading_what_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    done = CliRunner().invoke(cli, ["service", "upgrade", "--user"])
    assert isinstance(done.exception, AssistantError)
    assert "not installed" in str(done.exception)


@pytest.fixture
def former(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of weights in the state directory of an earlier version, with our own weights in it."""
    monkeypatch.setattr(weights, "FORMER", tmp_path / "former")
    model = tmp_path / "former" / "expression"
    model.mkdir(parents=True)
    name = weights.manifest("expression").file.name
    shutil.copy(weights.data_folder("models") / "expression" / name, model / name)
    return model / name


def test_weights_of_an_earlier_version_move_to_where_only_root_may_write(
    former: Path, tmp_path: Path, steps: Steps
) -> None:
    places = replace(SYSTEM, models=tmp_path / "models")
    installing._models(places, steps)
    moved = tmp_path / "models" / "expression" / former.name
    assert moved.read_bytes() == former.read_bytes()
    assert (moved.stat().st_mode & 0o777, moved.parent.stat().st_mode & 0o777) == (0o644, 0o755)


def test_what_the_user_of_the_service_put_in_their_place_does_not(
    former: Path, tmp_path: Path, steps: Steps, said: list[str]
) -> None:
    places = replace(SYSTEM, models=tmp_path / "models")
    (tmp_path / "secret").write_text("secret")
    former.unlink()
    former.symlink_to(tmp_path / "secret")
    installing._models(places, steps)
    assert "Not done" in said[-1]
    assert not (tmp_path / "models" / "expression" / former.name).exists()
    former.unlink()
    os.mkfifo(former)
    installing._models(places, steps)
    assert not (tmp_path / "models").exists() or not list((tmp_path / "models").rglob("*.tflite"))


def test_the_state_of_the_service_is_nobody_elses_and_holds_no_weights() -> None:
    assert not SYSTEM.models.is_relative_to(SYSTEM.state)
    assert "StateDirectoryMode=0700" in unit.service(SYSTEM, network_camera=False, parts=())
