"""The package as it is installed: a wheel, made from the source distribution, in an empty environment.

Needs no package index: the tools that build are those of this environment, and the new one borrows the packages that
the assistant depends on.
"""

import os
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

import assistant
from assistant import weights

ROOT = Path(__file__).parent.parent
SOURCES = (
    "LICENSE",
    "NOTICE",
    "README.md",
    "assistant",
    "config.yaml",
    "models",
    "pyproject.toml",
    "setup.py",
    "voices",
)


def run(*command: str | Path, cwd: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(list(map(str, command)), cwd=cwd, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The source distribution."""
    folder = tmp_path_factory.mktemp("source")
    tree = folder / "tree"
    tree.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__", "runs"))
        else:
            shutil.copy2(ROOT / name, tree)
    build = "from setuptools import build_meta; print(build_meta.build_sdist('..'))"
    return folder / run(sys.executable, "-c", build, cwd=tree).split()[-1]


@pytest.fixture(scope="module")
def wheel(source: Path) -> Path:
    """The wheel built from it."""
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check")
    run(sys.executable, "-m", "pip", "wheel", *options, source, cwd=source.parent)
    (built,) = source.parent.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The folder of commands of an environment that holds the wheel alone, and borrows its dependencies."""
    folder = wheel.parent / "environment"
    run(sys.executable, "-m", "venv", "--without-pip", folder, cwd=wheel.parent)
    commands = folder / "bin"
    pip = (sys.executable, "-m", "pip", "--python", commands / "python", "--disable-pip-version-check")
    run(*pip, "install", "--no-deps", "--no-index", wheel, cwd=wheel.parent)
    packages = Path(
        run(commands / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    )
    ours = [path for path in sys.path if path.endswith(("site-packages", "dist-packages"))]
    (packages / "borrowed.pth").write_text("\n".join(ours) + "\n")
    return commands


def test_the_wheel_carries_code_data_and_terms_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0] for name in names} == {"assistant", f"assistant-{assistant.__version__}.dist-info"}
    data = {name.removeprefix("assistant/_data/") for name in names if name.startswith("assistant/_data/")}
    assert {"config.yaml", "voices/en/voice.yaml", "models/expression/manifest.yaml"} <= data
    assert [name for name in names if "training" in name or name.endswith((".png", ".npz", ".pyc"))] == []
    for terms in ("LICENSE", "NOTICE"):
        assert any(name.endswith(f"licenses/{terms}") for name in names)


def test_every_voice_and_every_model_is_in_the_wheel(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for manifest in [*ROOT.glob("models/*/manifest.yaml"), *ROOT.glob("voices/*/*.yaml")]:
        assert f"assistant/_data/{manifest.relative_to(ROOT)}" in names
    for model in weights.names():
        if (file := weights.manifest(model).file.name) and (ROOT / "models" / model / file).exists():
            assert f"assistant/_data/models/{model}/{file}" in names


def test_it_runs_from_any_folder(installed: Path, tmp_path: Path) -> None:
    assert run(installed / "assistant", "--version", cwd=tmp_path) == f"assistant {assistant.__version__}\n"
    assert "expression" in run(installed / "assistant", "models", "list", cwd=tmp_path)
    assert "no mistakes" in run(installed / "assistant", "config", "check", cwd=tmp_path)


def test_its_data_is_its_own(installed: Path, tmp_path: Path) -> None:
    ask = "from assistant import config, weights; print(weights.data_folder('voices'), config.find())"
    environment = installed.parent.resolve()
    for path in run(installed / "python", "-c", ask, cwd=tmp_path).split():
        assert Path(path).exists()
        assert Path(path).resolve().is_relative_to(environment)


def test_the_metadata_says_what_it_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["dynamic"] == ["version"]
    assert project["requires-python"] == ">=3.11"
    assert set(project["optional-dependencies"]) == {"heard", "demo", "heic", "keys", "gpio", "text", "things", "dev"}
