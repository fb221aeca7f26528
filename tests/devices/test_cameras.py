"""A camera by its word, turned as wanted."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from assistant.devices.auto_camera import AutoCamera
from assistant.devices.cameras import camera
from assistant.devices.opencv_camera import OpenCVCamera
from assistant.devices.orientation import Oriented, orient
from assistant.devices.picamera2_camera import Picamera2Camera
from assistant.devices.replay_camera import ReplayCamera
from assistant.errors import PictureError, UnknownName

GRID = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)


@pytest.mark.parametrize(
    ("source", "kind", "name"),
    [
        ("auto", AutoCamera, "auto"),
        ("picamera2", Picamera2Camera, "picamera2"),
        ("0", OpenCVCamera, "/dev/video0"),
        ("/dev/video7", OpenCVCamera, "/dev/video7"),
        ("http://camera.local/video", OpenCVCamera, "http://camera.local/video"),
        ("RTSP://camera.local/video", OpenCVCamera, "RTSP://camera.local/video"),
    ],
)
def test_live_sources(source: str, kind: type, name: str) -> None:
    made = camera(source)
    assert type(made) is kind
    assert made.name == name


def test_files_and_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), GRID)
    monkeypatch.chdir(tmp_path)
    for source in ("a.png", ".", str(tmp_path)):
        made = camera(source)
        assert type(made) is ReplayCamera
        made.open()
        assert made.read() is not None
        assert made.read() is None


def test_a_name_is_stronger_than_a_file_of_that_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "auto").mkdir()
    monkeypatch.chdir(tmp_path)
    assert type(camera("auto")) is AutoCamera


def test_unknown_sources(tmp_path: Path) -> None:
    with pytest.raises(UnknownName, match="auto, picamera2"):
        camera("webcam")
    with pytest.raises(PictureError, match="There is no file"):
        camera(str(tmp_path / "absent.mp4"))
    with pytest.raises(PictureError, match=r"absent\.mp4"):
        camera("absent.mp4")
    with pytest.raises(PictureError, match="kind of address gopher"):
        camera("gopher://camera.local/video")
    for source in ("x" * 300, "/" + "x" * 300):
        with pytest.raises(PictureError, match="cannot be a file"):
            camera(source)


def test_rotation_is_clockwise_and_mirroring_comes_after_it() -> None:
    right = [[GRID[1, 0], GRID[0, 0]], [GRID[1, 1], GRID[0, 1]], [GRID[1, 2], GRID[0, 2]]]
    assert np.array_equal(orient(GRID, 90), right)
    assert np.array_equal(orient(GRID, 270), np.array(right)[::-1, ::-1])
    assert np.array_equal(orient(GRID, 180), GRID[::-1, ::-1])
    assert np.array_equal(orient(GRID, 0, mirror=True), GRID[:, ::-1])
    assert np.array_equal(orient(GRID, 90, mirror=True), np.array(right)[:, ::-1])
    assert orient(GRID, 90).flags.c_contiguous


def test_an_oriented_camera(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), GRID)
    made = camera(str(tmp_path / "a.png"), rotate=90, mirror=True)
    assert type(made) is Oriented
    made.open()
    frame = made.read()
    assert frame is not None
    assert frame.pixels.shape == (3, 2, 3)
    assert np.array_equal(frame.pixels, orient(cv2.cvtColor(GRID, cv2.COLOR_BGR2RGB), 90, mirror=True))
    assert made.read() is None
    assert made.name == "replay"
    made.close()
