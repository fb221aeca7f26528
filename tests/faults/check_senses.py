"""Parts that fail: senses, cameras, voices, keys of another package, and models that are damaged on disk."""

import shutil
from collections.abc import Callable
from pathlib import Path
from time import sleep

import pytest

from tests.e2e.program import Running
from tests.faults.conftest import Start, Watch, until, write
from tests.faults.stand_in import StandIn
from tests.faults.table import ROOT, fault

Mood = Callable[[str], None]


def answers(house: Running, message: str = "nobody") -> bool:
    return bool(house.ask("now")["message"] == message)


def alerts(house: Running) -> list[str]:
    return [event["message"] for event in house.events() if event["urgency"] == "alert"]


@pytest.mark.parametrize("what", ["look fails", "look none", "look exits"])
@fault(
    "A sense fails always",
    how="a sense of another package that raises, gives None or exits at every look, in turn; then works again",
    said=("fault_sense", "sense_back"),
    told_s=10,
    well_s=40,
)
def test_a_sense_that_fails_always(what: str, start: Start, camera: StandIn, mood: Mood, watch: Watch) -> None:
    with start(camera={"source": camera.url}, senses=["faces", "light", "moody"]) as house:
        until(lambda: answers(house))
        mood(what)
        watch.begin()
        watch.told(lambda: "fault_sense" in house.messages(), house.events)
        sleep(4)
        assert answers(house)  # What the others see counts.
        assert house.messages().count("fault_sense") == 1
        mood("good")
        watch.begin()
        watch.well(lambda: "sense_back" in house.messages(), house.events)


@fault(
    "A sense fails now and then",
    how="a sense of another package that raises at every third look, for 8 s",
    said="fault_sense",
    told_s=10,
)
def test_a_sense_that_fails_now_and_then(start: Start, camera: StandIn, mood: Mood, watch: Watch) -> None:
    with start(camera={"source": camera.url}, senses=["faces", "light", "moody"]) as house:
        until(lambda: answers(house))
        mood("third fails")
        watch.begin()
        watch.told(lambda: "fault_sense" in house.messages(), house.events)
        sleep(8)
        assert len(alerts(house)) <= 3, house.events()
        assert house.errors().count("Traceback") <= 5
        assert answers(house)


@fault(
    "A sense hangs",
    how="a sense of another package that takes 6 s for one look",
    said="sense_slow",
    told_s=10,
    well_s=15,
)
def test_a_sense_that_hangs(start: Start, camera: StandIn, mood: Mood, watch: Watch) -> None:
    with start(camera={"source": camera.url}, senses=["faces", "light", "moody"]) as house:
        until(lambda: answers(house))
        mood("look hangs")
        watch.begin()
        sleep(0.5)
        mood("good")
        watch.told(lambda: "sense_slow" in house.messages(), house.events)
        assert not {"camera_lost", "cannot_see"} & set(house.messages())
        watch.begin()
        watch.well(lambda: answers(house), house.events)


@pytest.mark.parametrize("kind", ["camera", "sense", "detector", "trigger"])
@pytest.mark.parametrize("broken", ["absent", "moody"])
@fault(
    "New settings name a part that cannot be made",
    how="a camera, sense, detector or trigger whose import or constructor fails, in turn, saved while it runs",
    said=("(that there is a mistake, or which part failed)",),
    told_s=15,
)
def test_a_part_that_cannot_be_made(
    broken: str, kind: str, start: Start, camera: StandIn, mood: Mood, watch: Watch, folder: Path
) -> None:
    good = {"camera": {"source": camera.url}}
    with start(**good) as house:
        until(lambda: answers(house))
        mood("made fails")
        named = {
            "camera": {"camera": {"source": broken}},
            "sense": good | {"senses": ["faces", "light", broken]},
            "detector": good | {"senses": ["faces"], "faces": {"detector": broken}},
            "trigger": good | {"triggers": ["socket", broken]},
        }[kind]
        write(folder, **named)
        watch.begin()
        watch.told(lambda: len(alerts(house)) > 0, lambda: f"{house.events()} {house.errors()[-3000:]}")
        until(lambda: answers(house), house.events)


@pytest.mark.parametrize("kind", ["camera", "sense", "detector", "speaker", "trigger"])
@fault(
    "A service starts with a part that cannot be made",
    how="as a service, with a camera, sense, detector, voice or trigger whose constructor fails, in turn",
)
def test_a_service_with_a_part_that_cannot_be_made(
    kind: str, start: Start, camera: StandIn, mood: Mood, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(folder / "nobody-listens"))
    mood("made exits")
    named = {
        "camera": {"camera": {"source": "moody"}},
        "sense": {"senses": ["faces", "light", "moody"]},
        "detector": {"senses": ["faces"], "faces": {"detector": "moody"}},
        "speaker": {"speech": {"engine": "moody"}},
        "trigger": {"triggers": ["socket", "moody"]},
    }[kind]
    with start(
        "--source", camera.url, *(() if kind == "speaker" else ("--engine", "silent")), greeting="", **named
    ) as house:
        until(lambda: house.ask("now")["ok"], house.errors)


