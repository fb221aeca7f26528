"""`assistant voices`: which voices are installed, and how one sounds."""

from pathlib import Path
from threading import Event

import click
from msgspec.structs import replace

from assistant import app, parts
from assistant.config import find, load
from assistant.domain.values import announce
from assistant.speech import espeak


@click.group(invoke_without_command=True)
@click.option("--language", default="", help='Only those of a language, e.g. "en".')
@click.pass_context
def command(ctx: click.Context, language: str) -> None:
    """List the installed voices; speech.voice in the settings takes one by its name."""
    if ctx.invoked_subcommand is None:
        for voice in espeak.voices(language):
            click.echo(f"{voice.tag}: {voice.title} ({voice.name})")


@command.command("try")
@click.argument("name")
@click.option("--config", "path", type=click.Path(path_type=Path), help="The settings file.")
def try_voice(name: str, path: Path | None) -> None:
    """Speak a sentence with the voice NAME."""
    settings = load(find(path))
    settings = replace(settings, speech=replace(settings.speech, engine="espeak", voice=name))
    phrases = parts.make_phrases(settings)
    audio = app.make_audio(settings, phrases, app.make_choices(settings, phrases))
    try:
        for utterance in phrases.words(announce("disclose")):
            audio.voice.speak(utterance, Event())
    finally:
        audio.close()
