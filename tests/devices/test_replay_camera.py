"""The camera that shows files and frames."""

import logging
import time
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np
import pytest

from assistant.devices.replay_camera import ReplayCamera
from assistant.devices.shots import holds_picture, pictures_in
from assistant.domain.values import Frame, Pixels
from assistant.errors import PictureError

FPS = 10


def plain(value: int, size: tuple[int, int] = (48, 64)) -> Pixels:
    return np.full((*size, 3), value, np.uint8)


def save(path: Path, value: int = 100) -> Path:
    assert cv2.imwrite(str(path), plain(value))
    return path


def film(path: Path, values: list[int], size: tuple[int, int] = (48, 64), fourcc: str = "MJPG") -> Path:
    """Writes a video with frames of these brightnesses."""
    writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*fourcc), FPS, size[::-1])
    for value in values:
        writer.write(plain(value, size))
    writer.release()
    return path


def shown(camera: ReplayCamera, most: int = 1000) -> list[Frame]:
    """All frames up to the end."""
    camera.open()
    frames: list[Frame] = []
    while len(frames) < most and (frame := camera.read()):
        frames.append(frame)
    camera.close()
    return frames


def brightness(frames: list[Frame]) -> list[int]:
    return [round(float(frame.pixels.mean()) / 10) * 10 for frame in frames]


def test_frames_in_memory() -> None:
    frames = shown(ReplayCamera([plain(10), plain(20), plain(30)], fps=4))
    assert brightness(frames) == [10, 20, 30]
    assert [frame.at for frame in frames] == [0, 0.25, 0.5]


@pytest.mark.parametrize("frame", [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 3)), np.zeros((4, 4, 4), np.uint8)])
def test_frames_in_memory_are_rgb(frame: np.ndarray) -> None:
    with pytest.raises(ValueError, match="frame 0"):
        ReplayCamera([frame]).open()


def test_a_picture(tmp_path: Path) -> None:
    frames = shown(ReplayCamera(save(tmp_path / "one.png")))
    assert [frame.at for frame in frames] == [0]
    assert frames[0].pixels.shape == (48, 64, 3)


def test_a_folder_in_the_order_of_its_numbers(tmp_path: Path) -> None:
    for number in (10, 9, 1):
        save(tmp_path / f"img{number}.png", number * 10)
    save(tmp_path / "IMG2.JPG", 20)
    (tmp_path / "notes.txt").write_text("no picture")
    (tmp_path / "folder.png").mkdir()
    frames = shown(ReplayCamera(tmp_path, fps=2))
    assert brightness(frames) == [10, 20, 90, 100]
    assert [frame.at for frame in frames] == [0, 0.5, 1, 1.5]
    assert [path.name for path in pictures_in(tmp_path)] == ["img1.png", "IMG2.JPG", "img9.png", "img10.png"]


def test_an_unreadable_picture_in_a_folder_is_left_out_and_logged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    save(tmp_path / "2.png")
    (tmp_path / "1.png").write_bytes(b"")
    assert [frame.at for frame in shown(ReplayCamera(tmp_path, fps=1))] == [1]
    assert "1.png is empty" in caplog.text


def test_folders_without_pictures(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="There are no pictures in"):
        ReplayCamera(tmp_path).open()
    (tmp_path / "1.png").write_bytes(b"damaged")
    with pytest.raises(PictureError, match="holds no picture that can be read"):
        ReplayCamera(tmp_path).open()


def test_no_frames() -> None:
    with pytest.raises(PictureError, match="holds no picture"):
        ReplayCamera([]).open()


@pytest.mark.parametrize(("name", "fourcc"), [("a.avi", "MJPG"), ("a.mp4", "mp4v"), ("a.mkv", "MJPG")])
def test_a_video(tmp_path: Path, name: str, fourcc: str) -> None:
    frames = shown(ReplayCamera(film(tmp_path / name, [0, 100, 200], fourcc=fourcc)))
    assert brightness(frames) == [0, 100, 200]
    assert [frame.at for frame in frames] == pytest.approx([0, 0.1, 0.2])
    assert all(frame.pixels.dtype == np.uint8 and frame.pixels.shape == (48, 64, 3) for frame in frames)


def test_a_video_written_by_opencv_alone(tmp_path: Path) -> None:
    writer = cv2.VideoWriter(
        str(tmp_path / "a.avi"), cv2.CAP_OPENCV_MJPEG, cv2.VideoWriter.fourcc(*"MJPG"), FPS, (64, 48)
    )
    for value in (50, 100):
        writer.write(plain(value))
    writer.release()
    assert brightness(shown(ReplayCamera(tmp_path / "a.avi"))) == [50, 100]


def test_colours_of_a_video_are_rgb(tmp_path: Path) -> None:
    writer = cv2.VideoWriter(str(tmp_path / "a.avi"), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*"MJPG"), FPS, (64, 48))
    writer.write(np.full((48, 64, 3), (0, 0, 250), np.uint8))
    writer.release()
    red, green, blue = shown(ReplayCamera(tmp_path / "a.avi"))[0].pixels[20, 20]
    assert red > 200
    assert green < 50
    assert blue < 50


