"""A network in LiteRT, held against its manifest before it is used."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from numpy.typing import NDArray

from assistant.errors import ModelBroken
from assistant.manifests import Input, Output
from assistant.weights import Weights


class Network:
    """One interpreter on one thread; it keeps state, so one thread of ours owns it.

    Args:
        file: The content of a .tflite file, its hash already checked (`assistant.weights.locate`).
        input: Its only input, as the manifest describes it.
        output: Its outputs, as the manifest describes them.

    Raises:
        ModelBroken: the file cannot be loaded, or its tensors are others; names the file.
    """

    def __init__(self, file: Weights, *, input: Input, output: Output) -> None:
        self._interpreter = _load(file)
        path = file.path
        signatures = self._interpreter.get_signature_list()
        if len(signatures) != 1:
            raise ModelBroken(f"{path} has {len(signatures)} signatures instead of one.")
        (signature,) = signatures
        self._runner = self._interpreter.get_signature_runner(signature)
        inputs, outputs = self._runner.get_input_details(), self._runner.get_output_details()
        if len(inputs) != 1 or set(outputs) != set(output.names):
            raise ModelBroken(
                f"{path} has {len(inputs)} inputs and the outputs {', '.join(sorted(outputs))}; "
                f"its manifest says one input and the outputs {', '.join(sorted(output.names))}."
            )
        ((self._input, details),) = inputs.items()
        _agree(path, "input", details, input.shape, input.dtype)
        for name, found in outputs.items():
            _agree(path, f'output "{name}"', found, output.shape, output.dtype)

    def __call__(self, tensor: NDArray[Any]) -> dict[str, NDArray[Any]]:
        """Runs the network once: the input, in the manifest's shape and dtype -> all outputs, copied, by name."""
        outputs: dict[str, NDArray[Any]] = self._runner(**{self._input: tensor})
        return outputs


def _load(file: Weights) -> Interpreter:
    try:
        interpreter = Interpreter(model_content=file.content, num_threads=1)
        interpreter.allocate_tensors()
    except (ValueError, RuntimeError) as error:
        raise ModelBroken(f"{file.path} cannot be loaded by LiteRT: {' '.join(str(error).split())}.") from error
    return interpreter


def _agree(path: Path, what: str, found: Mapping[str, Any], shape: tuple[int, ...], dtype: str) -> None:
    given, kind = tuple(int(side) for side in found["shape"]), np.dtype(found["dtype"]).name
    if (given, kind) != (shape, dtype):
        raise ModelBroken(f"The {what} of {path} is {kind} {list(given)}; its manifest says {dtype} {list(shape)}.")
