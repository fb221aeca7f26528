"""What every expression classifier keeps to."""

import numpy as np
import pytest

from assistant.domain.ports import ExpressionClassifier
from assistant.domain.values import EXPRESSIONS
from assistant.senses.faces.crop import SIZE, crop
from assistant.senses.faces.expression import LiteRTClassifier
from assistant.senses.faces.haar import HaarDetector
from tests.senses.scenes import astronaut


@pytest.fixture(params=["litert"], scope="module")
def classifier(request: pytest.FixtureRequest) -> ExpressionClassifier:
    return {"litert": LiteRTClassifier}[request.param]()


def crops(n: int) -> np.ndarray:
    """Crops of nobody."""
    return np.random.default_rng(n).integers(0, 256, (n, SIZE, SIZE), np.uint8)


def test_it_is_a_classifier_with_thresholds_for_each_label(classifier: ExpressionClassifier) -> None:
    assert isinstance(classifier, ExpressionClassifier)
    assert set(classifier.thresholds) == set(EXPRESSIONS)


@pytest.mark.parametrize("n", [0, 1, 5])
def test_every_crop_gets_seven_probabilities(classifier: ExpressionClassifier, n: int) -> None:
    answers = classifier.classify(crops(n))
    assert answers.shape == (n, len(EXPRESSIONS))
    assert answers.dtype == np.float32
    assert ((answers >= 0) & (answers <= 1)).all()
    np.testing.assert_allclose(answers.sum(axis=1), np.ones(n), atol=1e-4)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_a_flat_crop_gets_probabilities_too(classifier: ExpressionClassifier, level: int) -> None:
    (answer,) = classifier.classify(np.full((1, SIZE, SIZE), level, np.uint8))
    assert np.isfinite(answer).all()


def test_an_answer_does_not_depend_on_its_neighbours(classifier: ExpressionClassifier) -> None:
    several = crops(4)
    alone = [classifier.classify(several[row : row + 1])[0] for row in range(4)]
    np.testing.assert_allclose(classifier.classify(several), alone, atol=1e-6)


def test_crops_are_not_changed(classifier: ExpressionClassifier) -> None:
    before = crops(2)
    given = before.copy()
    classifier.classify(given)
    np.testing.assert_array_equal(given, before)


def test_a_smile_is_happy(classifier: ExpressionClassifier) -> None:
    (face,) = HaarDetector().detect(astronaut())
    (answer,) = classifier.classify(crop(astronaut(), face)[np.newaxis])
    assert EXPRESSIONS[int(answer.argmax())] == "happy"
    assert answer.max() > 0.9
