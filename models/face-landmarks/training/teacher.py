"""What the teacher, YuNet, says of the photographs: faces with box and five points, and pictures without anybody.

python teacher.py DATA --teacher face_detection_yunet_2023mar.onnx --cache CACHE_FOLDER

One answer of YuNet is a noisy truth: shown the same face a few pixels further, mirrored or at another size, it puts
the points elsewhere (see EXPERIMENTS.md). So each face is cut out once more at several sizes, each mirrored or not and
shifted at random, and the mean of the answers is what the network learns and is measured by.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2
import numpy as np
from backgrounds import backgrounds
from network import MIRRORED
from photographs import COCO, LFW, SIDE, Faces, group_of, photographs, progress

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


def people(data: Path, teacher: Teacher) -> Faces:
    """Asks the teacher about every photograph of LFW."""
    pictures, rows, faint = [], [], []
    for number, (name, picture) in enumerate(progress(photographs(data / LFW), "photographs")):
        height, width = picture.shape[:2]
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY)
        pictures.append((name, cv2.resize(grey, (SIDE, SIDE), interpolation=cv2.INTER_AREA)))
        unit = np.array([width, height] * 7)
        for first in teacher.look(picture, FIRST_SIZE):
            where = np.concatenate([first[:2] + first[2:4] / 2, first[2:4]]) / unit[:4]
            faint.append((number, *where))
            known = teacher.closely(picture, first) if first[14] >= CERTAIN else None
            if known is not None:
                rows.append((number, *(known / unit)))
    names, squares = zip(*pictures, strict=True)
    return Faces(np.array(squares), np.array([group_of(name) for name in names]), np.array(rows), np.array(faint))


def main() -> None:
    """Reads the command line and fills the cache."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help=f"folder that holds {LFW} and {COCO}")
    parser.add_argument("--teacher", type=Path, required=True, help="YuNet's weights")
    parser.add_argument("--cache", type=Path, required=True, help="folder for what the teacher said")
    arguments = parser.parse_args()
    for path in (arguments.data / LFW, arguments.data / COCO, arguments.teacher):
        if not path.is_file():
            parser.exit(2, f"{path} is missing.\n")
    cv2.setNumThreads(1)
    arguments.cache.mkdir(parents=True, exist_ok=True)
    teacher = Teacher(arguments.teacher)
    faces = people(arguments.data, teacher)
    faces.save(arguments.cache)
    found = backgrounds(arguments.data, faces, teacher.look)
    found.save(arguments.cache)
    print(
        f"{len(faces.rows)} faces on {len(faces.pictures)} photographs; {len(found.patches)} patches of background, "
        f"in {int(found.false.sum())} of which Haar sees a face"
    )


if __name__ == "__main__":
    main()
