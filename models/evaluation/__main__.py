"""How good an expression model is on labelled faces: `python -m models.evaluation DATA`."""

import json
import sys
from pathlib import Path

import click

from assistant.errors import AssistantError
from models.evaluation import data
from models.evaluation.model import Model
from models.evaluation.report import brief, report
from models.evaluation.words import in_words

_STEPS = 20
"""How often the progress bar is drawn at most: a screen reader may read each of them."""


@click.command()
@click.argument("source", metavar="DATA", type=click.Path(path_type=Path))
@click.option(
    "--model", "folder", type=click.Path(path_type=Path), help="The folder of a model to use instead of our own."
)
@click.option(
    "--split",
    type=click.IntRange(data.TRAINING, data.TEST),
    default=data.VALIDATION,
    show_default=True,
    help="0 training, 1 validation, 2 private test.",
)
@click.option("--ignore", type=click.Choice(["contempt"]), help="Leave these faces out; else they count as wrong.")
@click.option("--json", "as_json", is_flag=True, help="Print one object of JSON.")
def command(source: Path, folder: Path | None, split: int, ignore: str | None, as_json: bool) -> None:
    """Measure the expression model on the labelled faces in DATA.

    DATA is fer2013.npz, fer2013.csv (with fer2013new.csv beside it or without), or a folder that holds a folder of
    pictures for each expression.
    """
    faces = data.read(source, split)
    model = Model(folder)
    label = f"Reading {len(faces)} faces with {model.name}"
    step = max(1, len(faces) // _STEPS)
    with click.progressbar(faces.images, label=label, file=sys.stderr, update_min_steps=step) as images:
        answers = model.read(images)
    figures = report(
        answers.answer, answers.fer2013, faces.labels, faces.votes, model.sure, ignore_contempt=ignore is not None
    )
    figures["ms_per_face"] = answers.ms_per_face
    click.echo(json.dumps(brief(figures)) if as_json else in_words(figures))


if __name__ == "__main__":
    try:
        command(prog_name="python -m models.evaluation")
    except AssistantError as error:
        click.echo(error, err=True)
        sys.exit(error.exit_code)
