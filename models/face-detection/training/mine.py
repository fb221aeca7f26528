"""Looks for faceless photographs in which the network sees somebody: they are drawn oftener from then on.

python mine.py DATA --run RUN_FOLDER
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import hard
import numpy as np
import torch
from files import load_checkpoint
from network import Finder, FinderNet
from sources import Source, read

from assistant.senses.faces.finder import OUTPUT, framed

LONGEST = 480
"""The photographs that train are no larger than this."""


@torch.no_grad()
def best(module: Finder, source: Source) -> float:
    """The network's best score anywhere in a photograph."""
    pixels = source.pixels()
    scale = LONGEST / max(pixels.shape)
    canvas = framed(cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR))[0]
    answer = module(torch.from_numpy(canvas[np.newaxis]).float())[OUTPUT][0]
    return float(answer[:, 0].max())


def main() -> None:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with data/")
    parser.add_argument("--run", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    state = load_checkpoint(arguments.run)
    if state is None:
        parser.exit(2, f"{arguments.run} holds no checkpoint.\n")
    network = FinderNet()
    network.load_state_dict(state["average"])
    module = Finder(network).eval()
    faceless = [each for each in read(arguments.data, ("photos",)) if each.side == "train" and each.faceless]
    scores = {each.key: best(module, each) for each in faceless}
    hard.save(arguments.run, scores)
    for least in (0.2, 0.4, 0.6):
        print(f"above {least}: {sum(score > least for score in scores.values())} of {len(scores)}")


if __name__ == "__main__":
    main()
