"""`assistant run`: the main job."""

import json
import logging
import sys
from dataclasses import asdict
from pathlib import Path

import click
from msgspec.structs import replace

from assistant import session
from assistant.cli import output
from assistant.config import find
from assistant.environment import Ending, SpokenEvent
from assistant.settings import Settings

log = logging.getLogger(__name__)


@click.command()
@click.option("--source", help='Instead of the camera in the settings; "demo" needs no camera.')
@click.option("--config", "path", type=click.Path(path_type=Path), help="The settings file.")
@click.option("--engine", help="The speech engine, instead of the one in the settings.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for every announcement.")
@click.pass_context
def command(ctx: click.Context, source: str | None, path: Path | None, engine: str | None, as_json: bool) -> None:
    """Watch through the camera and speak, until q is typed, Ctrl-C, or the end of a picture or video.

    It goes on speaking when nobody reads what it prints any more.
    """
    debug = bool(ctx.obj)

    def change(settings: Settings) -> Settings:
        if source:
            settings = replace(settings, camera=replace(settings.camera, source=source))
        if engine:
            settings = replace(settings, speech=replace(settings.speech, engine=engine))
        if debug:
            settings = replace(settings, logging=replace(settings.logging, level="debug", sentences=True))
        return settings

    def hear(event: SpokenEvent) -> None:
        if as_json:
            click.echo(json.dumps(asdict(event), ensure_ascii=False))
        elif source or sys.stdout.isatty():
            note = "" if event.outcome == "played" else f" ({event.outcome})"
            click.echo(f"{event.at:6.1f} s  {event.text}{note}")

    with output.never_waiting():
        ending = session.run(find(path), change, hear)
    if ending is Ending.FAILED:
        ctx.exit(1)
