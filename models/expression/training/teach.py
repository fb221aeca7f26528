"""Lets a finished network say what it sees in training faces and in faces of other sources, for a student to learn.

python teach.py DATA SHARED --run TEACHER_RUN --out lessons.npz

The teacher sees each face as it is, in several fields and mirrored, and its answers are averaged; the student sees it
once, moved and degraded, and should answer the same (Xie et al., "Self-training with Noisy Student", CVPR 2020).
`SHARED` holds photographs without labels of expression (`unlabelled.py`).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from export import FIELDS, load
from judge import answers
from objective import Lessons
from unlabelled import faces

from models.evaluation import data


def main() -> None:
    """Reads the command line and writes the lessons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("shared", type=Path, help="folder of the photographs")
    parser.add_argument("--run", type=Path, required=True, help="folder of the teacher's run")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    try:
        training, _ = data.read_for_training(arguments.data)
    except data.DataError as error:
        parser.exit(2, f"{error}\n")
    network, state = load(arguments.run)
    further = np.array([crop for _, crop in faces(arguments.shared, "train") if crop is not None])
    images = torch.from_numpy(np.concatenate([training.images, further]))
    ferplus, fer2013 = answers(network, images, state["side"], fields=FIELDS, mirror=True)
    Lessons(further, ferplus.astype(np.float32), fer2013.astype(np.float32)).save(arguments.out)
    print(f"{len(training)} training faces and {len(further)} further ones")


if __name__ == "__main__":
    main()
