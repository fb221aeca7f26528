"""Which faces are compared with those who are learnt, and when."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy import float32, uint8
from numpy.typing import NDArray

from assistant import weights
from assistant.domain.people import Gallery, Matching, gallery
from assistant.domain.tracks import Track
from assistant.domain.values import Box, Face, Frame, Landmarks, Pose, Thresholds
from assistant.errors import ModelMissing
from assistant.senses.faces.fitness import Lack, lack
from assistant.senses.faces.identity import IdentityReader
from assistant.senses.faces.recognizers import installed, model_in_use, recognizer
from tests.senses.shared import SHARED, needs, without_network

RETAIL = SHARED / "models" / "face-reidentification-retail-0095.onnx"
AHEAD = Pose(0, 0, 0)
POINTS: Landmarks = ((0.43, 0.42), (0.57, 0.42), (0.5, 0.5), (0.44, 0.58), (0.56, 0.58))
NOISE = np.random.default_rng(0).integers(0, 256, (60, 80, 3), uint8).repeat(8, 0).repeat(8, 1)


class Toy:
    """Knows a face by how bright it is."""

    model = "toy@1"
    size = 16
    matching = Matching(0.9, 0.02, 0.05)
    certain = Thresholds(0.9, 0.6)

    def __init__(self) -> None:
        self.read = 0

    def embed(self, crops: NDArray[uint8]) -> NDArray[float32]:
        self.read += len(crops)
        turns = crops.mean(axis=(1, 2, 3)) / 255 * np.pi
        return np.stack([np.cos(turns), np.sin(turns)], axis=1).astype(float32)


def known() -> Gallery:
    dim, bright = Toy().embed(np.stack([np.full((16, 16, 3), level, uint8) for level in (64, 128)]))
    return gallery("toy@1", {"Dim": [dim], "Grey": [bright]})


def track(number: int, face: Face | None = None) -> Track:
    return Track(number, face or Face(Box(0.4, 0.3, 0.2, 0.35), POINTS, 0.9), 0.0, 0.0, True)


def poses(*numbers: int) -> dict[int, Any]:
    return dict.fromkeys(numbers, AHEAD)


def test_nothing_is_embedded_while_nobody_is_learnt() -> None:
    toy = Toy()
    reader = IdentityReader(toy, lambda: Gallery("toy@1"), all_at_once=True)
    assert reader.read(Frame(NOISE, 0.0), [track(1)], (), poses(1)) == []
    assert toy.read == 0


def test_a_face_is_told_by_its_likeness() -> None:
    (guess,) = IdentityReader(Toy(), known).read(Frame(NOISE, 0.0), [track(7)], (), poses(7))
    assert (guess.kind, guess.subject, guess.value) == ("identity", 7, "Grey")
    assert sum(guess.distribution.values()) == pytest.approx(1.0, abs=1e-5)
    pale = np.maximum(NOISE, 180)
    (guess,) = IdentityReader(Toy(), known).read(Frame(pale, 0.0), [track(7)], (), poses(7))
    assert guess.value == ""


def test_one_face_at_a_time_each_in_its_turn() -> None:
    toy = Toy()
    reader = IdentityReader(toy, known)
    tracks = [track(number) for number in (1, 2, 3)]
    read = [
        guess.subject for at in range(6) for guess in reader.read(Frame(NOISE, at * 10.0), tracks, (), poses(1, 2, 3))
    ]
    assert read == [1, 2, 3, 1, 2, 3]
    assert toy.read == 6


def test_of_a_single_picture_all_are_read() -> None:
    tracks = [track(number) for number in (1, 2, 3)]
    reader = IdentityReader(Toy(), known, all_at_once=True)
    assert len(reader.read(Frame(NOISE, 0.0), tracks, (2,), poses(1, 2, 3))) == 2
    assert len(reader.read(Frame(NOISE, 0.001), tracks, (), poses(1, 2, 3))) == 3


@pytest.mark.parametrize(
    ("face", "pose", "wanted"),
    [
        (track(1).face, AHEAD, None),
        (replace(track(1).face, landmarks=None), AHEAD, Lack.POINTS),
        (track(1).face, None, Lack.TURNED),
        (track(1).face, Pose(0, 60, 0), Lack.TURNED),
        (replace(track(1).face, landmarks=tuple((x / 9 + 0.4, y / 9 + 0.4) for x, y in POINTS)), AHEAD, Lack.SMALL),
        (replace(track(1).face, landmarks=tuple((x - 0.45, y) for x, y in POINTS)), AHEAD, Lack.CUT),
    ],
)
def test_what_a_face_lacks(face: Face, pose: Pose | None, wanted: Lack | None) -> None:
    assert lack(NOISE, face, pose) == wanted
    guesses = IdentityReader(Toy(), known).read(Frame(NOISE, 0.0), [track(1, face)], (), {1: pose})
    assert bool(guesses) == (wanted is None)


def test_dark_and_blurred_faces_carry_nothing() -> None:
    face = track(1).face
    assert lack(np.full_like(NOISE, 100), face, AHEAD) == Lack.DARK
    across = np.linspace(0, 255, 640)[None, :, None].repeat(480, 0).repeat(3, 2).astype(uint8)
    assert lack(across, face, AHEAD) == Lack.BLURRED


def test_ours_comes_with_the_program() -> None:
    assert installed() == "face-recognition"
    assert recognizer().model == model_in_use() == f"face-recognition@{weights.manifest('face-recognition').version}"


def test_without_weights_there_is_no_recogniser(monkeypatch: pytest.MonkeyPatch) -> None:
    without_network(monkeypatch)
    assert installed() is None
    assert model_in_use() == ""
    with pytest.raises(ModelMissing, match="No network that recognises people is installed"):
        recognizer()


@needs(RETAIL)
def test_what_is_installed_comes_before_ours(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path))
    weights.install("face-reidentification-retail-0095", RETAIL)
    assert recognizer().model == model_in_use() == "face-reidentification-retail-0095@2020"
