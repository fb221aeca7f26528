"""Files made to break, to fill and to hold up whoever reads them; each ends in a picture or a sentence."""

import os
import signal
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from time import monotonic

import cv2
import numpy as np
import pytest

from assistant.devices import decoder as module
from assistant.devices.decoder import Decoder
from assistant.devices.file_kinds import kind_of, shown
from assistant.devices.pictures import MAX_BYTES
from assistant.errors import PictureError
from tests.devices.made_pictures import (
    BLUE,
    CORNERS,
    GREEN,
    H264,
    HEVC,
    RED,
    WHITE,
    avi_of,
    corners,
    encoded,
    heif,
    jpeg_of_many_markers,
    jpeg_of_many_scans,
    png_of,
    tiff_of,
)

HANG_S = 60.0
"""Nothing takes nearly as long, also on a busy machine (seconds)."""


@pytest.fixture
def decoder() -> Iterator[Decoder]:
    with Decoder() as decoder:
        yield decoder


def _inflating() -> bytes:
    """A PNG whose texts unpack to much more than they are."""
    chunk = b"zTXta\0\0" + zlib.compress(bytes(200 << 20), 9)
    text = struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return png_of(10, 10)[:33] + text * 20 + png_of(10, 10)[33:]


def _endless_gif() -> bytes:
    frame = b"," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\0"
    return b"GIF89a" + struct.pack("<HHBBB", 3000, 3000, 0x80, 0, 0) + bytes(6) + frame * 100_000 + b";"


OVERWHELMING = {
    "scans.jpg": lambda: jpeg_of_many_scans(20_000),
    "markers.jpg": lambda: jpeg_of_many_markers(240),
    "inflating.png": _inflating,
    "pages.tiff": lambda: tiff_of(*[(np.zeros((1, 1), np.uint8), 0)] * 50_000),
    "tags.tiff": lambda: tiff_of((CORNERS, 0), more=20_000),
    "endless.gif": _endless_gif,
}


@pytest.mark.parametrize("name", OVERWHELMING)
def test_no_picture_holds_up_its_reader(name: str, decoder: Decoder, tmp_path: Path) -> None:
    """And the next file is read as if nothing had been."""
    (tmp_path / name).write_bytes(OVERWHELMING[name]())
    (tmp_path / "good.png").write_bytes(encoded(CORNERS, ".png"))
    begun = monotonic()
    try:
        assert decoder.picture(tmp_path / name).pixels.ndim == 3
    except PictureError as error:
        assert name in error.message  # noqa: PT017 - either is right
        assert error.remedy  # noqa: PT017
    assert monotonic() - begun < HANG_S
    assert corners(decoder.picture(tmp_path / "good.png")) == [RED, GREEN, BLUE, WHITE]


def test_a_decoder_that_takes_too_long_is_told_as_that(decoder: Decoder, tmp_path: Path) -> None:
    (tmp_path / "scans.jpg").write_bytes(jpeg_of_many_scans(60_000))
    with pytest.raises(PictureError, match="takes too long to read"):
        decoder.picture(tmp_path / "scans.jpg")


def test_a_decoder_that_breaks_is_told_and_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encoded(CORNERS, ".png"))
    before = _children()
    with Decoder() as decoder:
        decoder.picture(path)
        (child,) = _children() - before
        os.kill(child, signal.SIGSEGV)
        with pytest.raises(PictureError, match=r"a\.png cannot be decoded"):
            decoder.picture(path)
        assert decoder.picture(path).width == 60
    assert _children() <= before


def test_a_decoder_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(encoded(CORNERS, ".png"))
    monkeypatch.setattr(module, "ANSWER_S", 2.0)
    before = _children()
    with Decoder() as decoder:
        decoder.start()
        (child,) = _children() - before
        os.kill(child, signal.SIGSTOP)
        with pytest.raises(PictureError, match="takes too long"):
            decoder.picture(path)
    assert _children() <= before


def _children() -> set[int]:
    return {int(pid) for pid in Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()}


def test_a_file_that_is_too_large_is_not_read(decoder: Decoder, tmp_path: Path) -> None:
    with (tmp_path / "large.png").open("wb") as file:
        file.write(encoded(CORNERS, ".png"))
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(PictureError, match="is larger than 256 MB"):
        decoder.picture(tmp_path / "large.png")


def test_a_huge_video_is_refused_before_it_is_decoded(decoder: Decoder, tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="16000 by 12000 pixels"):
        list(decoder.shots(avi_of(16_000, 12_000, tmp_path), 0.1))


