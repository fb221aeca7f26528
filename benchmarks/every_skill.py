"""How each skill of the program leaves the faces alone, and how quick its first word is.

The faces are those of a film of one person at 15 pictures a second; a skill is asked again and again in a thread that
steps back as the answering thread does. A skill whose package or model is not there is left out.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle
from threading import Event, Thread
from time import monotonic, sleep, thread_time

from assistant import parts
from assistant.answering import step_back
from assistant.devices.demo_camera import FPS
from assistant.domain.ports import Look, PictureSkill
from assistant.domain.values import Frame, Pixels, Query
from assistant.errors import AssistantError
from assistant.pipeline import Pipeline
from assistant.settings import Settings
from benchmarks.rows import Row, row
from benchmarks.step import person

SPELL_S = 4.0
SPELLS = 4
SHARE = 1 / 0.8
"""The faces are to keep four fifths of their rate: without a skill they may be so many times as quick."""
ABOUT = {"thing": "cup"}


def measure() -> Iterator[Row]:
    """Rows for each of `parts.SKILLS`: the rate of the faces without it against with it, and its time to study."""
    settings = Settings(skills=tuple(parts.SKILLS))
    pictures = person()
    pipeline = parts.make_pipeline(Settings())
    for skill in parts.make_skills(settings)[0]:
        if not isinstance(skill, PictureSkill):
            continue
        command = skill.commands[0]
        query = Query(command.verb, 0.0, ABOUT.get(command.about, ""))
        look = Look(Frame(pictures[0], 0.0), pipeline.view)
        try:
            skill.study(query, look)  # loads what it needs
        except AssistantError:
            continue
        ratios, took = [], []
        for _ in range(SPELLS):
            alone = _rate(pipeline, pictures)
            with _asked(lambda skill=skill, query=query, look=look: skill.study(query, look)) as times:
                ratios.append(alone / _rate(pipeline, pictures))
            took += times
        skill.close()
        yield row(f"faces without {skill.name} against with it", "x", ratios, SHARE)
        yield row(f"{skill.name}: one look, its thread's processor", "ms", took)


def _rate(pipeline: Pipeline, pictures: Sequence[Pixels]) -> float:
    """Faces' pictures that are seen in a second, of 15 that come."""
    began, seen = monotonic(), 0
    for number, pixels in enumerate(cycle(pictures)):
        now = monotonic() - began
        if now > SPELL_S:
            return seen / now
        due = number / FPS
        if due < now - 1 / FPS:
            continue  # a newer one has come
        sleep(max(0.0, due - now))
        pipeline.step(Frame(pixels, monotonic()), monotonic())
        seen += 1
    raise AssertionError("a cycle ends")


@contextmanager
def _asked(study: Callable[[], object]) -> Iterator[list[float]]:
    """Something that is done again and again meanwhile; milliseconds of the processor for each."""
    done, times = Event(), list[float]()

    def work() -> None:
        step_back()
        while not done.is_set():
            began = thread_time()
            study()
            times.append(1000 * (thread_time() - began))

    thread = Thread(target=work)
    thread.start()
    try:
        yield times
    finally:
        done.set()
        thread.join()
