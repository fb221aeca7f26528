"""A picture of a face is told from a person who keeps quiet, in seconds, whatever the camera does."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from math import cos, sin

import cv2
import numpy as np
import pytest

from assistant.domain.tracks import Tracker
from assistant.domain.values import Box, Face, Frame, Pixels
from assistant.senses.faces.stillness import LIVELY_S, STILL_AFTER_S, Stillness
from tests.senses.scenes import astronaut, pasted
from tests.senses.shared import MEDIA, needs

BOX = (181, 66, 85, 108)
"""The face on the wall, pixels."""
WALL = pasted(astronaut()[:480], 0, 0)
EYES = ((200, 104), (243, 104))
LONG_S = 12.0
Move = Callable[[float], tuple[float, float, float, float]]
"""By the time: pixels to the right and down, zoom, roll in radians."""


@cache
def grain(index: int) -> np.ndarray:
    """The noise of a sensor, standard deviation 1, in tenths of a grey level."""
    return (10 * np.random.default_rng(index).standard_normal((480, 640, 1), np.float32)).astype(np.int16)


def noisy(picture: Pixels, sigma: int, index: int) -> Pixels:
    return np.asarray(np.clip(picture + grain(index % 7) * sigma // 10, 0, 255), np.uint8)


def shown(dx: float = 0.0, dy: float = 0.0, zoom: float = 1.0, roll: float = 0.0, wall: Pixels = WALL) -> Pixels:
    """What a camera sees of the wall that has moved by so many pixels, come nearer and been turned."""
    a, b = zoom * cos(roll), zoom * sin(roll)
    matrix = np.array([[a, -b, 223 * (1 - a) + 120 * b + dx], [b, a, 120 * (1 - a) - 223 * b + dy]], np.float32)
    return np.asarray(cv2.warpAffine(wall, matrix, (640, 480), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def face_at(dx: float = 0.0, dy: float = 0.0, zoom: float = 1.0) -> Face:
    """Where the face is then, for small turns."""
    x, y, width, height = BOX
    left, top = 223 + (x - 223) * zoom + dx, 120 + (y - 120) * zoom + dy
    return Face(Box(left / 640, top / 480, width * zoom / 640, height * zoom / 480), None, 0.9)


def still_at(seen: Iterable[tuple[Pixels, Face]], rate: float) -> float | None:
    """When the face was first told as a still picture, seconds; None: never."""
    tracker, stillness = Tracker(), Stillness()
    for index, (pixels, face) in enumerate(seen):
        frame = Frame(pixels, index / rate)
        if stillness.observe(frame, tracker.update(frame.at, [face])):
            return frame.at
    return None


def standing(frames: Iterable[Pixels], face: Face | None = None) -> Iterable[tuple[Pixels, Face]]:
    return ((pixels, face or face_at()) for pixels in frames)


def times(rate: float, seconds: float = LONG_S) -> Sequence[float]:
    return [float(at) for at in np.arange(0, seconds, 1 / rate)]


@pytest.mark.parametrize("rate", [2, 5, 15])
@pytest.mark.parametrize("sigma", [0, 2, 6])
def test_a_picture_is_told_after_the_same_time_at_any_frame_rate(rate: float, sigma: int) -> None:
    frames = (noisy(WALL, sigma, seed) for seed in range(int(rate * (STILL_AFTER_S + 1))))
    at = still_at(standing(frames), rate)
    assert at is not None
    assert STILL_AFTER_S <= at <= STILL_AFTER_S + 1 / rate


def panned(at: float) -> tuple[float, float, float, float]:
    return 60 * sin(0.8 * at), 20 * sin(0.5 * at), 1.0, 0.0


def zoomed(at: float) -> tuple[float, float, float, float]:
    return 0.0, 0.0, 1 + 0.25 * sin(0.6 * at), 0.0


def turned(at: float) -> tuple[float, float, float, float]:
    return 10 * sin(0.9 * at), 0.0, 1.0, 0.15 * sin(0.8 * at)


def shaken(at: float) -> tuple[float, float, float, float]:
    return 8 * sin(9 * at) + 4 * sin(23 * at), 8 * cos(11 * at), 1.0, 0.03 * sin(7 * at)


@pytest.mark.parametrize("move", [panned, zoomed, turned, shaken])
@pytest.mark.parametrize("rate", [5, 12])
def test_a_picture_is_told_while_the_camera_moves(move: Move, rate: float) -> None:
    def seen() -> Iterable[tuple[Pixels, Face]]:
        shaky = np.random.default_rng(0)
        for index, at in enumerate(times(rate)):
            dx, dy, zoom, roll = move(at)
            error = shaky.normal(0, 2, 2)
            yield noisy(shown(dx, dy, zoom, roll), 3, index), face_at(dx + error[0], dy + error[1], zoom)

    at = still_at(seen(), rate)
    assert at is not None
    assert at <= 8


def head_moved(dx: float, dy: float) -> Pixels:
    """The head moved against the wall, with an edge as sharp as a head's."""
    y, x = np.mgrid[0:480, 0:640].astype(np.float32)
    inside = np.clip((1.12 - np.hypot((x - 223) / 62, (y - 115) / 80)) / 0.12, 0, 1).astype(np.float32)
    return np.asarray(cv2.remap(WALL, x - dx * inside, y - dy * inside, cv2.INTER_LINEAR), np.uint8)


