"""Photographs in which people have drawn boxes round things, and what each is for.

COCO (128 photographs of its training side: networks that were trained on COCO may have seen them) and VOC (817 that
they have not seen on purpose, 20 of the 80 kinds). Sides are those of the split that all trainings share.
"""

import json
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

import cv2
import numpy as np
import yaml

from assistant.domain.values import Box, Pixels
from models.training.split import Side, photograph, side_of

VOC: Mapping[str, str] = {
    "aeroplane": "airplane",
    "bicycle": "bicycle",
    "bird": "bird",
    "boat": "boat",
    "bottle": "bottle",
    "bus": "bus",
    "car": "car",
    "cat": "cat",
    "chair": "chair",
    "cow": "cow",
    "diningtable": "dining table",
    "dog": "dog",
    "horse": "horse",
    "motorbike": "motorcycle",
    "person": "person",
    "pottedplant": "potted plant",
    "sheep": "sheep",
    "sofa": "couch",
    "train": "train",
    "tvmonitor": "tv",
}
"""The 20 kinds of VOC, by the names that COCO has for them."""


@dataclass(frozen=True)
class Photograph:
    """One photograph."""

    jpeg: bytes
    side: Side
    truth: tuple[tuple[str, Box], ...]
    """What people have drawn."""
    drawn: frozenset[str] | None
    """The labels of which everything is drawn; None: all."""

    def pixels(self) -> Pixels:
        """uint8 (height, width, 3) RGB."""
        bgr = cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), cv2.IMREAD_COLOR)
        if bgr is None:
            raise ValueError("a photograph cannot be read")
        return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), np.uint8)


def coco(path: Path) -> Iterator[Photograph]:
    """Those of coco128-train.tar: boxes in YOLO's form, the middle and the size as fractions."""
    with tarfile.open(path) as archive:
        files = {PurePath(member.name): member for member in archive if member.isfile()}
        (classes,) = (member for name, member in files.items() if name.name == "classes.yaml")
        names = yaml.safe_load(_content(archive, classes))["names"]
        texts = {name.stem: _content(archive, member) for name, member in files.items() if name.suffix == ".txt"}
        for name, member in sorted(files.items()):
            if name.suffix == ".jpg":
                rows = [line.split() for line in texts.get(name.stem, b"").decode().splitlines()]
                truth = tuple((names[int(row[0])], _centred(*map(float, row[1:]))) for row in rows)
                yield Photograph(_content(archive, member), side_of("coco", name.stem), truth, None)


def voc(path: Path) -> Iterator[Photograph]:
    """Those of train-photos.tar that have boxes of things: left, top, width, height in pixels."""
    with tarfile.open(path) as archive:
        (labels,) = (member for member in archive if PurePath(member.name).name == "labels.json")
        entries = json.loads(_content(archive, labels))
        for member in archive:
            entry = entries.get(PurePath(member.name).name, {})
            if "objects" in entry:
                width, height = entry["wh"]
                truth = tuple(
                    (VOC[label], Box(x / width, y / height, w / width, h / height))
                    for label, x, y, w, h in entry["objects"]
                )
                group = photograph(PurePath(member.name).name, entry["from"])
                yield Photograph(_content(archive, member), side_of("photos", group), truth, frozenset(VOC.values()))


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member)
    return file.read() if file else b""


def _centred(x: float, y: float, width: float, height: float) -> Box:
    return Box(x - width / 2, y - height / 2, width, height)
