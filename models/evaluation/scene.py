"""How right the first sentence of a scene is: `python -m models.evaluation.scene DATA`.

Counted are the kinds of things that it names, against those that people have drawn in 128 photographs of COCO, which
the detectors may have been trained on. Recall is that of all kinds, and of the five that cover most of each photograph,
for more than five are never named.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter, process_time

import click

from assistant import parts
from assistant.domain.ports import Look, PictureSkill
from assistant.domain.values import Announcement, Frame, Phrase, Query
from assistant.settings import Settings
from assistant.skills.scene import MOST
from models.evaluation.photographs import Photograph, coco


@click.command()
@click.argument("data", type=click.Path(path_type=Path, exists=True, file_okay=False))
def command(data: Path) -> None:
    """Measures on coco128-train.tar in DATA, and prints the figures."""
    settings = Settings(skills=("scene", "things", "light"))
    skill = next(skill for skill in parts.make_skills(settings)[0] if skill.name == "scene")
    if not isinstance(skill, PictureSkill):
        raise click.ClickException("There is no scene.")
    pipeline = parts.make_pipeline(settings, settle_s=0)
    counts: Counter[str] = Counter()
    for number, photograph in enumerate(coco(data / "coco128-train.tar")):
        frame = Frame(photograph.pixels(), 3600.0 * (number + 1))
        look = Look(frame, pipeline.step(frame, frame.at).view)
        named = set(skill.study(Query("scene", frame.at), look).details["named"])
        _count(counts, named, photograph)
        if number == 0:
            click.echo(f"first word, the models loaded: {_first(skill, look):.0f} ms of the processor")
    click.echo(f"{counts['photographs']} photographs, {counts['named']} kinds named, {counts['drawn']} drawn")
    click.echo(
        f"precision {counts['right'] / max(1, counts['named']):.2f}, recall {counts['right'] / counts['drawn']:.2f}"
    )
    click.echo(f"recall of the {MOST} largest kinds {counts['large right'] / counts['large']:.2f}")


def _count(counts: Counter[str], named: set[str], photograph: Photograph) -> None:
    drawn = {label for label, _ in photograph.truth}
    large = set(_largest(photograph))
    counts["photographs"] += 1
    for key, labels in (("named", named), ("drawn", drawn), ("right", named & drawn)):
        counts[key] += len(labels)
    counts["large"] += len(large)
    counts["large right"] += len(named & large)


def _largest(photograph: Photograph) -> Sequence[str]:
    areas: Counter[str] = Counter()
    for label, box in photograph.truth:
        areas[label] += round(1e6 * box.area)
    return [label for label, _ in areas.most_common(MOST)]


def _first(skill: PictureSkill, look: Look) -> float:
    """Milliseconds of the processor until the first sentence of an answer is there."""
    began, wall = process_time(), perf_counter()
    item = next(skill.answer(Query("scene", 0.0), iter([look])))
    took = 1000 * (process_time() - began)
    if not (isinstance(item, Announcement) and isinstance(item.phrases[0], Phrase)):
        raise click.ClickException("It says nothing.")
    click.echo(f"first word on the clock of this machine: {1000 * (perf_counter() - wall):.0f} ms")
    return took


if __name__ == "__main__":
    command()
