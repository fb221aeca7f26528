"""One step of thought with one, five and ten people in view, from 640x480 to 1920x1080, in time of the processor."""

from collections.abc import Iterator
from functools import partial

import cv2
import numpy as np

from assistant import app
from assistant.devices.demo_camera import DemoCamera
from assistant.domain.values import Frame, Pixels
from assistant.settings import Settings
from benchmarks.rows import Row, row
from benchmarks.step import FACE_AT_S, seconds

SIZES = ((640, 480), (1280, 720), (1920, 1080))
PEOPLE = (1, 5, 10)
COLUMNS = 5
"""So many people stand in a row."""
HEAD = (slice(120, 300), slice(230, 410))
"""Rows and columns of the demo's picture that hold the head."""
FRAMES = 12
FPS = 10
WARM = 3
"""Frames that are not counted: the first ones search."""


def measure() -> Iterator[Row]:
    """Milliseconds of a step while all faces are followed, a search for newcomers each second included."""
    cv2.setNumThreads(1)
    for width, height in SIZES:
        for people in PEOPLE:
            pipeline = app.make_pipeline(Settings())
            taken = []
            for index in range(WARM + FRAMES):
                frame = Frame(crowd(people, width, height, index), index / FPS)
                taken.append(1000 * seconds(partial(pipeline.step, frame, frame.at)))
            seen = len(pipeline.view.people)
            pipeline.close()
            yield row(f"step, {people} faces ({seen} seen), {width}x{height}", "ms", taken[WARM:])


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
