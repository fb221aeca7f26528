"""What the checks share: the watch on a fault, a program in a folder of its own, and what the run took."""

import json
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from time import monotonic, sleep
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from tests.devices.streams import serving
from tests.e2e.program import HANG_S, Running, running
from tests.faults.moody import install
from tests.faults.stand_in import StandIn, room
from tests.faults.table import FAULTS, MEASURED, Fault

_longest: dict[str, dict[str, float]] = defaultdict(dict)
"""Of each check, over its repetitions."""


class Watch:
    """Measures one fault against its row.

    Args:
        row: The promise.
    """

    def __init__(self, row: Fault) -> None:
        self.row = row
        self.took: dict[str, float] = {}
        self.begin()

    def begin(self) -> None:
        """The fault is injected, or has passed, at this moment."""
        self._since = monotonic()

    def told(self, condition: Callable[[], bool], seen: Callable[[], object] = lambda: "") -> None:
        """Waits until it is told, as long as promised; `seen` is what to show if not."""
        assert self.row.told_s is not None
        self.took["told"] = self._wait(condition, self.row.told_s, seen)

    def well(self, condition: Callable[[], bool], seen: Callable[[], object] = lambda: "") -> None:
        """Waits until all is as before, as long as promised."""
        assert self.row.well_s is not None
        self.took["well"] = self._wait(condition, self.row.well_s, seen)

    def _wait(self, condition: Callable[[], bool], limit_s: float, seen: Callable[[], object]) -> float:
        while not condition():
            assert monotonic() < self._since + limit_s, f"not within {limit_s:g} s: {seen()}"
            sleep(0.02)
        return monotonic() - self._since


@pytest.fixture
def watch(request: pytest.FixtureRequest) -> Iterator[Watch]:
    """The watch on the fault of this check; what it took is kept."""
    name = request.function.__name__
    made = Watch(FAULTS[name])
    yield made
    longest = _longest[name]
    for what, took in made.took.items():
        longest[what] = max(took, longest.get(what, 0.0))
    MEASURED.mkdir(parents=True, exist_ok=True)
    (MEASURED / f"{name}.json").write_text(json.dumps(longest), encoding="utf-8")


@pytest.fixture
def folder() -> Iterator[Path]:
    """Of this check alone; its path is short enough for sockets."""
    with tempfile.TemporaryDirectory(prefix="fault-", ignore_cleanup_errors=True) as name:
        yield Path(name)


Start = Callable[..., AbstractContextManager[Running]]


@pytest.fixture
def start(folder: Path) -> Start:
    """Runs the assistant with settings, from its greeting to its end.

    That is asked for and has to be a good one, but where the test itself `ends` it. `spoilt` is done to the settings.
    """

    @contextmanager
    def started(
        *words: str,
        greeting: str = "ready",
        ends: bool = False,
        popen: Mapping[str, Any] = MappingProxyType({}),
        spoilt: Callable[[Path], None] = lambda path: None,
        **more: Any,
    ) -> Iterator[Running]:
        config = write(folder, **more)
        spoilt(config)
        with running(folder, "--config", str(config), *words, **popen) as house:
            until(lambda: greeting in " ".join(house.messages()), lambda: f"{house.events()} {house.errors()}")
            yield house
            if not ends:
                assert house.process.poll() is None, f"it ended: {house.errors()}"
                assert house.end() == 0, house.errors()

    return started


@pytest.fixture
def mood(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Installs the parts of moody.py, and one that cannot be imported; sets their mood, which is good at first."""
    for variable, value in install(folder).items():
        monkeypatch.setenv(variable, value)

    def turned(text: str) -> None:
        new = folder / "mood.new"
        new.write_text(text)
        new.replace(folder / "mood")

    return turned


def write(folder: Path, **more: Any) -> Path:
    """Saves settings in one step, as careful editors do; what is not given is as quiet and quick as can be."""
    settings = {
        "tour": False,
        "triggers": ["socket"],
        "speech": {"engine": "silent"},
        "faces": {"detector": "finder"},
    } | more
    return save(folder, yaml.safe_dump(settings).encode())


def save(folder: Path, text: bytes) -> Path:
    """Saves any file of settings in one step."""
    new = folder / "config.new"
    new.write_bytes(text)
    return new.replace(folder / "config.yaml")


@pytest.fixture
def camera() -> Iterator[StandIn]:
    """A network camera at `url` that shows an empty room."""
    stand_in = StandIn(room())
    with serving(stand_in) as url:
        stand_in.url = url
        yield stand_in


def until(condition: Callable[[], bool], seen: Callable[[], object] = lambda: "") -> None:
    """Waits for something that is no promise of the row."""
    deadline = monotonic() + HANG_S
    while not condition():
        assert monotonic() < deadline, seen()
        sleep(0.05)


@contextmanager
def small_disk(folder: Path, *options: str) -> Iterator[Path]:
    """A file system of 64 KB, of memory."""
    state = folder / "state"
    state.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", ",".join(("size=64k", *options)), "none", state], check=False)
    if done.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield state
    finally:
        subprocess.run(["umount", "-l", state], check=True)
