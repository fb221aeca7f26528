"""Manifests, checked weights, and how they are put in."""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant import manifests, weights
from assistant.errors import ModelBroken, ModelMissing
from assistant.senses.litert import Network
from tests.senses.shared import YUNET, needs

CONTENT = b"weights" * 1000
NOBODY = 65534
"""An ordinary user, for tests that root runs."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's own models."""
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def described(folder: Path) -> Path:
    """The folder of a model called "tiny" that is described but not installed."""
    (folder / "tiny").mkdir(parents=True)
    describe(folder / "tiny")
    return folder / "tiny"


def describe(folder: Path, **changes: str) -> None:
    """Writes a manifest with the given lines changed."""
    lines = {
        "name": "tiny",
        "version": "'1'",
        "task": "A test.",
        "file": f"{{name: tiny.bin, size: {len(CONTENT)}, sha256: {hashlib.sha256(CONTENT).hexdigest()}}}",
        "licence": "{weights: none}",
        "input": "{shape: [1, 2], dtype: float32}",
        "output": "{labels: [a, b], names: [answer], shape: [1, 2]}",
        "thresholds": "{a: {sure: null, unsure: 0.5}, b: {sure: 0.9, unsure: 0.5}}",
    } | changes
    text = "".join(f"{key}: {value}\n" for key, value in lines.items())
    (folder / "manifest.yaml").write_text(text, encoding="utf-8")


def test_the_manifest_is_read(described: Path) -> None:
    manifest = weights.manifest("tiny")
    assert (manifest.file.name, manifest.file.size) == ("tiny.bin", len(CONTENT))
    assert manifest.output.labels == ("a", "b")
    assert manifest.thresholds["a"].sure is None
    assert manifest.thresholds["b"].sure == 0.9


@pytest.mark.usefixtures("described")
def test_models_of_the_program_and_of_the_user_are_named() -> None:
    assert {"expression", "yunet", "tiny"} <= set(weights.names())


def test_an_unknown_model_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ModelMissing, match="expression"):
        weights.manifest("nonsense")


def test_weights_that_are_not_there_are_missing_and_the_remedy_is_told(described: Path) -> None:
    assert weights.present("tiny") is None
    with pytest.raises(ModelMissing, match="assistant models install tiny --from FILE"):
        weights.locate("tiny")


def test_weights_beside_the_manifest_are_found_and_checked(described: Path) -> None:
    (described / "tiny.bin").write_bytes(CONTENT)
    assert weights.locate("tiny").path == described / "tiny.bin"


@pytest.mark.parametrize("wrong", [CONTENT[:-1], CONTENT[:-1] + b"?", b""])
def test_wrong_weights_are_refused_by_name(described: Path, wrong: bytes) -> None:
    (described / "tiny.bin").write_bytes(wrong)
    with pytest.raises(ModelBroken, match=r"tiny\.bin"):
        weights.locate("tiny")


@pytest.mark.parametrize(
    "change",
    [
        {"file": "{name: tiny.bin, size: many, sha256: ab}"},
        {"file": "{name: ../tiny.bin, size: 1, sha256: ab}"},
        {"file": "[unclosed"},
        {"output": "{}"},
        {"name": "other"},
    ],
)
def test_a_broken_manifest_is_refused_by_name(described: Path, change: dict[str, str]) -> None:
    describe(described, **change)
    with pytest.raises(ModelBroken, match=r"manifest\.yaml"):
        weights.manifest("tiny")


@pytest.mark.parametrize("place", [".", "tiny"])
def test_weights_are_installed_from_a_folder(described: Path, tmp_path: Path, place: str) -> None:
    source = tmp_path / "usb" / place
    source.mkdir(parents=True)
    (source / "tiny.bin").write_bytes(CONTENT)
    assert weights.install("tiny", tmp_path / "usb") == described / "tiny.bin"
    assert weights.locate("tiny").content == CONTENT


def test_weights_are_installed_from_a_file_of_any_name(described: Path, tmp_path: Path) -> None:
    (tmp_path / "download(1)").write_bytes(CONTENT)
    weights.install("tiny", tmp_path / "download(1)")
    assert weights.locate("tiny").path.stat().st_mode & 0o777 == 0o644
    assert sorted(path.name for path in described.iterdir()) == ["manifest.yaml", "tiny.bin"]


