"""SSIP, with a server of the test's own that follows a script, and what it makes of our settings."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest

from assistant.domain.values import Utterance
from assistant.errors import SpeechError
from assistant.speech import dispatcher
from assistant.speech.dispatcher import DispatcherVoice, changes, socket_path
from assistant.speech.player import Player
from assistant.speech.style import Style

pytestmark = pytest.mark.usefixtures("ear")
HELLO = Utterance("Hello there.", "en")
HANG_S = 30.0

Answer = Callable[[str], str]


class Server:
    """Answers each line by a rule; remembers what it was told."""

    def __init__(self, address: Path, answer: Answer) -> None:
        self.address = address
        self.told: list[str] = []
        self._answer = answer
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(address))
        self._socket.listen()
        self._socket.settimeout(HANG_S)

    def serve(self) -> None:
        """Serves one client after the other, until it is closed."""
        try:
            while True:
                client, _ = self._socket.accept()
                with client, client.makefile("rb") as lines:
                    for line in lines:
                        self.told.append(line.decode().strip())
                        client.sendall(self._answer(self.told[-1]).encode())
        except OSError:
            return

    def close(self) -> None:
        """Ends it."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def well(line: str) -> str:
    """Answers as the real one does."""
    if line == "SPEAK":
        return "230 OK RECEIVING DATA\r\n"
    if line == ".":
        begun = "225-7\r\n225 OK MESSAGE QUEUED\r\n701-7\r\n701-1\r\n701 BEGIN\r\n"
        return begun + "702-7\r\n702-1\r\n702 END\r\n"
    if line == "CANCEL SELF":
        return "210 OK CANCELED\r\n703-7\r\n703-1\r\n703 CANCELED\r\n"
    return "200 OK\r\n" if line.startswith("SET") else ""


def endless(line: str) -> str:
    """Begins to speak and never ends."""
    return "225-7\r\n225 OK MESSAGE QUEUED\r\n" if line == "." else well(line)


@contextmanager
def served(
    folder: Path, answer: Answer = well, style: Callable[[], Style] = Style
) -> Iterator[tuple[DispatcherVoice, Server]]:
    server = Server(folder / "s", answer)
    thread = Thread(target=server.serve)
    thread.start()
    player = Player()
    speaker = DispatcherVoice(player=player, style=style, address=server.address, spawn=False)
    try:
        yield speaker, server
    finally:
        speaker.close()
        player.close()
        server.close()
        thread.join(HANG_S)
        assert not thread.is_alive()


def test_a_sentence_is_spoken_to_its_end_in_its_language(tmp_path: Path) -> None:
    with served(tmp_path) as (speaker, server):
        speaker.speak(HELLO, Event())
        speaker.speak(Utterance("Hallo.", "de"), Event())
        assert "SET SELF LANGUAGE en" in server.told
        assert server.told[-4:] == ["SET SELF LANGUAGE de", "SPEAK", "Hallo.", "."]


def test_no_text_can_end_its_own_message(tmp_path: Path) -> None:
    with served(tmp_path) as (speaker, server):
        speaker.speak(Utterance(".\r\n.\r\nQUIT", "en"), Event())
        assert server.told[-2:] == [".. . QUIT", "."]


def test_a_cancelled_sentence_is_cancelled_there(tmp_path: Path) -> None:
    cancelled = Event()

    def stopped_soon(line: str) -> str:
        if line == ".":
            cancelled.set()
        return endless(line)

    with served(tmp_path, stopped_soon) as (speaker, server):
        speaker.speak(HELLO, cancelled)
        assert server.told[-1] == "CANCEL SELF"


def test_the_end_of_an_earlier_sentence_is_not_taken_for_ours(tmp_path: Path) -> None:
    cancelled = Event()

    def late(line: str) -> str:
        if line == ".":
            cancelled.set()
            return "225-8\r\n225 OK MESSAGE QUEUED\r\n702-7\r\n702-1\r\n702 END\r\n"
        return "" if line == "CANCEL SELF" else well(line)

    with served(tmp_path, late) as (speaker, _), pytest.raises(SpeechError, match="did not end"):
        speaker.speak(HELLO, cancelled)


