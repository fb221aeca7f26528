"""`assistant people`: who is learnt by name; through the running assistant where there is one, else by itself."""

import json
from pathlib import Path

import click

from assistant import files
from assistant.cli import known, people_pictures
from assistant.config import find, load
from assistant.devices import control_client
from assistant.devices.file_kinds import shown
from assistant.devices.single_instance import held
from assistant.devices.socket_path import runtime_path
from assistant.domain import people as domain
from assistant.errors import NotRunning, PeopleError
from assistant.store import people_file


@click.group()
def command() -> None:
    """Learn people by name, list, rename and forget them."""


@command.command()
@click.argument("name")
@click.option("--from", "pictures", multiple=True, type=click.Path(path_type=Path), help="A picture.")
@click.argument("more", nargs=-1, type=click.Path(path_type=Path))
@click.option("--consent-given", is_flag=True, help="The person agreed that their face is remembered here.")
@click.option("--config", "path", type=click.Path(path_type=Path), help="The settings file.")
def add(name: str, pictures: tuple[Path, ...], more: tuple[Path, ...], consent_given: bool, path: Path | None) -> None:
    """Learn NAME through the camera of the running assistant, which asks them aloud and says what to do.

    Or, with --from, from pictures of them alone. Only numbers are kept, never a picture.
    """
    if pictures and not consent_given:
        raise click.UsageError("Ask the person first, and say --consent-given when they agreed.")
    if pictures:
        people_pictures.learn(name, (*pictures, *more), load(find(path)).faces.detector)
        return
    if more or consent_given or path:
        raise click.UsageError("Pictures are given with --from. Without them the person is asked aloud.")
    _learn_live(domain.spelled(name))


def _learn_live(name: str) -> None:
    """Lets the running assistant learn somebody.

    Raises:
        NotRunning: there is none.
        PeopleError: it cannot.
    """
    if not held(runtime_path()):
        raise NotRunning(
            "No assistant is running that could look through the camera.",
            "Start it with: assistant run, or learn from pictures, with --from.",
        )
    with known.opened() as everybody:
        if not everybody.model:
            raise PeopleError(
                "The running assistant has no network that recognises people.",
                '"assistant models list" names those that there are; install one, and start it again.',
            )
    reply = control_client.ask(runtime_path(), {"ask": "learn", "about": name})
    if not reply.get("ok"):
        raise PeopleError("The running assistant learns nobody.", "In its settings, set context to home.")
    if "message" in reply:
        raise PeopleError(f"The running assistant cannot look now ({reply['message']}); it said why.")
    click.echo(f"{name} is asked aloud now. When they agree, press Space or the button, or run: assistant ask now.")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each person.")
def list_people(as_json: bool) -> None:
    """Name everybody who is learnt."""
    with known.opened() as everybody:
        rows = everybody.rows()
    if not rows and not as_json:
        click.echo("Nobody is learnt.")
    for row in rows:
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            again = "" if row["usable"] else ", to be learnt again: another network learnt these faces"
            click.echo(f"{row['name']}: {row['samples']} sample{'' if row['samples'] == 1 else 's'}{again}")


@command.command()
@click.argument("name")
@click.argument("new")
def rename(name: str, new: str) -> None:
    """Call NAME by the name NEW."""
    with known.opened() as everybody:
        click.echo(f"{name} is called {everybody.ask({'do': 'rename', 'name': name, 'to': new})['name']} now.")


@command.command()
@click.argument("name", required=False)
@click.option("--all", "all_of_them", is_flag=True, help="Forget everybody.")
def forget(name: str | None, all_of_them: bool) -> None:
    """Forget NAME: when this ends, nothing of them is in the file any more."""
    if bool(name) == all_of_them:
        raise click.UsageError("Give either a name or --all.")
    with known.opened() as everybody:
        if all_of_them:
            click.echo(f"{everybody.ask({'do': 'forget_all'})['forgotten']} forgotten.")
        else:
            click.echo(f"{everybody.ask({'do': 'forget', 'name': name})['name']} is forgotten.")


@command.command()
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("--config", "path", type=click.Path(path_type=Path), help="The settings file.")
def test(picture: Path, path: Path | None) -> None:
    """Say whose face PICTURE shows, and how sure that is."""
    for name, chance in people_pictures.look(picture, load(find(path)).faces.detector)[:3]:
        click.echo(f"{name or 'somebody who is not learnt'}: {chance:.0%}")


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path))
def export_people(file: Path) -> None:
    """Write everybody into FILE, which only you can read; it is as private as their faces."""
    with known.opened() as everybody:
        learnt = everybody.everybody()
    try:
        files.replace(file, people_file.written(learnt))
    except OSError as error:
        raise PeopleError(f"{file} cannot be written: {error.strerror}.") from error
    click.echo(f"{len(learnt)} written to {shown(file)}.")


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_people(file: Path) -> None:
    """Add everybody in FILE, which `export` wrote."""
    read = people_file.read(file)
    with known.opened() as everybody:
        usable = people_file.usable(read, everybody.model)
        everybody.add(usable)
    click.echo(f"{len(usable)} read from {shown(file)}.")
    names = {each.name for each in usable}
    for each in read:
        if each.name not in names:
            click.echo(f"{each.name} must be learnt again: another network learnt this face.", err=True)
