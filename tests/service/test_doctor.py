"""The doctor, over parts that work and parts that do not."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from threading import Event, Thread
from typing import Any

import cv2
import numpy as np
import pytest
from click.testing import CliRunner

from assistant import manifests, weights
from assistant.cli import cli
from assistant.devices.control_socket import SILENTLY, ControlSocket
from assistant.devices.opencv_camera import OpenCVCamera
from assistant.devices.replay_camera import ReplayCamera
from assistant.domain.ports import Cancelled
from assistant.domain.values import Utterance
from assistant.errors import ModelMissing, SpeechError
from assistant.parts import make_skills
from assistant.senses.faces.recognizers import model_in_use
from assistant.service import doctor, loudness
from assistant.service.doctor import Factories, Finding, examine
from assistant.service.loudness import Loudness
from assistant.settings import Settings
from assistant.speech.engines import Audio
from assistant.speech.phrases import Phrases
from assistant.speech.player import Player
from assistant.speech.silent import SilentSounds, SilentVoice
from assistant.store import people_requests
from assistant.store.choices import state_folder
from assistant.store.people import FILE, People
from tests.cli.test_people import RETAIL, install_network
from tests.senses.shared import needs, without_network
from tests.store.test_people import learnt

FRAME = np.zeros((48, 64, 3), np.uint8)


@pytest.fixture(autouse=True)
def _no_mixers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody asks how loud this machine is."""
    monkeypatch.setattr(loudness, "MIXERS", ())


class Mute(SilentVoice):
    """A voice without a sound device."""

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        raise SpeechError("There is no sound device.")


def factories(**other: Callable[[Settings], Any]) -> Factories:
    parts: dict[str, Callable[[Settings], Any]] = {
        "camera": lambda settings: ReplayCamera([FRAME]),
        "phrases": lambda settings: Phrases(settings.language),
        "audio": lambda settings: Audio(SilentVoice(), SilentSounds()),
        "skills": make_skills,
        "try_senses": lambda settings: None,
    }
    return Factories(**(parts | other))


