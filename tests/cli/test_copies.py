"""Copies: whole or not at all, at the times of the original, and never in its place."""

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
import pytest

from assistant.cli.copies import Copy, spare
from assistant.domain.values import Pixels
from assistant.errors import PictureError

NOISE: Pixels = np.random.default_rng(1).integers(0, 255, (120, 160, 3), np.uint8)


def grey(value: int) -> Pixels:
    return np.full((48, 64, 3), value, np.uint8)


def written(path: Path, *frames: tuple[Pixels, float]) -> Path:
    with Copy(path) as copy:
        for pixels, at in frames:
            copy.write(pixels, at)
    return path


def shown_at(path: Path, at: float) -> float:
    """The brightness of a video at a time."""
    video = cv2.VideoCapture(str(path))
    fps = video.get(cv2.CAP_PROP_FPS)
    frames = [float(frame.mean()) for ok, frame in iter(video.read, (False, None)) if ok]
    return frames[int(at * fps + 0.5)]


def length_of(path: Path) -> float:
    video = cv2.VideoCapture(str(path))
    return sum(1 for _ in iter(video.grab, False)) / video.get(cv2.CAP_PROP_FPS)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Writing more fails as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.parametrize("suffix", [".avi", ".mp4"])
@pytest.mark.parametrize(
    "times", [[0, 0.1, 0.2, 0.3, 4, 8], [0, 4, 4.1, 4.2, 4.3, 8], [100, 100.05, 104, 108], [0, 0.001, 4, 8]]
)
def test_the_copy_of_a_video_keeps_its_times(suffix: str, times: list[float], tmp_path: Path) -> None:
    greys = [min(250, 40 * index + 20) for index in range(len(times))]
    path = written(tmp_path / f"a{suffix}", *((grey(value), at) for value, at in zip(greys, times, strict=True)))
    assert length_of(path) == pytest.approx(8, abs=0.3)
    assert shown_at(path, 7.5) == pytest.approx(greys[-2], abs=10)
    assert shown_at(path, 3.5) == pytest.approx(greys[-3] if times[1] - times[0] < 1 else greys[0], abs=10)


@pytest.mark.parametrize("suffix", [".avi", ".mp4"])
def test_an_even_video_keeps_its_frames(suffix: str, tmp_path: Path) -> None:
    path = written(tmp_path / f"a{suffix}", *((grey(9 * index), index / 25) for index in range(25)))
    assert length_of(path) == pytest.approx(1)
    assert length_of(written(tmp_path / f"one{suffix}", (grey(9), 0.0))) == pytest.approx(0.1)


@pytest.mark.parametrize("name", ["a.png", "a.avi", "a.mp4"])
@pytest.mark.parametrize("before", [b"", b"what was there"])
def test_a_copy_that_does_not_fit_is_told_and_leaves_what_was_there(name: str, before: bytes, tmp_path: Path) -> None:
    path = tmp_path / name
    if before:
        path.write_bytes(before)
    frames = [(np.roll(NOISE, index, axis=0), index / 10) for index in range(40)]
    with files_of_at_most(30_000), pytest.raises(PictureError, match="cannot be written"):
        written(path, *frames)
    assert [entry.read_bytes() for entry in tmp_path.iterdir()] == [before] * bool(before)


def test_a_copy_that_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    def begun() -> None:
        with Copy(tmp_path / "a.avi") as copy:
            copy.write(NOISE, 0)
            copy.write(NOISE, 0.1)
            assert list(tmp_path.iterdir())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        begun()
    assert not list(tmp_path.iterdir())


def test_a_copy_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    mode = written(tmp_path / "a.png", (NOISE, 0)).stat().st_mode
    assert mode == (tmp_path / "usual").stat().st_mode


def test_through_a_link_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "link.png").symlink_to(tmp_path / "b.png")
    written(tmp_path / "link.png", (NOISE, 0))
    assert (tmp_path / "link.png").is_symlink()
    assert (tmp_path / "b.png").is_file()


def test_where_no_copy_can_be(tmp_path: Path) -> None:
    (tmp_path / "folder.png").mkdir()
    for path, says in (
        (tmp_path / "folder.png", "is no file"),
        (tmp_path / "absent" / "a.png", "No such file"),
        (tmp_path / "a.gif", "unknown ending"),
    ):
        with pytest.raises(PictureError, match=says):
            written(path, (NOISE, 0))


def test_the_original_is_spared_under_every_name(tmp_path: Path) -> None:
    original = tmp_path / "a.png"
    original.write_bytes(b"x")
    (tmp_path / "hard.png").hardlink_to(original)
    (tmp_path / "soft.png").symlink_to("a.png")
    (tmp_path / "other.png").write_bytes(b"x")
    for name in ("a.png", "hard.png", "soft.png"):
        with pytest.raises(PictureError, match="is what is looked at"):
            spare(original, tmp_path / name)
    spare(original, tmp_path / "other.png")
    spare(original, tmp_path / "new.png")
    with pytest.raises(PictureError, match="is what is looked at"):
        spare(tmp_path, original)
