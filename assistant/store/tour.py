"""Whether the program has explained itself once; a file in the state directory remembers it."""

import logging
from pathlib import Path

log = logging.getLogger(__name__)

FILE = "tour-told"


def told(folder: Path) -> bool:
    """Whether the tour was told before, or skipped.

    Args:
        folder: The state directory; it need not exist.
    """
    return (folder / FILE).exists()


def remember(folder: Path) -> None:
    """Keeps that it was told; where that is not possible it will be told again."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / FILE).touch()
    except OSError as error:
        log.warning("it could not be kept that the tour was told: %s", error)