@pytest.mark.parametrize("what", ["read fails", "read exits", "open fails"])
@fault(
    "The code of a camera fails",
    how="a camera of another package that raises or exits when opened or read, in turn; then works again",
    said="camera_lost",
    told_s=10,
    well_s=20,
)
def test_the_code_of_a_camera_fails(what: str, start: Start, mood: Mood, watch: Watch) -> None:
    with start(camera={"source": "moody"}) as house:
        until(lambda: answers(house))
        mood(what if what.startswith("read") else "fails")
        watch.begin()
        watch.told(lambda: "camera_lost" in house.messages(), house.events)
        mood("good")
        watch.begin()
        watch.well(lambda: answers(house), house.events)


@pytest.mark.parametrize("what", ["serve fails", "serve exits", "open fails"])
@fault(
    "The code of a trigger fails",
    how="a trigger of another package that raises or exits when opened or served, in turn",
    said="trigger_lost",
    told_s=10,
)
def test_the_code_of_a_trigger_fails(what: str, start: Start, camera: StandIn, mood: Mood, watch: Watch) -> None:
    if what.startswith("open"):
        mood(what)
    with start(camera={"source": camera.url}, triggers=["socket", "moody"]) as house:
        mood(what)
        watch.begin()
        watch.told(lambda: "trigger_lost" in house.messages(), house.events)
        until(lambda: answers(house))  # The others go on.


@pytest.mark.parametrize("what", ["speak fails", "speak exits"])
@fault(
    "The code of a voice fails",
    how="a voice of another package that raises or exits when it speaks, in turn; the next voice steps in",
)
def test_the_code_of_a_voice_fails(what: str, start: Start, camera: StandIn, mood: Mood) -> None:
    with start(camera={"source": camera.url}, speech={"engine": "moody"}) as house:
        mood(what)
        for _ in range(3):
            assert house.ask("now")["ok"]
            sleep(0.5)
        mood("good")
        house.ask("disclose")
        house.wait_for_message("disclose")


@pytest.fixture
def copy(folder: Path) -> Path:
    """The program with its data, in a folder of its own, to be damaged."""
    tree = folder / "tree"
    left_out = shutil.ignore_patterns("training", "__pycache__", "*.png", "*.npz")
    for name in ("assistant", "voices", "models"):
        shutil.copytree(ROOT / name, tree / name, ignore=left_out)
    shutil.copy(ROOT / "pyproject.toml", tree)
    return tree


@fault(
    "A model is cut on the disk while it is in use",
    how="the weights of every network cut in place, to half their size",
)
def test_a_model_that_is_cut(start: Start, camera: StandIn, copy: Path) -> None:
    with start(popen={"cwd": copy}, camera={"source": camera.url}) as house:
        until(lambda: answers(house))
        for weights in (copy / "models").glob("*/*.tflite"):
            with weights.open("r+b") as file:
                file.truncate(weights.stat().st_size // 2)
        sleep(3)
        assert answers(house)


@fault(
    "A model is damaged, and good settings are saved",
    how="one bit of each network turned, then another setting saved while it runs",
    said="fault_model",
    told_s=15,
)
def test_a_damaged_model_at_new_settings(start: Start, camera: StandIn, copy: Path, folder: Path, watch: Watch) -> None:
    settings = {"camera": {"source": camera.url}}
    with start(popen={"cwd": copy}, **settings) as house:
        until(lambda: answers(house))
        for weights in (copy / "models").glob("*/*.tflite"):
            data = bytearray(weights.read_bytes())
            data[len(data) // 2] ^= 1
            weights.write_bytes(data)
        write(folder, verbosity="brief", **settings)
        watch.begin()
        watch.told(lambda: "fault_model" in str(house.events()), lambda: f"{house.events()} {house.errors()[-3000:]}")
        assert house.ask("now")["ok"]


@fault(
    "A file of sentences is damaged",
    how="a placeholder that does not exist in the sentence for nobody, in a copy of voices/en, before it starts",
)
def test_damaged_sentences(start: Start, camera: StandIn, copy: Path) -> None:
    sentences = copy / "voices" / "en" / "people.yaml"
    sentences.write_text(sentences.read_text(encoding="utf-8").replace('"Nobody in view."', '"Nobody in {room}."'))
    with start(popen={"cwd": copy}, camera={"source": camera.url}, greeting="") as house:
        for _ in range(3):
            assert house.ask("now")["ok"]
            sleep(0.3)
        house.ask("disclose")
        house.wait_for_message("disclose")
