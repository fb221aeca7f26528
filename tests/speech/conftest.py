"""What the tests of speech share."""

from collections.abc import Iterator

import pytest

from assistant.speech.player import Player
from tests.speech.sound import Loudspeaker, loudspeaker


@pytest.fixture(scope="session")
def sound_server() -> Iterator[Loudspeaker]:
    """One sound server for all tests of the session: its first two seconds are slow."""
    with loudspeaker() as speaker:
        yield speaker


@pytest.fixture
def player() -> Iterator[Player]:
    """The default sound device, let go at the end."""
    player = Player()
    yield player
    player.close()


@pytest.fixture
def ear(sound_server: Loudspeaker, monkeypatch: pytest.MonkeyPatch) -> Loudspeaker:
    """A loudspeaker as this process's default sound device, recorded from now on."""
    if not sound_server.running:
        sound_server.stop()
        sound_server.start()
    for variable, value in sound_server.environment.items():
        monkeypatch.setenv(variable, value)
    sound_server.listen()
    return sound_server
