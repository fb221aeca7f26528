"""An expression model that is judged: both of its outputs, and what its manifest says about certainty."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from assistant import manifests, weights
from assistant.domain.values import EXPRESSIONS
from assistant.errors import ModelBroken
from assistant.senses.faces.expression import ANSWER
from assistant.senses.litert import Network
from models.evaluation.labelled import SIDE
from models.evaluation.metrics import Floats

OUTPUTS = (ANSWER, "fer2013")
"""The answer of the run time, and that of the head which was trained on FER-2013's own labels."""

_INPUT = manifests.Input(shape=(1, SIDE, SIDE, 1))
_OUTPUT = manifests.Output(labels=EXPRESSIONS, names=OUTPUTS, shape=(1, len(EXPRESSIONS)))


@dataclass(frozen=True)
class Answers:
    """What a model said about n faces.

    Attributes:
        answer: (n, 7) probabilities in the order of `EXPRESSIONS`: the answer of the run time.
        fer2013: (n, 7) likewise: the head trained on FER-2013's labels.
        ms_per_face: Median time of one face on one thread, milliseconds.
    """

    answer: Floats
    fer2013: Floats
    ms_per_face: float


class Reader:
    """A LiteRT file that reads faces one by one on one thread, as the run time does.

    Raises:
        ModelBroken: the file cannot be loaded, or reads or answers something else.
    """

    def __init__(self, file: weights.Weights) -> None:
        self._network = Network(file, input=_INPUT, output=_OUTPUT)

    def __call__(self, images: Iterable[NDArray[np.uint8]]) -> Answers:
        """Reads at least one face; each is (48, 48), grey."""
        rows, times = [], []
        for image in images:
            tensor = image.reshape(_INPUT.shape).astype(np.float32)
            started = perf_counter()
            outputs = self._network(tensor)
            times.append(perf_counter() - started)
            rows.append([outputs[name][0] for name in OUTPUTS])
        answer, fer2013 = np.array(rows, np.float64).swapaxes(0, 1)
        return Answers(answer, fer2013, float(np.median(times)) * 1000)


class Model:
    """A model with its manifest, its file's hash and tensors checked.

    Args:
        folder: Where its manifest.yaml and its file lie; None: our own.

    Raises:
        ModelBroken: its file or manifest is missing, or is not what it should be.
    """

    def __init__(self, folder: Path | None = None) -> None:
        folder = folder or weights.data_folder("models") / "expression"
        manifest = manifests.read(folder / manifests.MANIFEST)
        if manifest.output.labels != EXPRESSIONS or set(manifest.thresholds) != set(EXPRESSIONS):
            raise ModelBroken(f'The manifest of "{manifest.name}" has other labels or lacks a threshold.')
        self.name = f"{manifest.name} {manifest.version}"
        self.sure: Mapping[str, float | None] = {label: manifest.thresholds[label].sure for label in EXPRESSIONS}
        """By label: from which certainty it is said unhedged; None: never."""
        self.read = Reader(weights.verified(folder / manifest.file.name, manifest.file))
