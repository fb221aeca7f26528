"""Faces are followed from frame to frame; the detector is asked only now and then."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, hypot

import cv2
import numpy as np
import pytest

from assistant.devices.replay_camera import ReplayCamera
from assistant.domain.tracks import Tracker
from assistant.domain.values import Box, Face, Frame, Landmarks, Pixels
from assistant.senses.faces.crop import Square
from assistant.senses.faces.follow import GRACE_S, RESTART_S, SEARCH_S, Follower
from assistant.senses.faces.haar import HaarDetector
from assistant.senses.faces.points import PointsNetwork
from tests.senses.shared import MEDIA, needs

WIDTH, HEIGHT = 640, 480
BLANK = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
SURE, NONE = 0.97, 0.02


def face(x: float, y: float, size: float = 100.0, score: float = SURE) -> Face:
    """An upright face with points, its middle and width in pixels."""
    box = Box((x - size / 2) / WIDTH, (y - 0.6 * size) / HEIGHT, size / WIDTH, 1.2 * size / HEIGHT)

    def point(across: float, down: float) -> tuple[float, float]:
        return (x + across * size) / WIDTH, (y + down * size) / HEIGHT

    landmarks: Landmarks = (point(-0.22, -0.2), point(0.22, -0.2), point(0, 0.05), point(-0.18, 0.3), point(0.18, 0.3))
    return Face(box, landmarks, score)


def without_points(found: Face, score: float) -> Face:
    return Face(found.box, None, score)


@dataclass
class World:
    """Where the faces are at the moment; both a detector and the points, which know it."""

    faces: list[Face] = field(default_factory=list)
    """What can be seen in the picture by the points, each if a square lies nearly on it."""
    found: list[Face] = field(default_factory=list)
    """What the detector finds."""
    searches: int = 0
    looks: int = 0
    name: str = "world"

    def detect(self, pixels: Pixels) -> list[Face]:
        self.searches += 1
        return self.found

    def locate(self, pixels: Pixels, squares: Sequence[Square]) -> list[Face]:
        self.looks += len(squares)
        return [self._at(square) for square in squares]

    def _at(self, square: Square) -> Face:
        for each in self.faces:
            x, y = each.box.centre
            if hypot(x * WIDTH - square.x, y * HEIGHT - square.y) < 0.25 * square.side:
                return each
        return face(square.x, square.y, 50, NONE)


class Following:
    """A follower in a world, asked for the places of the faces of a moment."""

    def __init__(self, world: World) -> None:
        self._follower = Follower(world, world)

    def __call__(self, at: float) -> list[tuple[Box, Landmarks | None]]:
        return places(self._follower.find(Frame(BLANK, at)))


def places(faces: Sequence[Face]) -> list[tuple[Box, Landmarks | None]]:
    return [(each.box, each.landmarks) for each in faces]


def test_what_the_detector_finds_gets_points() -> None:
    truth = face(300, 200)
    world = World([truth], [without_points(face(310, 190, 110), 0.7)])
    (seen,) = Follower(world, world).find(Frame(BLANK, 0.0))
    assert (seen.box, seen.landmarks) == (truth.box, truth.landmarks)
    assert seen.score > 0.97


def test_a_faint_face_counts_where_the_points_see_it_and_falls_where_they_do_not() -> None:
    @dataclass
    class Faint(World):
        def candidates(self, pixels: Pixels) -> list[Face]:
            return [*self.detect(pixels), face(300, 200, score=0.7), face(500, 200, score=0.7)]

    world = Faint([face(300, 200)])
    assert Following(world)(0.0) == places(world.faces)


def test_a_false_face_falls() -> None:
    world = World([], [without_points(face(300, 200), 0.7)])
    assert Follower(world, world).find(Frame(BLANK, 0.0)) == []


def test_a_face_of_which_the_detector_is_very_sure_survives_the_doubt_of_the_points() -> None:
    sure = face(300, 200, score=0.995)
    world = World([], [sure])
    following = Follower(world, world)
    for index in range(5):
        (seen,) = following.find(Frame(BLANK, index / 10))
        assert (seen.box, seen.landmarks) == (sure.box, sure.landmarks)
        assert 0.98 <= seen.score < 0.995


@pytest.mark.parametrize("rate", [5, 10, 30])
def test_while_a_face_is_followed_the_detector_searches_by_the_clock(rate: float) -> None:
    world = World([face(300, 200)], [face(300, 200)])
    following = Following(world)
    for index in range(int(3.0 * rate)):
        assert len(following(index / rate)) == 1
    every = ceil(SEARCH_S * rate - 1e-6)
    assert world.searches == pytest.approx(3.0 * rate / every, abs=1)


@pytest.mark.parametrize("rate", [2, 6, 15, 30])
def test_a_face_that_moves_is_followed_though_the_detector_never_finds_it_again(rate: float) -> None:
    world = World([face(100, 200)], [face(100, 200)])
    following = Following(world)
    speed = min(200, 40 * rate)
    for index in range(int(2 * rate)):
        there = face(100 + speed * index / rate, 200 + 20 * np.sin(index / rate))
        world.faces = [there]
        assert following(index / rate) == places([there])
        world.found = []


def test_who_is_lost_is_searched_for_and_found_elsewhere() -> None:
    world = World([face(100, 200)], [face(100, 200)])
    following = Following(world)
    following(0.0)
    world.faces = world.found = [face(500, 200)]
    assert following(0.1) == places(world.faces)
    assert world.searches == 2
    assert following(0.2) == places(world.faces)
    assert world.searches == 3
    at = 0.3
    while at < 0.2 + GRACE_S + SEARCH_S:  # the one at the old place is forgotten: from now on the clock decides
        following(at)
        at += 0.05
    searches = world.searches
    following(at)
    following(at + 0.01)
    assert world.searches <= searches + 1


def test_who_is_covered_for_a_moment_is_found_at_the_same_place_without_the_detector() -> None:
    world = World([face(100, 200)], [face(100, 200)])
    following = Following(world)
    following(0.0)
    world.faces = world.found = []
    assert following(0.1) == []
    world.faces = [face(104, 201)]
    assert following(0.2) == places(world.faces)


def test_who_has_left_is_gone() -> None:
    world = World([face(100, 200)], [face(100, 200)])
    following = Following(world)
    following(0.0)
    world.faces = world.found = []
    for at in (0.1, 0.2, 0.3, 0.4, 0.5):
        assert following(at) == []
    world.faces = [face(100, 200)]
    assert following(0.6) == []


def test_two_that_come_together_onto_one_face_are_one() -> None:
    world = World([face(215, 200), face(285, 200)], [face(215, 200), face(285, 200)])
    following = Following(world)
    assert len(following(0.0)) == 2
    world.faces = [face(250, 200, 140)]
    world.found = []
    assert following(0.1) == places(world.faces)


def test_a_detection_on_a_followed_face_is_that_face() -> None:
    world = World([face(200, 200)], [face(200, 200), without_points(face(215, 215, 90), 0.6)])
    following = Following(world)
    for index in range(20):
        assert following(index / 10) == places(world.faces)


def test_somebody_new_is_found_within_the_period() -> None:
    world = World([face(200, 200)], [face(200, 200)])
    following = Following(world)
    following(0.0)
    world.faces = world.found = [face(200, 200), face(450, 200)]
    when = next(at for at in np.arange(0.1, 3, 0.1) if len(following(float(at))) == 2)
    assert when <= SEARCH_S + 0.1


@pytest.mark.parametrize("later", [RESTART_S + 0.1, 3600.0, -5.0])
def test_after_a_pause_or_a_clock_set_back_all_is_new(later: float) -> None:
    world = World([face(200, 200)], [face(200, 200)])
    following = Following(world)
    following(10.0)
    world.found = []
    assert following(10.0 + later) == []
    assert world.searches == 2


def test_two_frames_of_one_moment_are_both_looked_at() -> None:
    world = World([face(200, 200)], [face(200, 200)])
    following = Following(world)
    assert following(1.0) == following(1.0) == places(world.faces)


CLIPS = sorted(MEDIA.glob("*.mkv"))


def tilted(pixels: Pixels, degrees: float) -> Pixels:
    """Turned round the head of who signs in the clips."""
    matrix = cv2.getRotationMatrix2D((310.0, 145.0), degrees, 1.0)
    return np.asarray(cv2.warpAffine(pixels, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REFLECT), np.uint8)


@needs(MEDIA)
@pytest.mark.parametrize("most", [0.0, 60.0])
def test_who_signs_stays_found_and_stays_one_even_when_the_head_tilts(most: float) -> None:
    assert CLIPS
    for path in CLIPS:
        following, tracker = Follower(HaarDetector(), PointsNetwork()), Tracker()
        seen: list[int] = []
        frames = ReplayCamera(path)
        frames.open()
        for index in range(1000):
            frame = frames.read()
            if frame is None:
                break
            if index % 6 == 0:
                shown = Frame(tilted(frame.pixels, min(most, 2.0 * index)), frame.at)
                tracks = tracker.update(frame.at, following.find(shown))
                assert sum(track.seen_now for track in tracks) == 1, f"{path.name}, frame {index}"
                seen += [track.id for track in tracks]
        frames.close()
        assert set(seen) == {1}, path.name
