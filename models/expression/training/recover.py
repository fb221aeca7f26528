"""Makes a run of an exported file, so that training, calibration and export can go on where a checkpoint is gone.

python recover.py DATA --run RUN_FOLDER [--model models/expression]

The file's 8-bit weights are read back into the network. Normalisation was folded into them; it is set up anew from what
training faces bring about in each layer, so that the network answers as the file does and learns as one that was never
exported. The checkpoint is that of a finished run: `train.py --weights` starts from it, `export.py --run` exports it.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
import yaml
from ai_edge_litert.interpreter import Interpreter
from files import save_checkpoint
from network import ExpressionNet, prepare
from recipe import RECIPES
from torch import Tensor, nn

from models.evaluation import data

FACES = 2048
"""So many training faces set up the normalisation."""


def weights_of(path: Path) -> dict[str, Tensor]:
    """The weights and biases in an exported file by the names of the network: "body.5.first.0.weight"."""
    interpreter = Interpreter(str(path))
    interpreter.allocate_tensors()
    found = {}
    for detail in interpreter.get_tensor_details():
        # Fused layers bear several names, the convolution's last: "…/layers.Residual_5/…Sequential_first/…Conv2d_0;1".
        *_, name = detail["name"].split(";;")
        layer = ".".join(part.rpartition("_")[2] for part in name.partition(";")[0].split("/")[2:])
        scale = detail["quantization_parameters"]
        if layer and len(scale["scales"]):
            axis = scale["quantized_dimension"]
            steps = np.moveaxis(interpreter.get_tensor(detail["index"]).astype(np.float32), axis, 0)
            weight = steps * scale["scales"].reshape(-1, *[1] * (steps.ndim - 1))
            weight = weight if axis else np.moveaxis(weight, -1, 1)  # inputs come last, but in a depthwise convolution
            found[f"{layer}.weight"] = torch.from_numpy(np.ascontiguousarray(weight))
        elif layer and detail["dtype"] == np.float32 and len(detail["shape"]) == 1:
            found[f"{layer}.bias"] = torch.from_numpy(interpreter.get_tensor(detail["index"]).copy())
    return found


def network_of(path: Path) -> ExpressionNet:
    """The network of an exported file, in evaluation mode; its normalisation does nothing but add what is added."""
    weights = weights_of(path)
    network = ExpressionNet().eval()
    for name, norm in network.named_modules():
        if isinstance(norm, nn.BatchNorm2d):
            convolution = f"{name.removesuffix('1')}0"
            weights[f"{name}.bias"] = weights.pop(f"{convolution}.bias")
            weights[f"{name}.weight"] = torch.full_like(norm.weight, (1 + norm.eps) ** 0.5)
    kept = network.state_dict()
    network.load_state_dict({name: weights.pop(name, value) for name, value in kept.items()})
    unknown = {name for name in weights if not name.startswith("constant")}
    if unknown:
        raise ValueError(f"{path} holds {', '.join(sorted(unknown))}, which the network does not.")
    return network


@torch.no_grad()
def normalise(network: nn.Module, faces: Tensor) -> None:
    """Gives each normalisation the mean and deviation of what comes in, without changing what the network answers.

    Args:
        network: in evaluation mode, its normalisation as `network_of` leaves it.
        faces: (n, 1, side, side), as they go into the network.
    """
    incoming: dict[nn.BatchNorm2d, Tensor] = {}
    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    hooks = [norm.register_forward_pre_hook(lambda norm, x: incoming.update({norm: x[0]})) for norm in norms]
    network(faces)
    for hook, norm in zip(hooks, norms, strict=True):
        hook.remove()
        variance, mean = torch.var_mean(incoming[norm], dim=(0, 2, 3))
        norm.running_mean, norm.running_var = mean, variance
        norm.bias += mean
        norm.weight.copy_((variance + norm.eps).sqrt())


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--run", type=Path, required=True, help="folder for the checkpoint")
    parser.add_argument("--model", type=Path, default=Path(__file__).resolve().parents[1], help="folder of the model")
    arguments = parser.parse_args()
    manifest = yaml.safe_load((arguments.model / "manifest.yaml").read_text(encoding="utf-8"))
    side = manifest["inside_the_file"]["side"]
    network = network_of(arguments.model / manifest["file"]["name"])
    try:
        faces = data.read(arguments.data, data.TRAINING)
    except data.DataError as error:
        parser.exit(2, f"{error}\n")
    chosen = np.random.default_rng(0).choice(len(faces), min(FACES, len(faces)), replace=False)
    normalise(network, prepare(torch.from_numpy(faces.images[chosen]).unsqueeze(1).float(), side))
    arguments.run.mkdir(parents=True, exist_ok=True)
    state = network.state_dict()
    made = manifest["trained_by"]
    save_checkpoint(
        arguments.run,
        {"network": state, "average": state, "recipe": asdict(RECIPES["expression"]), "side": side, "history": []}
        | {"epoch": made["epochs_done"], "seed": made["seed"], "progress": 1.0},
    )


if __name__ == "__main__":
    main()
