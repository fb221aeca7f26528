"""From a network in PyTorch to a LiteRT file with 8-bit weights, and how long that takes for one picture."""

from __future__ import annotations

import contextlib
import copy
import io
import tempfile
import time
from pathlib import Path

import litert_torch
import numpy as np
import torch
from ai_edge_litert.interpreter import Interpreter
from ai_edge_quantizer import quantizer
from ai_edge_quantizer import recipe as quantisation
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval


@torch.no_grad()
def eight_bit(module: nn.Module) -> nn.Module:
    """The network as the file will hold it: normalisation folded into weights, weights rounded to 8 bits.

    Each output channel has one scale, its largest weight over 127, as the quantiser chooses it; what PyTorch answers
    with these weights is then what LiteRT must answer, up to the rounding of activations.
    """
    module = copy.deepcopy(module).eval()
    for parent in list(module.modules()):
        if isinstance(parent, nn.Sequential) and len(parent) == 2 and isinstance(parent[1], nn.BatchNorm2d):
            parent[0], parent[1] = fuse_conv_bn_eval(parent[0], parent[1]), nn.Identity()
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            scale = layer.weight.abs().flatten(1).amax(1).clamp(min=1e-12) / 127
            scale = scale.view(-1, *[1] * (layer.weight.ndim - 1))
            layer.weight.copy_((layer.weight / scale).round() * scale)
    return module


def convert(module: nn.Module, example: Tensor, *, eight_bit: bool, floats: str | None = None) -> bytes:
    """A LiteRT file; its weights have 8 bits, one scale for each output channel, where `eight_bit` is set.

    Args:
        module: the network.
        example: of its input.
        eight_bit: whether its activations are rounded to 8 bits too, when it runs.
        floats: a regular expression; layers with such a name reckon in floats with 8-bit weights. In a stem, which
            has many pixels and few channels, rounding what goes in takes longer than it saves, and costs the most
            exactness.
    """
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
        whole, small = Path(folder) / "float.tflite", Path(folder) / "small.tflite"
        litert_torch.convert(module.eval(), (example,)).export(str(whole))
        if not eight_bit:
            return whole.read_bytes()
        work = quantizer.Quantizer(str(whole))
        recipe = quantisation.dynamic_wi8_afp32()
        if floats:
            recipe += [rule | {"regex": f".*({floats}).*"} for rule in quantisation.weight_only_wi8_afp32()]
        work.load_quantization_recipe(recipe)
        work.quantize().export_model(str(small))
        return small.read_bytes()


def milliseconds(path: Path, runs: int = 500) -> float:
    """Time of one call of a LiteRT file with one float input, on one thread; nine of ten calls take longer."""
    interpreter = Interpreter(str(path), num_threads=1)
    interpreter.allocate_tensors()
    detail = interpreter.get_input_details()[0]
    picture = np.random.default_rng(0).uniform(0, 255, detail["shape"]).astype(np.float32)
    interpreter.set_tensor(detail["index"], picture)
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        interpreter.invoke()
        times.append(time.perf_counter() - started)
    return float(np.quantile(times, 0.1)) * 1000
