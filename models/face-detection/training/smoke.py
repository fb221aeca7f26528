"""Made data of the same form as the real ones, so that a training can be run from start to end in a minute.

python smoke.py OUT

Writes OUT/data and OUT/teacher.npz: pictures of bright ovals with five dark spots, and pictures without. What a network
learns from them means nothing.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import teacher

SIZE = (320, 240)
POINTS = np.array([[-0.2, -0.12], [0.2, -0.12], [0.0, 0.05], [-0.16, 0.25], [0.16, 0.25]])
"""In sides of the face, from its middle."""


def picture(random: np.random.Generator, size: tuple[int, int], faces: int) -> tuple[bytes, np.ndarray]:
    """A JPEG, and the (n, 15) faces in it as the teacher would tell them."""
    width, height = size
    pixels = random.normal(100, 15, (height, width, 3))
    rows = []
    for _ in range(faces):
        side = random.uniform(0.15, 0.6) * min(size)
        middle = random.uniform(side * 0.6, np.array(size) - side * 0.6)
        oval = np.zeros((height, width))
        cv2.ellipse(oval, (middle, (0.8 * side, side), 0), 1, -1)
        pixels += 90 * oval[..., None]
        points = middle + POINTS * side
        for x, y in points:
            cv2.circle(pixels, (int(x), int(y)), max(1, int(side * 0.06)), (30, 30, 30), -1)
        rows.append([*(middle - side / 2), side, side, *points.ravel(), 0.95])
    return _jpeg(pixels), np.array(rows, np.float32).reshape(-1, 15)


def _jpeg(pixels: np.ndarray) -> bytes:
    return cv2.imencode(".jpg", pixels.clip(0, 255).astype(np.uint8))[1].tobytes()


def write(path: Path, files: dict[str, bytes]) -> None:
    """A tar archive."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(path, "w") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def make(out: Path) -> None:
    """Everything that a training of the finder reads."""
    random = np.random.default_rng(0)
    seen: dict[str, np.ndarray] = {}

    def drawn(kind: str, name: str, size: tuple[int, int], faces: int) -> bytes:
        jpeg, seen[f"{kind}/{name}"] = picture(random, size, faces)
        return jpeg

    photos: dict[str, bytes] = {}
    labels: dict[str, Any] = {}
    for number in range(48):
        name, faces = f"J{number:04d}", number % 2
        photos[f"p/{name}.jpg"] = drawn("photos", name, SIZE, faces)
        labels[f"{name}.jpg"] = {"wh": SIZE, "from": f"made/{name}.jpg"}
        if faces:
            box = seen[f"photos/{name}"][0, :4].round().astype(int).tolist()
            labels[f"{name}.jpg"]["faces"] = [[*box, ("bare", "mask")[number // 2 % 2]]]
        else:
            labels[f"{name}.jpg"]["noface"] = 1
    data = out / "data"
    write(data / "train-photos.tar", photos | {"labels.json": json.dumps(labels).encode()})
    people = [f"Made_{letter}" for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    write(data / "lfw.tar", {f"lfw/{n}/{n}_0001.jpg": drawn("lfw", f"{n}_0001", (250, 250), 1) for n in people})
    close = [f"u{number:04d}" for number in range(24)]
    told = {f"{name}.jpg": {"age": 30, "sex": "f", "origin": "other"} for name in close}
    faces = {f"u/{name}.jpg": drawn("utk", name, (144, 144), 1) for name in close}
    write(data / "utk-train.tar", faces | {"labels.json": json.dumps(told).encode()})
    write(data / "coco128-train.tar", {f"c/{n:03d}.jpg": drawn("coco", f"{n:03d}", SIZE, 0) for n in range(12)})
    (out / "media").mkdir(exist_ok=True)
    teacher.save(out / teacher.FILE, seen)


if __name__ == "__main__":
    make(Path(sys.argv[1]))
