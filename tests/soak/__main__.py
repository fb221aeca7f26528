"""`make soak MINUTES=2 [SEED=...]`: clips, gestures and faults at random into one running program.

It fails when memory, threads or file descriptors grow (the whole interval of their slope lies above a limit), when a
request is not answered, or not in order, when an announcement has no outcome, or when the program ends or hangs.
"""

import argparse
import json
import signal
import socket
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random, randrange
from time import monotonic, sleep

import yaml

from tests.devices.streams import serving
from tests.e2e.program import Running, running
from tests.faults.moody import install
from tests.faults.stand_in import StandIn
from tests.soak.clips import clips
from tests.soak.figures import BLOCKS, figures, slope

GROWTH = {"memory, MB": 40.0, "threads": 1.5, "descriptors": 3.0}
"""So much over a whole run is let pass: pictures and two compositions at once come and go, 40 MB at a moment."""
REPLY_S = 10.0
PAUSES_S = (0.05, 1.0)
"""Between two things that happen."""
ANSWERED = (
    "now",
    "detail",
    "disclose",
    "status",
    "help",
    "faster",
    "slower",
    "louder",
    "softer",
    "verbosity",
    "practice",
)
"""Verbs of which each gives one answer, whose message stands in the reply."""
UNANSWERED = ("stop", "repeat", "history", "snooze")
SETTINGS = {
    "tour": False,
    "triggers": ["socket"],
    "faces": {"detector": "finder"},
    "speech": {"engine": "moody"},
    "announce": {"per_minute": 60, "per_person_s": 2},
}


class Soak:
    """One run.

    Args:
        house: The program.
        camera: What it looks through.
        folder: Where its settings are.
        seed: Decides what happens when.
    """

    def __init__(self, house: Running, camera: StandIn, folder: Path, seed: int) -> None:
        self.house = house
        self.did: Counter[str] = Counter()
        self.replied: list[str] = []
        """How the messages of the answers begin that were promised, in order; that of a status is not told."""
        self._camera = camera
        self._folder = folder
        self._random = Random(seed)
        self._clips = clips()
        self._acts: dict[str, tuple[int, Callable[[], None]]] = {
            "question": (30, self._ask),
            "order": (8, lambda: self._asked(self._random.choice(UNANSWERED))),
            "press": (10, self._press),
            "clip": (6, self._show),
            "camera off and on": (1, self._switch),
            "camera hangs": (1, lambda: self._spoil("silent", True)),
            "camera goes": (2, lambda: self._spoil("absent", True)),
            "picture stands still": (1, lambda: self._spoil("frozen", True)),
            "camera slow": (1, lambda: self._spoil("fps", 0.9)),
            "settings saved": (
                1,
                lambda: self._save({"verbosity": self._random.choice(["brief", "normal", "detailed"])}),
            ),
            "settings spoilt": (1, lambda: self._save({"verbosity": "loud"})),
            "SIGHUP": (1, lambda: self.house.process.send_signal(signal.SIGHUP)),
            "rubbish": (3, self._rubbish),
        }

    def warm(self) -> None:
        """Does everything once, so that all that is loaded when it is first needed is there."""
        for film in self._clips:
            self._camera.begin(film)
            self._do("settings saved")
            self._do("question")
        for name in [*self._acts, "SIGHUP", "SIGHUP", "SIGHUP"]:
            self._do(name)

    def step(self) -> None:
        """Does one thing, and waits a little."""
        names = list(self._acts)
        self._do(self._random.choices(names, [self._acts[name][0] for name in names])[0])

    def _do(self, name: str) -> None:
        self._acts[name][1]()
        self.did[name] += 1
        sleep(self._random.uniform(*PAUSES_S))

    def _asked(self, verb: str) -> str:
        reply = self.house.ask(verb)
        assert reply["ok"], reply
        return str(reply.get("message", ""))

    def _ask(self) -> None:
        verb = self._random.choice(ANSWERED)
        self.replied.append(self._asked(verb))

    def _press(self) -> None:
        with self._connected() as client:
            for word in ("press", "release"):
                client.send(json.dumps({word: True}).encode())
                client.recv(1 << 16)
                sleep(self._random.choice([0.05, 0.3, 1.2]) if word == "press" else 0)

    def _rubbish(self) -> None:
        with self._connected() as client:
            client.send(self._random.randbytes(self._random.randint(1, 5000)))
            if self._random.random() < 0.5:
                client.recv(1 << 16)

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        """A connection; while the program takes new settings there is none, and one that it had is closed."""
        self.house.ask("history")
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as client:
            client.settimeout(REPLY_S)
            try:
                client.connect(str(self._folder / "run" / "assistant" / "control.socket"))
                yield client
            except (FileNotFoundError, ConnectionError):
                self.did["met new settings"] += 1

    def _show(self) -> None:
        self._camera.begin(self._random.choice(self._clips))

    def _switch(self) -> None:
        for _ in range(2):
            self.replied.append(self._asked("camera"))
            sleep(1)

    def _spoil(self, name: str, value: float) -> None:
        setattr(self._camera, name, value)
        sleep(self._random.uniform(0.3, 5))
        self._camera.begin(self._camera.film)

    def _save(self, over: dict[str, object]) -> None:
        save(self._folder, SETTINGS | {"camera": {"source": self._camera.url}} | over)


