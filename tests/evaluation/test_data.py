"""The three forms give the same faces; what is malformed is told in one sentence that names the file."""

from pathlib import Path

import numpy as np
import pytest

from models.evaluation import data
from models.evaluation.metrics import LABELS
from tests.evaluation import made


def test_npz(tmp_path: Path) -> None:
    faces = data.read(made.npz(tmp_path), data.VALIDATION)
    assert (faces.images.shape, faces.images.dtype) == ((6, 48, 48), np.uint8)
    assert faces.labels.tolist() == [0, 6, 3, 0, 4, -1]
    assert faces.votes.tolist() == made.arrays()["votes"][:6].tolist()
    assert len(data.read(made.npz(tmp_path), data.TRAINING)) == 1


def test_npz_without_votes(tmp_path: Path) -> None:
    assert not data.read(made.npz(tmp_path, votes=None), data.VALIDATION).votes.any()


@pytest.mark.parametrize("head", ["emotion,pixels,Usage", "emotion, pixels, Usage", "\ufeffemotion,pixels,Usage"])
@pytest.mark.parametrize("whole", [True, False], ids=["folder", "file"])
def test_csv_holds_what_the_npz_holds(tmp_path: Path, head: str, whole: bool) -> None:
    path = made.table(tmp_path, ferplus=True, head=head)
    faces = data.read(tmp_path if whole else path, data.VALIDATION)
    expected = data.read(made.npz(tmp_path), data.VALIDATION)
    expected = expected.of(expected.labels >= 0)
    np.testing.assert_array_equal(faces.images, expected.images)
    np.testing.assert_array_equal(faces.labels, expected.labels)
    np.testing.assert_array_equal(faces.votes, expected.votes)


def test_csv_alone_has_no_votes(tmp_path: Path) -> None:
    assert not data.read(made.table(tmp_path, ferplus=False), data.VALIDATION).votes.any()


def test_folders_by_synonym_in_any_size_and_colour(tmp_path: Path) -> None:
    face, *_ = made.noise(1)
    made.picture(tmp_path / "Anger" / "1.png", face)
    made.picture(tmp_path / "happiness" / "1.png", np.full((96, 80, 3), 77, np.uint8))
    made.picture(tmp_path / "sadness" / "1.png", np.full((20, 20), 9, np.uint8))
    made.picture(tmp_path / "contempt" / "1.png", face)
    (tmp_path / "sadness" / "notes.txt").write_text("no picture")
    (tmp_path / "sadness" / "._1.png").write_text("no picture")
    faces = data.read(tmp_path, data.VALIDATION)
    assert faces.labels.tolist() == [
        LABELS.index("angry"),
        data.CONTEMPT,
        LABELS.index("happy"),
        LABELS.index("sad"),
    ]
    np.testing.assert_array_equal(faces.images[0], face)
    assert (faces.images[2:] == np.array([77, 9]).reshape(2, 1, 1)).all()


def test_folders_with_splits(tmp_path: Path) -> None:
    for index, name in enumerate(("train", "train", "validation", "test")):
        made.picture(tmp_path / name / "fear" / f"{index}.png", made.noise(1)[0])
    assert [len(data.read(tmp_path, split)) for split in range(3)] == [2, 1, 1]
    assert [len(part) for part in data.read_for_training(tmp_path)] == [2, 1]


def test_of_folders_without_splits_every_tenth_face_is_held_out_of_training(tmp_path: Path) -> None:
    faces = made.noise(20)
    for index, face in enumerate(faces):
        made.picture(tmp_path / "fear" / f"{index:02}.png", face)
    training, validation = data.read_for_training(tmp_path)
    np.testing.assert_array_equal(validation.images, faces[[9, 19]])
    assert len(training) == 18


