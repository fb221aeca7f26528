"""Every input that once did harm does none."""

import pytest

from tests.fuzz.__main__ import EXAMPLES, run
from tests.fuzz.targets import TARGETS


@pytest.mark.parametrize("target", TARGETS)
def test_examples(target: str) -> None:
    examples = sorted((EXAMPLES / target).iterdir())
    assert examples
    trouble = run(target, 0, 0.0, examples)
    assert not trouble, trouble
