"""A network in PyTorch from a shipped LiteRT file of the same design, where no checkpoint is left.

The file holds 8-bit weights with normalisation folded into them. Shown pictures, each normalisation is set so that the
network answers what the file answers: its statistics are those of what comes in, its scale and shift undo them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from ai_edge_litert.interpreter import Interpreter
from torch import Tensor, nn

Layer = tuple[Tensor, Tensor]
"""Weights as PyTorch lays them out, and biases."""


def folded(path: Path) -> list[Layer]:
    """The file's convolutions and fully connected layers, in the order in which they are reckoned."""
    interpreter = Interpreter(str(path))
    interpreter.allocate_tensors()
    details = {each["index"]: each for each in interpreter.get_tensor_details()}
    stored: dict[int, int] = {}
    found = []
    for operation in interpreter._get_ops_details():
        name, inputs = operation["op_name"], [int(each) for each in operation["inputs"]]
        if name == "DEQUANTIZE":
            stored[int(operation["outputs"][0])] = inputs[0]
        elif name in ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED"):
            index = stored.get(inputs[1], inputs[1])
            weights = _restored(interpreter.get_tensor(index), details[index]["quantization_parameters"])
            order = {"CONV_2D": (0, 3, 1, 2), "DEPTHWISE_CONV_2D": (3, 0, 1, 2), "FULLY_CONNECTED": (0, 1)}[name]
            bias = interpreter.get_tensor(inputs[2]).copy()
            found.append((torch.from_numpy(weights.transpose(order).copy()), torch.from_numpy(bias)))
    return found


def _restored(weights: np.ndarray, rule: dict[str, np.ndarray]) -> np.ndarray:
    """Floats from 8-bit numbers, one scale for each output."""
    shape = [1] * weights.ndim
    shape[int(rule["quantized_dimension"])] = -1
    return weights.astype(np.float32) * rule["scales"].reshape(shape)


@torch.no_grad()
def settled(network: nn.Module, convolutions: Sequence[nn.Conv2d], layers: Sequence[Layer], pictures: Tensor) -> None:
    """Gives a network in evaluation mode the weights of a file.

    Args:
        network: changed in place.
        convolutions: its convolutions, in the order of the file.
        layers: what `folded` found for them.
        pictures: what the network is shown, so that normalisations learn what comes in.
    """
    norms = {pair[0]: pair[1] for pair in network.modules() if _is_normalised(pair)}
    hooks = []
    for convolution, (weights, bias) in zip(convolutions, layers, strict=True):
        convolution.weight.copy_(weights)
        if convolution in norms:
            hooks.append(norms[convolution].register_forward_hook(_settle(bias)))
        else:
            convolution.bias.copy_(bias)
    network(pictures)
    for hook in hooks:
        hook.remove()


def _is_normalised(module: nn.Module) -> bool:
    return isinstance(module, nn.Sequential) and len(module) == 2 and isinstance(module[1], nn.BatchNorm2d)


def _settle(bias: Tensor) -> Callable[[nn.BatchNorm2d, tuple[Tensor, ...], Tensor], Tensor]:
    def hook(norm: nn.BatchNorm2d, inputs: tuple[Tensor, ...], _: Tensor) -> Tensor:
        (x,) = inputs
        mean, variance = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), unbiased=False)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_((variance + norm.eps).sqrt())
        norm.bias.copy_(mean + bias)
        return x + bias.view(1, -1, 1, 1)

    return hook
