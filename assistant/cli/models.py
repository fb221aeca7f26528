"""`assistant models`: which models are here, whether they are what they should be, and how to add one."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import get_terminal_size

import click

from assistant import weights
from assistant.errors import ModelError

RECOMMENDED = "recommended"
"""In place of a name: all that a user who can fetch them should have."""


@click.group()
def command() -> None:
    """List, check and install models."""


@command.command("list")
def list_models() -> None:
    """Name every model: whether its weights are installed, their size and terms, and what it does."""
    for name in weights.names():
        manifest = weights.manifest(name)
        state = "installed" if weights.present(name) else "not installed"
        if manifest.recommended:
            state += ", recommended"
        size = f"{manifest.file.size / 1e6:.1f} MB"
        terms = manifest.licence.get("weights", "terms unknown")
        click.echo(f"{name} {manifest.version}: {state}; {size}; {terms}. {manifest.task}")


@command.command()
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Hold the weights of every installed model against its manifest."""
    broken = 0
    for name in weights.names():
        try:
            if weights.present(name):
                weights.locate(name)
                click.echo(f"{name}: as it should be")
        except ModelError as error:
            broken += 1
            click.echo(f"{name}: {error}", err=True)
    ctx.exit(1 if broken else 0)


@command.command()
@click.argument("name")
@click.option(
    "--from", "source", type=click.Path(path_type=Path), help="The file, or a folder that holds it; nothing is fetched."
)
@click.pass_context
def install(ctx: click.Context, name: str, source: Path | None) -> None:
    """Put the weights of the model NAME in place, checked: fetched from the address in its manifest, or from a file.

    With "recommended" as NAME all that are recommended and not installed yet.
    """
    if name != RECOMMENDED:
        _install(name, source)
        return
    failed: list[ModelError] = []
    for each in weights.recommended():
        try:
            if there := _installed(each):
                click.echo(f"{each}: installed already as {there}")
            else:
                _install(each, source)
        except ModelError as error:
            failed.append(error)
            click.echo(f"{each}: {error}", err=True)
    ctx.exit(failed[0].exit_code if failed else 0)


def _install(name: str, source: Path | None) -> None:
    size = weights.manifest(name).file.size
    if source is not None:
        click.echo(f"{name}: installed as {weights.install(name, source)}")
    elif there := _installed(name):
        click.echo(f"{name}: installed already as {there}")
    else:
        from assistant import fetch  # nothing else loads what can speak to the network

        with _progress(name, size) as told:
            path = fetch.install(name, told)
        click.echo(f"{name}: installed as {path}")


def _installed(name: str) -> Path | None:
    """Where the weights of a described model are; None where they are not, or are damaged."""
    with suppress(ModelError):
        return weights.locate(name).path
    return None


@contextmanager
def _progress(name: str, size: int) -> Iterator[Callable[[int], None]]:
    """Shows how many bytes are here: a bar on a terminal, else a line for each tenth; on standard error."""
    from tqdm import tqdm

    if sys.stderr.isatty():
        columns, rows = get_terminal_size()  # 80 and 24 where the terminal tells none
        with tqdm(total=size, desc=name, unit="B", unit_scale=True, ncols=columns, nrows=rows, file=sys.stderr) as bar:

            def shown(here: int) -> None:
                bar.update(here - bar.n)

            yield shown
        return
    tenths = 0

    def told(here: int) -> None:
        nonlocal tenths
        if here * 10 // size != tenths:
            tenths = here * 10 // size
            click.echo(f"{name}: {tenths * 10} per cent", err=True)

    yield told
