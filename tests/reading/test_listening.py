"""A long page, read aloud and steered while it is heard: from the keys or the socket to the sentences of the voice."""

import os
import pty
from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic, sleep

import numpy as np
import pytest

from assistant.commands import table
from assistant.devices.control_client import ask
from assistant.devices.control_socket import ControlSocket
from assistant.devices.replay_camera import ReplayCamera
from assistant.devices.terminal_keys import TerminalKeys
from assistant.domain.commands import keys
from assistant.domain.ports import Trigger
from assistant.domain.values import Urgency, announce
from assistant.errors import ModelMissing
from assistant.skills.reading import ReadSkill
from assistant.skills.text.reader import ChildReader
from tests.reading.pages import KINDS
from tests.reading.texts import TEXTS
from tests.scripted import HANG_S, House, ScriptedSense

LONGEST_S = 180.0
"""A page may take so long until it is read, on a machine that is busy with other things."""
SECONDS_PER_LETTER = 0.1
"""Each sentence lasts for seconds, so that it is steered while it is heard."""
BEGIN = ["A page, about 80 words.", "Dear Mrs Whitfield.", "Thank you for your letter of 14 March."]
LIFT = "The lift in your house will be repaired between Monday, 3 April, and Wednesday, 5 April."
PORTER = "During these three days please use the stairs at the back of the building; our porter will gladly carry your "


class Listener:
    """Hears a page read in a running house, and steers it."""

    def __init__(self, house: House, press: Callable[[str], object]) -> None:
        self.house = house
        self.press = press
        self.heard: list[str] = []

    def said(self) -> list[str]:
        """Every sentence that the voice began, from the page on."""
        every = [utterance.text for utterance in self.house.voice.said]
        return every[every.index(BEGIN[0]) :] if BEGIN[0] in every else []

    def reads(self) -> None:
        """Asks, and waits for what the page is: reading takes long on a busy machine."""
        self.press("read")
        until = monotonic() + LONGEST_S
        while not self.said() and monotonic() < until:
            sleep(0.05)

    def hears(self, *sentences: str) -> None:
        """Waits until so many have begun; these must be the last of them."""
        wanted = len(self.heard) + len(sentences)
        self.house.wait_for(lambda: len(self.said()) >= wanted)
        assert self.said()[wanted - len(sentences) : wanted] == list(sentences)
        self.heard = self.said()[:wanted]


def house(trigger: Trigger) -> House:
    try:
        ChildReader().check()
    except ModelMissing as missing:
        pytest.skip(str(missing))
    page = KINDS["letter"](TEXTS["en"], "DejaVuSans", 26).pixels
    camera = ReplayCamera([np.ascontiguousarray(page)], realtime=True, fps=5, loop=True)
    return House(
        ScriptedSense(lambda at: None),
        camera,
        skills=[ReadSkill()],
        triggers=[trigger],
        seconds_per_letter=SECONDS_PER_LETTER,
    )


@pytest.fixture
def listener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Listener]:
    """Asked by a program, or by somebody who types."""
    if getattr(request, "param", "socket") == "socket":
        path = tmp_path / "control.socket"
        with house(ControlSocket(path)).running() as running:
            running.wait_for(lambda: "ready" in running.messages())
            yield Listener(running, lambda verb: ask(path, {"ask": verb}, HANG_S))
        return
    typed, program = pty.openpty()
    letters = {verb: key for key, verb in keys(table([ReadSkill()])).items()}
    with house(TerminalKeys(program, keys(table([ReadSkill()])))).running() as running:
        running.wait_for(lambda: "ready" in running.messages())
        yield Listener(running, lambda verb: os.write(typed, letters[verb].encode()))
    os.close(typed)
    os.close(program)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("listener", ["socket", "keys"], indirect=True)
def test_a_page_is_steered_sentence_by_sentence(listener: Listener) -> None:
    listener.reads()
    listener.hears(BEGIN[0])
    listener.press("next")
    listener.hears(BEGIN[1])
    listener.press("again")
    listener.hears(BEGIN[1])
    listener.press("spell")
    listener.hears("D, e, a, r. M, r, s. W, h, i, t, f, i, e, l, d.")
    listener.press("next")
    listener.hears(BEGIN[2])
    listener.press("next")
    listener.hears(LIFT)
    listener.house.runtime._queue.put(announce("camera_absent", urgency=Urgency.ALERT, topic="camera"))
    listener.hears("No camera is connected.", LIFT)  # what was interrupted is said again, and it goes on
    listener.press("next")
    listener.hears(PORTER + "shopping.")
    listener.press("stop")
    listener.house.wait_for(lambda: "read_page" in listener.house.messages("cut"))
    assert listener.said() == listener.heard


@pytest.mark.timeout(300)
def test_after_the_last_sentence_there_is_none_and_it_can_be_heard_and_spelled_again(listener: Listener) -> None:
    listener.reads()
    listener.hears(BEGIN[0])
    while listener.said()[-1] != "J. Quaysworth.":
        before = len(listener.said())
        listener.press("next")
        listener.house.wait_for(lambda before=before: len(listener.said()) > before)
    listener.press("next")
    listener.house.wait_for(lambda: "read_page" in listener.house.messages())
    listener.heard = listener.said()
    listener.press("spell")
    listener.hears("J, dot. Q, u, a, y, s, w, o, r, t, h.")
    listener.press("stop")
    listener.press("next")
    listener.house.wait_for(lambda: "nothing_follows" in listener.house.messages())
