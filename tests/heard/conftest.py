"""One loudspeaker for all checks, and the real program, which sees a person smile."""

import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import pytest

from assistant.devices.demo_camera import FPS, DemoCamera
from tests.e2e.program import Running, running
from tests.heard.grammar import HAPPY, READY
from tests.speech.sound import loudspeaker

if TYPE_CHECKING:
    from tests.heard.listener import Listener

CONFIG = """\
camera: {{source: {film}, loop: true}}
faces: {{detector: haar}}
triggers: [socket]
speech: {{engine: {engine}}}
"""
DISPATCHER = Path("/etc/speech-dispatcher/speechd.conf")
PATIENT = "\nAudioPulseMinLength 100\n"
"""Milliseconds that speech-dispatcher keeps ahead: with its own 10 it stutters on a busy machine."""
TOOLS = {"pyttsx3": "aplay", "speech-dispatcher": "speech-dispatcher"}
SWAY_S = 3
"""After so long the portrait is where it was: the film has no seam."""

Start = Callable[..., AbstractContextManager[Running]]


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A video of the astronaut's portrait, swaying; she smiles."""
    pytest.importorskip("skimage", reason="the portrait is not installed")
    camera = DemoCamera()
    camera.open()
    frames = [camera.draw(3 + index / FPS) for index in range(FPS * SWAY_S)]
    path = tmp_path_factory.mktemp("film") / "smile.avi"
    height, width = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (width, height))
    for frame in frames:
        writer.write(np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), dtype=np.uint8))
    writer.release()
    return path


@pytest.fixture(scope="session")
def _listener() -> Iterator["Listener"]:
    pytest.importorskip("pocketsphinx", reason="needs the package pocketsphinx, to understand what is heard")
    from tests.heard.listener import Listener

    with loudspeaker() as speaker:
        yield Listener(speaker)


@pytest.fixture
def ear(_listener: "Listener", monkeypatch: pytest.MonkeyPatch) -> "Listener":
    """Listens to everything that this test starts."""
    _listener.begin()
    for variable, value in _listener.speaker.environment.items():
        monkeypatch.setenv(variable, value)
    return _listener


@pytest.fixture(autouse=True)
def _patient_dispatcher(own_home: None) -> None:
    """Gives speech-dispatcher, where it is installed, the settings of a user with a busy machine."""
    if DISPATCHER.exists():
        own = Path(os.environ["XDG_CONFIG_HOME"]) / "speech-dispatcher"
        own.mkdir()
        (own / DISPATCHER.name).write_text(DISPATCHER.read_text(encoding="utf-8") + PATIENT, encoding="utf-8")


@pytest.fixture
def start(film: Path, ear: "Listener") -> Start:
    """Runs the assistant with an engine, from the moment at which it was heard telling what it sees, to its end.

    Before another `source` than the film that moment is when its greeting was heard.
    """

    @contextmanager
    def started(engine: str, source: Path | None = None) -> Iterator[Running]:
        sentence, message = (READY, "ready") if source else (HAPPY, "expression_sure")
        if engine in TOOLS and not shutil.which(TOOLS[engine]):
            pytest.skip(f"{TOOLS[engine]} is not installed")
        with tempfile.TemporaryDirectory(prefix="heard-", ignore_cleanup_errors=True) as name:
            folder = Path(name)
            config = folder / "config.yaml"
            config.write_text(CONFIG.format(film=source or film, engine=engine), encoding="utf-8")
            try:
                with running(folder, "--config", str(config)) as house:
                    ear.wait_until(
                        lambda: (
                            (sentence in ear.said() and message in house.messages()) or house.process.poll() is not None
                        ),
                        lambda: (
                            f"{ear.said()!r} {ear.speaker.sounds()} {ear.speaker.now} {house.events()} {house.errors()}"
                        ),
                    )
                    assert house.process.poll() is None, house.errors()
                    yield house
                    assert house.end() == 0, house.errors()
            finally:
                _end_dispatcher(folder / "run")

    return started


def _end_dispatcher(runtime: Path) -> None:
    """Ends the speech-dispatcher that the assistant started, which would outlive it."""
    number = runtime / "speech-dispatcher" / "pid" / "speech-dispatcher.pid"
    with suppress(FileNotFoundError, ProcessLookupError):
        os.kill(int(number.read_text()), signal.SIGTERM)
