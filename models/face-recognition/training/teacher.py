"""Finds every face in the photographs, lays it out, and asks the teacher who it is: 256 numbers.

python teacher.py DATA --cache CACHE_FOLDER

Faces to learn from are found by YuNet; those of people who choose and judge by the program's own finder and points, so
that the figures are those of the program. What is found is kept as it goes, so that a second call goes on from there.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import cv2
import numpy as np
from embedder import Embedder
from faces import CANVAS, REACH, TEACHER_SIDE, Faces, centre
from looks import Detector, Program, looks
from sources import TEACHER as DETECTOR
from sources import Source, SourceError, read

from assistant.senses.faces.alignment import aligned_square
from assistant.senses.faces.crop import Square, crop_square_in_colour

EMBEDDER = Path("models/face-reidentification-retail-0095.onnx")
KINDS = ("lfw", "utk", "clip", "photos", "fer")
SCORE = {"lfw": 0.6, "utk": 0.5, "clip": 0.7, "photos": 0.8, "fer": 0.5}
"""From which score on a face is taken."""
SMALLEST = 34
"""Geometric mean of width and height of a face in a crowd that is still taken, pixels."""
PART = 500
"""After so many photographs what was found is kept."""
ALONE = ("lfw", "utk", "fer")
"""Sources whose photographs are of one person: the face nearest to the middle."""


def taken(source: Source, rows: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """Those of the found faces that are learnt from; size is height and width of the photograph."""
    rows = rows[rows[:, 14] >= SCORE[source.kind]]
    if source.kind not in ALONE:
        return rows[np.sqrt(rows[:, 2] * rows[:, 3]) >= SMALLEST]
    away = np.hypot(*(rows[:, :2] + rows[:, 2:4] / 2 - np.array(size[::-1]) / 2).T)
    return rows[np.argsort(away)[:1]]


def laid_out(pixels: np.ndarray, row: np.ndarray) -> np.ndarray:
    """The face with room round it, (CANVAS, CANVAS, 3) RGB: its middle `1 / REACH` is what `align` would give."""
    height, width = pixels.shape[:2]
    points = [(float(x) / width, float(y) / height) for x, y in row[4:14].reshape(5, 2)]
    square = aligned_square(tuple(points), width, height)
    return crop_square_in_colour(pixels, Square(square.x, square.y, square.side * REACH, square.roll), CANVAS)


def label_of(source: Source, row: np.ndarray) -> str:
    """Apparent age, sex and origin of a close-up; "mask" or "bare" where people drew this face; else nothing."""
    if source.kind == "utk":
        return "|".join(source.labels)
    if source.drawn is None or not len(source.drawn):
        return ""
    middle, drawn = row[:2] + row[2:4] / 2, source.drawn
    away = np.hypot(*(drawn[:, :2] + drawn[:, 2:] / 2 - middle).T)
    nearest = int(away.argmin())
    return source.labels[nearest] if away[nearest] < 0.3 * row[2] else ""


def asked(sources: list[Source], found: dict[str, np.ndarray], embedder: Embedder) -> Faces:
    """Lays out every face of some photographs and asks the teacher about each."""
    kept: list[tuple[str, str, str, str]] = []
    canvases, targets = [np.empty((0, CANVAS, CANVAS, 3), np.uint8)], [np.empty((0, 256), np.float32)]
    for source in sources:
        pixels = source.pixels()
        for number, row in enumerate(taken(source, found[source.key], pixels.shape[:2])):
            # In a crowd each face is somebody else; in the clips it is always the same person.
            person = {"photos": f"{source.key}/{number}", "clip": "clip"}.get(
                source.kind, f"{source.kind}/{source.group}"
            )
            canvas = laid_out(pixels, row)
            canvases.append(canvas[None])
            targets.append(embedder.both(centre(canvas, TEACHER_SIDE))[None])
            kept.append((source.kind, source.side, person, label_of(source, row)))
    columns = np.array(kept, str).reshape(-1, 4).T
    return Faces(np.concatenate(canvases), np.concatenate(targets), *columns)


def gather(sources: list[Source], found: dict[str, np.ndarray], embedder: Embedder, cache: Path) -> Faces:
    """All faces, written into the cache; what was asked before an interruption is not asked again."""
    parts = []
    for start in range(0, len(sources), PART):
        folder = cache / f"part-{start:05d}"
        if not (folder / "faces.npz").is_file():
            folder.mkdir(exist_ok=True)
            asked(sources[start : start + PART], found, embedder).save(folder)
            print(f"{min(start + PART, len(sources))} of {len(sources)} photographs", file=sys.stderr, flush=True)
        parts.append(Faces.load(folder))
    faces = Faces.joined(parts)
    faces.save(cache)
    return faces


def main() -> None:
    """Reads the command line and fills the cache."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder that holds data/, media/ and models/")
    parser.add_argument("--cache", type=Path, required=True, help="folder for faces and what the teacher said")
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    for path in (DETECTOR, EMBEDDER):
        if not (arguments.data / path).is_file():
            parser.exit(2, f"{arguments.data / path} is missing.\n")
    try:
        sources = read(arguments.data, KINDS)
    except SourceError as error:
        parser.exit(2, f"{error}\n")
    arguments.cache.mkdir(parents=True, exist_ok=True)
    found = looks(sources, Detector(arguments.data / DETECTOR), Program(), arguments.cache / "looks.npz")
    embedder = Embedder(arguments.data / EMBEDDER)
    faces = gather(sources, found, embedder, arguments.cache)
    for kind in KINDS:
        sides = faces.sides[faces.kinds == kind]
        print(kind, {side: int((sides == side).sum()) for side in ("train", "choose", "judge")})


if __name__ == "__main__":
    main()
