"""Training pictures whose seams say nothing.

Everything is grey, because all of LFW is: with colours, a face would be what has none. Whole photographs, zoomed,
rolled and cut, fill the cells of a canvas that is divided at random; some cells hold faces,
some do not, and some canvases have one cell alone. So neither a seam nor a cell's middle means a face. No face is ever
cut out of its photograph.
"""

from __future__ import annotations

import math

import camera
import cv2
import numpy as np
from sources import Source

from assistant.senses.faces.finder import HEIGHT, WIDTH, brightened

SURE, UNSURE = 0.6, 0.4
"""The teacher's faces between these scores are neither a face nor background: the loss does not look at them."""
SMALLEST, SMALLEST_TOLD = 7.0, 9.5
"""Faces below the first size (root of the area) count as background, below the second they are not looked at."""
KINDS = {"lfw": 0.53, "faces": 0.13, "empty": 0.27, "clip": 0.07}
"""Share of the cells: LFW, COCO with faces, COCO without, clips."""
SHAPES = [(320, 240)] * 5 + [(320, 256)] * 2 + [(256, 256)] * 2 + [(192, 256), (320, 180)]
"""Width and height of the part of the canvas that is filled, as cameras and photographs have it."""
MOST_FACES = 48


class Mosaic:
    """Draws canvases.

    Args:
        sources: the photographs that train.
        faces: what the teacher saw, by "kind/name".
    """

    def __init__(self, sources: list[Source], faces: dict[str, np.ndarray]) -> None:
        self._faces = {name: rows[rows[:, 14] >= UNSURE] for name, rows in faces.items()}
        self._kinds: dict[str, list[Source]] = {kind: [] for kind in KINDS}
        for source in sources:
            self._kinds[self._kind(source)].append(source)
        self._sizes: dict[str, tuple[int, int]] = {}

    def draw(self, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """One canvas.

        Returns:
            grey uint8 (HEIGHT, WIDTH), and float32 (n, 15): box (x, y, width, height), five points, in pixels of the
            canvas, and 1 for a face or 0 for a place that the loss leaves out.
        """
        width, height = SHAPES[random.integers(len(SHAPES))]
        picture = np.zeros((height, width), np.uint8)
        told: list[np.ndarray] = []
        for cell in _cells(random, (0, 0, width, height)):
            told.append(self._fill(random, picture, cell))
        rows = np.concatenate(told)[:MOST_FACES]
        camera.cover(random, picture, rows)
        picture = brightened(camera.look(random, picture))
        canvas = np.zeros((HEIGHT, WIDTH), np.uint8)
        canvas[:height, :width] = picture
        return canvas, rows

    def _kind(self, source: Source) -> str:
        if source.kind != "coco":
            return source.kind
        return "faces" if (self._of(source)[:, 14] >= SURE).any() else "empty"

    def _of(self, source: Source) -> np.ndarray:
        return self._faces[f"{source.kind}/{source.name}"]

    def _fill(self, random: np.random.Generator, picture: np.ndarray, cell: tuple[int, int, int, int]) -> np.ndarray:
        """Lays a part of a photograph into a cell and gives its faces."""
        left, top, width, height = cell
        pool = self._kinds[random.choice(list(KINDS), p=list(KINDS.values()))]
        source = pool[random.integers(len(pool))]
        rows = self._of(source)
        across, down = self._size(source)
        matrix = _placing(random, (across, down), (width, height), rows)
        zoom = math.hypot(matrix[0, 0], matrix[1, 0])
        reduction = next(each for each in (8, 4, 2, 1) if each == 1 or each * zoom <= 1)
        pixels = source.grey(reduction)
        from_reduced = np.array([[reduction, 0, (reduction - 1) / 2], [0, reduction, (reduction - 1) / 2], [0, 0, 1]])
        border = cv2.BORDER_REPLICATE if random.random() < 0.5 else cv2.BORDER_CONSTANT
        patch = cv2.warpAffine(
            pixels,
            (matrix @ from_reduced)[:2],
            (width, height),
            flags=cv2.INTER_LINEAR,
            borderMode=border,
            borderValue=int(random.integers(0, 256)) if random.random() < 0.5 else 0,
        )
        if random.random() < 0.3:
            patch = camera.tint(random, patch)
        picture[top : top + height, left : left + width] = patch
        return _moved(rows, matrix, cell)

    def _size(self, source: Source) -> tuple[int, int]:
        key = f"{source.kind}/{source.name}"
        if key not in self._sizes:
            height, width = source.grey().shape
            self._sizes[key] = width, height
        return self._sizes[key]


def _cells(random: np.random.Generator, cell: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    """Divides a cell (left, top, width, height) at random, and its parts again."""
    left, top, width, height = cell
    least = min(width, height)
    chance = 0.75 if least > 110 else 0.65 if least > 70 else 0.5 if least > 44 else 0
    if random.random() >= chance:
        return [cell]
    share = random.uniform(0.3, 0.7)
    if random.random() < width / (width + height):
        cut = int(width * share)
        parts = (left, top, cut, height), (left + cut, top, width - cut, height)
    else:
        cut = int(height * share)
        parts = (left, top, width, cut), (left, top + cut, width, height - cut)
    return [each for part in parts for each in _cells(random, part)]


def _placing(
    random: np.random.Generator, source: tuple[int, int], cell: tuple[int, int], rows: np.ndarray
) -> np.ndarray:
    """(3, 3) matrix from the pixels of a photograph to those of a cell: zoom, roll, shift."""
    width, height = cell
    roll = math.radians(random.normal(0, 8) if random.random() < 0.6 else random.uniform(-55, 55))
    cos, sin = math.cos(roll), math.sin(roll)
    reach = np.array([width * abs(cos) + height * abs(sin), width * abs(sin) + height * abs(cos)])
    size = np.array(source, float)
    covering = float((reach / size).max())
    aim = rows[random.integers(len(rows))] if len(rows) and random.random() < 0.8 else None
    zoom = covering * math.exp(random.uniform(0, 1.0))
    if aim is not None:
        wanted = math.exp(random.uniform(math.log(9), math.log(0.8 * min(width, height))))
        zoom = max(covering * random.uniform(1, 1.15), wanted / math.sqrt(max(1.0, aim[2] * aim[3])))
    if random.random() < 0.15:
        zoom = covering * random.uniform(0.4, 1)
    turn = zoom * np.array([[cos, -sin], [sin, cos]])
    if aim is None:
        middle = random.uniform(0, 1, 2) * size
    else:
        offset = random.uniform(-0.4, 0.4, 2) * (width, height)
        middle = aim[:2] + aim[2:4] / 2 - np.linalg.solve(turn, offset)
    room = np.minimum(reach / zoom / 2, size / 2)
    middle = np.clip(middle, room, size - room)
    matrix = np.eye(3)
    matrix[:2, :2] = turn
    matrix[:2, 2] = np.array(cell) / 2 - turn @ middle
    return matrix


def _moved(rows: np.ndarray, matrix: np.ndarray, cell: tuple[int, int, int, int]) -> np.ndarray:
    """The teacher's faces in pixels of the canvas: those that can be seen in the cell, sure ones marked with 1.

    A box is turned as if it were an ellipse: its new sides are those of the turned ellipse's upright frame.
    """
    left, top, width, height = cell
    points = np.concatenate([rows[:, None, :2] + rows[:, None, 2:4] / 2, rows[:, 4:14].reshape(-1, 5, 2)], axis=1)
    points = points @ matrix[:2, :2].T + matrix[:2, 2]
    sides = np.sqrt(rows[:, 2:4] ** 2 @ (matrix[:2, :2] ** 2).T)
    corner, far = points[:, 0] - sides / 2, points[:, 0] + sides / 2
    seen = np.clip(np.minimum(far, (width, height)) - np.maximum(corner, 0), 0, None)
    visible = seen.prod(axis=1) / np.maximum(sides.prod(axis=1), 1e-6)
    size = np.sqrt(sides.prod(axis=1))
    sure = (rows[:, 14] >= SURE) & (visible > 0.6) & (size > SMALLEST_TOLD)
    shift = np.array([left, top])
    moved = np.concatenate([corner + shift, sides, (points[:, 1:] + shift).reshape(-1, 10), sure[:, None]], axis=1)
    return moved[(visible > 0.15) & (size > SMALLEST)].astype(np.float32)
