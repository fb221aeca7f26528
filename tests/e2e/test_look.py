"""`assistant look`: pictures of every kind, folders, videos, and copies with boxes."""

import json
import os
from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image

from assistant.domain.values import EXPRESSIONS
from tests.devices.made_pictures import heif
from tests.e2e.program import assistant
from tests.senses.scenes import masked

KEYS = {
    *("box", "landmarks", "pose", "mouth_covered", "facing_you", "place", "distance", "distance_m"),
    *("name", "name_certainty"),
    *("expression", "certainty", "statement", "probabilities"),
}

data = pytest.importorskip("skimage.data", reason="scikit-image's portrait is not installed")


@pytest.fixture(scope="module")
def portrait(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pictures") / "astronaut.png"
    cv2.imwrite(str(path), data.astronaut()[..., ::-1])
    return path


def test_what_a_masked_face_looks_like_is_never_said_as_sure(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "masked.png"), masked((225, 232, 240))[..., ::-1])
    done = assistant("look", "--json", "masked.png", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    (person,) = json.loads(done.stdout)["people"]
    assert person["mouth_covered"] is not False
    assert person["statement"] != "sure"


def test_a_picture_gives_one_object(portrait: Path) -> None:
    done = assistant("look", "--json", portrait.name, folder=portrait.parent)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    result = json.loads(line)
    assert (result["source"], result["width"], result["height"], result["light"]) == ("astronaut.png", 512, 512, "ok")
    (person,) = result["people"]
    assert set(person) == KEYS
    assert (person["expression"], person["mouth_covered"]) == ("happy", False)
    assert (person["place"], person["distance"], person["distance_m"]) == ("ahead", "near", None)
    assert tuple(person["probabilities"]) == EXPRESSIONS
    assert sum(person["probabilities"].values()) == pytest.approx(1, abs=0.001)
    left, top, width, height = person["box"]
    assert left < 224 < left + width  # where the astronaut's nose is
    assert top < 115 < top + height
    assert result["says"] == "The person in front of you looks happy."


def test_with_the_field_of_view_there_are_metres(portrait: Path) -> None:
    (portrait.parent / "lens.yaml").write_text("place: clock\ncamera: {field_of_view: 40}\n")
    done = assistant("look", "--json", "--config", "lens.yaml", portrait.name, folder=portrait.parent)
    assert done.returncode == 0, done.stderr
    (person,) = json.loads(done.stdout)["people"]
    assert (person["place"], person["distance"]) == ("12 o'clock", "one_metre")
    assert 0.9 < person["distance_m"] < 1.4


def test_a_picture_without_people(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "cup.png"), data.coffee()[..., ::-1])
    done = assistant("look", "cup.png", folder=tmp_path)
    assert done.stdout == "cup.png: Nobody in view.\n"


def test_a_folder_gives_a_line_for_each_picture_and_the_broken_one_is_told(portrait: Path, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(portrait.read_bytes())
    (tmp_path / "b.png").write_bytes(portrait.read_bytes()[:2000])
    (tmp_path / "c.png").write_bytes(portrait.read_bytes())
    done = assistant("look", "--json", ".", folder=tmp_path)
    assert [json.loads(line)["source"] for line in done.stdout.splitlines()] == ["a.png", "c.png"]
    assert "b.png" in done.stderr
    assert done.returncode == 5


def test_a_video_gives_an_object_for_each_sentence_and_a_copy(portrait: Path, tmp_path: Path) -> None:
    picture = cv2.imread(str(portrait))
    writer = cv2.VideoWriter(str(tmp_path / "video.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (512, 512))
    for index in range(30):
        writer.write(np.roll(picture, 3 * (index % 4), axis=1))
    writer.release()
    done = assistant("look", "--json", "--annotate", "copy.avi", "video.avi", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["message"] for line in lines] == ["expression_sure"]
    assert 1.0 < lines[0]["at"] < 3.0
    copy = cv2.VideoCapture(str(tmp_path / "copy.avi"))
    assert round(copy.get(cv2.CAP_PROP_FRAME_COUNT)) == 30


def test_an_annotated_picture_differs_where_the_face_is(portrait: Path, tmp_path: Path) -> None:
    done = assistant("look", "--annotate", "copy.png", str(portrait), folder=tmp_path)
    assert done.returncode == 0, done.stderr
    changed = np.abs(cv2.imread(str(tmp_path / "copy.png")).astype(int) - cv2.imread(str(portrait))).max(axis=2) > 0
    rows, columns = np.nonzero(changed)
    assert 20 < rows.min() < 115 < rows.max() < 256
    assert 100 < columns.min() < 224 < columns.max() < 400


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("absent.png",), 5),
        ((), 2),
        (("--camera", "astronaut.png"), 2),
        (("--annotate", "copy.txt", "astronaut.png"), 5),
        (("--detector", "eagle", "astronaut.png"), 3),
        (("long" * 1000,), 5),
        (("http://" + "long" * 1000,), 5),
        (("--annotate", "long" * 1000 + ".png", "astronaut.png"), 5),
    ],
)
def test_wrong_input(words: tuple[str, ...], code: int, portrait: Path) -> None:
    done = assistant("look", *words, folder=portrait.parent)
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.strip()


