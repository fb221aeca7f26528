"""`assistant config`: what is wrong with a settings file."""

from pathlib import Path

import click

from assistant.checking import check as check_file
from assistant.config import find


@click.group()
def command() -> None:
    """Check a settings file."""


@command.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
def check(file: Path | None) -> None:
    """Read FILE (or the one that would be used) and name every mistake in it."""
    path = find(file)
    check_file(path)
    click.echo(f"{path}: no mistakes.")
