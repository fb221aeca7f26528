"""A toy sense and a toy skill of another package, as CONTRIBUTING says to add them: one file each, and one word."""

from pathlib import Path
from textwrap import dedent

SENSE = '''
from pathlib import Path

from assistant.domain.beliefs import Belief
from assistant.domain.values import Percept


class ToySense:
    """Tells a bright picture from a dim one."""

    name = "toy"
    kinds = {"toy"}
    beliefs = {"toy": Belief(("bright", "dim"), told=True)}
    voices = Path(__file__).parent / "toy_voices"

    def look(self, frame):
        mean = float(frame.pixels.mean()) / 255
        return [Percept("toy", None, "bright" if mean > 0.5 else "dim", 0.9)]

    def close(self):
        pass
'''
SKILL = '''
from pathlib import Path
from time import monotonic

import cv2

from assistant.domain.commands import Command
from assistant.domain.values import Announcement, Phrase, Urgency


class ToySkill:
    """Works for as many seconds as it is asked about, and tells how many people are believed to be there."""

    name = "toy"
    commands = [Command("count", "#", about="number")]
    lens = "things"
    voices = Path(__file__).parent / "toy_voices"

    def answer(self, query, looks):
        look = next(looks)
        until = monotonic() + float(query.about or 0)
        while monotonic() < until:
            cv2.GaussianBlur(look.frame.pixels, (0, 0), 9)
        yield Announcement((Phrase("toy_counted", {"count": len(look.view.people)}),), Urgency.ANSWER, topic="answer")

    def close(self):
        pass
'''
PHRASES = """
toy_bright: "The toy sees light."
toy_dim: "The toy sees no light."
toy_counted: ["The toy counts {count} person.", "The toy counts {count} people."]
"""
WORDS = """
verb: {count: count the people}
"""


def install(folder: Path) -> dict[str, str]:
    """Puts both into a folder; gives the environment in which they are installed."""
    info, voices = folder / "toy-1.dist-info", folder / "toy_voices" / "en"
    for each in (info, voices):
        each.mkdir(parents=True)
    (folder / "toy_sense.py").write_text(dedent(SENSE))
    (folder / "toy_skill.py").write_text(dedent(SKILL))
    (voices / "toy.yaml").write_text(PHRASES)
    (voices / "words.yaml").write_text(WORDS)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: toy\nVersion: 1\n")
    (info / "entry_points.txt").write_text(
        "[assistant.senses]\ntoy = toy_sense:ToySense\n[assistant.skills]\ntoy = toy_skill:ToySkill\n"
    )
    return {"PYTHONPATH": str(folder)}
