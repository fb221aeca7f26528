"""What people cost, in time of the processor.

One step of thought with one, five and ten in view, from 640x480 to 1920x1080, and an embedding of one face.
"""

from collections.abc import Iterator
from functools import partial

import cv2
import numpy as np

from assistant import app, weights
from assistant.devices.demo_camera import DemoCamera
from assistant.domain.people import Gallery, gallery
from assistant.domain.ports import FaceRecognizer
from assistant.domain.values import Frame, Landmarks, Pixels
from assistant.pipeline import Pipeline
from assistant.plugins import resolve
from assistant.senses.faces.alignment import align_in_colour
from assistant.senses.faces.finder import FinderDetector
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.points import PointsNetwork
from assistant.senses.faces.recognizers import RECOGNIZERS, model_in_use
from assistant.settings import Settings
from benchmarks.rows import Row, row
from benchmarks.step import FACE_AT_S, haar_reference, person, seconds

SIZES = ((640, 480), (1280, 720), (1920, 1080))
PEOPLE = (1, 5, 10)
COLUMNS = 5
"""So many people stand in a row."""
HEAD = (slice(120, 300), slice(230, 410))
"""Rows and columns of the demo's picture that hold the head."""
LEARNT, SAMPLES = 200, 10
"""So many people are known by name, from so many samples each."""
OURS = "face-recognition"
EMBEDDING = 0.20
"""Most that an embedding of one face may take, in Haar cascades."""
FRAMES = 12
FPS = 10
WARM = 3
"""Frames that are not counted: the first ones search."""


def measure() -> Iterator[Row]:
    """Milliseconds of a step while all faces are followed, a search for newcomers each second included."""
    cv2.setNumThreads(1)
    for width, height in SIZES:
        for people in PEOPLE:
            seen, taken = _steps(app.make_pipeline(Settings()), people, width, height)
            yield row(f"step, {people} faces ({seen} seen), {width}x{height}", "ms", taken)
    yield from _embedding()
    if model := model_in_use():
        known = _strangers(model)
        pipeline = app.make_pipeline(Settings(), gallery=lambda: known)
        seen, taken = _steps(pipeline, max(PEOPLE), *SIZES[0])
        yield row(f"step, {seen} faces, {LEARNT} people learnt", "ms", taken, 1000 / FPS)


def _embedding() -> Iterator[Row]:
    """One face laid out and read by each network that is installed, as a ratio to the Haar cascade in the same run."""
    frames = person()
    haar = haar_reference(frames[0])
    for name in filter(weights.present, RECOGNIZERS):
        network: FaceRecognizer = resolve("recognizer", name, RECOGNIZERS)()
        (face,) = Follower(FinderDetector(), PointsNetwork()).find(Frame(frames[0], 0.0))
        assert face.landmarks is not None  # the demo faces the camera
        taken = []
        for pixels in frames:
            read = partial(_read, network, pixels, face.landmarks)
            taken.append(seconds(read) / seconds(haar))
        yield row(f"embedding a face with {name}", "x Haar", taken, EMBEDDING if name == OURS else None)


def _read(network: FaceRecognizer, pixels: Pixels, landmarks: Landmarks) -> object:
    return network.embed(align_in_colour(pixels, landmarks, network.size)[np.newaxis])


def _steps(pipeline: Pipeline, people: int, width: int, height: int) -> tuple[int, list[float]]:
    """How many are seen at the end, and the milliseconds of each step."""
    taken = []
    for index in range(WARM + FRAMES):
        frame = Frame(crowd(people, width, height, index), index / FPS)
        taken.append(1000 * seconds(partial(pipeline.step, frame, frame.at)))
    pipeline.close()
    return len(pipeline.view.people), taken[WARM:]


def _strangers(model: str) -> Gallery:
    """So many people of whom none is in view."""
    random = np.random.default_rng(0)
    size = weights.manifest(model.partition("@")[0]).output.shape[1]
    samples = random.normal(size=(LEARNT, SAMPLES, size)).astype(np.float32)
    samples /= np.linalg.norm(samples, axis=2, keepdims=True)
    return gallery(model, {f"Somebody {number}": list(each) for number, each in enumerate(samples)})


def crowd(people: int, width: int, height: int, index: int) -> Pixels:
    """So many people side by side in two rows, with the noise of a sensor; uint8 (height, width, 3) RGB."""
    camera = DemoCamera()
    camera.open()
    portrait = camera.draw(FACE_AT_S)[HEAD]
    columns, rows = min(people, COLUMNS), -(-people // COLUMNS)
    side = min(width // columns, height // rows)
    scaled = cv2.resize(portrait, (side, side), interpolation=cv2.INTER_AREA)
    picture = np.full((height, width, 3), 170, np.uint8)
    for number in range(people):
        left = (number % COLUMNS) * (width // columns) + (width // columns - scaled.shape[1]) // 2
        top = (number // COLUMNS) * (height // rows)
        picture[top : top + side, left : left + scaled.shape[1]] = scaled
    noise = np.random.default_rng(index).integers(0, 8, picture.shape, dtype=np.uint8)
    return np.asarray(cv2.add(picture, noise), np.uint8)
