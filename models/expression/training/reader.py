"""Reads faces with the exported file, as the run time does: LiteRT on one thread, one face at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from assistant.evaluation.metrics import Floats

OUTPUTS = ("answer", "fer2013")


class Reader:
    """An exported expression model."""

    def __init__(self, path: Path) -> None:
        self._interpreter = Interpreter(str(path), num_threads=1)
        self._interpreter.allocate_tensors()
        self._input = self._interpreter.get_input_details()[0]["index"]
        details = self._interpreter.get_output_details()
        self._outputs = [next(d["index"] for d in details if f"_{name}_" in f"_{d['name']}_") for name in OUTPUTS]

    def __call__(self, images: np.ndarray) -> tuple[Floats, Floats]:
        """Answers for (n, 48, 48) crops, 0 to 255: `answer` and `fer2013`, (n, 7) each."""
        found: tuple[list[np.ndarray], list[np.ndarray]] = ([], [])
        for image in images:
            self._interpreter.set_tensor(self._input, np.ascontiguousarray(image, np.float32)[None, :, :, None])
            self._interpreter.invoke()
            for rows, index in zip(found, self._outputs, strict=True):
                rows.append(self._interpreter.get_tensor(index)[0])
        answer, fer2013 = (np.array(rows, np.float64) for rows in found)
        return answer, fer2013
