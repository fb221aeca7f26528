"""Every model's passport is held against its file."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from assistant import weights
from assistant.senses.litert import Network

MODELS = weights.data_folder("models")
PASSPORTS = [weights.manifest(path.parent.name) for path in sorted(MODELS.glob("*/manifest.yaml"))]
OWN = [passport for passport in PASSPORTS if not passport.file.source.startswith("https://")]
"""Those whose weights are in the repository; the others are only described there."""
LARGEST_DIFFERENCE = 1e-2
"""Between the training framework's probabilities and those of LiteRT with eight-bit weights."""


def named(passport: weights.Manifest) -> str:
    return passport.name


every = pytest.mark.parametrize("passport", PASSPORTS, ids=named)
own = pytest.mark.parametrize("passport", OWN, ids=named)


def file(passport: weights.Manifest) -> Path:
    return MODELS / passport.name / passport.file.name


def network(passport: weights.Manifest) -> Network:
    content = weights.Weights(file(passport), file(passport).read_bytes())
    return Network(content, input=passport.input, output=passport.output)


def test_every_folder_has_a_passport() -> None:
    code = {"evaluation", "training", "__pycache__"}
    folders = {path.name for path in MODELS.iterdir() if path.is_dir()} - code
    assert sorted(folders) == [each.name for each in PASSPORTS]
    assert "expression" in [each.name for each in OWN]


@every
def test_task_terms_and_labels_are_stated(passport: weights.Manifest) -> None:
    assert passport.task
    assert passport.licence["weights"]
    assert all(row["name"] and row["terms"] for row in passport.licence["data"])
    assert len(set(passport.output.labels)) == len(passport.output.labels) > 0


@every
def test_foreign_weights_are_not_in_the_repository(passport: weights.Manifest) -> None:
    assert file(passport).exists() == (passport in OWN)


@own
def test_size_and_hash_are_those_of_the_file(passport: weights.Manifest) -> None:
    content = file(passport).read_bytes()
    assert len(content) == passport.file.size
    assert hashlib.sha256(content).hexdigest() == passport.file.sha256


@own
def test_tensors_are_as_described(passport: weights.Manifest) -> None:
    answers = network(passport)(np.zeros(passport.input.shape, passport.input.dtype))
    assert set(answers) == set(passport.output.names)
    assert all(answer.shape[-1] == len(passport.output.labels) for answer in answers.values())


@own
def test_labels_that_are_said_have_sound_thresholds(passport: weights.Manifest) -> None:
    assert set() < set(passport.thresholds) <= set(passport.output.labels)
    if passport.name == "expression":
        assert set(passport.thresholds) == set(passport.output.labels)
    for limits in passport.thresholds.values():
        assert 0 < limits.unsure <= (limits.sure or 1) <= 1


@own
def test_litert_agrees_with_the_training_framework(passport: weights.Manifest) -> None:
    reader = network(passport)
    with np.load(file(passport).with_name("parity.npz")) as wanted:
        for number, picture in enumerate(wanted["images"].astype(passport.input.dtype)):
            answers = reader(picture.reshape(passport.input.shape))
            for name in passport.output.names:
                np.testing.assert_allclose(answers[name][0], wanted[name][number], atol=LARGEST_DIFFERENCE)
