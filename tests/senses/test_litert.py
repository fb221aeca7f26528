"""Networks are held against their manifests; a wrong one is named and refused."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.errors import ModelBroken
from assistant.manifests import Input, Output
from assistant.senses.litert import Network
from assistant.weights import Weights
from tests.senses.tiny import network

INPUT = Input(shape=(1, 48, 48, 1))
NAMES = ("answer", "fer2013")
OUTPUT = Output(labels=(), names=NAMES, shape=(1, 7))


@pytest.fixture
def file() -> Weights:
    return Weights(Path("tiny.tflite"), network())


def grey(level: float) -> np.ndarray[Any, Any]:
    return np.full((1, 48, 48, 1), level, np.float32)


def test_all_outputs_come_back_by_name(file: Weights) -> None:
    answers = Network(file, input=INPUT, output=OUTPUT)(grey(0))
    assert set(answers) == set(NAMES)
    np.testing.assert_allclose(answers["answer"], np.full((1, 7), 1 / 7), atol=1e-6)


def test_an_answer_is_kept_while_the_next_one_comes(file: Weights) -> None:
    reader = Network(file, input=INPUT, output=OUTPUT)
    dark = reader(grey(0))["answer"]
    bright = reader(grey(255))["answer"]
    assert dark[0, 6] == pytest.approx(1 / 7)
    assert bright[0, 6] == pytest.approx(np.exp(6) / np.exp(np.arange(7)).sum(), abs=1e-4)


@dataclass(frozen=True)
class Wrong:
    """A file that differs from what the manifest says, and the words that tell it."""

    content: bytes
    words: str


@pytest.mark.parametrize(
    "wrong",
    [
        Wrong(b"", "cannot be loaded"),
        Wrong(b"no network at all", "cannot be loaded"),
        Wrong(network()[:600], "cannot be loaded"),
        Wrong(network(side=64), r"input .* is float32 \[1, 64, 64, 1\]"),
        Wrong(network(labels=8), r"output .* is float32 \[1, 8\]"),
        Wrong(network(outputs=("answer",)), "outputs"),
        Wrong(network(outputs=("answer", "other")), "other"),
    ],
)
def test_another_network_is_refused_by_name(tmp_path: Path, wrong: Wrong) -> None:
    (tmp_path / "wrong.tflite").write_bytes(wrong.content)
    with pytest.raises(ModelBroken, match=wrong.words) as raised:
        Network(Weights(tmp_path / "wrong.tflite", wrong.content), input=INPUT, output=OUTPUT)
    assert str(tmp_path / "wrong.tflite") in str(raised.value)


def test_another_type_of_number_is_refused(file: Weights) -> None:
    with pytest.raises(ModelBroken, match="uint8"):
        Network(file, input=Input(shape=(1, 48, 48, 1), dtype="uint8"), output=OUTPUT)
