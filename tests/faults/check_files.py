"""Pictures and videos that are damaged, enormous, strange, or called strangely: `assistant look` at each."""

import json
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import cv2
import pytest

from tests.e2e.program import assistant, running
from tests.faults.conftest import small_disk, write
from tests.faults.hostile import (
    avi_of_16000,
    coded,
    huge_tiff,
    long_gif,
    many_markers,
    many_scans,
    png_bomb,
    room,
    video,
)
from tests.faults.table import fault

PEAK_MB = 600
TIME_S = 30.0
"""So long may looking at one file take on a busy machine."""
REFUSED, DONE = 5, 0


@dataclass(frozen=True)
class Looked:
    """What became of it."""

    code: int
    out: str
    errors: str
    peak_mb: float


def looked(folder: Path, *words: str | bytes) -> Looked:
    """Runs `assistant look`; never a traceback, a signal, a long wait or much memory."""
    command = [os.fsencode(word) for word in (sys.executable, "-m", "assistant", "look", *words)]
    with (folder / "out").open("w+b") as out, (folder / "errors").open("w+b") as errors:
        begun = monotonic()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=errors)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        took = monotonic() - begun
        told = [(folder / name).read_bytes().decode(errors="replace") for name in ("out", "errors")]
    done = Looked(process.returncode, *told, usage.ru_maxrss / 1024)
    assert done.code >= 0, done
    assert "Traceback" not in done.errors, done.errors
    assert done.peak_mb < PEAK_MB, done
    assert took < TIME_S, done
    return done


def ffmpeg(*words: str | Path) -> None:
    if not shutil.which("ffmpeg"):
        pytest.skip("ffmpeg is not installed")
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, words)], check=True, timeout=60)


@fault("A path that is not UTF-8", how="`look` at a video and at a picture with a byte of no letter in its name")
def test_a_path_that_is_not_utf8(folder: Path) -> None:
    for name, suffix in ((b"room\xff.avi", ".avi"), (b"room\xff.png", ".png")):
        made = video(folder / "a.avi") if suffix == ".avi" else folder / "a.png"
        if suffix == ".png":
            made.write_bytes(coded(suffix))
        made.rename(os.fsdecode(os.fsencode(folder) + b"/" + name))
        assert looked(folder, name).code == DONE


@fault(
    "A HEIC that cannot be read",
    how="files of the brands heic, hevc, msf1, mif1, avif without a picture: refused with a sentence, also in a folder",
)
def test_a_heic_that_cannot_be_read(folder: Path) -> None:
    for brand in (b"heic", b"hevc", b"msf1", b"mif1", b"avif"):
        path = folder / "pictures" / f"{brand.decode()}.heic"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(struct.pack(">I4s4sI4s", 20, b"ftyp", brand, 0, brand) + bytes(200))
        done = looked(folder, str(path))
        assert (done.code, done.errors.count("\n")) == (REFUSED, 1), done
    assert looked(folder, "pictures").errors.count(".heic") >= 5


@fault("A raw recording", how="bare JPEGs in a row (.mjpeg), bare H.264 (.h264): a line for the whole of each")
def test_a_raw_recording(folder: Path) -> None:
    (folder / "raw.mjpeg").write_bytes(b"".join(cv2.imencode(".jpg", room(seed))[1].tobytes() for seed in range(45)))
    ffmpeg("-i", video(folder / "room.avi"), "-c:v", "libx264", "-f", "h264", folder / "raw.h264")
    for name in ("raw.mjpeg", "raw.h264"):
        done = looked(folder, "--json", name)
        assert (done.code, json.loads(done.out)["message"]) == (DONE, "nobody_to_tell"), done


