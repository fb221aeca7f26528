"""`assistant doctor`: is everything here that is needed, and what is to be done where it is not."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import click

from assistant import app, parts
from assistant.config import find, load
from assistant.domain.ports import Camera
from assistant.domain.values import Announcement, Utterance
from assistant.domain.views import SceneView
from assistant.errors import AssistantError, SpeechError
from assistant.pipeline import Pipeline
from assistant.service.aim import aim as say_where
from assistant.service.doctor import Factories, Finding, examine
from assistant.settings import Settings
from assistant.speech.engines import Audio
from assistant.speech.phrases import REFERENCE


@click.command()
@click.option("--speak", is_flag=True, help="Say it as well.")
@click.option("--aim", is_flag=True, help="Say where the faces are, until stopped with Ctrl-C.")
@click.option("--config", "path", type=click.Path(path_type=Path), help="The settings file.")
@click.pass_context
def command(ctx: click.Context, speak: bool, aim: bool, path: Path | None) -> None:
    """Check camera, sound, voices, models, people, settings, socket, disk and keys: one line each, with what to do.

    Exit code 1 when something that is needed does not work.
    """
    path = find(path)
    if aim:
        _aim(load(path))
        return
    factories = Factories(app.make_camera, parts.make_phrases, _make_audio, parts.make_skills, _try_senses)
    findings = []
    for finding in examine(path, factories):
        click.echo(finding)
        findings.append(finding)
    if speak:
        _say(path, findings)
    ctx.exit(1 if any(finding.needed and not finding.ok for finding in findings) else 0)


def _make_audio(settings: Settings) -> Audio:
    phrases = parts.make_phrases(settings)
    return app.make_audio(settings, phrases, app.make_choices(settings, phrases))


def _try_senses(settings: Settings) -> None:
    parts.make_pipeline(settings).close()


def _say(path: Path, findings: list[Finding]) -> None:
    """Says the lines; what keeps it from that is told on stderr."""
    try:
        settings = load(path)
    except AssistantError:
        settings = Settings()
    audio = _make_audio(settings)
    try:
        for finding in findings:
            audio.voice.speak(Utterance(str(finding), REFERENCE), Event())
    except SpeechError as error:
        click.echo(f"assistant: {error}", err=True)
    finally:
        audio.close()


def _aim(settings: Settings) -> None:
    phrases = parts.make_phrases(settings)
    camera, pipeline, audio = (
        app.make_camera(settings),
        parts.make_pipeline(settings, settle_s=0),
        _make_audio(settings),
    )

    def say(announcement: Announcement) -> None:
        for utterance in phrases.words(announcement):
            click.echo(utterance.text)
            audio.voice.speak(utterance, Event())

    try:
        camera.open()
        say_where(_views(camera, pipeline), say)
    except KeyboardInterrupt:
        click.echo("Stopped.")
    finally:
        camera.close()
        pipeline.close()
        audio.close()


def _views(camera: Camera, pipeline: Pipeline) -> Iterator[SceneView]:
    while frame := camera.read():
        yield pipeline.step(frame, frame.at).view
