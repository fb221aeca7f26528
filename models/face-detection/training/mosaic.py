"""Training pictures: photographs as the program frames them, and mosaics whose seams say nothing.

Half of the canvases hold one photograph, framed as the program frames it or zoomed, rolled and cut. The others are
divided at random, and each cell holds a part of a photograph; some cells hold faces, some do not, so neither a seam nor
a cell's middle means a face. All of LFW is grey: so that grey does not mean a face, a third of the others lose their
colours, and the grey ones are tinted now and then. No face is ever cut out of its photograph.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import camera
import cv2
import numpy as np
from sources import Source
from truth import truth_of

from assistant.senses.faces.finder import HEIGHT, WIDTH, brightened

SMALLEST = 8.0
"""Smaller faces (root of the area, pixels of the canvas) are not looked at."""
POOLS = {"drawn": 0.49, "faceless": 0.29, "people": 0.08, "lfw": 0.06, "utk": 0.05, "coco": 0.03}
"""Share of the cells; people: the rest of train-photos."""
SHAPES = [(480, 360)] * 6 + [(480, 384)] * 2 + [(480, 320)] * 3 + [(480, 270), (384, 384), (288, 384), (256, 384)]
"""Width and height of the part of the canvas that is filled, as cameras and photographs have it."""
MOST_FACES = 48
BARE = 2.0
"""How much likelier a photograph is drawn that shows a face without a mask: there are half as many of those."""


class Mosaic:
    """Draws canvases.

    Args:
        sources: the photographs that train.
        seen: what the teacher saw, by `Source.key`.
    """

    def __init__(self, sources: Sequence[Source], seen: dict[str, np.ndarray]) -> None:
        self._rows = {each.key: truth_of(each, seen[each.key]).rows for each in sources}
        self._pixels: dict[str, np.ndarray] = {}
        pools: dict[str, list[Source]] = {name: [] for name in POOLS}
        for source in sources:
            pools[_pool(source)].append(source)
        self._pools = {name: pool for name, pool in pools.items() if pool}
        shares = np.array([POOLS[name] for name in self._pools])
        self._shares = shares / shares.sum()
        self.weigh({})

    def weigh(self, hard: dict[str, float]) -> None:
        """Says how much likelier than others some faceless photographs are to be drawn, by `Source.key`."""
        self._likely = {
            "faceless": _shares([hard.get(each.key, 1.0) for each in self._pools.get("faceless", [])]),
            "drawn": _shares([BARE if set(s.labels) - {"mask"} else 1.0 for s in self._pools.get("drawn", [])]),
        }

    def draw(self, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """One canvas.

        Returns:
            uint8 (HEIGHT, WIDTH, 3) RGB, and float32 (n, 16): box (x, y, width, height), five points, in pixels of the
            canvas, 1 for a face or 0 for a place that the loss leaves out, and 1 where the points are known.
        """
        width, height = SHAPES[random.integers(len(SHAPES))]
        alone = random.random() < 0.5
        picture = np.zeros((height, width, 3), np.uint8)
        cells = [(0, 0, width, height)] if alone else _cells(random, (0, 0, width, height))
        told = [self._fill(random, picture, cell, fitted=alone and random.random() < 0.6) for cell in cells]
        rows = np.concatenate(told)[:MOST_FACES]
        camera.cover(random, picture, rows)
        picture = brightened(camera.look(random, picture))
        canvas = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
        canvas[:height, :width] = picture
        return canvas, rows

    def _choose(self, random: np.random.Generator) -> Source:
        name = random.choice(list(self._pools), p=self._shares)
        pool = self._pools[name]
        return pool[random.choice(len(pool), p=self._likely.get(name))]

    def _decoded(self, source: Source) -> np.ndarray:
        if source.key not in self._pixels:
            self._pixels[source.key] = source.pixels()
        return self._pixels[source.key]

    def _fill(
        self, random: np.random.Generator, picture: np.ndarray, cell: tuple[int, int, int, int], *, fitted: bool
    ) -> np.ndarray:
        """Lays a photograph, or a part of it, into a cell and gives its faces."""
        left, top, width, height = cell
        source = self._choose(random)
        rows, pixels = self._rows[source.key], self._decoded(source)
        size = (pixels.shape[1], pixels.shape[0])
        placing = _fitted if fitted else _placing
        matrix = placing(random, size, (width, height), rows)
        zoom = math.hypot(matrix[0, 0], matrix[1, 0])
        from_reduced = np.eye(3)
        while zoom < 0.6:
            pixels = cv2.resize(pixels, (max(1, pixels.shape[1] // 2), max(1, pixels.shape[0] // 2)), interpolation=3)
            from_reduced, zoom = from_reduced @ [[2, 0, 0.5], [0, 2, 0.5], [0, 0, 1]], zoom * 2
        border = cv2.BORDER_REPLICATE if random.random() < 0.4 else cv2.BORDER_CONSTANT
        fill = random.integers(0, 256, 3).tolist() if random.random() < 0.4 else (0, 0, 0)
        patch = cv2.warpAffine(
            pixels,
            (matrix @ from_reduced)[:2],
            (width, height),
            flags=cv2.INTER_LINEAR,
            borderMode=border,
            borderValue=fill,
        )
        if source.kind == "lfw":
            patch = camera.cast(random, patch) if random.random() < 0.4 else patch
        elif random.random() < 0.3:
            patch = cv2.cvtColor(cv2.cvtColor(patch, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
        if random.random() < 0.3:
            patch = camera.tint(random, patch)
        picture[top : top + height, left : left + width] = patch
        return _moved(rows, matrix, cell)


def _shares(weights: list[float]) -> np.ndarray:
    """Weights that sum to one."""
    return np.array(weights) / max(1e-9, sum(weights))


def _pool(source: Source) -> str:
    if source.kind != "photos":
        return source.kind
    return "drawn" if source.drawn is not None else "faceless" if source.faceless else "people"


def _cells(random: np.random.Generator, cell: tuple[int, int, int, int]) -> list[tuple[int, int, int, int]]:
    """Divides a cell (left, top, width, height) at random, and its parts again."""
    left, top, width, height = cell
    least = min(width, height)
    chance = 1.0 if least > 256 else 0.7 if least > 160 else 0.55 if least > 100 else 0.3 if least > 60 else 0
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


def _fitted(
    random: np.random.Generator, source: tuple[int, int], cell: tuple[int, int], rows: np.ndarray
) -> np.ndarray:
    """(3, 3) matrix that brings a photograph into a cell as a whole, or nearly."""
    zoom = min(cell[0] / source[0], cell[1] / source[1]) * math.exp(random.uniform(-0.15, 0.15))
    room = np.array(cell) - zoom * np.array(source)
    shift = np.where(random.random() < 0.5, np.minimum(room, 0) * random.random(2), room * random.random(2))
    return np.array([[zoom, 0, shift[0]], [0, zoom, shift[1]], [0, 0, 1]])


def _placing(
    random: np.random.Generator, source: tuple[int, int], cell: tuple[int, int], rows: np.ndarray
) -> np.ndarray:
    """(3, 3) matrix from the pixels of a photograph to those of a cell: zoom, roll, shift."""
    width, height = cell
    roll = math.radians(random.normal(0, 8) if random.random() < 0.75 else random.uniform(-50, 50))
    cos, sin = math.cos(roll), math.sin(roll)
    reach = np.array([width * abs(cos) + height * abs(sin), width * abs(sin) + height * abs(cos)])
    size = np.array(source, float)
    covering = float((reach / size).max())
    aim = rows[random.integers(len(rows))] if len(rows) and random.random() < 0.85 else None
    zoom = covering * math.exp(random.uniform(0, 1.0))
    if aim is not None:
        least = 12.0 if random.random() < 0.5 else 30.0
        wanted = math.exp(random.uniform(math.log(least), math.log(max(1.4 * least, 0.85 * min(width, height)))))
        zoom = max(covering * random.uniform(1, 1.15), wanted / math.sqrt(max(1.0, aim[2] * aim[3])))
    if random.random() < 0.25:
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
    """Faces in pixels of the canvas: those that can be seen in the cell; tiny or half hidden ones are left out.

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
    counts = (rows[:, 14] == 1) & (visible > 0.6) & (size > SMALLEST)
    shift = np.array([left, top])
    five = (points[:, 1:] + shift).reshape(-1, 10)
    moved = np.concatenate([corner + shift, sides, five, counts[:, None], rows[:, 15:]], axis=1)
    return moved[visible > 0.1].astype(np.float32)
