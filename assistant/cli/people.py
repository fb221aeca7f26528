"""`assistant people`: who is learnt by name; through the running assistant where there is one, else by itself."""

import json
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from assistant import files
from assistant.app import make_people
from assistant.config import find, load
from assistant.devices import control_client
from assistant.devices.decoder import Decoder
from assistant.devices.file_kinds import shown
from assistant.devices.single_instance import held, single_instance
from assistant.devices.socket_path import runtime_path
from assistant.domain import people as domain
from assistant.domain.people import Learnt, Sample
from assistant.errors import PeopleError, PictureError
from assistant.senses.faces.detectors import detector
from assistant.senses.faces.fitness import Lack
from assistant.senses.faces.recognizers import recognizer
from assistant.senses.faces.sampling import Crowd, Sampler
from assistant.store import people_file, people_requests
from assistant.store.people import People

WHY: Mapping[Lack | Crowd, str] = {
    Crowd.NOBODY: "no face is found in it",
    Crowd.SEVERAL: "it shows several faces",
    Lack.POINTS: "the eyes and the mouth are not seen",
    Lack.SMALL: "the face is too small",
    Lack.CUT: "the face is cut by the edge",
    Lack.TURNED: "the face is turned too far",
    Lack.DARK: "the face is too dark or too pale",
    Lack.BLURRED: "the face is blurred",
}
ENOUGH = 5
"""So many samples make somebody known well."""


@click.group()
def command() -> None:
    """Learn people by name, list, rename and forget them."""


@command.command()
@click.argument("name")
@click.option("--from", "pictures", multiple=True, required=True, type=click.Path(path_type=Path), help="A picture.")
@click.argument("more", nargs=-1, type=click.Path(path_type=Path))
@click.option("--consent-given", is_flag=True, help="The person agreed that their face is remembered here.")
@click.option("--config", "path", type=click.Path(path_type=Path), help="The settings file.")
def add(name: str, pictures: tuple[Path, ...], more: tuple[Path, ...], consent_given: bool, path: Path | None) -> None:
    """Learn NAME from pictures of one person; only numbers are kept, never a picture."""
    if not consent_given:
        raise click.UsageError("Ask the person first, and say --consent-given when they agreed.")
    name = domain.spelled(name)
    network = recognizer()
    sampler = Sampler(detector(load(find(path)).faces.detector), network)
    taken: list[tuple[Path, Sample]] = []
    with Decoder() as decoder:
        for picture in (*pictures, *more):
            try:
                sampled = sampler.sample(decoder.picture(picture).pixels)
            except PictureError as error:
                click.echo(f"assistant: {error}", err=True)
                continue
            if sampled.vector is None or sampled.why:
                click.echo(f"{shown(picture)} is left out: {WHY[sampled.why or Lack.POINTS]}.", err=True)
            else:
                taken.append((picture, Sample(network.model, sampled.vector, time.time())))
    odd = domain.strangers([sample.vector for _, sample in taken], network.matching)
    for number in odd:
        click.echo(f"{shown(taken[number][0])} is left out: the face is too unlike the others.", err=True)
    kept = [sample for number, (_, sample) in enumerate(taken) if number not in odd]
    if not kept:
        raise PeopleError("None of these pictures can be learnt from.", "Take sharp ones of one face, from near.")
    with _known() as known:
        _warn_of_another(name, kept, known.gallery(), network.matching)
        known.add([Learnt(name, time.time(), tuple(kept))])
    better = "" if len(kept) >= ENOUGH else f" {ENOUGH} are better: add more, turned a little and in other light."
    click.echo(f"{name} is learnt from {len(kept)} picture{'s' if len(kept) > 1 else ''}.{better}")


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each person.")
def list_people(as_json: bool) -> None:
    """Name everybody who is learnt."""
    with _known() as known:
        rows = known.rows()
    if not rows and not as_json:
        click.echo("Nobody is learnt.")
    for row in rows:
        if as_json:
            click.echo(json.dumps(row, ensure_ascii=False))
        else:
            again = "" if row["usable"] else ", to be learnt again: another network learnt these faces"
            click.echo(f"{row['name']}: {row['samples']} samples{again}")


@command.command()
@click.argument("name")
@click.argument("new")
def rename(name: str, new: str) -> None:
    """Call NAME by the name NEW."""
    with _known() as known:
        click.echo(f"{name} is called {known.ask({'do': 'rename', 'name': name, 'to': new})['name']} now.")


@command.command()
@click.argument("name", required=False)
@click.option("--all", "everybody", is_flag=True, help="Forget everybody.")
def forget(name: str | None, everybody: bool) -> None:
    """Forget NAME: when this ends, nothing of them is in the file any more."""
    if bool(name) == everybody:
        raise click.UsageError("Give either a name or --all.")
    with _known() as known:
        if everybody:
            click.echo(f"{known.ask({'do': 'forget_all'})['forgotten']} forgotten.")
        else:
            click.echo(f"{known.ask({'do': 'forget', 'name': name})['name']} is forgotten.")


