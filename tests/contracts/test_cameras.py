"""What every camera keeps to, whatever it is made of; one that is not here is skipped by name."""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import cv2
import numpy as np
import pytest

from assistant.devices.auto_camera import AutoCamera
from assistant.devices.demo_camera import DemoCamera
from assistant.devices.opencv_camera import OpenCVCamera
from assistant.devices.orientation import Oriented
from assistant.devices.picamera2_camera import Picamera2Camera
from assistant.devices.replay_camera import ReplayCamera
from assistant.domain.ports import Camera
from assistant.domain.values import Frame
from assistant.errors import CameraAbsent, CameraDenied, CameraLost
from tests.devices.streams import Stream, serving

HANG_S = 30.0
ENDING = ("memory", "oriented", "folder", "picture", "video", "realtime")
LIVE = ("stream", "auto", "webcam", "ribbon", "demo")


def _folder(path: Path) -> Path:
    for number in range(4):
        cv2.imwrite(str(path / f"{number}.png"), np.full((48, 64, 3), number * 20, np.uint8))
    return path


def _video(path: Path) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for number in range(4):
        writer.write(np.full((48, 64, 3), number * 20, np.uint8))
    writer.release()
    return path


@pytest.fixture(params=[*ENDING, *LIVE])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Camera]]:
    """Makes one kind of camera."""
    frames = [np.full((48, 64, 3), value, np.uint8) for value in (0, 50, 100, 150)]
    with serving(Stream()) as url:
        yield {
            "memory": lambda: ReplayCamera(frames),
            "oriented": lambda: Oriented(ReplayCamera(frames), 90, mirror=True),
            "folder": lambda: ReplayCamera(_folder(tmp_path)),
            "picture": lambda: ReplayCamera(_folder(tmp_path) / "0.png"),
            "video": lambda: ReplayCamera(_video(tmp_path / "a.avi")),
            "realtime": lambda: ReplayCamera(frames, realtime=True, fps=20),
            "stream": lambda: OpenCVCamera(url),
            "auto": lambda: AutoCamera(candidates=lambda: [OpenCVCamera(99), OpenCVCamera(url)]),
            "webcam": lambda: OpenCVCamera(0),
            "ribbon": Picamera2Camera,
            "demo": DemoCamera,
        }[request.param]


@pytest.fixture
def camera(make: Callable[[], Camera], request: pytest.FixtureRequest) -> Iterator[Camera]:
    """The camera, open."""
    made = make()
    try:
        made.open()
    except (CameraAbsent, CameraDenied) as error:
        pytest.skip(f"{made.name}: {error}")
    yield made
    made.close()


def some(camera: Camera, most: int = 4) -> list[Frame]:
    """The first frames, fewer if it ends before."""
    frames: list[Frame] = []
    while len(frames) < most and (frame := camera.read()) is not None:
        frames.append(frame)
    return frames


def test_it_is_a_camera_with_a_name(camera: Camera) -> None:
    assert isinstance(camera, Camera)
    assert camera.name


def test_frames_are_rgb_bytes_in_one_block(camera: Camera) -> None:
    for frame in some(camera):
        assert frame.pixels.dtype == np.uint8
        assert frame.pixels.ndim == 3
        assert frame.pixels.shape[2] == 3
        assert frame.pixels.flags.c_contiguous


def test_time_rises(camera: Camera) -> None:
    times = [frame.at for frame in some(camera)]
    assert times
    assert times == sorted(set(times))


def test_a_kept_frame_does_not_change(camera: Camera) -> None:
    first = camera.read()
    assert first is not None
    before = first.pixels.copy()
    some(camera)
    assert np.array_equal(first.pixels, before)


def test_it_can_be_closed_at_any_time_and_opened_again(camera: Camera) -> None:
    camera.close()
    camera.close()
    camera.open()
    assert camera.read() is not None
    camera.open()
    assert camera.read() is not None


@pytest.mark.parametrize("make", [*ENDING, *(kind for kind in LIVE if kind != "demo")], indirect=True)
def test_closed_it_gives_nothing(camera: Camera) -> None:
    camera.close()
    begun = time.monotonic()
    with suppress(CameraLost):
        assert camera.read() is None
    assert time.monotonic() - begun < HANG_S


def test_making_one_opens_nothing(make: Callable[[], Camera]) -> None:
    make()  # Whatever is loaded the first time.
    before = _open_files()
    camera = make()
    assert _open_files() == before
    camera.close()


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.parametrize("make", ENDING, indirect=True)
def test_what_ends_goes_on_ending(camera: Camera) -> None:
    assert 1 <= len(some(camera, 100)) <= 4
    assert camera.read() is None
    assert camera.read() is None


@pytest.mark.parametrize("make", LIVE, indirect=True)
def test_a_live_camera_tells_the_time_of_the_clock(camera: Camera) -> None:
    before = time.monotonic() - HANG_S
    assert all(before <= frame.at <= time.monotonic() for frame in some(camera))
