"""A skill that needs finer pictures gets them while it answers, and the camera goes back; nobody hears of it."""

from collections.abc import Callable, Iterator
from time import monotonic, sleep

import numpy as np
import pytest

from assistant import capture
from assistant.devices.auto_camera import AutoCamera
from assistant.devices.opencv_camera import OpenCVCamera
from assistant.devices.orientation import Oriented
from assistant.devices.picamera2_camera import Picamera2Camera
from assistant.devices.replay_camera import ReplayCamera
from assistant.domain.commands import Command
from assistant.domain.ports import Answer, Camera, Look, Resizable
from assistant.domain.values import Announcement, Frame, Phrase, Query, Urgency
from assistant.errors import CameraAbsent
from tests.scripted import GREY, House, ScriptedSense

SMALL = (64, 48)


class Webcam:
    """Takes a while to open, and gives pictures of the size that it was asked for, if it can."""

    name = "webcam"

    def __init__(self, most: tuple[int, int] = (4000, 3000)) -> None:
        self._most = most
        self._size = SMALL
        self._shown = 0
        self.opened: list[tuple[int, int]] = []

    def resize(self, least: tuple[int, int] | None) -> bool:
        before, self._size = self._size, least or SMALL
        return self._size != before

    def open(self) -> None:
        sleep(0.1)
        self.opened.append(self._size)
        if self._size > self._most:
            raise CameraAbsent("made for this test")

    def read(self) -> Frame:
        sleep(0.03)
        self._shown += 1
        width, height = self._size
        pixels = np.random.default_rng(self._shown).integers(100, 150, (height, width, 3), np.uint8)
        return Frame(pixels, monotonic())

    def close(self) -> None:
        pass


class Reader:
    """Tells how wide the pictures are that it is shown."""

    name = "reader"
    lens = "text"
    closely = True

    def __init__(self) -> None:
        self.commands = [Command("read")]
        self.widths: list[int] = []

    def answer(self, query: Query, looks: Iterator[Look]) -> Answer:
        self.widths.append(next(looks).frame.pixels.shape[1])
        yield Announcement((Phrase("disclose"),), Urgency.ANSWER, topic="answer")

    def close(self) -> None:
        pass


def asked(camera: Camera, times: int = 1, then: Callable[[House], object] = lambda house: True) -> tuple[Reader, House]:
    """Asks so many times, and waits for something afterwards."""
    skill = Reader()
    with House(ScriptedSense(lambda at: "happy"), camera, skills=[skill]).running() as running:
        running.wait_for(lambda: running.runtime.status()["camera"] == "ok")
        for number in range(times):
            assert running.runtime.commands.ask("read", "test")["ok"]
            running.wait_for(lambda number=number: running.messages().count("disclose") > number)  # type: ignore[misc]
        running.wait_for(lambda: then(running))
    return skill, running


def test_it_gets_large_pictures_and_the_camera_goes_back() -> None:
    camera = Webcam()
    skill, house = asked(camera, then=lambda house: camera.opened[-1:] == [SMALL])
    assert skill.widths == [capture.CLOSE[0]]
    assert camera.opened == [SMALL, capture.CLOSE, SMALL]
    assert not {"camera_lost", "camera_back"} & {heard.message for heard in house.heard}


def test_it_is_asked_again_and_again() -> None:
    skill, _ = asked(Webcam(), times=4)
    assert skill.widths == [capture.CLOSE[0]] * 4


def test_a_camera_that_cannot_give_them_gives_what_it_gave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capture, "CLOSER_S", 1.0)
    camera = Webcam(most=(1000, 1000))
    skill, _ = asked(camera, then=lambda house: house.runtime.status()["camera"] == "ok")
    assert skill.widths == [SMALL[0]]
    assert camera.opened[-1] == SMALL


def test_a_file_is_read_as_it_is() -> None:
    skill, _ = asked(ReplayCamera([GREY] * 3, realtime=True, fps=20, loop=True))
    assert skill.widths == [GREY.shape[1]]


@pytest.mark.parametrize("kind", [OpenCVCamera, Picamera2Camera, AutoCamera])
def test_only_what_changes_is_opened_again(kind: Callable[..., Resizable]) -> None:
    words = {"source": 0} if kind is OpenCVCamera else {}
    small, large = kind(width=640, height=480, **words), kind(width=1920, height=1080, **words)
    answers = [small.resize((1280, 960)), small.resize((1280, 960)), small.resize(None), small.resize(None)]
    assert answers == [True, False, True, False]
    if kind is not AutoCamera:  # which does not know what it will find
        assert not large.resize((1280, 960))


def test_a_stream_has_what_it_has() -> None:
    assert not OpenCVCamera("http://127.0.0.1:9/").resize((1280, 960))


def test_a_turned_camera_is_asked_for_a_turned_picture() -> None:
    camera = Webcam()
    assert Oriented(camera, 90).resize((1280, 960))
    camera.open()
    assert camera.opened == [(960, 1280)]
    assert not Oriented(ReplayCamera([GREY]), 90).resize((1280, 960))
