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
from answer import Answer, Calibration
from export import FIELDS, load
from judge import TO_LABELS
from litert import convert, eight_bit
from network import CROP, FERPLUS_CLASSES
from objective import Lessons
from torch import Tensor, nn
from unlabelled import faces

from assistant.manifests import Input, Output
from assistant.senses.litert import Network
from assistant.weights import Weights
from models.evaluation import data
from models.evaluation.metrics import LABELS

HEADS = ("ferplus", "fer2013")


class Heads(nn.Module):
    """The two heads of an answer, each averaged over framings and mirror images, uncalibrated."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer

    def forward(self, pixels: Tensor) -> dict[str, Tensor]:
        """(1, 48, 48, 1) grey values from 0 to 255 to (1, 7) probabilities of each head."""
        return dict(zip(HEADS, self.answer.heads(pixels), strict=True))


def reader(run: Path) -> Network:
    """The heads of a finished run, as a LiteRT file reads them: several times as fast as PyTorch on a processor."""
    network, state = load(run)
    heads = Heads(Answer(eight_bit(network), state["side"], FIELDS, Calibration())).eval()
    described = Output(labels=LABELS, names=HEADS, shape=(1, len(LABELS)))
    file = Weights(run / "heads.tflite", convert(heads, torch.zeros(1, CROP, CROP, 1), eight_bit=True))
    return Network(file, input=Input(shape=(1, CROP, CROP, 1)), output=described)


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
    teacher = reader(arguments.run)
    further = np.array([crop for _, crop in faces(arguments.shared, "train") if crop is not None])
    answers = [teacher(crop.reshape(1, CROP, CROP, 1).astype(np.float32)) for crop in (*training.images, *further)]
    ferplus, fer2013 = (np.concatenate([answer[name] for answer in answers]) for name in HEADS)
    votes = np.zeros((len(ferplus), FERPLUS_CLASSES), np.float32)
    votes[:, TO_LABELS] = ferplus
    Lessons(further, votes, fer2013).save(arguments.out)
    print(f"{len(training)} training faces and {len(further)} further ones")


if __name__ == "__main__":
    main()
