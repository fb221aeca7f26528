"""What is tried on: each target is a context that gives a function of bytes, which raises when something is wrong.

An `AssistantError` is what the program says of a bad input; everything else that is raised is a fault.
"""

import json
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import yaml
from hypothesis.strategies import SearchStrategy

from assistant import app, config, manifests, parts
from assistant.devices.decoder import Decoder
from assistant.domain.values import Announcement
from assistant.errors import AssistantError
from assistant.speech.phrases import Phrases
from tests.e2e.program import running
from tests.fuzz import inputs
from tests.voices.examples import phrase

HANG_S = 10.0
"""So long may one input take, seconds."""
FRAMES = 10
"""So many of a video are decoded."""
_VOICES = inputs.ROOT / "voices"

Trial = Callable[[bytes], None]


@dataclass(frozen=True)
class Target:
    """One kind of input."""

    inputs: SearchStrategy[bytes]
    begin: Callable[[Path], AbstractContextManager[Trial]]
    """Given a folder of its own."""


@contextmanager
def _settings(folder: Path) -> Iterator[Trial]:
    path = folder / "config.yaml"

    def trial(data: bytes) -> None:
        path.write_bytes(data)
        with suppress(AssistantError):
            settings = config.load(path)
            parts.make_phrases(settings)
            app.make_camera(settings).close()

    yield trial


@contextmanager
def _socket(folder: Path) -> Iterator[Trial]:
    """Of the real program."""
    (folder / "config.yaml").write_text(
        "{tour: false, camera: {source: 97}, triggers: [socket], speech: {engine: silent}, logging: {level: error}}"
    )
    with running(folder, "--config", "config.yaml") as house:

        def trial(data: bytes) -> None:
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as client:
                client.settimeout(HANG_S)
                client.connect(str(folder / "run" / "assistant" / "control.socket"))
                client.send(data)
                assert isinstance(json.loads(client.recv(1 << 16))["ok"], bool)
            assert house.process.poll() is None, house.errors()
            assert "Traceback" not in house.errors(), house.errors()

        yield trial
        assert house.end() == 0


@contextmanager
def _manifests(folder: Path) -> Iterator[Trial]:
    path = folder / manifests.MANIFEST

    def trial(data: bytes) -> None:
        path.write_bytes(data)
        with suppress(AssistantError):
            manifests.read(path)

    yield trial


@contextmanager
def _phrases(folder: Path) -> Iterator[Trial]:
    """Of a language beside English, which has to step in for what cannot be used."""
    shutil.copytree(_VOICES / "en", folder / "en")
    examples = yaml.safe_load((_VOICES / "en" / "examples.yaml").read_text(encoding="utf-8"))

    def trial(data: bytes) -> None:
        shutil.rmtree(folder / "xx", ignore_errors=True)
        shutil.copytree(_VOICES / "de", folder / "xx")
        (folder / "xx" / ("people.yaml" if b"nobody" in data else "program.yaml")).write_bytes(data)
        with suppress(AssistantError):
            phrases = Phrases("xx", folder)
            for example in examples:
                assert phrases.text(Announcement((phrase(example),)))

    yield trial


@contextmanager
def _files(folder: Path) -> Iterator[Trial]:
    path = folder / "input"
    with Decoder() as decoder:

        def trial(data: bytes) -> None:
            path.write_bytes(data)
            with suppress(AssistantError):
                for shot in islice(decoder.shots(path, 1 / 15), FRAMES):
                    pixels = shot.decode()
                    assert pixels is None or pixels.ndim == 3

        yield trial


TARGETS = {
    "settings": Target(inputs.yaml_files([inputs.ROOT / "config.yaml"]), _settings),
    "socket": Target(inputs.messages(), _socket),
    "manifests": Target(inputs.yaml_files(sorted((inputs.ROOT / "models").glob("*/manifest.yaml"))), _manifests),
    "phrases": Target(inputs.yaml_files([_VOICES / "de" / "people.yaml", _VOICES / "de" / "program.yaml"]), _phrases),
    "pictures": Target(inputs.pictures(), _files),
    "videos": Target(inputs.videos(), _files),
}
