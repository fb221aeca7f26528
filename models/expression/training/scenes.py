"""Measures what the way from a full picture to the crop costs; writes it into metrics.json.

    python scenes.py DATA [--model models/expression]

Validation faces are enlarged and laid with a soft edge into generated scenes of 640x480; the program's own detectors
and points find them, its own crop cuts them out, and the answer is compared with that for the data set's crop of the
same faces. Faces that are not found are counted and left out. The same is done with a detector whose boxes are 10 % off
in place and size, and have no points.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from files import rounded, write

from assistant.domain.ports import FaceDetector
from assistant.domain.values import Box, Face, Frame
from assistant.errors import ModelMissing
from assistant.senses.faces.crop import crop
from assistant.senses.faces.detectors import DETECTORS, detector
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.points import PointsNetwork
from models.evaluation import data, metrics
from models.evaluation.metrics import VOTES
from models.evaluation.model import Model, Reader

WIDTH, HEIGHT = 640, 480
SMALLEST, LARGEST = 120, 260
"""Side of a face in a scene, in pixels."""
APART_S = 3600.0
"""Scenes this far apart have nothing to do with each other, seconds."""


def scene(face: np.ndarray, random: np.random.Generator) -> tuple[np.ndarray, Box]:
    """Lays a face (48, 48) into a smooth random scene: uint8 (480, 640, 3) RGB, and where it lies."""
    side = int(random.integers(SMALLEST, LARGEST))
    coarse = random.uniform(40, 200, (5, 7)).astype(np.float32)
    canvas = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC) + random.normal(0, 3, (HEIGHT, WIDTH))
    left, top = int(random.integers(0, WIDTH - side)), int(random.integers(0, HEIGHT - side))
    large = cv2.resize(face, (side, side), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    inner = np.zeros((side, side), np.float32)
    edge = side // 16
    inner[edge:-edge, edge:-edge] = 1
    weight = cv2.GaussianBlur(inner, (0, 0), edge / 2)
    region = canvas[top : top + side, left : left + side]
    canvas[top : top + side, left : left + side] = weight * large + (1 - weight) * region
    grey = canvas.clip(0, 255).astype(np.uint8)
    return cv2.cvtColor(grey, cv2.COLOR_GRAY2RGB), Box(left / WIDTH, top / HEIGHT, side / WIDTH, side / HEIGHT)


class Shaken:
    """A detector whose boxes are 10 % too large or too small and 10 % off to some side, without points."""

    def __init__(self, detector: FaceDetector, seed: int) -> None:
        self.name = detector.name
        self._detector = detector
        self._random = np.random.default_rng(seed)

    def detect(self, pixels: np.ndarray) -> list[Face]:
        """What the detector finds, shaken."""
        return [self._off(face) for face in self._detector.detect(pixels)]

    def _off(self, face: Face) -> Face:
        box = face.box
        scale = 1.1 ** self._random.choice((-1, 1))
        angle = self._random.uniform(0, 2 * np.pi)
        width, height = box.width * scale, box.height * scale
        x, y = box.centre
        x, y = x + 0.1 * box.width * np.cos(angle), y + 0.1 * box.height * np.sin(angle)
        return Face(Box(x - width / 2, y - height / 2, width, height), None, face.score)


def at(faces: list[Face], where: Box) -> Face | None:
    """The face whose middle lies in the middle half of where one was laid."""
    x, y = where.centre
    for face in faces:
        across, down = face.box.centre
        if abs(across - x) < where.width / 4 and abs(down - y) < where.height / 4:
            return face
    return None


def judge(finder: FaceDetector, reader: Reader, faces: np.ndarray, truth: np.ndarray, seed: int = 0) -> dict[str, Any]:
    """Accuracy on the data's own crops and on the program's, of the faces that are found."""
    random = np.random.default_rng(seed)
    follower = Follower(finder, PointsNetwork())
    own, cut, true = [], [], []
    for number, (image, label) in enumerate(zip(faces, truth, strict=True)):
        pixels, where = scene(image, random)
        face = at(follower.find(Frame(pixels, number * APART_S)), where)
        if face is not None:
            own.append(image)
            cut.append(crop(pixels, face))
            true.append(label)
    row: dict[str, Any] = {"found": len(true), "of": len(faces)}
    for name, crops in (("own_crop", own), ("program_crop", cut)):
        row[name] = metrics.accuracy(reader(np.array(crops)).answer, np.array(true)) if true else None
    return row


def main() -> None:
    """Reads the command line and measures every detector that is installed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path, default=Path(__file__).resolve().parents[1], help="folder of the model")
    parser.add_argument("--faces", type=int, default=3199, help="at most so many validation faces")
    arguments = parser.parse_args()
    try:
        validation = data.read(arguments.data, data.VALIDATION)
    except data.DataError as error:
        parser.exit(2, f"{error}\n")
    if not validation.votes.any():
        parser.exit(2, f"{arguments.data}: has no FER+ votes ({', '.join(VOTES)})\n")
    truth = metrics.majority(validation.votes)
    chosen = np.random.default_rng(0).permutation(np.flatnonzero(truth.decided))[: arguments.faces]
    reader = Model(arguments.model).read
    rows = {}
    for name in DETECTORS:
        try:
            finder = detector(name)
        except ModelMissing as error:
            print(f"{name}: left out, {error}")
            continue
        for row, each in ((name, finder), (f"{name}, boxes 10 % off", Shaken(finder, 0))):
            rows[row] = judge(each, reader, validation.images[chosen], truth.truth[chosen])
            print(row, rounded(rows[row]), flush=True)
    path = arguments.model / "metrics.json"
    figures = json.loads(path.read_text(encoding="utf-8"))
    figures["scenes"] = rounded(rows)
    write(path, (json.dumps(figures, indent=1) + "\n").encode())


if __name__ == "__main__":
    main()
