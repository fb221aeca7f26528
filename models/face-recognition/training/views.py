"""What is learnt from: views of faces, and of faces of nobody, with what the teacher sees in each, inside too.

python views.py CACHE --teacher TEACHER [--views N]

Who somebody is, is learnt from thousands of people, and there are only so many photographs. The teacher has an opinion
on any picture, though, so it is asked about mixtures of two people too, and the network learns to answer alike for the
same picture (Beyer et al., "Knowledge distillation: A good teacher is patient and consistent", CVPR 2022). Two of the
teacher's inner maps are kept besides: what is found slowly from 256 numbers alone, is found soon from a map that says
what is where (Romero et al., "FitNets", ICLR 2015).
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import torch
from faces import CANVAS, TEACHER_SIDE, Faces
from jitter import TRAINING, laid_out
from network import SIDE
from objective import NOBODY

FILE = "views.npz"
MAPS = ("!t_209", "!t_259")
"""The teacher's last maps of 16x16 and of 8x8 places, by the ends of their names in OpenCV."""
SHAPES = ((128, 16, 16), (128, 8, 8))
CHANNELS = tuple(shape[0] for shape in SHAPES)
STEPS = 32.0
"""Kept maps: in so many steps to each standard deviation of a channel, from -4 to 4 of them."""
MIXED, STRANGER = 0.6, 0.75
"""Share of the views that are mixtures; how many of the others are of faces that are no FER-2013."""
PULL = 0.018
"""Standard deviation of what points of a mixed face are moved by, sides of the cached picture."""
EVEN = 0.2
"""Share of the mixtures in which both faces shine through each other everywhere."""
PART = 64


class Teacher:
    """The teacher's answers and its two maps.

    Args:
        path: its file.
    """

    def __init__(self, path: Path) -> None:
        self._network = cv2.dnn.readNetFromONNX(str(path))
        maps = [name for name in self._network.getLayerNames() if name.endswith(MAPS)]
        self._names = [*maps, *self._network.getUnconnectedOutLayersNames()]

    def __call__(self, faces: np.ndarray) -> tuple[np.ndarray, ...]:
        """(n, 128, 128) uint8 grey, laid out -> both maps (n, *SHAPES[k]), and (n, 256) of any length."""
        blobs = [cv2.dnn.blobFromImage(cv2.cvtColor(face, cv2.COLOR_GRAY2BGR)) for face in faces]
        found = []
        for blob in blobs:
            self._network.setInput(blob)
            found.append([np.array(answer) for answer in self._network.forward(self._names)])
        first, second, answers = (np.concatenate(each) for each in zip(*found, strict=True))
        return first, second, answers.reshape(len(faces), -1)


@dataclass(frozen=True)
class Views:
    """Views in one order.

    Attributes:
        pictures: (n, SIDE, SIDE) uint8 grey.
        targets: (n, 256) what the teacher says of each, length one.
        maps: for each of `SHAPES` (n, *shape) int8, `STEPS` to a standard deviation of its channel, about its mean.
        rows: (n,) of which face in the cache each is, `NOBODY` for mixtures.
    """

    pictures: np.ndarray
    targets: np.ndarray
    maps: tuple[np.ndarray, ...]
    rows: np.ndarray

    def save(self, cache: Path) -> None:
        """Writes the files into the cache, the smallest last: where it is, all are whole."""
        for number, kept in enumerate(self.maps):
            np.save(cache / f"maps-{number}.npy", kept)
        np.savez(cache / FILE, pictures=self.pictures, targets=self.targets.astype(np.float16), rows=self.rows)

    @classmethod
    def load(cls, cache: Path) -> Views:
        """What `save` wrote; the maps stay on the disk until they are used."""
        maps = tuple(np.load(cache / f"maps-{number}.npy", mmap_mode="r") for number in range(len(SHAPES)))
        with np.load(cache / FILE) as kept:
            return cls(kept["pictures"], kept["targets"].astype(np.float32), maps, kept["rows"])


