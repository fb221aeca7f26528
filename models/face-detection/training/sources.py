"""The photographs: where they lie, which of them train, which choose and which judge.

The folder holds `data/lfw.tar`, `data/coco128-train.tar`, `media/*.mkv` and the teacher's weights in `models/`. A
person, a photograph or a clip is on one side alone, decided by a hash of its name, so that the sides never change.
"""

from __future__ import annotations

import tarfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

TEACHER = Path("models/face_detection_yunet_2023mar.onnx")
LFW, COCO, MEDIA = Path("data/lfw.tar"), Path("data/coco128-train.tar"), Path("media")

JUDGING = {"lfw": 10, "coco": 40, "clip": 60}
"""Hundredths of the people, of the photographs and of the clips that judge: looked at for the final table alone."""
CHOOSING = {"lfw": 5, "coco": 12, "clip": 0}
"""Hundredths that choose the threshold and the calibration, and say during training how it goes."""
CLIP_STEP = 3
"""Every so manieth frame of a clip is taken: neighbours hardly differ."""


class SourceError(Exception):
    """The photographs are not where they should be; says which."""


@dataclass(frozen=True)
class Source:
    """One whole photograph, still compressed.

    Attributes:
        kind: "lfw", "coco" or "clip".
        name: unique; with the kind it says where it came from.
        group: what must not be on both sides: the person, the photograph, the clip.
        jpeg: its bytes.
        people: (n, 4) boxes of people, left, top, width, height in fractions, where somebody marked them; else None.
    """

    kind: str
    name: str
    group: str
    jpeg: bytes
    people: np.ndarray | None = None

    @property
    def side(self) -> str:
        """What it does: "judge", "choose" or "train"."""
        place = zlib.crc32(self.group.encode()) % 100
        if place < JUDGING[self.kind]:
            return "judge"
        return "choose" if place < JUDGING[self.kind] + CHOOSING[self.kind] else "train"

    def pixels(self) -> np.ndarray:
        """uint8 (height, width, 3) RGB."""
        bgr = cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
        return cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB)

    def grey(self, reduction: int = 1) -> np.ndarray:
        """uint8 (height, width), decoded at a half, a quarter or an eighth of its size where that is asked."""
        flags = {
            1: cv2.IMREAD_GRAYSCALE,
            2: cv2.IMREAD_REDUCED_GRAYSCALE_2,
            4: cv2.IMREAD_REDUCED_GRAYSCALE_4,
            8: cv2.IMREAD_REDUCED_GRAYSCALE_8,
        }
        return cv2.imdecode(np.frombuffer(self.jpeg, np.uint8), flags[reduction] | cv2.IMREAD_IGNORE_ORIENTATION)


def read(folder: Path) -> list[Source]:
    """Every photograph, compressed, about 130 MB.

    Raises:
        SourceError: something is missing.
    """
    for part in (TEACHER, LFW, COCO, MEDIA):
        if not (folder / part).exists():
            raise SourceError(f"{folder} has no {part}.")
    return [*_lfw(folder / LFW), *_coco(folder / COCO), *_clips(folder / MEDIA)]


def _lfw(path: Path) -> Iterator[Source]:
    for name, content in _members(path, ".jpg").items():
        yield Source("lfw", Path(name).stem, Path(name).parent.name, content)


def _coco(path: Path) -> Iterator[Source]:
    boxes = {Path(name).stem: _people(text) for name, text in _members(path, ".txt").items()}
    for name, content in _members(path, ".jpg").items():
        stem = Path(name).stem
        yield Source("coco", stem, stem, content, boxes.get(stem, np.empty((0, 4))))


def _people(text: bytes) -> np.ndarray:
    """The boxes of class 0 in YOLO's form: class, middle, width and height on each line."""
    rows = np.array([line.split() for line in text.decode().splitlines()], float).reshape(-1, 5)
    rows = rows[rows[:, 0] == 0, 1:]
    return np.concatenate([rows[:, :2] - rows[:, 2:] / 2, rows[:, 2:]], axis=1)


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
