"""The training of the embedding network, as its commands run it, on a handful of generated faces.

Skipped where the training's environment is missing, which `make train-recogniser` makes.
"""

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from assistant import manifests, weights
from tests.models.trainings import HANG_S, MARKS, ROOT, history, run

pytestmark = MARKS
MODEL = "face-recognition"
MADE = ROOT / "build" / "smoke" / "recogniser"


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the teacher would have said of 240 pictures of 60 people who do not exist."""
    folder = tmp_path_factory.mktemp("cache")
    code, printed = run(MODEL, "smoke.py", folder)
    assert code == 0, printed
    return folder


def test_a_run_in_two_parts_is_the_same_as_one(cache: Path, tmp_path: Path) -> None:
    words = ("--epochs", 3, "--threads", 1, "--rate", 2e-4)
    code, printed = run(MODEL, "train.py", cache, "--run", tmp_path / "whole", *words)
    assert code == 0, printed
    stop = "import sys, train; run = train.Training(train.arguments(sys.argv[1:])); run.run_epoch()"
    code, printed = run(MODEL, "-c", stop, cache, "--run", tmp_path / "parts", *words)
    assert code == 0, printed
    assert len(history(tmp_path / "parts")) == 1
    code, printed = run(MODEL, "train.py", cache, "--run", tmp_path / "parts", *words)
    assert code == 0, printed
    whole, resumed = history(tmp_path / "whole"), history(tmp_path / "parts")
    assert [row["loss"] for row in resumed] == pytest.approx([row["loss"] for row in whole], rel=1e-3)
    assert whole[2]["loss"] < whole[0]["loss"]


def test_from_start_to_end_on_made_faces() -> None:
    done = subprocess.run(
        ["make", "train-recogniser", "SMOKE=1"], cwd=ROOT, capture_output=True, text=True, timeout=HANG_S, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    model = MADE / "model"
    assert [row["epoch"] for row in history(MADE)] == [1, 2]
    manifest = manifests.read(model / "manifest.yaml")
    assert weights.verified(model / manifest.file.name, manifest.file)
    shipped = weights.manifest(MODEL)
    assert (manifest.input, manifest.output) == (shipped.input, shipped.output)
    assert manifest.naming()
    measured = json.loads((model / "metrics.json").read_text(encoding="utf-8"))["conditions"]["as it is"]
    assert {path.name for path in model.iterdir()} >= {"parity.npz", "loss.png", "open-set.png"}
    stated = yaml.safe_load((model / "manifest.yaml").read_text(encoding="utf-8"))["metrics"]
    assert stated["accuracy"] == measured["accuracy"]
    told = (model / "CARD.md").read_text(encoding="utf-8")
    assert told.startswith("# ")
    assert f"| as it is | {100 * stated['accuracy']:.1f} |" in told


def test_pairs_of_a_fold_are_of_people_of_no_other_fold(cache: Path) -> None:
    code, printed = run(
        MODEL,
        "-c",
        "import numpy as np, judge\n"
        "people = np.repeat([f'p{i}' for i in range(50)], 3)\n"
        "pairs = judge.made_pairs(people)\n"
        "where = {}\n"
        "for a, b, same, fold in zip(pairs.first, pairs.second, pairs.same, pairs.folds):\n"
        "    assert a != b and (people[a] == people[b]) == same\n"
        "    for row in (a, b):\n"
        "        assert where.setdefault(people[row], fold) == fold\n"
        "assert pairs.same.mean() == 0.5 and len(np.unique(pairs.folds)) == 10\n"
        "apart = np.eye(50)[np.repeat(np.arange(50), 3)]\n"
        "assert judge.verification(apart, apart, pairs)['accuracy'] == 1.0\n"
        "assert judge.verification(np.ones((150, 4)) / 2, np.ones((150, 4)) / 2, pairs)['accuracy'] == 0.5\n"
        "assert judge.true_accepts(*judge.likenesses(apart, apart, people), 1e-3)[0] == 1.0\n",
    )
    assert code == 0, printed


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
