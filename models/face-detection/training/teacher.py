"""What the teacher, YuNet, sees in every photograph: boxes, five points, scores; written once, read by training.

python teacher.py DATA --run RUN_FOLDER

Each photograph is looked at in several sizes, enlarged too, because YuNet misses small faces at the size they have.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import cv2
import numpy as np
from sources import TEACHER, Source, SourceError, read

SIDES = (256, 512, 1024)
"""Longer sides at which a photograph is looked at, pixels."""
MOST_ENLARGED = 2.1
LEAST_SCORE = 0.3
OVERLAP = 0.4
"""Of two boxes that overlap more than this (IoU) the one with the better score stays."""
FILE = "teacher.npz"


class Teacher:
    """YuNet over several sizes of a picture."""

    def __init__(self, path: Path) -> None:
        self._network = cv2.FaceDetectorYN.create(str(path), "", (320, 320), LEAST_SCORE, OVERLAP, 200)

    def __call__(self, pixels: np.ndarray) -> np.ndarray:
        """Finds faces: uint8 (height, width, 3) RGB -> float32 (n, 15) of x, y, width, height, five points, score.

        Everything is in pixels of the picture; the points go from the left of an upright picture to its right.
        """
        bgr = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR)
        longest = max(bgr.shape)
        scales = [side / longest for side in SIDES if side / longest <= MOST_ENLARGED]
        rows = np.concatenate([self._at(bgr, scale) for scale in scales or [1.0]])
        keep = cv2.dnn.NMSBoxes(rows[:, :4].tolist(), rows[:, 14].tolist(), LEAST_SCORE, OVERLAP)
        return rows[np.ravel(keep).astype(int)]

    def _at(self, bgr: np.ndarray, scale: float) -> np.ndarray:
        interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        resized = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=interpolation)
        self._network.setInputSize(resized.shape[1::-1])
        found = self._network.detect(resized)[1]
        rows = np.reshape([] if found is None else found, (-1, 15)).astype(np.float32)
        rows[:, :14] /= scale
        return rows


def look(sources: list[Source], teacher: Teacher) -> dict[str, np.ndarray]:
    """The faces of every photograph, one after the other, with the minutes that are left."""
    found, started = {}, time.monotonic()
    for number, source in enumerate(sources, 1):
        found[source.key] = teacher(source.pixels())
        if number % 1000 == 0:
            left = (time.monotonic() - started) / number * (len(sources) - number) / 60
            print(f"{number} of {len(sources)} photographs looked at, {left:.0f} min left", flush=True)
    return found


def save(path: Path, faces: dict[str, np.ndarray]) -> None:
    """Writes all faces as three arrays: names, how many each has, the rows."""
    counts = np.array([len(rows) for rows in faces.values()])
    np.savez_compressed(path, names=np.array(list(faces)), counts=counts, rows=np.concatenate(list(faces.values())))


def load(path: Path) -> dict[str, np.ndarray]:
    """Faces by "kind/name", float32 (n, 15) each."""
    with np.load(path) as file:
        parts = np.split(file["rows"], np.cumsum(file["counts"])[:-1])
        return dict(zip(file["names"].tolist(), parts, strict=True))


def main() -> None:
    """Reads the command line; leaves a file alone that is already there."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with data/, media/ and models/")
    parser.add_argument("--run", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.run.mkdir(parents=True, exist_ok=True)
    path = arguments.run / FILE
    if path.is_file():
        return
    cv2.setNumThreads(1)
    try:
        save(path, look(read(arguments.data), Teacher(arguments.data / TEACHER)))
    except SourceError as error:
        parser.exit(2, f"{error}\n")


if __name__ == "__main__":
    main()
