"""`assistant service`: the assistant as a service that starts on boot."""

import subprocess
import sys
from pathlib import Path
from threading import Event

import click

from assistant import app, parts
from assistant.config import load
from assistant.domain.values import Utterance
from assistant.errors import AssistantError
from assistant.service import install as installing
from assistant.service.places import SYSTEM, UNIT, Places, own
from assistant.service.steps import Steps
from assistant.speech.phrases import REFERENCE

user = click.option("--user", is_flag=True, help="For yourself alone, not for the whole machine.")
dry_run = click.option("--dry-run", is_flag=True, help="Only say what would be done.")
origin = click.option(
    "--from",
    "origin",
    type=click.Path(path_type=Path),
    help="A wheel or a checkout; otherwise the one that this program came from.",
)
wheels = click.option(
    "--find-links",
    "wheels",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with every wheel that is needed, for a machine without network.",
)


@click.group()
def command() -> None:
    """Install the assistant as a service that starts on boot."""


@command.command()
@user
@click.option("--network-camera", is_flag=True, help="Let it reach a camera over the network.")
@click.option("--lite", is_flag=True, help="Leave out what reads text and finds things (200 MB).")
@origin
@wheels
@dry_run
def install(
    user: bool, network_camera: bool, lite: bool, origin: Path | None, wheels: Path | None, dry_run: bool
) -> None:
    """Install the service and start it; running it again repairs what is missing."""
    places = _places(user)
    installing.install(places, origin, wheels, network_camera, lite, _steps(dry_run), lambda text: _aloud(places, text))


@command.command()
@user
@origin
@wheels
@dry_run
def upgrade(user: bool, origin: Path | None, wheels: Path | None, dry_run: bool) -> None:
    """Put this version in place of the installed one; settings, models and people stay."""
    installing.upgrade(_places(user), origin, wheels, _steps(dry_run))


@command.command()
@user
@click.option("--purge", is_flag=True, help="Remove settings, models, people and the system user as well.")
@dry_run
def uninstall(user: bool, purge: bool, dry_run: bool) -> None:
    """Stop the service and remove it."""
    installing.uninstall(_places(user), purge, _steps(dry_run))


@command.command()
@user
@click.pass_context
def status(ctx: click.Context, user: bool) -> None:
    """Tell how the service does; exit code 1 when it is not running."""
    active, lines = installing.state(_places(user))
    for line in lines:
        click.echo(line)
    ctx.exit(0 if active else 1)


@command.command()
@user
@click.option("--follow", is_flag=True, help="Go on with what comes, until Ctrl-C.")
@click.option("--lines", type=click.IntRange(min=1), default=50, help="How many of the last lines.")
@click.pass_context
def logs(ctx: click.Context, user: bool, follow: bool, lines: int) -> None:
    """Show what the service logged: never names, expressions or sentences, unless the settings say so."""
    options = ["--user-unit" if user else "--unit", UNIT, "--lines", str(lines), "--no-pager", "--quiet"]
    command = ["journalctl", *options, *(["--follow"] if follow else [])]
    try:
        done = subprocess.run(command, stderr=sys.stderr, check=False)
    except FileNotFoundError as error:
        raise AssistantError('The command "journalctl" is missing: this system is not run by systemd.') from error
    except KeyboardInterrupt:
        return
    ctx.exit(done.returncode)


def _places(user: bool) -> Places:
    return own() if user else SYSTEM


def _steps(dry_run: bool) -> Steps:
    if dry_run:
        click.echo("A dry run: nothing is changed. It would be:")
    return Steps(click.echo, dry_run)


def _aloud(places: Places, text: str) -> None:
    """Says it with the settings of the service, where that is possible."""
    try:
        settings = load(places.config)
        phrases = parts.make_phrases(settings)
        audio = app.make_audio(settings, phrases, app.make_choices(settings, phrases))
        try:
            audio.voice.speak(Utterance(text, REFERENCE), Event())
        finally:
            audio.close()
    except AssistantError as error:
        click.echo(f"Not said aloud: {error}")