def test_a_wrong_file_is_not_installed_and_what_was_there_stays(described: Path, tmp_path: Path) -> None:
    (described / "tiny.bin").write_bytes(CONTENT)
    (tmp_path / "wrong").write_bytes(CONTENT[::-1])
    with pytest.raises(ModelBroken, match="wrong"):
        weights.install("tiny", tmp_path / "wrong")
    assert weights.locate("tiny").content == CONTENT
    assert sorted(path.name for path in described.iterdir()) == ["manifest.yaml", "tiny.bin"]


def test_nothing_to_install_is_missing(described: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="nowhere"):
        weights.install("tiny", tmp_path / "nowhere")


def test_a_folder_that_cannot_be_written_is_told(
    described: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(CONTENT)
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path / "file" / "below"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "data" / "assistant" / "models").mkdir(parents=True)
    described.rename(tmp_path / "data" / "assistant" / "models" / "tiny")
    with pytest.raises(ModelBroken, match="could not be written"):
        weights.install("tiny", tmp_path / "file")


def test_the_users_folder_comes_before_the_systems(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("ASSISTANT_MODELS", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert weights.user_folders() == [tmp_path / "assistant" / "models", Path("/usr/local/share/assistant/models")]
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path / "own"))
    assert weights.user_folders()[0] == weights.install_folder() == tmp_path / "own"


@pytest.fixture
def closed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The system's folder, closed to this user: "tiny" is in it and comes with the program too, "secret" is not."""
    root = os.geteuid() == 0
    with tempfile.TemporaryDirectory() as name:
        own, packaged = Path(name) / "closed" / "models", Path(name) / "packaged"
        for folder in (own / "tiny", own / "secret", packaged / "tiny"):
            folder.mkdir(parents=True)
            describe(folder, name=folder.name)
            (folder / "tiny.bin").write_bytes(CONTENT)
        monkeypatch.setattr(weights, "data_folder", lambda kind: packaged)
        monkeypatch.setenv("ASSISTANT_MODELS", str(own))
        Path(name).chmod(0o755)
        own.parent.chmod(0)
        if root:
            os.seteuid(NOBODY)
        try:
            yield packaged
        finally:
            if root:
                os.seteuid(0)
            own.parent.chmod(0o700)


def test_a_folder_that_is_closed_to_this_user_is_passed_over(closed: Path) -> None:
    assert weights.names() == ["tiny"]
    assert weights.locate("tiny").path == closed / "tiny" / "tiny.bin"
    with pytest.raises(ModelMissing):
        weights.manifest("secret")


def test_data_lie_beside_the_package_in_a_checkout() -> None:
    assert (weights.data_folder("models") / "expression" / "manifest.yaml").is_file()
    assert weights.data_folder("voices").parent == weights.data_folder("models").parent


@needs(YUNET)
def test_the_foreign_detector_is_the_described_one(folder: Path) -> None:
    assert weights.install("yunet", YUNET.parent) == folder / "yunet" / YUNET.name
    assert weights.locate("yunet").path == folder / "yunet" / YUNET.name


def test_a_file_that_is_cut_while_its_network_runs_harms_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "expression"
    shutil.copytree(weights.data_folder("models") / "expression", folder, ignore=shutil.ignore_patterns("training"))
    manifest = manifests.read(folder / "manifest.yaml")
    path = folder / manifest.file.name
    network = Network(weights.verified(path, manifest.file), input=manifest.input, output=manifest.output)
    os.truncate(path, 0)
    assert network(np.zeros(manifest.input.shape, np.float32))
    with pytest.raises(ModelBroken):
        weights.verified(path, manifest.file)


@pytest.mark.parametrize("kind", ["pipe", "device", "larger"])
def test_weights_that_are_no_ordinary_file_are_refused_and_not_waited_for(described: Path, kind: str) -> None:
    path = described / "tiny.bin"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/zero")
    else:
        path.write_bytes(CONTENT + b"x")
    with pytest.raises((ModelBroken, ModelMissing)):
        weights.locate("tiny")


def test_nothing_is_written_through_a_link(described: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "good").write_bytes(CONTENT)
    (tmp_path / "precious").write_text("precious")
    folder = weights.install_folder() / "tiny"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "tiny.bin").unlink(missing_ok=True)
    (folder / "tiny.bin").symlink_to(tmp_path / "precious")
    assert weights.install("tiny", tmp_path / "good").read_bytes() == CONTENT
    assert (tmp_path / "precious").read_text() == "precious"
    (folder / "tiny.bin").unlink()
    folder.rename(tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ModelBroken):
        weights.install("tiny", tmp_path / "good")
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["manifest.yaml"]
