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
from embedder import SHAPES, Embedder
from faces import CANVAS, TEACHER_SIDE, Faces
from jitter import TRAINING, laid_out
from network import SIDE
from numpy.lib.format import open_memmap
from objective import NOBODY

FILE, MAPS = "views.npz", "maps-{}.npy"
CHANNELS = tuple(shape[0] for shape in SHAPES)
"""Of the teacher's maps."""
STEPS = 32.0
"""Kept maps: in so many steps to each standard deviation of a channel, from -4 to 4 of them."""
MIXED, SHARP = 0.6, 0.75
"""Share of the views that are mixtures; share of the faces in them that are not of FER-2013, which has few pixels."""
PULL = 0.018
"""Standard deviation of what points of a mixed face are moved by, sides of the cached picture."""
EVEN = 0.2
"""Share of the mixtures in which both faces shine through each other everywhere."""
PART = 64


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

    @classmethod
    def load(cls, cache: Path) -> Views:
        """What `gather` wrote; the maps stay on the disk until they are used."""
        maps = tuple(np.load(cache / MAPS.format(number), mmap_mode="r") for number in range(len(SHAPES)))
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
        self._sharp = np.flatnonzero(trains & (faces.kinds != "fer"))
        self._coarse = np.flatnonzero(trains & (faces.kinds == "fer"))

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
        sharp = len(self._coarse) == 0 or random.random() < SHARP
        return int(random.choice(self._sharp if sharp else self._coarse))

    def _grey(self, row: int) -> np.ndarray:
        return cv2.cvtColor(np.ascontiguousarray(self._canvases[row]), cv2.COLOR_RGB2GRAY)


def gather(faces: Faces, teacher: Embedder, n: int, cache: Path) -> None:
    """Draws views of people who train, and writes them and what the teacher sees in them into the cache.

    Views and answers are written last: where they are, the maps, 48 kB a view, are whole.
    """
    drawing = Drawing(faces)
    pictures, rows = np.empty((n, SIDE, SIDE), np.uint8), np.empty(n, int)
    targets = np.empty((n, 256), np.float16)
    kept = [
        open_memmap(cache / MAPS.format(number), mode="w+", dtype=np.int8, shape=(n, *shape))
        for number, shape in enumerate(SHAPES)
    ]
    spread: list[tuple[np.ndarray, np.ndarray]] = []
    for start in range(0, n, PART):
        part = slice(start, min(start + PART, n))
        drawn, rows[part] = drawing.draw(part.stop - start, start)
        pictures[part] = [cv2.resize(each, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for each in drawn]
        *maps, targets[part] = teacher.inside(drawn)
        spread = spread or [(each.mean((0, 2, 3), keepdims=True), each.std((0, 2, 3), keepdims=True)) for each in maps]
        for whole, found, (mean, deviation) in zip(kept, maps, spread, strict=True):
            whole[part] = ((found - mean) / (deviation + 1e-6) * STEPS).clip(-127, 127).round()
        if start % (100 * PART) == 0:
            print(f"{part.stop} of {n} views", file=sys.stderr, flush=True)
    for whole in kept:
        whole.flush()
    np.savez(cache / FILE, pictures=pictures, targets=targets, rows=rows)


def main() -> None:
    """Reads the command line and fills the cache."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cache", type=Path, help="what teacher.py wrote")
    parser.add_argument("--teacher", type=Path, required=True, help="its file")
    parser.add_argument("--views", type=int, default=110_000)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    for path in (arguments.cache / "faces.npz", arguments.teacher):
        if not path.is_file():
            parser.exit(2, f"{path} is missing.\n")
    gather(Faces.load(arguments.cache), Embedder(arguments.teacher), arguments.views, arguments.cache)


if __name__ == "__main__":
    main()
