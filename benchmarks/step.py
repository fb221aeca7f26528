"""One step of thought with one person in view, as a ratio to the Haar cascade in the same run.

Measured in the time of the processor, so that whatever else runs on the machine counts little.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time

import cv2

from assistant import app
from assistant.devices.demo_camera import FPS, DemoCamera
from assistant.domain.values import Frame, Pixels
from assistant.errors import ModelMissing
from assistant.pipeline import Pipeline
from assistant.senses.faces.detectors import DETECTORS
from assistant.settings import Settings
from benchmarks.rows import Row, row

ROUNDS = 45
FACE_AT_S = 3.0
"""From when on the demo shows one face, seconds."""
APART_S = 3600.0
"""Frames this far apart have nothing to do with each other: every step searches."""
SEARCHING = {"yunet": 0.25}
"""Most that a whole step may take when the detector runs, in Haar cascades, by detector."""
FOLLOWED = 0.05
"""The same while the face is followed from the frame before."""


def measure() -> Iterator[Row]:
    """The cascade itself in milliseconds, then every detector's steps as ratios to it: searching, and following."""
    cv2.setNumThreads(1)
    frames = person()
    haar = _haar_reference(frames[0])
    pipelines = dict(_pipelines())
    reference: list[float] = []
    searching: dict[str, list[float]] = {name: [] for name in pipelines}
    following: dict[str, list[float]] = {name: [] for name in pipelines}
    for index, pixels in enumerate(frames):
        reference.append(_seconds(haar))
        for name, (fresh, steady) in pipelines.items():
            searching[name].append(_seconds(_step(fresh, pixels, index * APART_S)))
            following[name].append(_seconds(_step(steady, pixels, index / FPS)))
    yield row("Haar reference, 640x480", "ms", [1000 * value for value in reference])
    for name in pipelines:
        searched, followed = _ratios(searching[name], reference), _ratios(following[name], reference)
        yield row(f"whole step with {name}, searching", "x Haar", searched, SEARCHING.get(name))
        yield row(f"whole step with {name}, face followed", "x Haar", followed, FOLLOWED)


def person() -> list[Pixels]:
    """Frames of the demo with one person who sways, uint8 (480, 640, 3) RGB."""
    camera = DemoCamera()
    camera.open()
    return [camera.draw(FACE_AT_S + index / FPS) for index in range(ROUNDS)]


def _pipelines() -> Iterator[tuple[str, tuple[Pipeline, Pipeline]]]:
    """Two of the whole for every detector whose weights are here."""
    for name in DETECTORS:
        try:
            yield name, (app.make_pipeline(Settings(), detector=name), app.make_pipeline(Settings(), detector=name))
        except ModelMissing:
            continue


def _step(pipeline: Pipeline, pixels: Pixels, at: float) -> Callable[[], object]:
    return lambda: pipeline.step(Frame(pixels, at), at)


def _ratios(values: list[float], reference: list[float]) -> list[float]:
    return [value / whole for value, whole in zip(values, reference, strict=True)]


def _haar_reference(frame: Pixels) -> Callable[[], object]:
    path = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
    cascade = cv2.CascadeClassifier(str(path))
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    return lambda: cascade.detectMultiScale(grey, scaleFactor=1.1, minNeighbors=5, minSize=(60, 60))


def _seconds(call: Callable[[], object]) -> float:
    began = process_time()
    call()
    return process_time() - began