def test_a_video_that_ends_early_gives_what_it_has(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    whole = film(tmp_path / "whole.avi", [index * 5 for index in range(50)]).read_bytes()
    (tmp_path / "part.avi").write_bytes(whole[: len(whole) * 2 // 3])
    with caplog.at_level(logging.WARNING):
        frames = shown(ReplayCamera(tmp_path / "part.avi"))
    assert 5 < len(frames) < 50
    assert "part.avi ends early" in caplog.text


def test_a_whole_video_is_not_said_to_end_early(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert len(shown(ReplayCamera(film(tmp_path / "a.avi", [9] * 50)))) == 50
    assert caplog.text == ""


def test_a_video_that_changes_size(tmp_path: Path) -> None:
    first = film(tmp_path / "1.mkv", [50] * 5).read_bytes()
    second = film(tmp_path / "2.mkv", [100] * 5, size=(96, 80)).read_bytes()
    (tmp_path / "both.mkv").write_bytes(first + second)
    frames = shown(ReplayCamera(tmp_path / "both.mkv"))
    assert brightness(frames) == [50] * 5 + [100] * 5
    assert all(before.at < after.at for before, after in pairwise(frames))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.mp4", b"", "is empty"),
        ("letter.mp4", b"Dear friend,\n" * 100, "is neither a picture nor a video"),
        ("list.m3u8", b"#EXTM3U\n#EXTINF:5,\nhttp://127.0.0.1:9/x.ts\n", "is neither a picture nor a video"),
        ("broken.mp4", b"\0\0\0\x18ftypmp42" + bytes(500), "is cut off or is no video"),
        ("broken.avi", b"RIFF\0\0\0\0AVI LIST", "is cut off or is no video"),
        ("broken.jpg", b"\xff\xd8\xff\xe0\0\x10JFIF", "is cut off"),
    ],
)
def test_what_is_no_picture_and_no_video(
    tmp_path: Path, name: str, content: bytes, says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(PictureError, match=says):
        ReplayCamera(path).open()
    assert capfd.readouterr().err == ""


def test_a_broken_video_is_not_taken_for_numbered_pictures(tmp_path: Path) -> None:
    save(tmp_path / "clip01.png")
    (tmp_path / "clip00.avi").write_bytes(b"RIFF\0\0\0\0AVI LIST")
    with pytest.raises(PictureError):
        ReplayCamera(tmp_path / "clip00.avi").open()


def test_an_absent_file(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="There is no file"):
        ReplayCamera(tmp_path / "absent.mp4").open()


def test_opened_again_it_begins_again() -> None:
    camera = ReplayCamera([plain(10), plain(20)])
    camera.open()
    camera.read()
    assert brightness(shown(camera)) == [10, 20]
    assert camera.read() is None


@pytest.mark.parametrize("kind", ["memory", "video", "picture"])
def test_looping_time_goes_on(tmp_path: Path, kind: str) -> None:
    source = {
        "memory": lambda: [plain(50), plain(50)],
        "video": lambda: film(tmp_path / "a.avi", [50, 50]),
        "picture": lambda: save(tmp_path / "a.png", 50),
    }[kind]()
    frames = shown(ReplayCamera(source, fps=FPS, loop=True), most=7)
    assert [frame.at for frame in frames] == pytest.approx([index / FPS for index in range(7)])


def test_in_real_time_frames_come_at_their_time() -> None:
    begun = time.monotonic()
    frames = shown(ReplayCamera([plain(50)] * 5, realtime=True, fps=20))
    assert time.monotonic() - begun >= 0.2
    assert begun <= frames[0].at <= frames[-1].at <= time.monotonic()
    for frame in frames:
        intervals = (frame.at - frames[0].at) / 0.05
        assert intervals == pytest.approx(round(intervals), abs=1e-6)


def test_a_round_that_is_late_as_a_whole_is_not_the_end() -> None:
    camera = ReplayCamera([plain(50)] * 4, realtime=True, loop=True, fps=50)
    camera.open()
    assert camera.read()
    time.sleep(1.0)
    assert camera.read()
    camera.close()


def test_in_real_time_late_frames_are_dropped() -> None:
    camera = ReplayCamera([plain(50)] * 10_000, realtime=True, fps=50)
    camera.open()
    first = camera.read()
    time.sleep(0.9)
    second = camera.read()
    assert first
    assert second
    assert second.at - first.at >= 0.3


def test_in_real_time_a_long_gap_shows_the_last_frame_again() -> None:
    camera = ReplayCamera([plain(50), plain(100)], realtime=True, fps=0.8)
    frames = shown(camera)
    *before, last = brightness(frames)
    assert set(before) == {50}
    assert last == 100
    assert len(before) >= 2
    assert frames[-1].at - frames[0].at == pytest.approx(1.25)


def test_what_a_file_is(tmp_path: Path) -> None:
    assert holds_picture(save(tmp_path / "a.jpg"))
    assert not holds_picture(film(tmp_path / "a.avi", [0]))


def test_a_file_is_let_go_at_close(tmp_path: Path) -> None:
    camera = ReplayCamera(film(tmp_path / "a.avi", [0] * 5))
    camera.open()
    held = [entry.resolve() for entry in Path("/proc/self/fd").iterdir()]
    assert (tmp_path / "a.avi").resolve() in held
    camera.close()
    assert (tmp_path / "a.avi").resolve() not in [entry.resolve() for entry in Path("/proc/self/fd").iterdir()]
