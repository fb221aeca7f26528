"""The photographs: where they lie, what people have drawn in them, and what each may be used for.

The folder holds `data/` with lfw.tar, coco128-train.tar, train-photos.tar, utk-train.tar and fer2013.npz,
`media/*.mkv`, and the teacher's weights in `models/`. Sides are those of the split that all trainings share
(`models/training/split.py`).
"""

from __future__ import annotations

import json
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from split import Side, person, photograph, side_of

TEACHER = Path("models/face_detection_yunet_2023mar.onnx")
LFW, COCO, PHOTOS, UTK, FER = (
    Path("data") / name for name in ("lfw.tar", "coco128-train.tar", "train-photos.tar", "utk-train.tar", "fer2013.npz")
)
MEDIA = Path("media")
CLIP_STEP = 3
"""Every so manieth frame of a clip is taken: neighbours hardly differ."""
SAME_LOOK = 6
"""Photographs of whose 64 comparisons of neighbouring parts at most so many differ are one (a difference hash)."""


class SourceError(Exception):
    """The photographs are not where they should be; says which."""


@dataclass(frozen=True)
class Source:
    """One whole photograph, still compressed.

    Attributes:
        kind: "photos", "lfw", "utk", "coco", "clip" or "fer".
        name: unique; with the kind it says where it came from.
        group: what must not be on two sides: the person, the photograph, the house, the clip.
        jpeg: its bytes, of whatever kind of file OpenCV reads.
        drawn: (n, 4) faces that people have drawn, left, top, width, height in pixels; None where nobody has.
        labels: "bare", "mask" or "mask-low" for each of them; of a close-up the apparent age, sex and origin.
        people: (n, 4) boxes of people in pixels, where somebody marked them; else None.
        faceless: whether it is known to show no face.
    """

    kind: str
    name: str
    group: str
    jpeg: bytes
    drawn: np.ndarray | None = None
    labels: list[str] = field(default_factory=list)
    people: np.ndarray | None = None
    faceless: bool = False

    @property
    def key(self) -> str:
        """Its name among all photographs."""
        return f"{self.kind}/{self.name}"

    @property
    def side(self) -> Side:
        """What it does: "judge", "choose" or "train"."""
        return side_of(self.kind, self.group)

    def pixels(self) -> np.ndarray:
        """uint8 (height, width, 3) RGB."""
        bgr = cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
        return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)


def read(folder: Path, kinds: tuple[str, ...] = ("photos", "lfw", "utk", "coco", "clip")) -> list[Source]:
    """Every photograph of some kinds, compressed, about 250 MB in all.

    Raises:
        SourceError: something is missing.
    """
    readers = {
        "photos": (_photos, PHOTOS),
        "lfw": (_lfw, LFW),
        "utk": (_utk, UTK),
        "coco": (_coco, COCO),
        "clip": (_clips, MEDIA),
        "fer": (_fer, FER),
    }
    for kind in kinds:
        if not (folder / readers[kind][1]).exists():
            raise SourceError(f"{folder} has no {readers[kind][1]}.")
    return [source for kind in kinds for source in readers[kind][0](folder / readers[kind][1])]


def _photos(path: Path) -> Iterator[Source]:
    labels = json.loads(_members(path, "labels.json").popitem()[1])
    files = {Path(name).name: content for name, content in sorted(_members(path, ".jpg").items())}
    twins = _twins(files)
    for name, jpeg in files.items():
        told: dict[str, Any] = labels[name]
        faces, objects = told.get("faces"), told.get("objects")
        yield Source(
            "photos",
            Path(name).stem,
            photograph(name, told["from"], twins),
            jpeg,
            None if faces is None else np.array([each[:4] for each in faces], float).reshape(-1, 4),
            [each[4] for each in faces or []],
            None if objects is None else np.array([o[1:] for o in objects if o[0] == "person"], float).reshape(-1, 4),
            "noface" in told,
        )


def _twins(files: dict[str, bytes]) -> dict[str, str]:
    """For each photograph that looks like an earlier one the earlier one's name."""
    looks, names, twins = np.empty((len(files), 8, 8), bool), list(files), {}
    for number, jpeg in enumerate(files.values()):
        grey = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
        small = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA)
        looks[number] = small[:, 1:] > small[:, :-1]
        apart = (looks[:number] != looks[number]).sum(axis=(1, 2))
        if number and apart.min() <= SAME_LOOK:
            first = names[int(apart.argmin())]
            twins[names[number]] = twins.get(first, Path(first).stem)
    return twins


def _lfw(path: Path) -> Iterator[Source]:
    for name, content in _members(path, ".jpg").items():
        yield Source("lfw", Path(name).stem, person(name), content)


def _utk(path: Path) -> Iterator[Source]:
    told = json.loads(_members(path, "labels.json").popitem()[1])
    for name, content in _members(path, ".jpg").items():
        person = told[Path(name).name]
        labels = [_decades(int(person["age"])), person["sex"], person["origin"]]
        yield Source("utk", Path(name).stem, Path(name).stem, content, labels=labels)


def _decades(age: int) -> str:
    """The part of life that an age belongs to."""
    parts = {60: "60 and over", 40: "40 to 59", 20: "20 to 39", 10: "10 to 19", 0: "under 10"}
    return next(name for least, name in parts.items() if age >= least)


def _coco(path: Path) -> Iterator[Source]:
    boxes = {Path(name).stem: text for name, text in _members(path, ".txt").items()}
    for name, content in _members(path, ".jpg").items():
        stem = Path(name).stem
        yield Source("coco", stem, stem, content, people=_people(boxes.get(stem, b""), content))


def _people(text: bytes, jpeg: bytes) -> np.ndarray:
    """The boxes of class 0 in YOLO's form: class, middle, width and height on each line, in fractions."""
    rows = np.array([line.split() for line in text.decode().splitlines()], float).reshape(-1, 5)
    rows = rows[rows[:, 0] == 0, 1:]
    height, width = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE).shape
    return np.concatenate([rows[:, :2] - rows[:, 2:] / 2, rows[:, 2:]], axis=1) * [width, height, width, height]


def _fer(path: Path) -> Iterator[Source]:
    with np.load(path) as arrays:
        images = arrays["images"][arrays["split"] == 0]
    for number, image in enumerate(images):
        yield Source("fer", f"{number:05d}", f"{number:05d}", cv2.imencode(".png", image)[1].tobytes())


def _members(path: Path, ending: str) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        members = [member for member in archive if member.name.endswith(ending)]
        opened = {member.name: archive.extractfile(member) for member in members}
        return {name: file.read() for name, file in opened.items() if file is not None}


def _clips(folder: Path) -> Iterator[Source]:
    for path in sorted(folder.glob("*.mkv")):
        clip = cv2.VideoCapture(str(path))
        number = 0
        while True:
            there, frame = clip.read()
            if not there:
                break
            if number % CLIP_STEP == 0:
                jpeg = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, 97])[1]
                yield Source("clip", f"{path.stem}-{number:03d}", path.stem, jpeg.tobytes())
            number += 1
