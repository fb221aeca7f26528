"""The first run explains the program, once; the context is told, and what is wrong with the settings."""

import gc
import os
import signal
from pathlib import Path

import pytest
from PIL import Image

from assistant import composition, session
from assistant.domain.values import Outcome, Urgency
from assistant.environment import SpokenEvent
from assistant.errors import ConfigError
from assistant.runtime import Runtime
from assistant.settings import Camera, Settings
from assistant.store import tour
from assistant.store.choices import state_folder


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))


def hear(message: str, outcome: Outcome) -> None:
    events: list[SpokenEvent] = []
    event = SpokenEvent(0.0, message, "", "answer", outcome.value)
    composition.remembering_the_tour(events.append)(event)
    assert events == [event]


def test_the_tour_comes_first_and_can_be_stopped_like_an_answer() -> None:
    greeting = composition.greeting(Settings(), "ready")
    assert (greeting.message, greeting.urgency) == ("tour", Urgency.ANSWER)
    assert [phrase.message for phrase in greeting.phrases[1:]] == ["ready"]


@pytest.mark.parametrize(
    ("outcome", "again"), [(Outcome.PLAYED, False), (Outcome.INTERRUPTED, False), (Outcome.DROPPED, True)]
)
def test_it_is_not_told_again_once_it_was_heard_or_skipped(outcome: Outcome, again: bool) -> None:
    hear("tour", outcome)
    assert tour.told(state_folder()) is not again
    assert (composition.greeting(Settings(), "ready").message == "tour") is again


def test_other_sentences_are_no_tour() -> None:
    hear("ready", Outcome.PLAYED)
    assert not tour.told(state_folder())


def test_it_is_not_told_to_a_file_nor_where_it_is_switched_off(tmp_path: Path) -> None:
    (tmp_path / "video.mkv").touch()
    for settings in (
        Settings(camera=Camera(source=str(tmp_path / "video.mkv"))),
        Settings(camera=Camera(source="demo")),
        Settings(tour=False),
    ):
        assert composition.greeting(settings, "ready").message == "ready"


def test_the_context_is_told() -> None:
    greeting = composition.greeting(Settings(context="work", tour=False), "ready")
    assert [phrase.message for phrase in greeting.phrases[1:]] == ["context_work"]


def test_a_mistake_in_the_settings_comes_before_all() -> None:
    mistake = ConfigError("made.yaml", ["Line 3: made for this test."], 3)
    greeting = composition.greeting(Settings(context="work"), "ready", mistake)
    assert (greeting.message, greeting.phrases[0].facts, greeting.urgency) == (
        "fault_config",
        {"line": 3},
        Urgency.ALERT,
    )
    assert [phrase.message for phrase in greeting.phrases[1:]] == ["ready", "context_work"]


def test_of_the_runtime_before_new_settings_nothing_is_left(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    Image.new("RGB", (64, 48)).save(tmp_path / "a.png")
    camera = f"{{source: {tmp_path}/a.png, loop: true}}"
    path.write_text(f"{{tour: false, triggers: [], senses: [light], camera: {camera}, speech: {{engine: silent}}}}")
    alive = []

    def hear(heard: SpokenEvent) -> None:
        if heard.message in ("ready", "settings_taken"):
            alive.append(sum(isinstance(each, Runtime) for each in gc.get_objects()))
            os.kill(os.getpid(), signal.SIGTERM if len(alive) > 2 else signal.SIGHUP)

    gc.collect()  # what other tests left behind
    others = sum(isinstance(each, Runtime) for each in gc.get_objects())
    session.run(path, lambda settings: settings, hear)
    assert alive == [others + 1] * 3
