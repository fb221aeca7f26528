"""What reads text is killed, hangs, has no memory, is missing or damaged: one sentence, and all else goes on."""

import os
import resource
import signal
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

import cv2
import numpy as np
import pytest

from assistant.skills.text.networks import FINDER
from tests.devices.streams import jpeg
from tests.e2e.program import HANG_S, Running
from tests.faults.conftest import Start, Watch
from tests.faults.stand_in import StandIn
from tests.faults.table import fault

CHILD = b"assistant.skills.text.child"
MISSING = find_spec("rapidocr") is None or find_spec("onnxruntime") is None
pytestmark = [
    pytest.mark.skipif(MISSING, reason="the packages that read are not installed"),
    pytest.mark.timeout(400),  # each waits for a deadline of 60 s, and for a process to start
]


@pytest.fixture
def page(camera: StandIn) -> StandIn:
    """The camera sees a sign."""
    pixels = np.full((480, 640, 3), 235, np.uint8)
    cv2.putText(pixels, "PLATFORM 7", (60, 260), cv2.FONT_HERSHEY_SIMPLEX, 2.6, (20, 20, 20), 6, cv2.LINE_AA)
    noise = np.random.default_rng(1).integers(0, 4, (8, *pixels.shape), dtype=np.uint8)
    camera.begin([jpeg(pixels - each) for each in noise])
    return camera


def reader_of(house: Running) -> int | None:
    """The process that reads for a running program; None while there is none."""
    children = Path(f"/proc/{house.process.pid}/task").glob("*/children")
    for pid in " ".join(path.read_text() for path in children).split():
        try:
            if CHILD in Path(f"/proc/{pid}/cmdline").read_bytes():
                return int(pid)
        except OSError:
            continue
    return None


def struck(house: Running, strike: Callable[[int], object]) -> None:
    """Asks, and does something to the process that reads as soon as there is one."""
    house.ask("read")
    deadline = monotonic() + HANG_S
    while (pid := reader_of(house)) is None:
        assert monotonic() < deadline, house.errors()
        sleep(0.005)
    strike(pid)


def reads(house: Running) -> bool:
    """Asks until it is read; whether nothing is left of what read."""
    while "It says: PLATFORM 7." not in house.texts("read_short"):
        told = len(house.messages())
        house.ask("read")
        house.wait_for(lambda told=told: len(house.messages()) > told)
    house.wait_for(lambda: reader_of(house) is None)
    return True


@fault(
    "What reads text is killed",
    how="SIGKILL to the process that reads, as soon as it is there; then it is asked again",
    said="reading_failed",
    told_s=30,
    well_s=90,
)
def test_what_reads_is_killed(start: Start, page: StandIn, watch: Watch) -> None:
    with start(camera={"source": page.url}) as house:
        watch.begin()
        struck(house, lambda pid: os.kill(pid, signal.SIGKILL))
        watch.told(lambda: "reading_failed" in house.messages(), house.events)
        watch.begin()
        watch.well(lambda: reads(house))


@fault(
    "What reads text hangs",
    how="SIGSTOP to the process that reads; the program answers meanwhile, and ends it after a minute",
    said="reading_failed",
    told_s=95,
    well_s=90,
)
def test_what_reads_hangs(start: Start, page: StandIn, watch: Watch) -> None:
    with start(camera={"source": page.url}) as house:
        watch.begin()
        struck(house, lambda pid: os.kill(pid, signal.SIGSTOP))
        assert house.ask("history")["ok"]
        watch.told(lambda: "reading_failed" in house.messages(), house.events)
        watch.begin()
        watch.well(lambda: reads(house))


@fault(
    "What reads text has too little memory",
    how="it may take no more than 48 MB of its own, from the beginning",
    said="reading_failed",
    told_s=60,
    well_s=90,
)
def test_what_reads_has_no_memory(start: Start, page: StandIn, watch: Watch) -> None:
    few = 48 * 2**20
    with start(camera={"source": page.url}) as house:
        watch.begin()
        struck(house, lambda pid: resource.prlimit(pid, resource.RLIMIT_DATA, (few, few)))
        watch.told(lambda: "reading_failed" in house.messages(), house.events)
        watch.begin()
        watch.well(lambda: reads(house))


@fault(
    "The package that reads text is not installed",
    how="rapidocr cannot be found by the program and what it starts",
    said="part_missing",
    told_s=60,
)
def test_the_package_is_missing(start: Start, page: StandIn, watch: Watch, folder: Path) -> None:
    (folder / "sitecustomize.py").write_text("import sys\nsys.modules['rapidocr'] = None\n", encoding="utf-8")
    with start(camera={"source": page.url}, popen={"env": {"PYTHONPATH": str(folder)}}) as house:
        watch.begin()
        house.ask("read")
        watch.told(lambda: "part_missing" in house.messages(), house.events)


@fault(
    "A network that reads text is damaged",
    how="a rapidocr whose network is another file of the same size",
    said="fault_model",
    told_s=60,
)
def test_a_damaged_network(start: Start, page: StandIn, watch: Watch, folder: Path) -> None:
    models = folder / "rapidocr" / "models"
    models.mkdir(parents=True)
    (folder / "rapidocr" / "__init__.py").touch()
    (models / FINDER.name).write_bytes(bytes(FINDER.size))
    with start(camera={"source": page.url}, popen={"env": {"PYTHONPATH": str(folder)}}) as house:
        watch.begin()
        house.ask("read")
        watch.told(lambda: "fault_model" in house.messages(), house.events)
