"""`assistant say`: a sentence through the voice that is set, to try it."""

from pathlib import Path
from threading import Event

import click
from msgspec.structs import replace

from assistant import app, parts
from assistant.config import find, load
from assistant.domain.values import Utterance


@click.command()
@click.argument("text")
@click.option("--config", "path", type=click.Path(path_type=Path), help="The settings file.")
@click.option("--engine", help="The speech engine, instead of the one in the settings.")
def command(text: str, path: Path | None, engine: str | None) -> None:
    """Speak TEXT."""
    settings = load(find(path))
    if engine:
        settings = replace(settings, speech=replace(settings.speech, engine=engine))
    phrases = parts.make_phrases(settings)
    audio = app.make_audio(settings, phrases, app.make_choices(settings, phrases))
    try:
        audio.voice.speak(Utterance(text, settings.language), Event())
    finally:
        audio.close()