def save(folder: Path, settings: dict[str, object]) -> None:
    """Saves settings in one step."""
    (folder / "new").write_text(yaml.safe_dump(settings))
    (folder / "new").replace(folder / "config.yaml")


def run(minutes: float, seed: int) -> list[str]:
    """Runs one, and prints what it measured; gives what was wrong."""
    camera = StandIn(clips()[0])
    samples: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="soak-") as name, serving(camera) as camera.url:
        folder = Path(name)
        save(folder, SETTINGS | {"camera": {"source": camera.url}})
        with running(folder, "--config", "config.yaml", env=install(folder)) as house:
            house.patience_s = REPLY_S
            house.wait_for_message("ready")
            soak = Soak(house, camera, folder, seed)
            begun = monotonic()
            soak.warm()
            while (passed := monotonic() - begun) < minutes * 60 or len(samples["at"]) < 2 * BLOCKS:
                soak.step()
                samples["at"].append(passed)
                for figure, value in figures(house.process.pid).items():
                    samples[figure].append(value)
            sleep(2)
            code, events, errors = house.end(), house.events(), house.errors()
    print(f"seed {seed}: {dict(soak.did)}, {len(soak.replied)} answers, {len(events)} announcements")
    wrong = [*_grown(samples), *_unanswered(soak.replied, events)]
    if code or "Traceback" in errors:
        wrong.append(f"it ended with {code}: {errors[-3000:]}")
    return wrong


def _grown(samples: dict[str, list[float]]) -> list[str]:
    wrong = []
    hours = (samples["at"][-1] - samples["at"][0]) / 3600
    for figure, limit in GROWTH.items():
        found, values = slope(samples["at"], samples[figure]), samples[figure]
        says = f"{figure}: {values[0]:.0f} to {values[-1]:.0f}, {found.per_hour:+.1f} ± {found.within:.1f} an hour"
        print(f"{says}; at most {limit / hours:+.0f}")
        if found.least > limit / hours:
            wrong.append(f"grows: {says}")
    return wrong


def _unanswered(replied: list[str], events: list[dict[str, object]]) -> list[str]:
    """Every answer that was promised has an outcome, in the order of the questions; presses give answers besides."""
    outcomes = iter(str(event["message"]) for event in events if event["urgency"] == "answer")
    return [f"no outcome in order: {message}" for message in replied if not any(message in said for said in outcomes)][
        :1
    ]


def main() -> None:
    """Ends with 1 when something was wrong."""
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--minutes", type=float, default=2.0)
    parser.add_argument("--seed", type=int, default=randrange(10**9))
    given = parser.parse_args()
    wrong = run(given.minutes, given.seed)
    print("\n".join(wrong) or "well")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
