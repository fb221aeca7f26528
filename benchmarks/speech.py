"""How soon every voice is heard, and how soon it is silent: measured at the monitor of a sound server without a card.

The sound server, its recording, the gate that makes it slow and the way to run the program are those of the tests.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep

import pytest

from assistant.domain.values import announce
from assistant.settings import Settings, Speech
from assistant.speech.engines import ENGINES, make_audio
from assistant.speech.phrases import Phrases
from assistant.speech.player import FRESH_S
from assistant.speech.queue import SpeechQueue
from benchmarks.film import film as make_film
from benchmarks.rows import Row, row
from benchmarks.take import QUIET_S, Take
from tests.e2e.program import Running, running
from tests.speech.gate import gate
from tests.speech.sound import Loudspeaker, loudspeaker

RUNS = 15
SLOW_S = 2.0
"""How long the slow sound device takes to open, seconds."""
GOALS_MS = {"click": 60, "answer": 150, "stop": 60, "decision": 100, "slow": 300, "wait": 20}
SETTINGS = """\
camera: {{source: "{film}", loop: true}}
triggers: [socket]
verbosity: quiet
speech: {{engine: {engine}, earcons: {earcons}, keep_awake_s: {keep_awake_s}}}
"""


def measure() -> Iterator[Row]:
    """Click, answer, stop and decision of every voice that works here; nothing where there is no sound server."""
    try:
        with loudspeaker() as speaker, _folder() as folder, _environment(speaker.environment, folder):
            film = folder / "face.avi"
            make_film(film)
            for engine in ENGINES:
                yield from _engine(engine, speaker, film)
            yield from _slow_device(speaker, film)
    except pytest.skip.Exception as reason:
        print(f"speech: {reason}")


def _engine(engine: str, speaker: Loudspeaker, film: Path) -> Iterator[Row]:
    with _program(engine, film, "[click]") as house:
        if house is None:
            print(f"speech: {engine} does not work here")
            return
        clicks = [_click(house, speaker) for _ in range(RUNS)]
    yield _row(engine, "click", "press to click", clicks)
    with _program(engine, film, "[]") as house:
        ask, stop = partial(house.ask, "now"), partial(house.ask, "stop")
        answers, stops = zip(*(_sentence(speaker, ask, stop) for _ in range(RUNS)), strict=True)
    yield _row(engine, "answer", "press to speech", answers)
    yield _row(engine, "stop", "stop to silence", stops)
    with _queue(engine) as queue:
        put = partial(queue.put, announce("disclose"))
        decisions = [_sentence(speaker, put, queue.stop)[0] for _ in range(RUNS)]
    yield _row(engine, "decision", "queued to speech", decisions)


def _slow_device(speaker: Loudspeaker, film: Path) -> Iterator[Row]:
    """Presses while a device opens that takes two seconds: how long they wait, and how soon they are answered then."""
    waits: list[float] = []
    with gate(speaker) as way, _folder() as folder, _environment(way.environment, folder):
        for name, verb, earcons, presses in (
            ("open to answer", "now", "[]", [0.0]),
            ("open to click", "history", "[click]", [0.0, SLOW_S - FRESH_S / 2]),  # the first has waited too long
        ):
            with _program("espeak", film, earcons, keep_awake_s=QUIET_S / 4) as house:
                if house is None:
                    return
                ask, heard = partial(house.ask, verb), []
                for _ in range(RUNS):
                    with Take(speaker) as take:
                        way.shut()
                        waits += _presses(ask, presses)
                        opened = monotonic()
                        way.open()
                        take.wait_until(take.over)
                        heard.append(take.sound()[0] - opened)
            yield _row("device opens in 2 s", "slow", name, heard)
    yield _row("device opens in 2 s", "wait", "what a press waits", waits)


def _presses(ask: Callable[[], object], moments: Sequence[float]) -> Iterator[float]:
    """Presses at each moment, seconds from now, and ends after two; gives how long each press took, seconds."""
    began = monotonic()
    for moment in moments:
        sleep(max(0.0, began + moment - monotonic()))
        pressed = monotonic()
        ask()
        yield monotonic() - pressed
    sleep(max(0.0, began + SLOW_S - monotonic()))


def _row(engine: str, quantity: str, name: str, seconds: Sequence[float]) -> Row:
    return row(f"{engine}: {name}", "ms", [1000 * value for value in seconds], GOALS_MS[quantity])


def _click(house: Running, speaker: Loudspeaker) -> float:
    """From a press that is answered without speech to its click, seconds."""
    with Take(speaker) as take:
        pressed = monotonic()
        house.ask("history")
        take.wait_until(take.over)
        begin, _ = take.sound()
        return begin - pressed


def _sentence(speaker: Loudspeaker, ask: Callable[[], object], stop: Callable[[], object]) -> tuple[float, float]:
    """From asking to the first sound, and from the stop in mid-sentence to the last one, seconds."""
    with Take(speaker) as take:
        asked = monotonic()
        ask()
        take.wait_until(take.in_sentence)
        stopped = monotonic()
        stop()
        take.wait_until(take.over)
        begin, end = take.sound()
        return begin - asked, max(0.0, end - stopped)


@contextmanager
def _program(engine: str, film: Path, earcons: str, keep_awake_s: float = 0) -> Iterator[Running | None]:
    """The whole program on a film of a person, when it has said that it is ready; None if another voice said so."""
    with _folder() as folder:
        config = folder / "config.yaml"
        config.write_text(
            SETTINGS.format(film=film, engine=engine, earcons=earcons, keep_awake_s=keep_awake_s), encoding="utf-8"
        )
        with running(folder, "--config", str(config)) as house:
            house.wait_for_message("ready")
            speaks = house.ask("status")["engine"]
            house.ask("stop")
            yield house if speaks == engine else None


@contextmanager
def _queue(engine: str) -> Iterator[SpeechQueue]:
    """The queue with one voice, serving."""
    phrases, stopped = Phrases(), Event()
    audio = make_audio(Settings(speech=Speech(engine=engine)), phrases)
    queue = SpeechQueue(
        audio.voice, phrases.words, lambda announcement: True, lambda *told: None, monotonic, phrases.spelled
    )
    serving = Thread(target=queue.serve, args=(stopped.is_set,))
    serving.start()
    try:
        yield queue
    finally:
        stopped.set()
        queue.stop()
        serving.join()
        audio.close()


@contextmanager
def _folder() -> Iterator[Path]:
    """A folder for a while; speech-dispatcher, which ends by itself, may still write into it at its end."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@contextmanager
def _environment(sound: Mapping[str, str], folder: Path) -> Iterator[None]:
    """The sound server for this process and its children, and nothing of the user's own settings."""
    own = {f"XDG_{kind}": str(folder) for kind in ("RUNTIME_DIR", "CONFIG_HOME", "STATE_HOME")}
    before = dict(os.environ)
    os.environ.update(sound | own)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
