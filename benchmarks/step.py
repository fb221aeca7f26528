"""One step of thought on one frame with one face, as a ratio to the Haar cascade in the same run."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter

import cv2

from assistant import app, weights
from assistant.devices.demo_camera import DemoCamera
from assistant.domain.values import Frame, Pixels
from assistant.settings import Settings
from benchmarks.rows import Row, row

ROUNDS = 40
FACE_AT_S = 5.0
"""When the demo shows one face, seconds."""
GOALS = {"yunet": 0.25}
"""Most that a whole step may take, in Haar cascades, by detector."""


def measure() -> Iterator[Row]:
    """The cascade itself in milliseconds, then every detector's whole step as a ratio to it."""
    cv2.setNumThreads(1)
    frame = one_face()
    haar = _haar_reference(frame)
    detectors = [name for name in ("haar", "yunet") if name == "haar" or weights.present(name)]
    pipelines = {name: app.make_pipeline(Settings(), detector=name) for name in detectors}
    times: dict[str, list[float]] = {"reference": [], **{name: [] for name in detectors}}
    at = 0.0
    for _ in range(ROUNDS):
        times["reference"].append(_seconds(haar))
        at += 1 / 15
        for name, pipeline in pipelines.items():
            times[name].append(_seconds(lambda pipeline=pipeline, at=at: pipeline.step(Frame(frame, at), at)))
    yield row("Haar reference, 640x480", "ms", [1000 * value for value in times["reference"]])
    for name in detectors:
        ratios = [value / reference for value, reference in zip(times[name], times["reference"], strict=True)]
        yield row(f"whole step with {name}, one face", "x Haar", ratios, GOALS.get(name))


def one_face() -> Pixels:
    """The frame of the demo with one face, uint8 (480, 640, 3) RGB."""
    camera = DemoCamera()
    camera.open()
    return camera.draw(FACE_AT_S)


def _haar_reference(frame: Pixels) -> Callable[[], object]:
    path = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
    cascade = cv2.CascadeClassifier(str(path))
    grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
    return lambda: cascade.detectMultiScale(grey, scaleFactor=1.1, minNeighbors=5, minSize=(60, 60))


def _seconds(call: Callable[[], object]) -> float:
    began = perf_counter()
    call()
    return perf_counter() - began
