"""The first camera that gives a frame."""

from pathlib import Path

import numpy as np
import pytest

from assistant.devices.auto_camera import AutoCamera
from assistant.devices.opencv_camera import OpenCVCamera
from assistant.devices.picamera2_camera import Picamera2Camera
from assistant.devices.replay_camera import ReplayCamera
from assistant.errors import CameraAbsent, CameraDenied, CameraLost
from tests.devices.streams import Stream, serving

FRAMES = [np.full((4, 4, 3), value, np.uint8) for value in (10, 20)]


def test_it_passes_over_what_gives_no_frame_and_loses_none() -> None:
    with serving(Stream(frames=0)) as silent:
        camera = AutoCamera(
            candidates=lambda: [OpenCVCamera(99), OpenCVCamera(silent, timeout_s=0.5), ReplayCamera(FRAMES)]
        )
        assert camera.name == "auto"
        camera.open()
    assert camera.name == "replay"
    frames = [camera.read(), camera.read()]
    assert [int(frame.pixels[0, 0, 0]) for frame in frames if frame] == [10, 20]
    assert camera.read() is None
    camera.close()


def test_each_opening_searches_anew() -> None:
    found = [[OpenCVCamera(99)], [ReplayCamera(FRAMES)]]
    camera = AutoCamera(candidates=lambda: found.pop(0))
    with pytest.raises(CameraAbsent, match="No camera gives a picture"):
        camera.open()
    camera.open()
    assert camera.read() is not None


def test_a_camera_that_may_not_be_used_is_said_to_be_so(forbidden: Path) -> None:
    camera = AutoCamera(candidates=lambda: [OpenCVCamera(str(forbidden)), OpenCVCamera(99)])
    with pytest.raises(CameraDenied):
        camera.open()


def test_closed_it_is_lost() -> None:
    camera = AutoCamera()
    camera.close()
    with pytest.raises(CameraLost):
        camera.read()


def test_without_picamera2_there_is_no_ribbon_camera() -> None:
    if _installed("picamera2"):
        pytest.skip("picamera2 is installed here")
    with pytest.raises(CameraAbsent, match="picamera2 is missing or does not fit") as caught:
        Picamera2Camera().open()
    assert "apt" in caught.value.remedy
    with pytest.raises(CameraLost):
        Picamera2Camera().read()


def _installed(package: str) -> bool:
    try:
        __import__(package)
    except ImportError:
        return False
    return True
