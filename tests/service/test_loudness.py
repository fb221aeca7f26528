"""Sound that opens well and is not heard: muted, turned down, or going nowhere. A real sound server, and its tools."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from assistant.errors import SpeechError
from assistant.service import loudness
from assistant.service.loudness import alsa, check, pipewire, pulse
from assistant.speech.player import Player
from tests.speech.sound import Loudspeaker, loudspeaker


@pytest.fixture(scope="module")
def _server() -> Iterator[Loudspeaker]:
    with loudspeaker() as server:
        yield server


@pytest.fixture
def pactl(_server: Loudspeaker, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., str]]:
    """Gives orders to the sound server that this test sees."""
    if shutil.which("pactl") is None:
        pytest.skip("pactl is not installed")
    for variable, value in _server.environment.items():
        monkeypatch.setenv(variable, value)

    def order(*words: str) -> str:
        return subprocess.run(["pactl", *words], capture_output=True, text=True, check=True).stdout.strip()

    order("set-sink-mute", "speaker", "0")
    order("set-sink-volume", "speaker", "100%")
    yield order
    order("set-default-sink", "speaker")


@pytest.fixture(params=[pulse, alsa])
def only(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """One mixer is asked."""
    if request.param is alsa and shutil.which("amixer") is None:
        pytest.skip("amixer is not installed")
    monkeypatch.setattr(loudness, "MIXERS", (request.param,))


@pytest.mark.usefixtures("only")
def test_a_muted_output_is_told_with_what_to_do(pactl: Callable[..., str]) -> None:
    check()
    pactl("set-sink-mute", "speaker", "1")
    with pytest.raises(SpeechError, match=r"The sound is muted\. Unmute it, for example with"):
        check()


@pytest.mark.usefixtures("only")
@pytest.mark.parametrize("percent", [0, 5])
def test_a_volume_that_nobody_hears_is_told(pactl: Callable[..., str], percent: int) -> None:
    pactl("set-sink-volume", "speaker", f"{percent}%")
    with pytest.raises(SpeechError, match=f"The volume is at {percent} percent"):
        check()


def test_what_is_told_to_be_done_helps(pactl: Callable[..., str]) -> None:
    pactl("set-sink-mute", "speaker", "1")
    pactl("set-sink-volume", "speaker", "0%")
    found = pulse()
    assert found
    subprocess.run(found.unmute, shell=True, check=True)
    check()


def test_an_output_that_the_server_made_up_is_told(pactl: Callable[..., str]) -> None:
    module = pactl("load-module", "module-null-sink", "sink_name=auto_null")
    pactl("set-default-sink", "auto_null")
    with pytest.raises(SpeechError, match="goes nowhere"):
        check()
    pactl("unload-module", module)


def test_the_stream_of_this_process_counts_wherever_it_goes(
    pactl: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    module = pactl("load-module", "module-null-sink", "sink_name=headphones")
    monkeypatch.setenv("PULSE_SINK", "headphones")
    player = Player()
    player.wake(Event())
    pactl("set-sink-mute", "speaker", "1")  # The default, where nothing of ours is heard anyway.
    check()
    pactl("set-sink-mute", "headphones", "1")
    with pytest.raises(SpeechError, match="muted"):
        check()
    pactl("set-sink-mute", "headphones", "0")
    [stream] = [line.split()[0] for line in pactl("list", "short", "sink-inputs").splitlines()]
    pactl("set-sink-input-mute", stream, "1")
    with pytest.raises(SpeechError, match="muted"):
        check()
    player.close()
    pactl("unload-module", module)


def _program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for programs that answer as the real ones do; no others are found."""
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}/bin")
    monkeypatch.setattr(loudness, "MIXERS", (pipewire,))
    return tmp_path


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Volume: 0.65", None),
        ("Volume: 0.65 [MUTED]", "muted"),
        ("Volume: 0.00", "at 0 percent"),
        ("Volume: 1", None),
        ("Node not found", None),
    ],
)
def test_pipewire_alone(tools: Path, said: str, told: str | None) -> None:
    _program(tools, "wpctl", f"[ $1 = get-volume ] && echo '{said}' || echo '  * node.name = \"alsa_output.usb\"'")
    if told:
        with pytest.raises(SpeechError, match=told):
            check()
    else:
        check()


def test_the_dummy_of_pipewire(tools: Path) -> None:
    _program(tools, "wpctl", "[ $1 = get-volume ] && echo 'Volume: 0.65' || echo '  * node.name = \"auto_null\"'")
    with pytest.raises(SpeechError, match="goes nowhere"):
        check()


@pytest.mark.parametrize("script", ["exit 1", "echo '{}'", "echo nonsense", "printf '\\377'", "kill -9 $$"])
def test_tools_that_fail_say_nothing(tools: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    monkeypatch.setattr(loudness, "MIXERS", (pulse, pipewire, alsa))
    for name in ("pactl", "wpctl", "amixer"):
        _program(tools, name, script)
    check()
