"""`assistant models`: which models are here, whether they are what they should be, and how to add one."""

from pathlib import Path

import click

from assistant import weights
from assistant.errors import ModelError


@click.group()
def command() -> None:
    """List, check and install models."""


@command.command("list")
def list_models() -> None:
    """Name every model, and whether its weights are installed."""
    for name in weights.names():
        manifest = weights.manifest(name)
        state = "installed" if weights.present(name) else "not installed"
        click.echo(f"{name} {manifest.version}: {manifest.task}, {state}")


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
    "--from", "source", required=True, type=click.Path(path_type=Path), help="The file, or a folder that holds it."
)
def install(name: str, source: Path) -> None:
    """Check the weights of the model NAME and put them in place."""
    click.echo(f"{name}: installed as {weights.install(name, source)}")
