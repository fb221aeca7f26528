"""What describes pictures, silent or gone."""

from pathlib import Path

from tests.faults.conftest import Start, Watch, until
from tests.faults.stand_in import StandIn
from tests.faults.table import fault
from tests.skills.captioning import served

DEADLINE_S = 2
FIRST = {"scene_first", "light_even", "light_from", "light_dark", "covered", "blurred", "too_dark"}


@fault(
    "The captioner falls silent",
    how="a server that says half of its answer and nothing more; its deadline is 2 s",
    said="captioner_failed",
    told_s=20,
)
def test_a_captioner_that_falls_silent(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    with served(folder, fault="silent"):
        _asked(start, camera, folder, watch)


@fault(
    "The captioner is not there",
    how="the settings name a socket that nobody serves",
    said="captioner_failed",
    told_s=20,
)
def test_a_captioner_that_is_not_there(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    _asked(start, camera, folder, watch)


def _asked(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    """Asks for the scene twice: the rest of it is told, then that the captioner does not answer; and all goes on."""
    captioner = {"socket": str(folder / "captions"), "deadline_s": DEADLINE_S}
    settings = {"camera": {"source": camera.url}, "skills": ["scene", "light"], "captioner": captioner}
    with start(**settings) as house:
        assert house.ask("scene") == {"ok": True}
        until(lambda: bool(FIRST & set(house.messages())), lambda: f"{house.events()} {house.errors()}")
        watch.begin()
        assert house.ask("scene") == {"ok": True}
        watch.told(lambda: "captioner_failed" in house.messages(), lambda: f"{house.events()} {house.errors()}")
        assert house.ask("now")["ok"]