def test_the_decoder_prints_nothing(decoder: Decoder, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    data = encoded(CORNERS, ".jpg")
    (tmp_path / "a.jpg").write_bytes(data[:-40] + bytes(20) + data[-20:])
    decoder.picture(tmp_path / "a.jpg")
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", [b"clip\xff", b"na\nme\x1b[2J", "\u0646\u0645\u200c\u0627".encode()])
@pytest.mark.parametrize("suffix", [b".png", b".avi"])
def test_files_of_any_name(name: bytes, suffix: bytes, decoder: Decoder, tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"d\xe9")
    folder.mkdir()
    path = folder / os.fsdecode(name + suffix)
    if suffix == b".png":
        path.write_bytes(encoded(CORNERS, ".png"))
    else:
        avi_of(320, 240, tmp_path).rename(path)
    assert len([shot.decode() for shot in decoder.shots(path, 0.1)]) == 1
    shown(path).encode()
    assert "\n" not in shown(path)
    assert "\x1b" not in shown(path)


def test_jpegs_one_after_the_other_are_a_video(decoder: Decoder, tmp_path: Path) -> None:
    pictures = [encoded(np.full((48, 64), grey, np.uint8), ".jpg") for grey in (50, 100, 150)]
    for name, between in (("a.mjpeg", b""), ("a.jpg", bytes(7))):
        (tmp_path / name).write_bytes(between.join(pictures))
        shots = [(shot.at, shot.decode()) for shot in decoder.shots(tmp_path / name, 0.1)]
        assert [round(float(pixels.mean()), -1) for _, pixels in shots if pixels is not None] == [50, 100, 150]
        assert [at for at, _ in shots] == pytest.approx([0, 0.04, 0.08])


def test_a_jpeg_with_something_after_it_is_a_picture(decoder: Decoder, tmp_path: Path) -> None:
    """A phone's moving picture holds a film behind the picture; one with several views says so (MPF)."""
    data, other = encoded(CORNERS, ".jpg"), encoded(np.zeros((8, 8), np.uint8), ".jpg")
    views = data[:2] + b"\xff\xe2" + struct.pack(">H", 8) + b"MPF\0" + bytes(2) + data[2:] + other
    for content in (data + heif(b"mp42"), views, data + b"\xff\xd9 and more"):
        (tmp_path / "a.jpg").write_bytes(content)
        (shot,) = decoder.shots(tmp_path / "a.jpg", 0.1)
        assert (pixels := shot.decode()) is not None
        assert pixels.shape == (40, 60, 3)


@pytest.mark.parametrize(("name", "content"), [("a.h264", H264), ("a.hevc", HEVC), ("without-ending", H264)])
def test_streams_without_a_container(name: str, content: bytes, decoder: Decoder, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    times = [shot.at for shot in decoder.shots(tmp_path / name, 0.1)]
    assert len(times) == 4
    assert times == sorted(set(times))


@pytest.mark.parametrize(
    ("begins", "kind"),
    [
        (heif(b"heic"), "heif"),
        (heif(b"mif1", b"avif"), "picture"),
        (heif(b"isom", b"avc1"), "video"),
        (heif(b"qt  "), "video"),
        (b"\0\0\1" + H264[4:], "h264"),
        (b"\0\0\0\1\x09\xf0" + H264, "h264"),
        (b"\0\0\1\xba" + bytes(40), "video"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "picture"),
        (b"RIFF\0\0\0\0WAVEfmt ", "video"),
        (b"%PDF-1.7", None),
        (b"%!PS-Adobe", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
        (b"#EXTM3U\nhttp://127.0.0.1:9/a.ts", None),
        (b"8BPS\0\1", None),
        (bytes(512), None),
        (b"Good day,\n" * 60, None),
    ],
)
def test_what_a_file_is(begins: bytes, kind: str | None) -> None:
    assert kind_of(begins) == kind


def test_a_video_is_given_to_ffmpeg_alone(decoder: Decoder, tmp_path: Path) -> None:
    """A playlist behind the beginning of a video opens nothing."""
    cv2.imwrite(str(tmp_path / "secret.png"), CORNERS)
    (tmp_path / "list.avi").write_bytes(b"RIFF\0\0\0\0#EXTM3U\n#EXTINF:5,\nsecret.png\n")
    with pytest.raises(PictureError, match="is no video"):
        list(decoder.shots(tmp_path / "list.avi", 0.1))