def mixed(one: np.ndarray, other: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A mixture of two cached pictures (side, side) uint8, parts of both, pulled a little out of shape."""
    side = len(one)
    height = random.normal(0, 1, (4, 4))
    share = 1 / (1 + np.exp(-4 * cv2.resize(height, (side, side), interpolation=cv2.INTER_CUBIC)))
    if random.random() < EVEN:
        share = np.full((side, side), random.uniform(0.35, 0.65))
    pull = random.normal(0, PULL * side, (5, 5, 2)).astype(np.float32)
    flow = cv2.resize(pull, (side, side), interpolation=cv2.INTER_CUBIC)
    # The second face is given the first one's light, so that the seam is no edge.
    theirs = (other - other.mean()) * (one.std() + 1) / (other.std() + 1) + one.mean()
    picture = (share * one + (1 - share) * theirs).clip(0, 255).round().astype(np.uint8)
    rows, columns = np.mgrid[:side, :side].astype(np.float32)
    where = (columns + flow[..., 0], rows + flow[..., 1])
    return cv2.remap(picture, *where, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


class Drawing:
    """Draws views of the faces that train.

    Args:
        faces: all in the cache.
    """

    def __init__(self, faces: Faces) -> None:
        self._canvases = faces.canvases
        trains = faces.sides == "train"
        self._rare = np.flatnonzero(trains & (faces.kinds != "fer"))
        self._plenty = np.flatnonzero(trains & (faces.kinds == "fer"))

    def draw(self, n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
        """(n, TEACHER_SIDE, TEACHER_SIDE) uint8 grey, and whom each shows, a row or `NOBODY`."""
        random = np.random.default_rng(seed)
        torch.manual_seed(seed)
        pictures, rows = np.empty((n, CANVAS, CANVAS), np.uint8), np.full(n, NOBODY)
        for place in range(n):
            row = self._any(random)
            picture = self._grey(row)
            if random.random() < MIXED:
                picture = mixed(picture, self._grey(self._any(random)), random)
            else:
                rows[place] = row
            pictures[place] = picture
        seen = laid_out(torch.from_numpy(pictures)[:, None], TRAINING, TEACHER_SIDE)
        return seen[:, 0].round().clamp(0, 255).to(torch.uint8).numpy(), rows

    def _any(self, random: np.random.Generator) -> int:
        known = len(self._plenty) == 0 or random.random() < STRANGER
        return int(random.choice(self._rare if known else self._plenty))

    def _grey(self, row: int) -> np.ndarray:
        return cv2.cvtColor(np.ascontiguousarray(self._canvases[row]), cv2.COLOR_RGB2GRAY)


def shown(faces: Faces, teacher: Teacher, n: int) -> Views:
    """So many views of people who train, and what the teacher sees in them."""
    drawing = Drawing(faces)
    views = Views(
        np.empty((n, SIDE, SIDE), np.uint8),
        np.empty((n, 256), np.float32),
        tuple(np.empty((n, *shape), np.int8) for shape in SHAPES),
        np.empty(n, int),
    )
    spread: list[tuple[np.ndarray, np.ndarray]] = []
    for start in range(0, n, PART):
        part = slice(start, min(start + PART, n))
        pictures, views.rows[part] = drawing.draw(part.stop - start, start)
        views.pictures[part] = [cv2.resize(each, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for each in pictures]
        *maps, answers = teacher(pictures)
        views.targets[part] = answers / np.linalg.norm(answers, axis=1, keepdims=True)
        spread = spread or [(each.mean((0, 2, 3), keepdims=True), each.std((0, 2, 3), keepdims=True)) for each in maps]
        for kept, found, (mean, deviation) in zip(views.maps, maps, spread, strict=True):
            kept[part] = ((found - mean) / (deviation + 1e-6) * STEPS).clip(-127, 127).round()
        if start % (100 * PART) == 0:
            print(f"{part.stop} of {n} views", file=sys.stderr, flush=True)
    return views


def main() -> None:
    """Reads the command line and fills the cache."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="what teacher.py wrote")
    parser.add_argument("--teacher", type=Path, required=True, help="its file")
    parser.add_argument("--views", type=int, default=110_000)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    shown(Faces.load(arguments.cache), Teacher(arguments.teacher), arguments.views).save(arguments.cache)


if __name__ == "__main__":
    main()
