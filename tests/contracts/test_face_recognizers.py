"""What every network that recognises people keeps to; those that are not ours are skipped where they do not lie."""

from collections.abc import Iterator
from typing import cast

import numpy as np
import pytest
from numpy import uint8
from numpy.typing import NDArray

from assistant import weights
from assistant.domain.ports import FaceRecognizer
from assistant.domain.values import Frame, Pixels
from assistant.plugins import resolve
from assistant.senses.faces.alignment import align_in_colour
from assistant.senses.faces.finder import FinderDetector
from assistant.senses.faces.follow import Follower
from assistant.senses.faces.points import PointsNetwork
from assistant.senses.faces.recognizers import RECOGNIZERS
from tests.senses.scenes import astronaut, hopper, noisy, portrait
from tests.senses.shared import SHARED


@pytest.fixture(params=RECOGNIZERS, scope="module")
def recognizer(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FaceRecognizer]:
    name, manifest = request.param, weights.manifest(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ASSISTANT_MODELS", str(tmp_path_factory.mktemp("models")))
        if weights.present(name) is None:
            file = SHARED / "models" / manifest.file.name
            if not file.exists():
                pytest.skip(f"{file.name} is not beside the repository")
            weights.install(name, file)
        yield cast(FaceRecognizer, resolve("recognizer", name, RECOGNIZERS)())


def aligned(pixels: Pixels, size: int) -> NDArray[uint8]:
    """The only face of a picture, as the program lays it out."""
    (face,) = Follower(FinderDetector(), PointsNetwork()).find(Frame(pixels, 0.0))
    assert face.landmarks is not None
    return align_in_colour(pixels, face.landmarks, size)


def noise(n: int, size: int) -> NDArray[uint8]:
    """Crops of nobody."""
    return np.random.default_rng(n).integers(0, 256, (n, size, size, 3), uint8)


def test_it_says_which_network_it_is_and_how_to_compare(recognizer: FaceRecognizer) -> None:
    assert isinstance(recognizer, FaceRecognizer)
    name, _, version = recognizer.model.partition("@")
    assert version == weights.manifest(name).version
    assert 0 < recognizer.matching.even < 1
    assert recognizer.matching.scale > 0
    assert recognizer.matching.margin >= 0
    assert 0.5 < recognizer.certain.unsure <= (recognizer.certain.sure or 1) <= 1


@pytest.mark.parametrize("n", [0, 1, 3])
def test_every_crop_gets_an_embedding_of_length_one(recognizer: FaceRecognizer, n: int) -> None:
    vectors = recognizer.embed(noise(n, recognizer.size))
    assert vectors.shape == (n, *weights.manifest(recognizer.model.partition("@")[0]).output.shape[1:2])
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), np.ones(n), atol=1e-3)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_flat_crop_gets_one_too(recognizer: FaceRecognizer, level: int) -> None:
    (vector,) = recognizer.embed(np.full((1, recognizer.size, recognizer.size, 3), level, uint8))
    assert np.isfinite(vector).all()


def test_an_embedding_does_not_depend_on_its_neighbours(recognizer: FaceRecognizer) -> None:
    several = noise(4, recognizer.size)
    alone = [recognizer.embed(several[row : row + 1])[0] for row in range(4)]
    np.testing.assert_allclose(recognizer.embed(several), alone, atol=1e-5)


def test_crops_are_not_changed(recognizer: FaceRecognizer) -> None:
    before = noise(2, recognizer.size)
    given = before.copy()
    recognizer.embed(given)
    np.testing.assert_array_equal(given, before)


def test_somebody_is_like_herself_and_unlike_somebody_else(recognizer: FaceRecognizer) -> None:
    one, again, other = recognizer.embed(
        np.stack(
            [
                aligned(astronaut(), recognizer.size),
                aligned(noisy(portrait(astronaut(), 400) // 2, 4, 1), recognizer.size),
                aligned(hopper(), recognizer.size),
            ]
        )
    )
    assert one @ again > recognizer.matching.even > one @ other
