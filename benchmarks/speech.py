"""How soon every voice is heard, and how soon it is silent: measured at the monitor of a sound server without a card.

The sound server, its recording and the way to run the program are those of the tests. Positions in the recording are
put on the clock by the quickest of many looks at its length; what the recorder itself needs at least (it delivers 10 ms
at a time) is part of every figure.
"""

import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from threading import Event, Thread
from time import monotonic, sleep
from types import TracebackType

import cv2
import numpy as np
import pytest

from assistant.devices.demo_camera import FPS, HEIGHT, WIDTH, DemoCamera
from assistant.domain.values import announce
from assistant.settings import Settings, Speech
from assistant.speech.engines import ENGINES, make_audio
from assistant.speech.phrases import Phrases
from assistant.speech.queue import SpeechQueue
from benchmarks.rows import Row, row
from tests.e2e.program import Running, running
from tests.speech.sound import LOUD, RATE, Loudspeaker, loudspeaker

RUNS = 15
HANG_S = 60.0
SPOKEN_S = 0.4
"""How long a sentence is listened to before it is stopped, seconds."""
QUIET_S = 0.8
"""After so much silence a sentence is over, and a voice is ready for the next one, seconds."""
GOALS_MS = {"click": 60, "answer": 150, "stop": 60, "decision": 100}
SETTINGS = """\
camera: {{source: "{film}", loop: true}}
triggers: [socket]
verbosity: quiet
speech: {{engine: {engine}, earcons: {earcons}}}
"""


def measure() -> Iterator[Row]:
    """Click, answer, stop and decision of every voice that works here; nothing where there is no sound server."""
    try:
        with loudspeaker() as speaker, _folder() as folder, _environment(speaker.environment, folder):
            film = folder / "face.avi"
            _film(film)
            for engine in ENGINES:
                yield from _engine(engine, speaker, film)
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


def _row(engine: str, quantity: str, name: str, seconds: Sequence[float]) -> Row:
    return row(f"{engine}: {name}", "ms", [1000 * value for value in seconds], GOALS_MS[quantity])


def _click(house: Running, speaker: Loudspeaker) -> float:
    """From a press that is answered without speech to its click, seconds."""
    with _Take(speaker) as take:
        pressed = monotonic()
        house.ask("history")
        take.wait_until(take.over)
        begin, _ = take.sound()
        return begin - pressed


def _sentence(speaker: Loudspeaker, ask: Callable[[], object], stop: Callable[[], object]) -> tuple[float, float]:
    """From asking to the first sound, and from the stop in mid-sentence to the last one, seconds."""
    with _Take(speaker) as take:
        asked = monotonic()
        ask()
        take.wait_until(take.in_sentence)
        stopped = monotonic()
        stop()
        take.wait_until(take.over)
        begin, end = take.sound()
        return begin - asked, max(0.0, end - stopped)


class _Take:
    """A piece of the recording whose positions are known on the clock; it begins after some silence."""

    def __init__(self, speaker: Loudspeaker) -> None:
        self._speaker = speaker
        self._looks: list[tuple[float, float]] = []
        self._done = Event()
        self._looking = Thread(target=self._look)

    def __enter__(self) -> "_Take":
        self._speaker.listen()
        self.wait_until(self._silent)
        self._looking.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._done.set()
        self._looking.join()

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Waits for something that is seen in the recording.

        Raises:
            TimeoutError: it does not come.
        """
        end = monotonic() + HANG_S
        while not condition():
            if monotonic() > end:
                raise TimeoutError("nothing is heard, or no end")
            sleep(0.005)

    def in_sentence(self) -> bool:
        """Whether sound began some time ago and is heard at this moment, not in a pause."""
        loud = self._loud()
        return len(loud) > 0 and loud[-1] - loud[0] >= SPOKEN_S and self._speaker.now - loud[-1] < 0.05

    def over(self) -> bool:
        """Whether there was sound, and is none any more."""
        loud = self._loud()
        return len(loud) > 0 and self._speaker.now - loud[-1] > QUIET_S

    def sound(self) -> tuple[float, float]:
        """Beginning and end of all sound, on the clock."""
        loud = self._loud()
        return self._begun_at() + loud[0], self._begun_at() + loud[-1]

    def _silent(self) -> bool:
        """Whether it was silent long enough; what is heard before is left out."""
        if len(self._loud()):
            self._speaker.listen()
        return self._speaker.now > QUIET_S

    def _begun_at(self) -> float:
        """When the recording's first sample was made, on the clock: by the look that came soonest after it."""
        return min(at - position for at, position in self._looks)

    def _loud(self) -> np.ndarray:
        """Positions of all samples that are no silence, seconds."""
        return np.flatnonzero(np.abs(self._speaker.heard().astype(np.int32)).max(1, initial=0) > LOUD) / RATE

    def _look(self) -> None:
        while not self._done.wait(0.001):
            position = self._speaker.now
            self._looks.append((monotonic(), position))


def _film(path: Path) -> None:
    """The demo's room with one person, swaying."""
    camera = DemoCamera()
    camera.open()
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (WIDTH, HEIGHT))
    for index in range(3 * FPS):  # one sway
        writer.write(np.asarray(cv2.cvtColor(camera.draw(3 + index / FPS), cv2.COLOR_RGB2BGR), dtype=np.uint8))
    writer.release()


@contextmanager
def _program(engine: str, film: Path, earcons: str) -> Iterator[Running | None]:
    """The whole program on a film of a person, when it has said that it is ready; None if another voice said so."""
    with _folder() as folder:
        config = folder / "config.yaml"
        config.write_text(SETTINGS.format(film=film, engine=engine, earcons=earcons), encoding="utf-8")
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
    queue = SpeechQueue(audio.voice, phrases.words, lambda announcement: True, lambda *told: None, monotonic)
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
