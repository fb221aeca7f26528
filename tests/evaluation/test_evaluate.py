"""`python -m models.evaluation` with a tiny model whose answers are known, and our own on a part of FER-2013."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant import weights
from models.evaluation import data
from models.evaluation.metrics import unhedged
from models.evaluation.model import Model
from models.evaluation.report import report
from tests.e2e.program import HANG_S
from tests.evaluation import made
from tests.senses.shared import FER2013, needs

ROOT = weights.data_folder("models").parent
SCORES = {"n", "accuracy", "macro_f1", "ece", "per_class", "confusion"}


@pytest.fixture
def model(tmp_path: Path) -> str:
    return str(made.model(tmp_path / "tiny"))


def evaluate(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "models.evaluation", *words],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )


def figures(*words: str, folder: Path) -> dict[str, Any]:
    done = evaluate("--json", *words, folder=folder)
    assert done.returncode == 0, done.stderr
    assert "Reading" in done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_json_of_an_npz(tmp_path: Path, model: str) -> None:
    found = figures(str(made.npz(tmp_path)), "--model", model, folder=tmp_path)
    assert set(found) == {"fer2013", "ferplus_majority", "ferplus_all", "coverage", "ms_per_face"}
    # Labels angry, neutral, happy, angry, sad; said angry, neutral, neutral, angry, neutral.
    assert set(found["fer2013"]) == SCORES
    assert (found["fer2013"]["n"], found["fer2013"]["accuracy"]) == (5, 0.6)
    assert found["fer2013"]["per_class"]["neutral"] == {"precision": 0.3333, "recall": 1, "n": 1}
    assert found["fer2013"]["macro_f1"] == pytest.approx(1.5 / 7, abs=5e-5)
    # Majorities angry, neutral, happy, contempt.
    assert (found["ferplus_majority"]["n"], found["ferplus_majority"]["accuracy"]) == (4, 0.5)
    assert found["ferplus_majority"]["confusion"][7] == [1, 0, 0, 0, 0, 0, 0]
    # The one without a majority besides; said unhedged are the three white ones, of which one is neutral.
    assert set(found["ferplus_all"]) == {"n", "ece", "unhedged"}
    assert found["ferplus_all"]["n"] == 5
    assert found["ferplus_all"]["unhedged"] == {"coverage": 0.6, "accuracy": 0.3333}
    assert found["coverage"][0] == {"threshold": 0, "coverage": 1, "accuracy": 0.4}
    assert found["ms_per_face"] > 0


def test_contempt_can_be_left_out(tmp_path: Path, model: str) -> None:
    found = figures(str(made.npz(tmp_path)), "--model", model, "--ignore", "contempt", folder=tmp_path)
    assert (found["ferplus_majority"]["n"], found["ferplus_majority"]["accuracy"]) == (3, 0.6667)
    assert found["ferplus_all"]["n"] == 4
    assert found["fer2013"]["n"] == 5


def test_another_split(tmp_path: Path, model: str) -> None:
    found = figures(str(made.npz(tmp_path)), "--model", model, "--split", "0", folder=tmp_path)
    assert (found["fer2013"]["n"], found["fer2013"]["accuracy"]) == (1, 1)
    assert found["ferplus_all"]["unhedged"] == {"coverage": 0, "accuracy": None}


def test_csv_and_npz_agree(tmp_path: Path, model: str) -> None:
    known = made.arrays()["label"] >= 0
    kept = {name: value[known] for name, value in made.arrays().items()}
    found = figures(str(made.table(tmp_path, ferplus=True)), "--model", model, folder=tmp_path)
    expected = figures(str(made.npz(tmp_path, **kept)), "--model", model, folder=tmp_path)
    assert {**found, "ms_per_face": 0} == {**expected, "ms_per_face": 0}


def test_without_votes_the_answer_is_held_against_the_labels(tmp_path: Path, model: str) -> None:
    for name, grey in (("happiness", 0), ("neutral", 255), ("anger", 0), ("contempt", 255)):
        made.picture(tmp_path / "faces" / name / "1.png", np.full((48, 48), grey, np.uint8))
    found = figures("faces", "--model", model, folder=tmp_path)
    assert [found[key] for key in ("ferplus_majority", "ferplus_all", "coverage")] == [None] * 3
    assert set(found["labels"]) == SCORES
    for key in ("fer2013", "labels"):
        assert (found[key]["n"], found[key]["accuracy"]) == (4, 0.5)
        assert found[key]["confusion"][7] == [0, 0, 0, 0, 0, 0, 1]
    ignored = figures("faces", "--model", model, "--ignore", "contempt", folder=tmp_path)
    assert (ignored["labels"]["n"], ignored["labels"]["accuracy"]) == (3, 0.6667)


def test_faces_of_contempt_alone_that_are_ignored_leave_no_figure() -> None:
    even = np.full((1, 7), 1 / 7)
    found = report(even, even, np.array([data.CONTEMPT]), np.zeros((1, 10), np.int64), {}, ignore_contempt=True)
    assert set(found.values()) == {None}


def test_words(tmp_path: Path, model: str) -> None:
    done = evaluate(str(made.npz(tmp_path)), "--model", model, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("What the assistant answers, against the majority of FER+: 4 faces, 50.0 % right, macro")
    assert "Happy: 1 face, 0.0 % of them found; never said; taken for neutral 1." in lines
    assert "Fear: no faces; never said." in lines
    assert "Contempt: 1 face, all counted wrong; taken for angry 1." in lines
    assert "Said unhedged: 60.0 % of them, 33.3 % of that right." in lines
    assert all(line.endswith(".") for line in lines)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"file": {"name": "tiny.tflite", "size": 1, "sha256": "0" * 64}}, "not the file that the manifest describes"),
        ({"file": {"name": "other.tflite", "size": 1, "sha256": "0" * 64}}, "other.tflite"),
        ({"file": None}, "cannot be used"),
        ({"thresholds": {}}, "lacks a threshold"),
        ({"output": {"labels": ["happy", "sad"]}}, "other labels"),
    ],
)
def test_a_model_that_is_not_what_it_says_is_refused(tmp_path: Path, changes: dict[str, Any], words: str) -> None:
    folder = made.model(tmp_path / "tiny", **changes)
    done = evaluate(str(made.npz(tmp_path)), "--model", str(folder), folder=tmp_path)
    assert (done.returncode, done.stdout) == (6, "")
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    done = evaluate(str(made.npz(tmp_path)), "--model", "absent", folder=tmp_path)
    assert done.returncode == 6
    assert "absent/manifest.yaml cannot be used" in done.stderr


def test_data_that_cannot_be_used_is_told_in_one_line(tmp_path: Path, model: str) -> None:
    done = evaluate("absent.npz", "--model", model, folder=tmp_path)
    assert (done.returncode, done.stdout) == (5, "")
    assert done.stderr.startswith("absent.npz: there is no such file or folder.")
    assert len(done.stderr.splitlines()) == 1


def test_our_own_model_reads_the_same_from_its_folder() -> None:
    images = made.noise(3)
    own, named = (Model(folder).read(images) for folder in (None, weights.data_folder("models") / "expression"))
    np.testing.assert_array_equal(own.answer, named.answer)
    np.testing.assert_allclose(own.answer.sum(axis=1), 1, atol=1e-5)
    np.testing.assert_allclose(own.fer2013.sum(axis=1), 1, atol=1e-5)


@needs(FER2013)
def test_our_own_model_is_right_on_a_part_of_fer2013() -> None:
    faces = data.read(FER2013, data.VALIDATION)
    assert len(faces) == 3579
    part = faces.of(np.arange(len(faces)) % 12 == 0)
    model = Model()
    answers = model.read(part.images)
    found = report(answers.answer, answers.fer2013, part.labels, part.votes, model.sure)
    assert found["ferplus_majority"]["accuracy"] > 0.8
    assert found["fer2013"]["accuracy"] > 0.6
    assert found["ferplus_all"]["unhedged"]["accuracy"] > 0.9
    assert found["ferplus_all"]["unhedged"]["coverage"] > 0.45
    sure = unhedged(answers.answer, model.sure)
    agreed = answers.answer.argmax(axis=1) == answers.fer2013.argmax(axis=1)
    assert agreed[sure].mean() > 0.97, "what is said unhedged is what both heads see"
