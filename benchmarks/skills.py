"""Whether "now" is answered at once while a skill works for seconds."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

from benchmarks.film import film
from benchmarks.rows import Row, row
from tests.e2e.program import Running, running
from tests.e2e.toys import install

ASKED = 20
GOAL_MS = 20
SETTINGS = """\
camera: {{source: "{film}", loop: true}}
triggers: [socket]
verbosity: quiet
skills: [toy]
speech: {{engine: silent}}
"""


def measure() -> Iterator[Row]:
    """How many of the answers told the person who is there, and how long the slowest reply took."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        environment = install(folder / "plugins")
        film(folder / "face.avi")
        config = folder / "config.yaml"
        config.write_text(SETTINGS.format(film=folder / "face.avi"), encoding="utf-8")
        with running(folder, "--config", str(config), env=environment) as house:
            house.wait_for_message("ready")
            house.wait_for_answer("expression_sure")
            answers = list(_asked(house))
    yield row("beside a slow skill: wrong answers of 20", "", [sum(not right for right, _ in answers)], 0)
    yield row("beside a slow skill: slowest reply to now", "ms", [1000 * max(took for _, took in answers)], GOAL_MS)


def _asked(house: Running) -> Iterator[tuple[bool, float]]:
    """Asks while the skill works; gives whether the answer was right, and how long the reply took, seconds."""
    for _ in range(ASKED):
        house.ask("count", "3")
        sleep(0.5)
        began = monotonic()
        answer = house.ask("now")["message"]
        yield answer.startswith("expression"), monotonic() - began
