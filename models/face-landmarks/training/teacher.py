"""What the teacher, YuNet, says of the photographs: faces with box and five points, and pictures without anybody.

python teacher.py DATA --cache CACHE_FOLDER

One answer of YuNet is a noisy truth: shown the same face a few pixels further, mirrored or at another size, it puts
the points elsewhere (see EXPERIMENTS.md). So each face is cut out once more at several sizes, each mirrored or not and
shifted at random, and the mean of the answers is what the network learns and is measured by. Boxes that people have
drawn are faces whatever the teacher says of them; where it does not see them, their points are not known.
"""

from __future__ import annotations

import argparse
import os
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import cv2
import numpy as np
from backgrounds import backgrounds
from network import MIRRORED
from photographs import SIDE, UNUSED, Faces, group_of, progress
from sources import TEACHER, Source, SourceError, read

SIZES = (72, 80, 96, 112, 128, 144, 160, 192)
"""Sides to which a face's box is brought for one look each, pixels."""

FIRST_SIZE = 320
"""Longest side of the photograph for the first look."""

CERTAIN, FAINT = 0.75, 0.3
"""Faces of at least the first score are learnt; near one of at least the second, nothing counts as background."""


class Teacher:
    """YuNet, asked several times.

    Args:
        path: its weights.
        seed: of the shifts.
    """

    def __init__(self, path: Path, seed: int = 0) -> None:
        self._network = cv2.FaceDetectorYN.create(str(path), "", (32, 32), FAINT, 0.3, 100)
        self._random = np.random.default_rng(seed)

    def look(self, picture: np.ndarray, longest: int) -> np.ndarray:
        """One look at a BGR picture brought to this longest side: (n, 15) box, points, score in its own pixels."""
        scale = longest / max(picture.shape[:2])
        resized = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else 2)
        return self._detect(resized) / np.array([scale] * 14 + [1])

    def _detect(self, picture: np.ndarray) -> np.ndarray:
        self._network.setInputSize(picture.shape[1::-1])
        found = self._network.detect(picture)[1]
        return np.zeros((0, 15)) if found is None else found.astype(np.float64)

    def closely(self, picture: np.ndarray, first: np.ndarray) -> np.ndarray | None:
        """The mean of several looks at one face.

        Args:
            picture: BGR.
            first: (15,) the first look's answer for this face, in pixels.

        Returns:
            (14,) middle and size of the box and five points, in pixels; None where fewer than half of the looks agree.
        """
        middle, side = first[:2] + first[2:4] / 2, float(np.sqrt(first[2] * first[3]))
        looks = []
        for number, size in enumerate(SIZES):
            canvas, scale = int(np.ceil(size * 2 / 32)) * 32, size / side
            flip = -1 if number % 2 else 1
            start = canvas / 2 + self._random.uniform(-16, 16, 2) - (flip * scale * middle[0], scale * middle[1])
            matrix = np.array([[flip * scale, 0, start[0]], [0, scale, start[1]]])
            # OpenCV counts from the middle of the first pixel, everything else here from its corner.
            matrix[:, 2] += (matrix[:, :2].sum(axis=1) - 1) / 2
            flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
            answers = self._detect(cv2.warpAffine(picture, matrix, (canvas, canvas), flags=flags))
            for row in answers:
                found = _back(row, flip, scale, start)
                if np.abs(found[:2] - middle).max() < 0.25 * side and 0.7 < np.sqrt(found[2] * found[3]) / side < 1.4:
                    looks.append(found)
                    break
        return np.mean(looks, axis=0) if len(looks) >= len(SIZES) // 2 else None


def _back(row: np.ndarray, flip: int, scale: float, start: np.ndarray) -> np.ndarray:
    """One answer on a cut-out, (15,), as middle and size of the box and five points in the whole picture, (14,)."""
    points = np.vstack([row[:2] + row[2:4] / 2, row[4:14].reshape(5, 2)])
    points = (points - start) / (flip * scale, scale)
    five = points[1:][list(MIRRORED)] if flip < 0 else points[1:]
    return np.concatenate([points[0], row[2:4] / scale, five.ravel()])


REACH = 3.0
"""Side of the square that is cached round a face / geometric mean of width and height of its box."""
LFW_EVERY = 3
"""Every so manieth photograph of LFW is taken of those that train, and each of the others."""
PART = 100
"""Photographs that are asked about by one process in one go."""
ALIKE = 0.4
"""A drawn face and one that the teacher sees are the same from this overlap (IoU) on."""


class Collected:
    """Pictures and faces, one after the other."""

    def __init__(self) -> None:
        self.pictures: list[np.ndarray] = []
        self.groups: list[int] = []
        self.rows: list[tuple[float, ...]] = []
        self.told: list[tuple[bool, int]] = []
        self.faint: list[tuple[float, ...]] = []

    def add(self, grey: np.ndarray, group: int, faint: np.ndarray) -> int:
        """A square picture with boxes (n, 4) of all that may be a face in it, as fractions; gives its number."""
        way = cv2.INTER_AREA if len(grey) > SIDE else cv2.INTER_CUBIC
        self.pictures.append(cv2.resize(grey, (SIDE, SIDE), interpolation=way))
        self.groups.append(group)
        number = len(self.pictures) - 1
        self.faint += [(number, *box) for box in faint.tolist()]
        return number

    def face(self, number: int, row: np.ndarray, *, known: bool, covered: int) -> None:
        """A face (14,) in a picture."""
        self.rows.append((number, *row.tolist()))
        self.told.append((known, covered))

    def faces(self) -> Faces:
        """All of it."""
        told = np.array(self.told, int).reshape(-1, 2)
        rows, faint = np.array(self.rows).reshape(-1, 15), np.array(self.faint).reshape(-1, 5)
        pictures = np.array(self.pictures, np.uint8).reshape(-1, SIDE, SIDE)
        return Faces(pictures, np.array(self.groups, int), rows, told[:, 0] > 0, told[:, 1], faint)


