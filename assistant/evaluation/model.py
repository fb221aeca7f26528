"""An expression model that is judged: both of its outputs, and what its manifest says about certainty."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from assistant import weights
from assistant.domain.values import EXPRESSIONS
from assistant.errors import ModelBroken, ModelMissing
from assistant.evaluation.labelled import SIDE
from assistant.evaluation.metrics import Floats
from assistant.senses.faces.expression import ANSWER
from assistant.senses.litert import Network

FER2013 = "fer2013"
"""The output of the head that was trained on FER-2013's own labels."""


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


class Model:
    """A model with its LiteRT file, hash and tensors checked.

    Args:
        folder: Where its manifest.yaml and its file lie; None: the expression model that the assistant uses.

    Raises:
        ModelMissing: there is no such model, or its weights are not there.
        ModelBroken: its file or manifest is not what it should be.
    """

    def __init__(self, folder: Path | None = None) -> None:
        if folder is not None and not (folder / weights.MANIFEST).is_file():
            raise ModelMissing(f"There is no model in {folder}.", f"It must hold {weights.MANIFEST} and its weights.")
        passport = weights.manifest("expression") if folder is None else weights.read(folder / weights.MANIFEST)
        _check(passport)
        self.name = f"{passport.name} {passport.version}"
        self.sure: Mapping[str, float | None] = {label: passport.thresholds[label].sure for label in EXPRESSIONS}
        """By label: from which certainty it is said unhedged; None: never."""
        file = passport.file
        path = weights.locate("expression") if folder is None else weights.verified(folder / file.name, file)
        self._network = Network(path, input=passport.input, output=passport.output)

    def read(self, images: Iterable[NDArray[np.uint8]]) -> Answers:
        """Reads faces one by one, as the run time does.

        Args:
            images: At least one, each (48, 48), grey.
        """
        found: dict[str, list[NDArray[np.float32]]] = {ANSWER: [], FER2013: []}
        times = []
        for image in images:
            tensor = image.reshape(1, SIDE, SIDE, 1).astype(np.float32)
            started = perf_counter()
            outputs = self._network(tensor)
            times.append(perf_counter() - started)
            for name, rows in found.items():
                rows.append(outputs[name][0])
        answer, fer2013 = (np.array(rows, np.float64) for rows in found.values())
        return Answers(answer, fer2013, float(np.median(times)) * 1000)


def _check(passport: weights.Manifest) -> None:
    """Refuses a manifest of a network that reads or answers something else."""
    tensors = (passport.input.shape, passport.output.shape, passport.output.labels)
    if tensors != ((1, SIDE, SIDE, 1), (1, len(EXPRESSIONS)), EXPRESSIONS):
        raise ModelBroken(f'The model "{passport.name}" does not read the seven expressions from {SIDE}x{SIDE} pixels.')
    if not {ANSWER, FER2013} <= set(passport.output.names) or set(passport.thresholds) != set(EXPRESSIONS):
        raise ModelBroken(f'The manifest of "{passport.name}" lacks the output {ANSWER}, {FER2013}, or a threshold.')