@pytest.mark.parametrize("rate", [2, 5, 10])
def test_a_head_that_sways_by_two_pixels_is_a_person(rate: float) -> None:
    frames = (noisy(head_moved(2 * sin(2 * at), 1.2 * sin(1.3 * at)), 2, index) for index, at in enumerate(times(rate)))
    assert still_at(standing(frames), rate) is None


def blinking() -> Pixels:
    closed = WALL.copy()
    for x, y in EYES:
        closed[y - 6 : y + 6, x - 10 : x + 10] = closed[y + 10 : y + 22, x - 10 : x + 10]
    return closed


@pytest.mark.parametrize("move", [None, panned, shaken])
def test_somebody_who_only_blinks_is_a_person_whatever_the_camera_does(move: Move | None) -> None:
    def seen() -> Iterable[tuple[Pixels, Face]]:
        for index, at in enumerate(times(10)):
            dx, dy, zoom, roll = move(at) if move else (0.0, 0.0, 1.0, 0.0)
            wall = blinking() if index % 50 in (48, 49) else WALL
            yield noisy(shown(dx, dy, zoom, roll, wall), 2, index), face_at(dx, dy, zoom)

    assert still_at(seen(), 10) is None


def test_light_that_changes_is_no_movement() -> None:
    frames = (noisy(np.asarray(WALL * (1 - 0.04 * index / 5), np.uint8), 2, index) for index in range(40))
    assert still_at(standing(frames), 5) == pytest.approx(STILL_AFTER_S)


def test_what_begins_to_move_is_a_person_at_once_and_for_long() -> None:
    tracker, stillness = Tracker(), Stillness()
    for index in range(150):
        frame = Frame(WALL if index < 35 else head_moved(6, 0), index / 5)
        still = stillness.observe(frame, tracker.update(frame.at, [face_at()]))
        assert bool(still) == (STILL_AFTER_S <= frame.at < 7 or frame.at >= 7 + LIVELY_S)


def test_few_looks_are_no_evidence_however_far_apart() -> None:
    assert still_at(standing([WALL] * 3), rate=0.2) is None


@pytest.mark.parametrize("box", [Box(-0.1, -0.1, 0.3, 0.3), Box(0.9, 0.9, 0.3, 0.3), Box(1.2, 1.2, 0.1, 0.1)])
def test_a_face_over_the_edge_is_watched_as_far_as_it_is_seen(box: Box) -> None:
    assert still_at(standing([WALL] * 40, Face(box, None, 0.9)), 5) is not None


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 300, 3), (300, 2, 3)])
def test_pictures_of_any_size_are_watched(shape: tuple[int, int, int]) -> None:
    still_at(standing([np.full(shape, 9, np.uint8)] * 10), 2)


CLIPS = sorted(MEDIA.glob("*.mkv"))


def clip(path: object, every: int) -> list[Pixels]:
    """Every so-manieth frame of a video."""
    video = cv2.VideoCapture(str(path))
    frames = []
    while (read := video.read())[0]:
        frames.append(np.asarray(cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB), np.uint8))
    return frames[::every]


@needs(MEDIA)
@pytest.mark.parametrize("move", [None, shaken])
def test_somebody_who_signs_never_stops_moving(move: Move | None) -> None:
    assert CLIPS
    box = Box(0.42, 0.15, 0.12, 0.18)
    for path in CLIPS:
        # A clip lasts 2 to 4 s; run forwards and backwards it is as long as the evidence needs, with no jump.
        frames = clip(path, 6)
        there_and_back = [*frames, *frames[-2::-1]] * 3

        def seen(frames: Sequence[Pixels] = there_and_back) -> Iterable[tuple[Pixels, Face]]:
            for index, pixels in enumerate(frames):
                dx, dy, *_ = move(index / 5) if move else (0.0, 0.0)
                place = Box(box.left + dx / 640, box.top + dy / 480, box.width, box.height)
                yield shown(dx, dy, wall=pixels), Face(place, None, 0.9)

        assert still_at(seen(), 5) is None, path.name
