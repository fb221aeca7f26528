"""The training of the expression model, as its commands run it, on a handful of generated faces.

Skipped where the training's environment is missing, which `make train-expression` makes.
"""

import json
import signal
import time
from pathlib import Path

import numpy as np
import pytest

from assistant import manifests, weights
from tests.models.trainings import HANG_S, MARKS, ROOT, command, history, run, smoke

pytestmark = MARKS
MODEL = "expression"


@pytest.fixture(scope="module")
def faces(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """256 faces to train on and 64 to validate, each expression a brightness pattern of its own."""
    folder = tmp_path_factory.mktemp("data")
    code, printed = run(MODEL, "smoke.py", folder)
    assert code == 0, printed
    return folder / "faces.npz"


def test_make_trains_from_start_to_end_on_made_faces() -> None:
    smoke("train-expression")
    made = ROOT / "build" / "smoke" / "expression"
    assert [row["epoch"] for row in history(made)] == [1, 2]
    manifest = manifests.read(made / "model" / "manifest.yaml")
    assert weights.verified(made / "model" / manifest.file.name, manifest.file)
    shipped = weights.manifest(MODEL)
    assert (manifest.input, manifest.output) == (shipped.input, shipped.output)
    card = (made / "model" / "CARD.md").read_text(encoding="utf-8")
    assert all(name in card for name in ("majority / answer", "points lost", "faces found"))


@pytest.mark.parametrize("recipe", ["expression", "baseline"])
def test_a_run_that_was_killed_goes_on_as_if_it_had_not_been(recipe: str, faces: Path, tmp_path: Path) -> None:
    words = ("--recipe", recipe, "--epochs", 3, "--threads", 1)
    code, printed = run(MODEL, "train.py", faces, "--run", tmp_path / "whole", *words)
    assert code == 0, printed
    broken = command(MODEL, "train.py", faces, "--run", tmp_path / "broken", *words)
    deadline = time.monotonic() + HANG_S
    while not history(tmp_path / "broken") and broken.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    broken.send_signal(signal.SIGKILL)
    broken.communicate()
    code, printed = run(MODEL, "train.py", faces, "--run", tmp_path / "broken", *words)
    assert code == 0, printed
    whole, resumed = history(tmp_path / "whole"), history(tmp_path / "broken")
    assert [row["epoch"] for row in resumed] == [1, 2, 3]
    assert [row["loss"] for row in resumed] == pytest.approx([row["loss"] for row in whole], rel=1e-4)
    assert whole[2]["loss"] != pytest.approx(whole[0]["loss"], rel=1e-4)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("absent.npz", None),
        ("broken.npz", b"no archive"),
        ("faces.csv", b"emotion,pixels,Usage\n3,1 2 3,Training\n"),
    ],
)
def test_data_that_cannot_be_read_is_named(name: str, content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    code, printed = run(MODEL, "train.py", path, "--run", tmp_path / "run")
    assert code == 2
    assert name in printed
    assert "Traceback" not in printed
    assert not (tmp_path / "run" / "checkpoint.pt").exists()


def test_the_exported_file_answers_as_pytorch_does(faces: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    for script, words in {
        "train.py": (faces, "--run", tmp_path / "run", "--epochs", 1, "--threads", 1),
        "export.py": (faces, "--run", tmp_path / "run", "--out", model),
    }.items():
        code, printed = run(MODEL, script, *words)
        assert code == 0, printed
    figures = json.loads((model / "metrics.json").read_text(encoding="utf-8"))
    assert figures["parity_largest_difference"] < 1e-2
    assert {path.name for path in model.iterdir()} >= {"expression.tflite", "manifest.yaml", "parity.npz", "loss.png"}


def test_training_goes_on_from_an_exported_file_with_a_teacher(faces: Path, tmp_path: Path) -> None:
    """The run made of a file exports the same answers, teaches, and its student learns from faces without labels."""
    first, again = tmp_path / "first", tmp_path / "again"
    lessons = tmp_path / "lessons.npz"
    steps = [
        ("train.py", faces, "--run", tmp_path / "run", "--epochs", 1, "--threads", 1),
        ("export.py", faces, "--run", tmp_path / "run", "--out", first),
        ("recover.py", faces, "--run", tmp_path / "recovered", "--model", first),
        ("export.py", faces, "--run", tmp_path / "recovered", "--out", again),
    ]
    for script, *words in steps:
        code, printed = run(MODEL, script, *words)
        assert code == 0, printed
    with np.load(first / "parity.npz") as before, np.load(again / "parity.npz") as after:
        np.testing.assert_allclose(after["answer"], before["answer"], atol=1e-3)
    random = np.random.default_rng(0)
    np.savez(
        lessons,
        images=random.integers(0, 256, (64, 48, 48), np.uint8),
        ferplus=random.dirichlet(np.ones(8), 256 + 64).astype(np.float32),
        fer2013=random.dirichlet(np.ones(7), 256 + 64).astype(np.float32),
    )
    weights = tmp_path / "recovered" / "checkpoint.pt"
    words = ("--recipe", "student", "--taught", lessons, "--weights", weights, "--epochs", 1, "--threads", 1)
    code, printed = run(MODEL, "train.py", faces, "--run", tmp_path / "student", *words)
    assert code == 0, printed
    assert len(history(tmp_path / "student")) == 1
