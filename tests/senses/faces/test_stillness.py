"""A picture of a face is told from a person who keeps quiet, in seconds."""

from collections.abc import Iterable

import cv2
import numpy as np
import pytest

from assistant.domain.tracks import Tracker
from assistant.domain.values import Box, Face, Frame, Pixels
from assistant.senses.faces.stillness import STILL_AFTER_S, Stillness
from tests.senses.scenes import astronaut, noisy, pasted
from tests.senses.shared import MEDIA, needs

FACE = Box(181 / 640, 66 / 480, 85 / 640, 108 / 480)
SCENE = pasted(astronaut()[:480], 0, 0)


def still_at(frames: Iterable[Pixels], rate: float, box: Box = FACE) -> float | None:
    """When the face was first told as a still picture, seconds; None: never."""
    tracker, stillness = Tracker(), Stillness()
    for index, pixels in enumerate(frames):
        frame = Frame(pixels, index / rate)
        if stillness.observe(frame, tracker.update(frame.at, [Face(box, None, 0.9)])):
            return frame.at
    return None


def moved(dx: float, dy: float) -> Pixels:
    """The scene moved by parts of a pixel."""
    matrix = np.array([[1, 0, dx], [0, 1, dy]], np.float32)
    return np.asarray(cv2.warpAffine(SCENE, matrix, (640, 480), borderMode=cv2.BORDER_REPLICATE), np.uint8)


@pytest.mark.parametrize("rate", [2, 5, 10])
@pytest.mark.parametrize("sigma", [0, 2, 6])
def test_a_picture_is_told_after_the_same_time_at_any_frame_rate(rate: float, sigma: float) -> None:
    frames = (noisy(SCENE, sigma, seed) for seed in range(int(rate * (STILL_AFTER_S + 1))))
    at = still_at(frames, rate)
    assert at is not None
    assert STILL_AFTER_S <= at <= STILL_AFTER_S + 1 / rate


@pytest.mark.parametrize("rate", [2, 5, 10])
def test_a_head_that_sways_by_a_pixel_or_two_is_a_person(rate: float) -> None:
    times = np.arange(0, 12, 1 / rate)
    frames = (noisy(moved(1.5 * np.sin(2 * at), 0.7 * np.sin(1.3 * at)), 2, k) for k, at in enumerate(times))
    assert still_at(frames, rate) is None


def test_a_face_that_blinks_is_a_person() -> None:
    closed = SCENE.copy()
    for x in (200, 243):
        closed[96:104, x - 10 : x + 10] = closed[112:120, x - 10 : x + 10]
    frames = (noisy(closed if index % 20 == 19 else SCENE, 2, index) for index in range(60))
    assert still_at(frames, 5) is None


def test_light_that_changes_is_no_movement() -> None:
    frames = (noisy(np.asarray(SCENE * (1 - 0.04 * index / 5), np.uint8), 2, index) for index in range(30))
    assert still_at(frames, 5) == pytest.approx(STILL_AFTER_S)


def test_a_picture_that_begins_to_move_is_a_person_at_once() -> None:
    tracker, stillness = Tracker(), Stillness()
    for index in range(40):
        frame = Frame(SCENE if index < 35 else moved(4, 0), index / 5)
        still = stillness.observe(frame, tracker.update(frame.at, [Face(FACE, None, 0.9)]))
        assert bool(still) == (STILL_AFTER_S <= frame.at and index < 35)


def test_few_looks_are_no_evidence_however_far_apart() -> None:
    assert still_at([SCENE] * 3, rate=0.2) is None


@pytest.mark.parametrize("box", [Box(-0.1, -0.1, 0.3, 0.3), Box(0.9, 0.9, 0.3, 0.3), Box(1.2, 1.2, 0.1, 0.1)])
def test_a_face_over_the_edge_is_watched_where_it_is_in_the_frame(box: Box) -> None:
    assert still_at([SCENE] * 40, 5, box) is not None


CLIPS = sorted(MEDIA.glob("*.mkv"))


def clip(path: object, every: int) -> list[Pixels]:
    """Every so-manieth frame of a video."""
    video = cv2.VideoCapture(str(path))
    frames = []
    while (read := video.read())[0]:
        frames.append(np.asarray(cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB), np.uint8))
    return frames[::every]


@needs(MEDIA)
def test_somebody_who_signs_never_stops_moving() -> None:
    assert CLIPS
    box = Box(0.42, 0.15, 0.12, 0.18)
    for path in CLIPS:
        # A clip lasts 2 to 4 s; run forwards and backwards it is as long as the evidence needs, with no jump.
        frames = clip(path, 6)
        there_and_back = [*frames, *frames[-2::-1]] * 3
        assert still_at(there_and_back, 5, box) is None, path.name