@command.command()
@click.argument("picture", type=click.Path(path_type=Path))
@click.option("--config", "path", type=click.Path(path_type=Path), help="The settings file.")
def test(picture: Path, path: Path | None) -> None:
    """Say whose face PICTURE shows, and how sure that is."""
    network = recognizer()
    with Decoder() as decoder:
        sampled = Sampler(detector(load(find(path)).faces.detector), network).sample(decoder.picture(picture).pixels)
    if sampled.vector is None or sampled.why:
        raise PeopleError(f"{shown(picture)} cannot be recognised: {WHY[sampled.why or Lack.POINTS]}.")
    with _known() as known:
        odds = domain.whose(sampled.vector, known.gallery(), network.matching)
    for name, chance in sorted(odds.items(), key=lambda row: -row[1])[:3]:
        click.echo(f"{name or 'somebody who is not learnt'}: {chance:.0%}")


@command.command("export")
@click.argument("file", type=click.Path(path_type=Path))
def export_people(file: Path) -> None:
    """Write everybody into FILE, which only you can read; it is as private as their faces."""
    with _known() as known:
        everybody = known.everybody()
    try:
        files.replace(file, people_file.written(everybody))
    except OSError as error:
        raise PeopleError(f"{file} cannot be written: {error.strerror}.") from error
    click.echo(f"{len(everybody)} written to {shown(file)}.")


@command.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_people(file: Path) -> None:
    """Add everybody in FILE, which `export` wrote."""
    read = people_file.read(file)
    with _known() as known:
        usable = people_file.usable(read, known.model)
        known.add(usable)
    click.echo(f"{len(usable)} read from {shown(file)}.")
    names = {each.name for each in usable}
    for each in read:
        if each.name not in names:
            click.echo(f"{each.name} must be learnt again: another network learnt this face.", err=True)


class _Known:
    """Who is learnt, by requests that are answered here or by the running assistant."""

    def __init__(self, own: People | None) -> None:
        self._own = own

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """One request of `people_requests`, and its reply.

        Raises:
            PeopleError: it was refused.
        """
        text = json.dumps(request, ensure_ascii=False)
        if self._own is not None:
            reply = people_requests.serve(self._own, text)
        else:
            reply = control_client.ask(runtime_path(), {"ask": "people", "about": text})
        if not reply.get("ok"):
            raise PeopleError(str(reply.get("error", "It was not done.")))
        return reply

    @property
    def model(self) -> str:
        """The network in use, as "name@version"."""
        return str(self.ask({"do": "list"})["model"])

    def rows(self) -> list[dict[str, Any]]:
        """Everybody, as the replies have them."""
        return self._pages({"do": "list"}, "people")

    def everybody(self) -> list[Learnt]:
        """Everybody with their samples."""
        return [
            Learnt(
                row["name"],
                row["learnt_at"],
                tuple(map(people_requests.sample_of, self._pages({"do": "samples", "name": row["name"]}, "samples"))),
            )
            for row in self.rows()
        ]

    def gallery(self) -> domain.Gallery:
        """Everybody whom the network in use can recognise."""
        model = self.model
        everybody = self.everybody()
        return domain.gallery(model, {e.name: [s.vector for s in e.samples if s.model == model] for e in everybody})

    def add(self, learnt: list[Learnt]) -> None:
        """Adds people: at home all or none, through the running assistant sample by sample."""
        if self._own is not None:
            self._own.add(learnt)
            return
        for each in learnt:
            for sample in each.samples:
                row = people_requests.row_of(sample)
                self.ask({"do": "add", "name": each.name, "learnt_at": each.learnt_at, "sample": row})

    def _pages(self, request: Mapping[str, Any], what: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        while True:
            reply = self.ask({**request, "from": len(rows)})
            rows += reply[what]
            if len(rows) >= reply["total"] or not reply[what]:
                return rows


@contextmanager
def _known() -> Iterator[_Known]:
    """The running assistant, or the file of this user, held so that no assistant starts meanwhile."""
    if held(runtime_path()):
        yield _Known(None)
        return
    with single_instance():
        yield _Known(make_people())


def _warn_of_another(name: str, samples: list[Sample], known: domain.Gallery, matching: domain.Matching) -> None:
    """Says that this face is known under another name."""
    for sample in samples:
        odds = domain.whose(sample.vector, known, matching)
        likely = max(odds, key=odds.__getitem__)
        if likely and domain.key(likely) != domain.key(name):
            click.echo(f"assistant: this face is known as {likely} already.", err=True)
            return
