"""Whether "now" is answered at once while a skill works, one that takes seconds and each of the program's own."""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from time import monotonic, sleep

from assistant import parts
from assistant.domain.ports import PictureSkill
from assistant.settings import Settings
from benchmarks.every_skill import ABOUT
from benchmarks.film import film
from benchmarks.rows import Row, row
from tests.e2e.program import Running, running
from tests.e2e.toys import install

ASKED, ASKED_EACH = 20, 5
GOAL_MS = 20
SETTINGS = """\
camera: {{source: "{film}", loop: true}}
triggers: [socket]
verbosity: quiet
skills: {skills}
speech: {{engine: silent}}
"""


def measure() -> Iterator[Row]:
    """How many of the answers told the person who is there, and how long the slowest reply took."""
    commands = [skill.commands[-1] for skill in parts.make_skills(Settings())[0] if isinstance(skill, PictureSkill)]
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        folder = Path(name)
        environment = install(folder / "plugins")
        film(folder / "face.avi")
        config = folder / "config.yaml"
        config.write_text(SETTINGS.format(film=folder / "face.avi", skills=["toy", *parts.SKILLS]), encoding="utf-8")
        with running(folder, "--config", str(config), env=environment) as house:
            house.wait_for_message("ready")
            house.wait_for_answer("expression_sure")
            answers = {"a slow skill": list(_asked(house, "count", "3", ASKED))}
            for command in commands:
                answers[command.verb] = list(_asked(house, command.verb, ABOUT.get(command.about, ""), ASKED_EACH))
    for name, each in answers.items():
        yield row(f"beside {name}: wrong answers of {len(each)}", "", [sum(not right for right, _ in each)], 0)
        yield row(f"beside {name}: slowest reply to now", "ms", [1000 * max(took for _, took in each)], GOAL_MS)


def _asked(house: Running, verb: str, about: str, times: int) -> Iterator[tuple[bool, float]]:
    """Asks while the skill works; gives whether the answer was right, and how long the reply took, seconds."""
    for _ in range(times):
        house.ask(verb, about)
        sleep(0.5)
        began = monotonic()
        answer = house.ask("now")["message"]
        yield answer.startswith("expression"), monotonic() - began
