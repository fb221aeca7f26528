"""Webcams and streams, against a real server on the loopback; a webcam itself only where there is one."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from assistant.devices.opencv_camera import OpenCVCamera
from assistant.errors import CameraAbsent, CameraDenied, CameraLost, CameraTooLarge
from tests.devices.streams import BLUE, RED, Stream, part, serving

HANG_S = 20.0


class Enormous(Stream):
    """Sends a picture of 16000x12000 pixels, again and again."""

    def send(self, write: Callable[[bytes], object]) -> None:
        data = BytesIO()
        Image.new("RGB", (16000, 12000)).save(data, "JPEG")
        while not self.over.wait(0.1):
            write(part(data.getvalue()))


def colour(camera: OpenCVCamera) -> tuple[int, ...]:
    frame = camera.read()
    assert frame is not None
    return tuple((frame.pixels[10, 10] > 127).tolist())


def read_on(camera: OpenCVCamera) -> None:
    while True:
        camera.read()


def test_a_stream_gives_rgb_frames_on_the_clock() -> None:
    with serving(Stream()) as url:
        camera = OpenCVCamera(url)
        before = time.monotonic()
        camera.open()
        frames = [camera.read() for _ in range(4)]
        camera.close()
    assert [(frame.pixels[5, 5] > 127).tolist() for frame in frames if frame] == [
        [True, False, False],
        [False, False, True],
    ] * 2
    times = [before, *(frame.at for frame in frames if frame), time.monotonic()]
    assert times == sorted(times)
    assert frames[0] is not None
    assert frames[0].pixels.shape == RED.shape == BLUE.shape


def test_a_stream_that_stalls_is_lost_in_time() -> None:
    with serving(Stream(frames=20, stalls=True)) as url:
        camera = OpenCVCamera(url, timeout_s=3.0)
        camera.open()
        begun = time.monotonic()
        with pytest.raises(CameraLost) as caught:
            read_on(camera)
        assert time.monotonic() - begun < HANG_S
        assert caught.value.remedy
        camera.close()


def test_a_stream_that_hangs_up_is_lost_at_once_and_found_again() -> None:
    stream = Stream(frames=20)
    with serving(stream) as url:
        camera = OpenCVCamera(url, timeout_s=HANG_S)
        for connection in (1, 2):
            camera.open()
            assert colour(camera) == (True, False, False)
            begun = time.monotonic()
            with pytest.raises(CameraLost):
                read_on(camera)
            assert time.monotonic() - begun < HANG_S / 2
            assert stream.connections == connection
        camera.close()


def test_a_server_that_sends_nothing_is_no_camera() -> None:
    with serving(Stream(frames=0, stalls=True)) as url, pytest.raises(CameraAbsent, match="gives pictures"):
        OpenCVCamera(url, timeout_s=0.5).open()


def test_no_server() -> None:
    with serving(Stream()) as url:
        pass
    with pytest.raises(CameraAbsent, match=r"http://127\.0\.0\.1") as caught:
        OpenCVCamera(url, timeout_s=0.5).open()
    assert "address" in caught.value.remedy


def test_what_goes_wrong_is_told_by_our_error_alone() -> None:
    code = (
        "from assistant.devices.opencv_camera import OpenCVCamera\n"
        "from assistant.errors import CameraAbsent\n"
        "try: OpenCVCamera('http://127.0.0.1:9/video', timeout_s=0.5).open()\n"
        "except CameraAbsent: print('absent')"
    )  # in a process of its own: FFmpeg is told once in a process how much to say
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=100, env=environment)
    assert (done.stdout, done.stderr) == ("absent\n", "")


def test_the_password_in_a_url_is_not_told() -> None:
    camera = OpenCVCamera("http://anna:secret@127.0.0.1:9/video", timeout_s=0.5)
    assert camera.name == "http://127.0.0.1:9/video"
    with pytest.raises(CameraAbsent) as caught:
        camera.open()
    assert "secret" not in str(caught.value)


def test_no_such_webcam() -> None:
    with pytest.raises(CameraAbsent, match="There is no camera /dev/video99"):
        OpenCVCamera(99).open()


def test_a_device_that_is_no_camera(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CameraAbsent, match="/dev/null is no camera"):
        OpenCVCamera("/dev/null").open()
    assert capfd.readouterr().err == ""


def test_a_webcam_that_this_user_may_not_open(forbidden: Path) -> None:
    with pytest.raises(CameraDenied, match="may not be used") as caught:
        OpenCVCamera(str(forbidden)).open()
    assert "usermod" in caught.value.remedy


def test_a_closed_camera_is_lost() -> None:
    camera = OpenCVCamera(0)
    camera.close()
    with pytest.raises(CameraLost):
        camera.read()


def test_pictures_that_are_too_large_are_refused_when_it_is_opened() -> None:
    with serving(Enormous()) as url, pytest.raises(CameraTooLarge, match="16000x12000"):
        OpenCVCamera(url).open()