@fault("A copy over its own source", how="`look --annotate` onto the picture and the video itself, and through a link")
def test_a_copy_over_its_source(folder: Path) -> None:
    (folder / "room.png").write_bytes(coded(".png"))
    for path in (folder / "room.png", video(folder / "room.avi")):
        before = path.read_bytes()
        link = folder / f"link{path.suffix}"
        link.symlink_to(path)
        for target in (path, link):
            assert looked(folder, str(path), "--annotate", str(target)).code != DONE
            assert path.read_bytes() == before


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
@fault(
    "A copy that does not fit on the disk",
    how="`look --annotate` onto a file system of 64 KB; refused, nothing is left",
)
def test_a_copy_that_does_not_fit(folder: Path) -> None:
    (folder / "room.png").write_bytes(coded(".png"))
    with small_disk(folder) as disk:
        for source in (folder / "room.png", video(folder / "room.avi", 60)):
            done = looked(folder, str(source), "--annotate", str(disk / f"copy{source.suffix}"))
            assert done.code != DONE, done
            assert done.errors, done
            assert list(disk.iterdir()) == []


@fault("A time that jumps back", how="two transport streams joined (.ts); the replay ends when both have ended")
def test_a_time_that_jumps_back(folder: Path) -> None:
    ffmpeg("-i", video(folder / "room.avi"), "-c:v", "libx264", folder / "one.ts")
    (folder / "two.ts").write_bytes((folder / "one.ts").read_bytes() * 2)
    assert looked(folder, "two.ts").code == DONE


@fault(
    "A video with a varying frame rate",
    how="`look --annotate` at 5 s at first 2, then 20 frames a second; as long a copy",
)
def test_a_varying_frame_rate(folder: Path) -> None:
    ffmpeg("-f", "lavfi", "-i", "testsrc=r=20:d=5:s=320x240", "-vf", "select='not(mod(n,10))+gt(t,2.5)'",
           "-fps_mode", "vfr", folder / "varying.mkv")  # fmt: skip
    assert looked(folder, "varying.mkv", "--annotate", "copy.avi").code == DONE
    copy = cv2.VideoCapture(str(folder / "copy.avi"))
    seconds = copy.get(cv2.CAP_PROP_FRAME_COUNT) / copy.get(cv2.CAP_PROP_FPS)
    assert 4 < seconds < 6.5


@fault("A video with nothing to tell", how="`look` at an empty room of two seconds: one closing line")
def test_a_video_with_nothing_to_tell(folder: Path) -> None:
    done = looked(folder, str(video(folder / "room.avi")))
    assert (done.code, done.out.count("\n")) == (DONE, 1), done


@fault("A picture without its end", how="a JPEG without its last two bytes is read; one cut in half is refused or read")
def test_a_picture_without_its_end(folder: Path) -> None:
    data = coded(".jpg")
    for length in (len(data) - 2, len(data) // 2):
        (folder / "cut.jpg").write_bytes(data[:length])
        done = looked(folder, "cut.jpg")
        assert done.code == DONE or (done.code == REFUSED and done.errors), done
        assert length < len(data) - 2 or done.code == DONE, done


@fault("An address given as a file", how="`look http://...`: refused, with a word of what to do")
def test_an_address_given_as_a_file(folder: Path) -> None:
    done = looked(folder, "http://127.0.0.1:9/video")
    assert (done.code, "camera" in done.errors) == (REFUSED, True), done


@pytest.mark.parametrize("make", [avi_of_16000, png_bomb, many_scans, many_markers, huge_tiff, long_gif])
@fault(
    "A file made to overwhelm",
    how="an AVI of 16000x12000, a PNG, TIFF and GIF of 60000x60000, a JPEG of 20,000 scans, one of 240 MB of markers, "
    "in turn: read or refused within 30 s and 600 MB",
)
def test_a_file_made_to_overwhelm(make: Callable[[Path], Path], folder: Path) -> None:
    done = looked(folder, str(make(folder)))
    assert done.code in (DONE, REFUSED), done
    assert done.out or done.errors


@fault("A password in an address", how='`run --source "http://me:p@ss/word@..."`: nowhere on the screen')
def test_a_password_in_an_address(folder: Path) -> None:
    address = "http://me:p@ss/word@127.0.0.1:9/video"
    config = write(folder, camera={"source": address})
    with running(folder, "--config", str(config)) as house:
        house.wait_for_message("ready")
        house.end()
        shown = house.errors() + (folder / "events.jsonl").read_text()
    done = assistant("doctor", "--config", str(config), folder=folder)
    shown += done.stdout + done.stderr
    assert "ss/word" not in shown, shown
    assert "p@ss" not in shown, shown
