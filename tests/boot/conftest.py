"""One machine for all checks of this folder: the program installed in a minimal Debian, booted, and listened to."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.boot import parts, root
from tests.boot.machine import HANG_S, READY, SOUND, Machine, hear

if TYPE_CHECKING:
    from tests.boot.ear import Ear

PROJECT = Path(__file__).parents[2]
TOOLS = ("debootstrap", "systemd-nspawn", "nsenter", "unshare", "journalctl")
CONFIG = """\
camera: {source: portrait}
senses: [faces, light, hanging]
triggers: socket
tour: false
speech: {earcons: []}
"""
"""Without short sounds, which the recogniser does not take apart from speech."""
ASOUND = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"


@pytest.fixture(scope="session")
def sound() -> Iterator["Ear"]:
    """The loudspeaker of all that is booted."""
    pytest.importorskip("pocketsphinx", reason="needs the package pocketsphinx, to understand what is heard")
    from tests.boot.ear import Ear

    missing = [tool for tool in ("pulseaudio", "parec") if not shutil.which(tool)]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}, to hear")
    with tempfile.TemporaryDirectory(prefix="ear-") as folder:
        ear = Ear(Path(folder))
        try:
            ear.start()
            Path(folder).chmod(0o755)  # the service, another user, has to reach the socket
            yield ear
        finally:
            ear.stop()


@pytest.fixture(scope="session")
def machine(
    sound: "Ear", tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Machine]:
    """The machine, not booted, with the program installed in it from the wheel as docs/service.md says."""
    if os.geteuid() != 0:
        pytest.skip("needs root, to make and boot a system")
    missing = [tool for tool in TOOLS if not shutil.which(tool)]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    source = root.mirror()
    if source is None:
        pytest.skip("needs a mirror of Debian in apt's configuration")
    folder = tmp_path_factory.mktemp("boot")
    files = root.copied(root.plain(source), folder / "root")
    install(files, root.wheel(PROJECT, folder), parts.wheel(folder))
    made = Machine(files, sound.folder)
    yield made
    made.pull_the_plug()
    if request.session.testsfailed:
        capturing = request.config.pluginmanager.getplugin("capturemanager")
        with capturing.global_and_fixture_disabled():  # what a fixture prints at the end is not shown for a former test
            print("".join(line for line in made.journal().splitlines(keepends=True) if "assistant" in line)[-20000:])
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def booted(machine: Machine, sound: "Ear") -> Machine:
    """The same, booted, and ready."""
    began = sound.now
    machine.boot()
    spoke = hear(machine, sound, [READY], began)
    print(f"\nFrom the start of the boot to the first word: {spoke - began:.2f} s.")
    machine.wait_until_active(HANG_S)
    return machine


def install(files: Path, wheel: Path, plugin: Path) -> None:
    """Installs the assistant as docs/service.md says, then what only the test needs."""
    for path in (wheel, plugin):
        shutil.copy(path, files / "root")
    root.inside(files, "useradd", "--create-home", "--uid", "1000", "--groups", "audio,video", "someone")
    root.inside(files, "python3", "-m", "venv", "/root/start")
    root.inside(files, "/root/start/bin/pip", "install", "--quiet", "--no-compile", f"/root/{wheel.name}")
    root.inside(files, "/root/start/bin/assistant", "service", "install")
    pip = "/opt/assistant/current/bin/pip"
    root.inside(files, pip, "install", "--quiet", "--no-index", "--no-deps", f"/root/{plugin.name}")
    (files / "etc/assistant/config.yaml").write_text(CONFIG)
    (files / "etc/assistant/environment").write_text(f"PULSE_SERVER=unix:{SOUND}/native\n")
    (files / "etc/asound.conf").write_text(ASOUND)
