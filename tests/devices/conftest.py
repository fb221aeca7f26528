"""What the tests of devices share."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

NOBODY = 65534


@pytest.fixture
def forbidden() -> Iterator[Path]:
    """A file that this process may not open; root gives up its rights for the length of the test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video0"
        path.touch(mode=0)
        Path(folder).chmod(0o755)
        root = os.geteuid() == 0
        if root:
            os.seteuid(NOBODY)
        try:
            yield path
        finally:
            if root:
                os.seteuid(0)