@pytest.fixture
def muted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mixer of this machine says that nothing is heard."""
    monkeypatch.setattr(loudness, "MIXERS", (lambda: Loudness(80, muted=True, unmute="unmute it"),))


@pytest.fixture
def settings_file(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text("verbosity: brief\n")
    return path


def found(path: Path, make: Factories) -> dict[str, Finding]:
    return {finding.part: finding for finding in examine(path, make)}


def test_all_is_well(settings_file: Path) -> None:
    findings = list(examine(settings_file, factories()))
    assert [finding.part for finding in findings] == [
        *("config", "camera", "sound", "voices", "models", *Settings().skills, "people", "socket", "disk", "keys")
    ]
    assert all(str(finding).startswith(f"ok {finding.part}: ") for finding in findings if finding.needed)
    assert str(findings[1]) == "ok camera: replay gives pictures of 64 by 48."


def test_a_mistake_in_the_settings_is_told_with_its_line_and_ends_nothing(settings_file: Path) -> None:
    settings_file.write_text("language: en\nverbosity: loud\n")
    findings = found(settings_file, factories())
    assert not findings["config"].ok
    assert "Line 2" in findings["config"].text
    assert findings["camera"].ok


def test_a_camera_that_is_absent(settings_file: Path) -> None:
    finding = found(settings_file, factories(camera=lambda settings: OpenCVCamera(99)))["camera"]
    assert str(finding).startswith("wrong camera: ")
    assert finding.needed


def test_a_voice_that_cannot_be_heard(settings_file: Path) -> None:
    finding = found(settings_file, factories(audio=lambda settings: Audio(Mute(), SilentSounds())))["sound"]
    assert str(finding) == "wrong sound: There is no sound device. Plug in headphones or a speaker."


@pytest.mark.usefixtures("muted")
def test_a_sound_device_that_opens_but_is_muted(settings_file: Path) -> None:
    finding = found(settings_file, factories())["sound"]
    assert str(finding) == 'wrong sound: The sound is muted. Unmute it, for example with "unmute it".'


def test_a_voice_that_is_turned_down_to_nothing(settings_file: Path) -> None:
    player = Player(volume=lambda: 0)
    finding = found(settings_file, factories(audio=lambda settings: Audio(SilentVoice(), player, player)))["sound"]
    assert str(finding).startswith("wrong sound: The assistant's own volume is 0.")


@pytest.mark.parametrize("running", ["ok"], indirect=True)
@pytest.mark.usefixtures("running", "muted")
def test_a_running_assistant_whose_sound_is_muted(settings_file: Path) -> None:
    assert "The sound is muted." in found(settings_file, factories())["sound"].text


def test_sound_that_is_switched_off_is_not_broken(settings_file: Path) -> None:
    settings_file.write_text("sound: off\n")
    assert found(settings_file, factories(audio=lambda settings: Audio(Mute(), SilentSounds())))["sound"].ok


def test_a_language_that_does_not_exist(settings_file: Path) -> None:
    settings_file.write_text("language: xx\n")
    assert not found(settings_file, factories())["voices"].ok


def test_a_model_with_another_hash_is_named(
    settings_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = weights.manifest("expression").file.name
    (tmp_path / "models" / "expression").mkdir(parents=True)
    (tmp_path / "models" / "expression" / file).write_bytes(b"another")
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path / "models"))
    finding = found(settings_file, factories())["models"]
    assert not finding.ok
    assert file in finding.text


def test_a_model_that_is_described_but_not_installed_is_not_broken(
    settings_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "models" / "optional"
    folder.mkdir(parents=True)
    manifest = (weights.data_folder("models") / "expression" / manifests.MANIFEST).read_text(encoding="utf-8")
    named = manifest.replace("name: expression\n", "name: optional\n", 1).replace("expression.tflite", "other.tflite")
    (folder / manifests.MANIFEST).write_text(named)
    monkeypatch.setenv("ASSISTANT_MODELS", str(tmp_path / "models"))
    finding = found(settings_file, factories())["models"]
    assert finding.ok
    assert "Not installed, and not needed:" in finding.text
    assert "optional" in finding.text


def test_a_model_that_the_settings_need(settings_file: Path) -> None:
    def missing(settings: Settings) -> None:
        raise ModelMissing('The weights of the model "yunet" are not installed.', "Install them.")

    finding = found(settings_file, factories(try_senses=missing))["models"]
    assert str(finding) == 'wrong models: The weights of the model "yunet" are not installed. Install them.'


def people_row(path: Path) -> str:
    return str(found(path, factories())["people"])


def test_nobody_is_learnt_and_no_network_is_installed(settings_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert people_row(settings_file).startswith("ok people: nobody is learnt; face-recognition@")
    without_network(monkeypatch)
    assert people_row(settings_file) == ("ok people: nobody is learnt; no network that recognises people is installed.")
    People(state_folder(), "toy@1").add([learnt("Ana")])
    assert people_row(settings_file).startswith("wrong people: 1 person is learnt, but no network")
    settings_file.write_text("context: work\n")
    assert people_row(settings_file) == "ok people: names are switched off in the settings, by context."


@needs(RETAIL)
def test_people_with_their_network(settings_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install_network(tmp_path, monkeypatch)
    digits = weights.manifest("face-reidentification-retail-0095").file.sha256[:12]
    people = People(state_folder(), model := model_in_use())
    people.add([learnt("Ana", model=model), learnt("Tom", [7], model=model)])
    path = state_folder() / FILE
    assert people_row(settings_file) == (
        f"ok people: 2 people are learnt; {model} recognises them (SHA-256 {digits}). "
        f"Only this user may read {path} (mode 600)."
    )
    path.chmod(0o644)
    assert "Others could read the file until now; it is closed to them." in people_row(settings_file)
    assert path.stat().st_mode & 0o777 == 0o600
    people.add([learnt("Eva", [8], model="old@1")])
    assert "1 of them must be learnt again." in people_row(settings_file)
    people.forget("Ana")
    people.forget("Tom")
    assert people_row(settings_file).startswith("wrong people: ")
    path.write_bytes(b"damaged")
    assert "is damaged" in people_row(settings_file)
    path.unlink()
    path.mkdir()
    assert "no ordinary file" in people_row(settings_file)


@pytest.mark.parametrize("running", ["ok"], indirect=True)
@pytest.mark.usefixtures("running")
def test_people_of_a_running_assistant(settings_file: Path) -> None:
    assert people_row(settings_file).startswith("ok people: 25 people are learnt; ")
    assert people_row(settings_file).endswith("The running assistant keeps them.")


def test_a_disk_that_is_full(settings_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "FREE_MB", 10**12)
    finding = found(settings_file, factories())["disk"]
    assert not finding.ok
    assert finding.needed


def test_keys_are_counted(settings_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "INPUT", tmp_path)
    assert "no keyboard" in found(settings_file, factories())["keys"].text
    (tmp_path / "event0").touch()
    assert "1 input device" in found(settings_file, factories())["keys"].text


class Running:
    """An assistant that runs, as far as the control socket shows."""

    def __init__(self, camera: str) -> None:
        self._camera = camera
        self._people = People(state_folder() / "of-the-service", "toy@1")
        self._people.add([learnt(f"Somebody {number}", [number]) for number in range(25)])

    def press(self, source: str) -> None: ...

    def release(self, source: str) -> None: ...

    def hold(self, verb: str, source: str) -> Mapping[str, Any]:
        raise AssertionError("the doctor holds no key")

    def ask(self, verb: str, source: str, about: str = "") -> Mapping[str, Any]:
        if verb == "people":
            return people_requests.serve(self._people, about)
        assert source == SILENTLY
        return {"ok": True, "camera": self._camera, "fps": 14.5, "engine": "espeak"}


@pytest.fixture
def running(request: pytest.FixtureRequest) -> Iterator[None]:
    stop, trigger = Event(), ControlSocket()
    trigger.open()
    thread = Thread(target=trigger.serve, args=(Running(request.param), stop.is_set))
    thread.start()
    yield
    stop.set()
    thread.join()
    trigger.close()


@pytest.mark.parametrize(
    ("running", "ok", "text"),
    [("ok", True, "14.5 pictures a second"), ("off", True, "off"), ("camera_lost", False, "The camera is gone")],
    indirect=["running"],
)
@pytest.mark.usefixtures("running")
def test_camera_and_sound_of_a_running_assistant_are_left_alone(settings_file: Path, ok: bool, text: str) -> None:
    findings = found(
        settings_file,
        factories(camera=lambda settings: OpenCVCamera(99), audio=lambda settings: Audio(Mute(), SilentSounds())),
    )
    assert str(findings["sound"]) == "ok sound: the running assistant speaks with espeak."
    assert findings["camera"].ok is ok
    assert text in findings["camera"].text
    assert "the running assistant answers" in findings["socket"].text


def test_the_command_line_ends_with_1_when_something_needed_is_wrong(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"camera: {{source: '{tmp_path}/none.png'}}\nspeech: {{engine: silent}}\n")
    done = CliRunner().invoke(cli, ["doctor", "--config", str(path)])
    assert done.exit_code == 1
    assert "wrong camera: There is no file" in done.output


def test_the_command_line_ends_with_0_when_all_is_well(tmp_path: Path) -> None:
    astronaut = pytest.importorskip("skimage.data").astronaut()
    cv2.imwrite(str(tmp_path / "portrait.png"), astronaut[0:330, 75:375, ::-1])
    path = tmp_path / "config.yaml"
    path.write_text(f"camera: {{source: '{tmp_path}/portrait.png'}}\nspeech: {{engine: silent}}\nskills: [light]\n")
    done = CliRunner().invoke(cli, ["doctor", "--speak", "--config", str(path)])
    assert done.exit_code == 0, done.output
    assert [line.split()[0] for line in done.output.splitlines()] == ["ok"] * 10
    aimed = CliRunner().invoke(cli, ["doctor", "--aim", "--config", str(path)])
    assert aimed.output == "A person is ahead.\n"