def whole(source: Source, teacher: Teacher, into: Collected) -> None:
    """A square photograph of one person, whose mouth is bare."""
    picture = cv2.cvtColor(source.pixels(), cv2.COLOR_RGB2BGR)
    unit = np.array([*picture.shape[1::-1]] * 7)
    looks = teacher.look(picture, FIRST_SIZE)
    boxes = np.concatenate([looks[:, :2] + looks[:, 2:4] / 2, looks[:, 2:4]], axis=1) / unit[:4]
    number = into.add(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), group_of(source), boxes)
    for first in looks[looks[:, 14] >= CERTAIN]:
        known = teacher.closely(picture, first)
        if known is not None:
            into.face(number, known / unit, known=True, covered=0)


def around(source: Source, teacher: Teacher, into: Collected) -> None:
    """Each drawn face of a photograph, and the face of a close-up, in a square of its own."""
    picture = cv2.cvtColor(source.pixels(), cv2.COLOR_RGB2BGR)
    if source.kind == "utk":
        picture = cv2.copyMakeBorder(picture, *[len(picture) // 3] * 4, cv2.BORDER_REPLICATE)
    looks = np.concatenate([teacher.look(picture, side) for side in (max(picture.shape), 2 * max(picture.shape))])
    drawn = looks[looks[:, 14].argsort()[-1:], :4] if source.kind == "utk" else source.drawn
    if drawn is None:
        return
    labels = ["bare"] * len(drawn) if source.kind == "utk" else source.labels
    everything = np.concatenate([drawn, looks[:, :4]])
    everything[:, :2] += everything[:, 2:] / 2
    grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
    for box, label in zip(drawn, labels, strict=True):
        middle, side = box[:2] + box[2:] / 2, REACH * float(np.sqrt(box[2] * box[3]))
        corner = middle - side / 2
        faint = (everything - [*corner, 0, 0]) / side
        number = into.add(_square(grey, middle, side), group_of(source), faint)
        first = _same(box, looks)
        seen = None if first is None else teacher.closely(picture, first)
        row = np.concatenate([middle, box[2:], np.zeros(10)]) if seen is None else seen
        row = (row - [*corner, 0, 0, *[*corner] * 5]) / side
        covered = {"bare": 0, "mask": 1}.get(label, -1)
        into.face(number, row, known=seen is not None, covered=covered)


def _same(box: np.ndarray, looks: np.ndarray) -> np.ndarray | None:
    """The teacher's surest answer for a drawn face."""
    shared = np.minimum(box[:2] + box[2:], looks[:, :2] + looks[:, 2:4]) - np.maximum(box[:2], looks[:, :2])
    both = shared.clip(0).prod(axis=1)
    fit = both / (box[2:].prod() + looks[:, 2:4].prod(axis=1) - both)
    same = looks[fit >= ALIKE]
    return same[same[:, 14].argmax()] if len(same) else None


def _square(grey: np.ndarray, middle: np.ndarray, side: float) -> np.ndarray:
    """A square part of a picture, the border repeated beyond it; at least `SIDE` pixels where it is reduced."""
    pixels = max(SIDE, round(side)) if side < 2 * SIDE else 2 * SIDE
    scale = pixels / side
    matrix = np.array([[scale, 0, pixels / 2 - scale * middle[0]], [0, scale, pixels / 2 - scale * middle[1]]])
    matrix[:, 2] += (matrix[:, :2].sum(axis=1) - 1) / 2
    return cv2.warpAffine(grey, matrix, (pixels, pixels), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _part(weights: Path, number: int, sources: list[Source]) -> Faces:
    """What the teacher says of some photographs; the number of the part is the seed of the shifts."""
    cv2.setNumThreads(1)
    teacher, into = Teacher(weights, number), Collected()
    for source in sources:
        (whole if source.kind == "lfw" else around)(source, teacher, into)
    return into.faces()


def people(sources: list[Source], weights: Path, jobs: int) -> Faces:
    """Asks the teacher about everybody, in so many processes."""
    parts = [sources[start : start + PART] for start in range(0, len(sources), PART)]
    with ProcessPoolExecutor(jobs) as pool:
        answers = pool.map(_part, repeat(weights), range(len(parts)), parts)
        return Faces.joined(list(progress(answers, f"of {len(parts)} parts of the photographs")))


def main() -> None:
    """Reads the command line and fills the cache."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with data/ and models/")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what the teacher said")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes that ask")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    try:
        sources = read(arguments.data, ("lfw", "utk", "photos", "coco"))
    except SourceError as error:
        parser.exit(2, f"{error}\n")
    arguments.cache.mkdir(parents=True, exist_ok=True)
    lfw = [each for each in sources if each.kind == "lfw"]
    lfw = [each for number, each in enumerate(lfw) if number % LFW_EVERY == 0 or each.side != "train"]
    shown = [each for each in sources if each.kind == "utk" or each.drawn is not None]
    weights = arguments.data / TEACHER
    faces = people([each for each in [*lfw, *shown] if group_of(each) != UNUSED], weights, arguments.jobs)
    faces.save(arguments.cache)
    found = backgrounds(sources, Teacher(weights).look)
    found.save(arguments.cache)
    print(
        f"{len(faces.rows)} faces on {len(faces.pictures)} pictures, {int((faces.covered == 1).sum())} masked; "
        f"{len(found.patches)} patches of background, {int(found.false.sum())} of which were taken for a face"
    )


if __name__ == "__main__":
    main()