def test_a_folder_says_what_it_leaves_out_and_why(portrait: Path, tmp_path: Path) -> None:
    Image.open(portrait).save(tmp_path / "a.avif")
    (tmp_path / "b.HEIC").write_bytes(heif(b"heic") if find_spec("pillow_heif") is None else b"\0")
    (tmp_path / "clip.mp4").write_bytes(b"")
    (tmp_path / "deeper").mkdir()
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "lost.jpg").symlink_to("nowhere.jpg")
    done = assistant("look", ".", folder=tmp_path)
    assert done.stdout == "a.avif: The person in front of you looks happy.\n"
    assert done.returncode == 5
    for name in ("b.HEIC", "clip.mp4 is left out", "deeper is left out: it is a folder", "no file lost.jpg"):
        assert name in done.stderr
    assert "pipe.jpg is not a regular file" in done.stderr


def test_a_video_with_nothing_to_tell_says_so(tmp_path: Path) -> None:
    room = np.full((240, 320, 3), 90, np.uint8) + np.arange(320, dtype=np.uint8)[None, :, None] // 4
    writer = cv2.VideoWriter(str(tmp_path / "room.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (320, 240))
    for _ in range(21):
        writer.write(room)
    writer.release()
    assert assistant("look", "room.avi", folder=tmp_path).stdout == "room.avi, 2 s: Nobody seen, nothing to tell.\n"
    line = json.loads(assistant("look", "--json", "room.avi", folder=tmp_path).stdout)
    assert (line["message"], line["seconds"], line["people"]) == ("nobody_to_tell", 2.0, 0)


@pytest.mark.parametrize("address", ["http://me:secret@127.0.0.1:9/a.jpg", "rtsp://127.0.0.1/a", "file:///etc/passwd"])
def test_an_address_is_not_a_file(address: str, tmp_path: Path) -> None:
    done = assistant("look", address, folder=tmp_path)
    assert done.returncode == 5
    assert "An address is not a file" in done.stderr
    assert "secret" not in done.stderr


def test_paths_that_are_no_text(portrait: Path, tmp_path: Path) -> None:
    (folder := tmp_path / os.fsdecode(b"d\xe9")).mkdir()
    picture, video = (os.fsdecode(name) for name in (b"\xff.png", b"\xff.avi"))
    (folder / picture).write_bytes(portrait.read_bytes())
    writer = cv2.VideoWriter(str(tmp_path / "a.avi"), cv2.VideoWriter.fourcc(*"MJPG"), 10, (64, 48))
    for _ in range(5):
        writer.write(np.full((48, 64, 3), 90, np.uint8))
    writer.release()
    (tmp_path / "a.avi").rename(folder / video)
    for copied, name in ((b"\xfe.png", picture), (b"\xfe.avi", video)):
        done = assistant("look", "--json", "--annotate", os.fsdecode(copied), name, folder=folder)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["source"].startswith("?")
        assert (folder / os.fsdecode(copied)).stat().st_size > 1000


def test_the_original_is_never_written_over(portrait: Path, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(portrait.read_bytes())
    (tmp_path / "b.png").hardlink_to(tmp_path / "a.png")
    (tmp_path / "config.yaml").write_text("camera: {source: a.png}\n")
    for words in (("a.png",), ("--camera", "--config", "config.yaml")):
        done = assistant("look", "--annotate", "b.png", *words, folder=tmp_path)
        assert (done.returncode, done.stdout) == (5, "")
        assert (tmp_path / "a.png").read_bytes() == portrait.read_bytes()
