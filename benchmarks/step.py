"""One step of thought with one person in view, as a ratio to the Haar cascade in the same run.

Measured in the time of the processor, so that whatever else runs on the machine counts little.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

import cv2

from assistant import parts
from assistant.devices.demo_camera import FPS, DemoCamera
from assistant.domain.values import Frame, Pixels
from assistant.errors import ModelMissing
from assistant.senses.faces.detectors import DETECTORS, detector
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.points import PointsNetwork
from assistant.settings import Settings
from benchmarks.rows import Row, row

ROUNDS = 45
FACE_AT_S = 3.0
"""From when on the demo shows one face, seconds."""
APART_S = 3600.0
"""Frames this far apart have nothing to do with each other: every step searches."""
SEARCHING = {"finder": 0.25, "yunet": 0.25}
"""Most that a whole step may take when the detector runs, in Haar cascades, by detector."""
DETECTING = {"finder": 0.20}
"""The same for the detector alone."""
FOLLOWED = 0.05
"""The same while the face is followed from the frame before."""


def measure() -> Iterator[Row]:
    """The cascade itself in milliseconds, then every detector's steps as ratios to it: searching, and following.

    One detector after the other, for a program has one: networks that take turns push each other out of the caches.
    """
    cv2.setNumThreads(1)
    frames = person()
    haar = haar_reference(frames[0])
    cascade: list[float] = []
    rows: list[Row] = []
    for program in _programs():
        reference = []
        for index, pixels in enumerate(frames):
            reference.append(seconds(haar))
            program.see(pixels, index)
        detected, searched, found, followed = (
            [value / whole for value, whole in zip(seconds, reference, strict=True)]
            for seconds in (program.detecting, program.searching, program.finding, program.following)
        )
        cascade += reference
        rows += [
            row(f"detecting with {program.name}", "x Haar", detected, DETECTING.get(program.name)),
            row(f"whole step with {program.name}, searching", "x Haar", searched, SEARCHING.get(program.name)),
            row(f"finding a followed face with {program.name}", "x Haar", found, FOLLOWED),
            row(f"whole step with {program.name}, face followed", "x Haar", followed, FOLLOWED),
        ]
    yield row("Haar reference, 640x480", "ms", [1000 * value for value in cascade])
    yield from rows


def person() -> list[Pixels]:
    """Frames of the demo with one person who sways, uint8 (480, 640, 3) RGB."""
    camera = DemoCamera()
    camera.open()
    return [camera.draw(FACE_AT_S + index / FPS) for index in range(ROUNDS)]


class _Program:
    """What is measured of one detector, and its seconds frame by frame.

    Raises:
        ModelMissing: its weights are not here.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.detecting: list[float] = []
        self.searching: list[float] = []
        self.finding: list[float] = []
        self.following: list[float] = []
        self._fresh = parts.make_pipeline(Settings(), detector=name)
        self._steady = parts.make_pipeline(Settings(), detector=name)
        self._detector = detector(name)
        self._follower = Follower(detector(name), PointsNetwork())

    def see(self, pixels: Pixels, index: int) -> None:
        """Takes in one frame in each way."""
        apart, at = index * APART_S, index / FPS
        self.detecting.append(seconds(lambda: self._detector.detect(pixels)))
        self.searching.append(seconds(lambda: self._fresh.step(Frame(pixels, apart), apart)))
        self.finding.append(seconds(lambda: self._follower.find(Frame(pixels, at))))
        self.following.append(seconds(lambda: self._steady.step(Frame(pixels, at), at)))


def _programs() -> Iterator[_Program]:
    for name in DETECTORS:
        try:
            yield _Program(name)
        except ModelMissing:
            continue


def haar_reference(frame: Pixels) -> Callable[[], object]:
    """A search of this frame by the Haar cascade, to which everything else is held."""
    path = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
    cascade = cv2.CascadeClassifier(str(path))
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    return lambda: cascade.detectMultiScale(grey, scaleFactor=1.1, minNeighbors=5, minSize=(60, 60))


def seconds(call: Callable[[], object]) -> float:
    """Processor time that a call takes."""
    began = process_time()
    call()
    return process_time() - began