def refused(path: Path, *words: str, split: int = data.VALIDATION) -> None:
    with pytest.raises(data.DataError) as raised:
        data.read(path, split)
    for word in (str(path), *words):
        assert word in raised.value.message
    assert raised.value.message.endswith(".")
    assert "\n" not in str(raised.value)
    assert raised.value.exit_code == 5


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"images": None}, "misses images"),
        ({"label": None, "split": None}, "misses label, split"),
        ({"images": np.zeros((7, 48, 48), np.float32)}, "images are float32"),
        ({"images": np.zeros((7, 32, 32), np.uint8)}, "images are uint8 (7, 32, 32)"),
        ({"images": np.array(7, np.uint8)}, "images are uint8 ()"),
        ({"split": np.zeros(6, np.uint8)}, "split is uint8 (6,), not whole numbers (7,)"),
        ({"votes": np.zeros((7, 9), np.uint8)}, "votes is uint8 (7, 9)"),
        ({"votes": np.full((7, 10), -1)}, "negative"),
        ({"label": np.full(7, 7)}, "label lies outside -1 to 6"),
        ({"label": np.full(7, 0.5)}, "label is float64"),
        ({"split": np.array(["1"] * 7)}, "split is <U1"),
        ({"label": np.array([{}] * 7, object)}, "not a readable npz file"),
    ],
)
def test_another_npz_is_refused(tmp_path: Path, changes: dict[str, np.ndarray | None], words: str) -> None:
    refused(made.npz(tmp_path, **changes), words)


@pytest.mark.parametrize("kept", [0, 10, 2000, -30])
def test_a_cut_npz_is_refused(tmp_path: Path, kept: int) -> None:
    path = made.npz(tmp_path)
    path.write_bytes(path.read_bytes()[:kept])
    refused(path, "not a readable npz file")


def test_a_bare_array_is_no_npz(tmp_path: Path) -> None:
    with (tmp_path / "bare.npz").open("wb") as file:
        np.save(file, made.noise(2))
    refused(tmp_path / "bare.npz", "not a readable npz file")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("emotion,pixels", "feeling,pixels", "misses the columns emotion"),
        ("\n6,", "\n7,", "line 3: emotion 7 lies outside 0 to 6"),
        ("\n6,", "\nsix,", 'line 3: emotion is "six"'),
        ("\n6,", "\n,", "line 3: emotion is empty"),
        ("\n6,255", "\n6,256", "line 3: a pixel lies outside 0 to 255"),
        ("\n6,255", "\n6,-1", "line 3: a pixel lies outside 0 to 255"),
        ("\n6,255", "\n6,2.5", "line 3: a pixel is no whole number"),
        ("\n6,255", "\n6,99999999999999999999", "line 3: a pixel is no whole number"),
        ("\n6,255 255", "\n6,255", "line 3: has 2303 pixels, not 2304"),
        ("PublicTest", "Holiday", 'line 2: "Holiday" is no known Usage'),
        (",Training", "", "line 7: Usage is empty"),
    ],
)
def test_a_malformed_csv_is_refused(tmp_path: Path, before: str, after: str, words: str) -> None:
    path = made.table(tmp_path, ferplus=False)
    path.write_text(path.read_text().replace(before, after, 1))
    refused(path, words)


def test_a_csv_of_other_bytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "fer2013.csv"
    path.write_bytes(b"\xff\xfe\x00\x01")
    refused(path, "not a readable csv file")


def test_votes_that_do_not_match_are_refused(tmp_path: Path) -> None:
    path = made.table(tmp_path, ferplus=True)
    votes = tmp_path / "fer2013new.csv"
    lines = votes.read_text().splitlines()
    votes.write_text("\n".join(lines[:-1]))
    with pytest.raises(data.DataError, match=r"fer2013new\.csv: has 5 rows, but fer2013\.csv has 6\."):
        data.read(path, data.VALIDATION)
    votes.write_text("\n".join([*lines[:-1], lines[-1].replace("10", "many")]))
    with pytest.raises(data.DataError, match=r'fer2013new\.csv, line 7: anger is "many"'):
        data.read(path, data.VALIDATION)


def test_an_unknown_folder_is_refused_by_name(tmp_path: Path) -> None:
    made.picture(tmp_path / "puzzled" / "1.png", made.noise(1)[0])
    refused(tmp_path, "puzzled: the folder is called like no expression")


@pytest.mark.parametrize("content", [b"", b"no picture"])
def test_a_broken_picture_is_refused_by_name(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "sad").mkdir()
    (tmp_path / "sad" / "1.png").write_bytes(content)
    refused(tmp_path, "1.png")


def test_what_holds_no_faces_is_refused(tmp_path: Path) -> None:
    refused(tmp_path, "no faces in split 1 (validation)")
    refused(made.npz(tmp_path), "no faces in split 2 (private test)", split=data.TEST)
    refused(tmp_path / "absent", "no such file or folder")
    (tmp_path / "faces.txt").write_text("faces")
    refused(tmp_path / "faces.txt", "neither .npz nor .csv")
