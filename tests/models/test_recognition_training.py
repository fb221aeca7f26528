"""The training of the embedding network, as its commands run it, on a handful of generated faces.

Skipped where the training's environment is missing, which `make train-recogniser` makes.
"""

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from assistant import manifests, weights
from tests.models.trainings import MARKS, history, run

pytestmark = MARKS
MODEL = "face-recognition"
PEOPLE, PICTURES = 60, 4
SIDE = 160


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the teacher would have said of 240 pictures of 60 people, each a pattern of spots of its own."""
    folder, random = tmp_path_factory.mktemp("cache"), np.random.default_rng(0)
    y, x = (np.mgrid[:SIDE, :SIDE] + 0.5) / SIDE
    canvases, targets = [], []
    for _ in range(PEOPLE):
        spots, direction = random.uniform(0.2, 0.8, (5, 2)), random.normal(size=256)
        for _ in range(PICTURES):
            picture = random.normal(130, 12, (SIDE, SIDE))
            for px, py in spots + random.normal(0, 0.01, (5, 2)):
                picture -= 90 * (np.hypot(x - px, y - py) < 0.06)
            canvases.append(np.repeat(picture.clip(0, 255).astype(np.uint8)[:, :, None], 3, axis=2))
            target = direction + random.normal(0, 0.3, 256)
            targets.append(target / np.linalg.norm(target))
    person = np.arange(PEOPLE * PICTURES) // PICTURES
    kinds = np.where(person % 5 == 4, "utk", "lfw")
    np.save(folder / "canvases.npy", np.array(canvases))
    np.savez(
        folder / "faces.npz",
        targets=np.array(targets, np.float32),
        kinds=kinds,
        sides=np.array(["train", "judge", "choose"])[person % 3],
        people=np.array([f"person {number}" for number in person]),
        labels=np.where(kinds == "utk", "20 to 39|f|asian", ""),
    )
    pairs, mixtures = np.flatnonzero(person % 3 == 0).reshape(2, -1), random.normal(size=(len(person) // 6, 256))
    mixtures /= np.linalg.norm(mixtures, axis=1, keepdims=True)
    np.savez(folder / "blends.npz", first=pairs[0], second=pairs[1], targets=mixtures.astype(np.float16))
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


def test_what_is_exported_agrees_with_its_passport_and_its_figures(cache: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    for script, words in {
        "train.py": (cache, "--run", tmp_path / "run", "--epochs", 1, "--threads", 1),
        "export.py": (cache, "--run", tmp_path / "run", "--out", model),
    }.items():
        code, printed = run(MODEL, script, *words)
        assert code == 0, printed
    manifest = manifests.read(model / "manifest.yaml")
    assert weights.verified(model / manifest.file.name, manifest.file)
    assert manifest.output.shape == (1, 256)
    assert manifest.matching is not None
    assert set(manifest.thresholds) == {"name"}
    exported = json.loads((model / "metrics.json").read_text(encoding="utf-8"))
    code, printed = run(MODEL, "measure.py", cache, "--model", model)
    assert code == 0, printed
    measured = json.loads((model / "metrics.json").read_text(encoding="utf-8"))
    assert measured["conditions"] == exported["conditions"]
    stated = yaml.safe_load((model / "manifest.yaml").read_text(encoding="utf-8"))["metrics"]
    assert stated["accuracy"] == measured["conditions"]["as it is"]["accuracy"]
    assert {path.name for path in model.iterdir()} >= {"parity.npz", "loss.png", "open-set.png"}
    card = model / "CARD.md"
    card.write_text(
        "Before.\n<!-- figures: written by training/card.py -->\nold\n<!-- end of figures -->\nAfter.\n",
        encoding="utf-8",
    )
    code, printed = run(MODEL, "card.py", "--model", model)
    assert code == 0, printed
    told = card.read_text(encoding="utf-8")
    assert told.startswith("Before.")
    assert told.endswith("After.\n")
    assert f"| as it is | {100 * stated['accuracy']:.1f} |" in told
    assert "old\n" not in told


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
