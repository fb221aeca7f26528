"""The training of the points network, as its commands run it, on a handful of generated faces.

Skipped where the training's environment is missing, which `make train-landmarks` makes.
"""

import json
from pathlib import Path

import pytest
import yaml

from assistant import manifests, weights
from tests.models.trainings import MARKS, ROOT, history, run, smoke

pytestmark = MARKS
MODEL = "face-landmarks"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the teacher would have said of made photographs."""
    folder = tmp_path_factory.mktemp("cache")
    code, printed = run(MODEL, "smoke.py", folder)
    assert code == 0, printed
    return folder


def test_a_run_in_two_parts_is_the_same_as_one(cache: Path, tmp_path: Path) -> None:
    words = ("--epochs", 3, "--threads", 1)
    code, printed = run(MODEL, "train.py", cache, "--run", tmp_path / "whole", *words)
    assert code == 0, printed
    stop = "import sys, train; run = train.Training(train.arguments(sys.argv[1:])); run.run_epoch()"
    code, printed = run(MODEL, "-c", stop, cache, "--run", tmp_path / "parts", *words)
    assert code == 0, printed
    assert len(history(tmp_path / "parts")) == 1
    code, printed = run(MODEL, "train.py", cache, "--run", tmp_path / "parts", *words)
    assert code == 0, printed
    whole, resumed = history(tmp_path / "whole"), history(tmp_path / "parts")
    assert [row["loss"] for row in resumed] == pytest.approx([row["loss"] for row in whole], rel=1e-4)
    assert whole[2]["loss"] < whole[0]["loss"]


def test_what_is_exported_agrees_with_its_manifest_and_its_figures(cache: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    for script, words in {
        "train.py": (cache, "--run", tmp_path / "run", "--epochs", 1, "--threads", 1),
        "export.py": (cache, "--run", tmp_path / "run", "--out", model),
    }.items():
        code, printed = run(MODEL, script, *words)
        assert code == 0, printed
    manifest = manifests.read(model / "manifest.yaml")
    assert weights.verified(model / manifest.file.name, manifest.file)
    assert manifest.output.shape[-1] == len(manifest.output.labels)
    exported = json.loads((model / "metrics.json").read_text(encoding="utf-8"))
    code, printed = run(MODEL, "measure.py", cache, "--model", model)
    assert code == 0, printed
    measured = json.loads((model / "metrics.json").read_text(encoding="utf-8"))
    assert measured["conditions"] == exported["conditions"]
    assert yaml.safe_load((model / "manifest.yaml").read_text())["metrics"]["error"] == measured["error"]
    assert measured["conditions"]["as a detector leaves it"]["covered_right"] >= 0
    assert {path.name for path in model.iterdir()} >= {"parity.npz", "loss.png", "errors.png"}


def test_make_trains_from_start_to_end_on_made_faces() -> None:
    made = ROOT / "build" / "smoke" / "landmarks"
    assert "as a detector leaves it" in smoke("train-landmarks")
    assert [row["epoch"] for row in history(made)] == [1, 2]
    manifest = manifests.read(made / "model" / "manifest.yaml")
    assert weights.verified(made / "model" / manifest.file.name, manifest.file)
    shipped = weights.manifest(MODEL)
    assert (manifest.input, manifest.output) == (shipped.input, shipped.output)
    assert manifest.thresholds.keys() == shipped.thresholds.keys()


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("teacher.py", ("absent", "--cache", "cache")),
        ("train.py", ("absent", "--run", "run")),
        ("export.py", ("absent", "--run", "absent")),
    ],
)
def test_what_is_missing_is_named(script: str, words: tuple[str, ...], tmp_path: Path) -> None:
    code, printed = run(MODEL, script, *(tmp_path / word if not word.startswith("--") else word for word in words))
    assert code == 2
    assert "absent" in printed
    assert "Traceback" not in printed