def test_what_was_cancelled_before_it_began_is_not_sent(tmp_path: Path) -> None:
    with served(tmp_path) as (speaker, server):
        cancelled = Event()
        cancelled.set()
        speaker.speak(HELLO, cancelled)
        assert server.told == []


def test_a_server_that_hangs_up_is_an_error_and_is_called_again(tmp_path: Path) -> None:
    with served(tmp_path) as (speaker, server):
        speaker.speak(HELLO, Event())
        assert speaker._session
        speaker._session._socket.shutdown(socket.SHUT_RDWR)
        with pytest.raises(SpeechError, match="does not answer"):
            speaker.speak(HELLO, Event())
        speaker.speak(HELLO, Event())
        assert server.told.count("SET SELF CLIENT_NAME user:assistant:main") == 2


def test_a_refusal_is_an_error(tmp_path: Path) -> None:
    with (
        served(tmp_path, lambda line: "409 ERR RATE TOO HIGH\r\n") as (speaker, _),
        pytest.raises(SpeechError, match="409 ERR RATE TOO HIGH"),
    ):
        speaker.speak(HELLO, Event())


def test_a_server_that_is_just_ending_is_followed_by_a_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, player: Player
) -> None:
    address = tmp_path / "s"
    with socket.socket(socket.AF_UNIX) as ended:
        ended.bind(str(address))  # Its socket is still there, and nobody listens.
    starts: list[Server] = []

    def start() -> bool:
        address.unlink()
        starts.append(Server(address, well))
        if len(starts) == 1:
            starts[0].close()  # The one that is ending stood in its way.
        else:
            Thread(target=starts[1].serve).start()
        return True

    monkeypatch.setattr(dispatcher, "_start_server", start)
    speaker = DispatcherVoice(player=player, style=Style, address=address)
    speaker.speak(HELLO, Event())
    speaker.close()
    starts[1].close()
    assert "Hello there." in starts[1].told


def test_a_server_that_is_not_installed_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, player: Player
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    speaker = DispatcherVoice(player=player, style=Style, address=tmp_path / "s")
    with pytest.raises(SpeechError, match="Install speech-dispatcher"):
        speaker.speak(HELLO, Event())
    speaker.close()


def test_no_server_is_an_error(tmp_path: Path, player: Player) -> None:
    speaker = DispatcherVoice(player=player, style=Style, address=tmp_path / "s", spawn=False)
    with pytest.raises(SpeechError, match="does not answer"):
        speaker.speak(HELLO, Event())
    speaker.close()


def test_the_users_own_settings_are_left_alone_unless_ours_were_changed() -> None:
    usual, own = Style(), Style(rate_wpm=80, pitch=60, volume=50, punctuation=True)
    assert changes(usual, usual) == []
    lines = ["SET SELF RATE -100", "SET SELF PITCH 20", "SET SELF VOLUME 0", "SET SELF PUNCTUATION all"]
    assert changes(usual, own) == lines
    assert changes(own, own) == []
    assert changes(own, usual)[0] == "SET SELF RATE 0"
    assert changes(usual, Style(rate_wpm=700)) == ["SET SELF RATE 100"]


def test_what_is_turned_between_sentences_is_told_once(tmp_path: Path) -> None:
    rates = iter((170, 250, 250))
    with served(tmp_path, style=lambda: Style(rate_wpm=next(rates))) as (speaker, server):
        for _ in range(3):
            speaker.speak(HELLO, Event())
        assert [line for line in server.told if "RATE" in line] == ["SET SELF RATE 29"]


@pytest.mark.parametrize(
    ("environment", "path"),
    [
        ({"SPEECHD_ADDRESS": "unix_socket:/a/b"}, Path("/a/b")),
        (
            {"SPEECHD_ADDRESS": "inet_socket:127.0.0.1:6560", "XDG_RUNTIME_DIR": "/r"},
            Path("/r/speech-dispatcher/speechd.sock"),
        ),
        ({"XDG_RUNTIME_DIR": "/r"}, Path("/r/speech-dispatcher/speechd.sock")),
        ({}, Path.home() / ".cache/speech-dispatcher/speechd.sock"),
    ],
)
def test_where_it_listens(environment: dict[str, str], path: Path) -> None:
    assert socket_path(environment) == path
