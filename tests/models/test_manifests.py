"""Every model's manifest is held against its file."""

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

from assistant import manifests, weights
from assistant.domain.people import Matching
from assistant.senses.faces.recognizers import RECOGNIZERS
from assistant.senses.litert import Network

MODELS = weights.data_folder("models")
MANIFESTS = [weights.manifest(path.parent.name) for path in sorted(MODELS.glob("*/manifest.yaml"))]
OWN = [manifest for manifest in MANIFESTS if not manifest.file.source.startswith("https://")]
"""Those whose weights are in the repository; the others are only described there."""
LARGEST_DIFFERENCE = 1e-2
"""Between the training framework's probabilities and those of LiteRT with eight-bit weights."""


def named(manifest: manifests.Manifest) -> str:
    return manifest.name


every = pytest.mark.parametrize("manifest", MANIFESTS, ids=named)
own = pytest.mark.parametrize("manifest", OWN, ids=named)


def file(manifest: manifests.Manifest) -> Path:
    return MODELS / manifest.name / manifest.file.name


def network(manifest: manifests.Manifest) -> Network:
    content = weights.Weights(file(manifest), file(manifest).read_bytes())
    return Network(content, input=manifest.input, output=manifest.output)


def test_every_folder_has_a_manifest() -> None:
    code = {"evaluation", "training", "__pycache__"}
    folders = {path.parent.name for path in MODELS.glob("*/*") if path.name not in code} - code
    assert sorted(folders) == [each.name for each in MANIFESTS]
    assert "expression" in [each.name for each in OWN]


@every
def test_task_terms_and_labels_are_stated(manifest: manifests.Manifest) -> None:
    assert manifest.task
    assert manifest.licence["weights"]
    assert all(row["name"] and row["terms"] for row in manifest.licence["data"])
    assert len(set(manifest.output.labels)) == len(manifest.output.labels) > 0


@every
def test_foreign_weights_are_not_in_the_repository(manifest: manifests.Manifest) -> None:
    assert file(manifest).exists() == (manifest in OWN)


@own
def test_size_and_hash_are_those_of_the_file(manifest: manifests.Manifest) -> None:
    content = file(manifest).read_bytes()
    assert len(content) == manifest.file.size
    assert hashlib.sha256(content).hexdigest() == manifest.file.sha256


@own
def test_tensors_are_as_described(manifest: manifests.Manifest) -> None:
    answers = network(manifest)(np.zeros(manifest.input.shape, manifest.input.dtype))
    assert set(answers) == set(manifest.output.names)
    if manifest.matching is None:  # the numbers of an embedding have no names
        assert all(answer.shape[-1] == len(manifest.output.labels) for answer in answers.values())


@own
def test_labels_that_are_said_have_sound_thresholds(manifest: manifests.Manifest) -> None:
    labels = set(manifest.output.labels) if manifest.matching is None else {"name"}
    assert set() < set(manifest.thresholds) <= labels
    if manifest.name == "expression":
        assert set(manifest.thresholds) == set(manifest.output.labels)
    for limits in manifest.thresholds.values():
        assert 0 < limits.unsure <= (limits.sure or 1) <= 1


@own
def test_litert_agrees_with_the_training_framework(manifest: manifests.Manifest) -> None:
    reader = network(manifest)
    with np.load(file(manifest).with_name("parity.npz")) as wanted:
        for number, picture in enumerate(wanted["images"].astype(manifest.input.dtype)):
            answers = reader(picture.reshape(manifest.input.shape))
            for name in manifest.output.names:
                np.testing.assert_allclose(answers[name][0], wanted[name][number], atol=LARGEST_DIFFERENCE)


def test_of_two_networks_that_recognise_people_the_better_one_is_taken_and_matched_as_measured() -> None:
    own, foreign = "face-recognition", "face-reidentification-retail-0095"
    figures = json.loads((MODELS / own / "metrics.json").read_text(encoding="utf-8"))
    measured = {own: figures, foreign: figures["teacher"]}
    assert sorted(RECOGNIZERS, key=lambda name: -measured[name]["conditions"]["as it is"]["found"]) == [*RECOGNIZERS]
    for name, row in measured.items():
        assert row["conditions"]["as it is"]["strangers_named"] <= 1
        assert weights.manifest(name).matching == Matching(**row["matching"])
