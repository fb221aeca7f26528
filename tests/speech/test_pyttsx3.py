"""The watched child, with stand-ins that end well, fail, hang and leave something behind."""

import sys
import time
from pathlib import Path
from threading import Event, Timer

import pytest

from assistant.domain.values import Utterance
from assistant.errors import SpeechError
from assistant.speech.player import Player
from assistant.speech.pyttsx3_engine import Pyttsx3Voice
from assistant.speech.style import Style
from tests.speech.sound import Loudspeaker

pytestmark = pytest.mark.usefixtures("ear")
HELLO = Utterance("Hello.", "en")
HANG_S = 30.0

NOTE = """
import os, pathlib, sys
request = sys.stdin.readline()
if request:
    with open({path!r}, "a") as file:
        file.write(request)
        file.write(os.environ["TMPDIR"] + "\\n")
    pathlib.Path(os.environ["TMPDIR"], "sound.wav").touch()
"""
HANG = (
    NOTE
    + """
if request:
    import subprocess, time
    grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    with open({path!r}, "a") as file:
        file.write(str(grandchild.pid) + "\\n")
    time.sleep(600)
"""
)


def _speaker(player: Player, code: str, start_s: float = HANG_S, rate_wpm: int = 170) -> Pyttsx3Voice:
    return Pyttsx3Voice(
        player=player, style=lambda: Style(rate_wpm=rate_wpm), child=(sys.executable, "-c", code), start_s=start_s
    )


def _lines(path: Path, count: int) -> list[str]:
    end = time.monotonic() + HANG_S
    while not path.exists() or len(path.read_text().splitlines()) < count:
        assert time.monotonic() < end
        time.sleep(0.01)
    return path.read_text().splitlines()


def _gone(pid: int) -> bool:
    """Whether a process has ended (one that nobody waited for counts as ended)."""
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text().rpartition(")")[2].split()[0] in "ZX"


def _wait_until_gone(pid: int) -> None:
    end = time.monotonic() + HANG_S
    while not _gone(pid):
        assert time.monotonic() < end
        time.sleep(0.01)


def test_each_sentence_goes_to_a_child_of_its_own_that_was_started_ahead(player: Player, tmp_path: Path) -> None:
    noted = tmp_path / "noted"
    speaker = _speaker(player, NOTE.format(path=str(noted)))
    speaker.speak(Utterance("Grüße, „Maria“.", "de"), Event())
    speaker.speak(HELLO, Event())
    speaker.close()
    first, folder, second, other = _lines(noted, 4)
    assert "Gr\\u00fc" in first
    assert '"voice": "en-us"' in second
    assert folder != other
    assert not Path(folder).exists()


def test_a_child_that_hangs_is_killed_with_what_it_started_and_the_next_sentence_has_a_new_one(
    player: Player, tmp_path: Path
) -> None:
    lines: list[str] = []
    for patience_s in (1.0, 5.0, 25.0):  # On a very busy machine a child is killed before it has begun.
        noted = tmp_path / f"noted in {patience_s} s"
        speaker = _speaker(player, HANG.format(path=str(noted)), start_s=patience_s, rate_wpm=700)
        for _ in range(2):
            began = time.monotonic()
            with pytest.raises(SpeechError, match="did not end"):
                speaker.speak(HELLO, Event())
            assert patience_s < time.monotonic() - began < patience_s + HANG_S
        speaker.close()
        lines = noted.read_text().splitlines() if noted.exists() else []
        if len(lines) == 6:
            break
    folders, grandchildren = lines[1::3], lines[2::3]
    assert len(set(folders)) == len(set(grandchildren)) == 2
    assert not any(Path(folder).exists() for folder in folders)
    for grandchild in grandchildren:
        _wait_until_gone(int(grandchild))


def test_a_cancelled_sentence_ends_with_its_child(player: Player, tmp_path: Path) -> None:
    noted, cancelled = tmp_path / "noted", Event()
    speaker = _speaker(player, HANG.format(path=str(noted)))
    Timer(0.5, cancelled.set).start()
    began = time.monotonic()
    speaker.speak(HELLO, cancelled)
    assert time.monotonic() - began < HANG_S
    speaker.close()
    for line in (noted.read_text().splitlines() if noted.exists() else [])[2:]:
        _wait_until_gone(int(line))


def test_a_child_that_fails_is_an_error(player: Player) -> None:
    speaker = _speaker(player, "import sys; sys.stdin.readline(); sys.exit(3)")
    with pytest.raises(SpeechError, match="status 3"):
        speaker.speak(HELLO, Event())
    speaker.close()


def test_a_child_that_ended_before_it_was_asked_is_an_error(player: Player) -> None:
    speaker = _speaker(player, "pass")
    for _ in range(2):
        with pytest.raises(SpeechError):
            speaker.speak(Utterance("x" * 100_000, "en"), Event())
    speaker.close()


def test_a_command_that_does_not_exist_is_an_error(player: Player) -> None:
    speaker = Pyttsx3Voice(player=player, style=Style, child=("/nowhere/python",))
    with pytest.raises(SpeechError, match="cannot be started"):
        speaker.speak(HELLO, Event())
    speaker.close()


def test_without_a_sound_device_no_child_is_asked(ear: Loudspeaker, player: Player, tmp_path: Path) -> None:
    ear.stop()
    speaker = _speaker(player, NOTE.format(path=str(tmp_path / "noted")))
    with pytest.raises(SpeechError, match="does not open"):
        speaker.speak(HELLO, Event())
    speaker.close()
    assert not (tmp_path / "noted").exists()
