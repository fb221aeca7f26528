"""What every reader of text keeps to; one whose package is not here is skipped by name."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from assistant.domain.ports import TextReader
from assistant.errors import ModelMissing
from assistant.skills.text.reader import ChildReader
from tests.e2e.program import HANG_S
from tests.reading.codes import qr

READERS: dict[str, Callable[[], TextReader]] = {"rapidocr": lambda: ChildReader(HANG_S)}
SIZES = [(1, 1), (1, 400), (400, 1), (16, 16), (17, 2000), (480, 640), (2000, 3000)]


@pytest.fixture(params=READERS, scope="module")
def reader(request: pytest.FixtureRequest) -> Iterator[TextReader]:
    made = READERS[request.param]()
    assert isinstance(made, TextReader)
    try:
        made.check()
    except ModelMissing as missing:
        pytest.skip(str(missing))
    made.start()
    yield made
    made.close()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("value", ["black", "grey", "white", "noise"])
def test_any_picture_is_read(reader: TextReader, size: tuple[int, int], value: str) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*size, 3), dtype=np.uint8)
    pixels = noise if value == "noise" else np.full_like(noise, {"black": 0, "grey": 128, "white": 255}[value])
    for line in reader.lines(pixels):
        assert 0 <= line.certainty <= 1
        assert np.isfinite(line.corners).all()
        assert line.certainty < 0.8 or line.text.strip() == ""
    assert reader.codes(pixels) == []


def test_it_may_be_asked_after_it_was_closed(reader: TextReader) -> None:
    reader.close()
    reader.close()
    assert reader.codes(qr("Platform 7")) == [("qr", "Platform 7")]
