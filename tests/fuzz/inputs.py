"""What is tried: files and messages as they should be, damaged, and made of the right words in the wrong places."""

import io
import json
import re
import struct
import tempfile
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from assistant.domain.commands import COMMANDS
from assistant.weights import data_folder

ROOT = data_folder("voices").parent
_JUNK = [
    "", "~", "null", "no", "-1", "0", "1e999", ".nan", "9" * 400, "[]", "{}", "[a, b]", "{a: b}", "'",
    "x" * 300, "!!python/name:os.system", "&a [*a]", "*b", "2001-01-01", "\u202e", "{who:place}", '"\\0"',
    "{0.__class__}", "{a!r:>{b}}", "%s", "|", "? x", "- - -", "../../etc", "/dev/zero", "http://[::1", "https://a:b@c/",
]  # fmt: skip


@st.composite
def damaged(draw: DrawFn, whole: SearchStrategy[bytes]) -> bytes:
    """Something whole with some bytes changed, cut out, put in or doubled."""
    data = bytearray(draw(whole))
    for _ in range(draw(st.integers(0, 8))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.sampled_from([1, 2, 4, 16, 256, 4096]))
        edit = draw(st.sampled_from(["set", "cut", "put", "double", "end"]))
        if edit == "set":
            data[at : at + length] = draw(st.binary(min_size=1, max_size=min(length, 16)))
        elif edit == "put":
            data[at:at] = draw(st.binary(max_size=16))
        elif edit == "double":
            data[at:at] = data[at : at + length]
        else:
            del data[at : at + length if edit == "cut" else len(data)]
    return bytes(data)


@st.composite
def rewritten(draw: DrawFn, paths: list[Path]) -> bytes:
    """A YAML file with some lines lost, doubled, or with another value or another line's key."""
    lines = draw(st.sampled_from(paths)).read_text(encoding="utf-8").splitlines()
    words = re.findall(r"\w+", "\n".join(lines))
    value = st.one_of(st.sampled_from(_JUNK), st.sampled_from(words), st.text(max_size=20))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, len(lines) - 1))
        key, colon, _ = lines[at].partition(":")
        edit = draw(st.sampled_from(["value", "value", "value", "lose", "double", "deeper"]))
        if edit == "value":
            lines[at] = f"{key}{colon or ':'} {draw(value)}"
        elif edit == "double":
            lines.insert(at, lines[draw(st.integers(0, len(lines) - 1))])
        elif edit == "deeper":
            lines[at] = " " * draw(st.integers(1, 4)) + lines[at]
        elif len(lines) > 1:
            del lines[at]
    return "\n".join(lines).encode("utf-8", "replace")


def yaml_files(paths: list[Path]) -> SearchStrategy[bytes]:
    """Such files in every state."""
    return st.one_of(rewritten(paths), damaged(rewritten(paths)), st.binary(max_size=2000))


def messages() -> SearchStrategy[bytes]:
    """To the control socket: all but those after which it is away."""
    verbs = st.sampled_from([command.verb for command in COMMANDS if command.verb not in ("quit", "reload")])
    words = st.one_of(
        verbs, st.sampled_from(["ask", "press", "release", "about", "aloud", "status"]), st.text(max_size=20)
    )
    leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), words)
    values = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3))
    asked = st.builds(lambda verb: {"ask": verb}, verbs)
    said = st.one_of(
        asked, st.sampled_from([{"press": True}, {"release": True}]), st.dictionaries(words, values), values
    )
    whole = said.map(lambda value: json.dumps(value).encode("utf-8", "surrogatepass"))
    deep = st.integers(1, 3000).map(lambda depth: b"[" * depth)
    given = st.one_of(whole, damaged(whole), deep, st.binary(max_size=5000))
    return given.filter(lambda message: message != b"" and b"quit" not in message and b"reload" not in message)


def pictures() -> SearchStrategy[bytes]:
    """Pictures of every kind."""
    return damaged(st.deferred(lambda: st.sampled_from(_pictures())))


def videos() -> SearchStrategy[bytes]:
    """Videos of every kind."""
    return damaged(st.deferred(lambda: st.sampled_from(_videos())))


def _room(seed: int = 0) -> np.ndarray:
    noise = np.random.default_rng(seed).integers(0, 8, (48, 64, 3))
    return (np.linspace(60, 200, 64)[None, :, None] + noise).astype(np.uint8)


@cache
def _pictures() -> list[bytes]:
    suffixes = [".jpg", ".png", ".bmp", ".webp", ".tiff", ".ppm", ".avif"]
    coded = [cv2.imencode(suffix, _room()) for suffix in suffixes if cv2.haveImageWriter(f"a{suffix}")]
    made = [data.tobytes() for ok, data in coded if ok]
    made.append(cv2.imencode(".jpg", _room(), (cv2.IMWRITE_JPEG_PROGRESSIVE, 1))[1].tobytes())
    made.append(cv2.imencode(".png", (_room().astype(np.uint16) << 8))[1].tobytes())
    orientation = struct.pack(">4s2sHIHHHIHHI", b"MM\0*"[:4], b"\0\0", 8, 1, 0x112, 3, 0, 1, 6, 0, 0)
    exif = b"\xff\xe1" + struct.pack(">H", len(orientation) + 8) + b"Exif\0\0" + orientation
    made.append(made[0][:2] + exif + made[0][2:])
    return made + _animated()


def _animated() -> list[bytes]:
    from PIL import Image

    made = []
    for kind in ("GIF", "PNG", "WEBP", "TIFF"):
        file = io.BytesIO()
        first, *others = (Image.fromarray(_room(seed)) for seed in range(3))
        first.save(file, kind, save_all=True, append_images=others)
        made.append(file.getvalue())
    return made


@cache
def _videos() -> list[bytes]:
    made = []
    kinds = [("avi", "MJPG"), ("mp4", "mp4v"), ("mkv", "MJPG"), ("mov", "mp4v"), ("webm", "VP80"), ("ts", "mp2v")]
    with tempfile.TemporaryDirectory() as folder:
        for suffix, code in kinds:
            path = Path(folder) / f"room.{suffix}"
            writer = cv2.VideoWriter(str(path), cv2.CAP_FFMPEG, cv2.VideoWriter.fourcc(*code), 15, (64, 48))
            for seed in range(5):
                writer.write(_room(seed))
            writer.release()
            if path.exists() and path.stat().st_size:
                made.append(path.read_bytes())
    made.append(b"".join(cv2.imencode(".jpg", _room(seed))[1].tobytes() for seed in range(5)))
    return made
