"""`assistant look`: what the program makes of pictures, folders, videos, or of the camera for a while."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import click
from msgspec.structs import replace

from assistant import app, parts
from assistant.cli.annotate import annotate
from assistant.cli.asked import BELIEVED, Asked
from assistant.cli.copies import PICTURES, Copy, spare
from assistant.cli.described import describe, in_pixels
from assistant.config import find, load
from assistant.devices.decoder import Decoder
from assistant.devices.file_kinds import shown
from assistant.devices.pictures import is_there
from assistant.devices.replay_camera import ReplayCamera
from assistant.devices.shots import holds_picture, left_out_of, pictures_in
from assistant.domain.ports import Camera, Look
from assistant.domain.values import Announcement, Frame, Outcome, announce
from assistant.errors import PictureError
from assistant.pipeline import Pipeline
from assistant.settings import Settings

ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*:/", re.IGNORECASE)
"""How an address begins once it was taken for a path, which has no two strokes in a row."""


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON for each picture or sentence.")
@click.option("--detector", help="Which face detector to use instead of the one in the settings.")
@click.option(
    "--annotate", "copy", type=click.Path(path_type=Path), help="Write a copy with boxes, names, expressions."
)
@click.option(
    "--ask",
    "question",
    default="now",
    help=f"What to ask about each picture: {', '.join(BELIEVED)}, or what a skill answers, like light or find:cup.",
)
@click.option("--camera", is_flag=True, help="Look through the camera instead of at files.")
@click.option("--seconds", type=click.FloatRange(min=0, min_open=True), default=10.0, help="How long, with --camera.")
@click.option("--config", "path", type=click.Path(path_type=Path), help="The settings file.")
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[Path, ...],
    as_json: bool,
    detector: str | None,
    copy: Path | None,
    question: str,
    camera: bool,
    seconds: float,
    path: Path | None,
) -> None:
    """Read PATH: a picture, a folder of pictures or a video.

    A picture gives one line; a video a line for each sentence that would have been said, or one that there is none.
    """
    if camera == bool(paths):
        raise click.UsageError("Give either files or --camera.")
    if copy and len(paths) > 1:
        raise click.UsageError("--annotate takes one picture or one video.")
    settings = load(find(path))
    asked = Asked(question, settings)
    if camera and asked.skill:
        raise click.UsageError(f"{question} is asked of pictures; ask the running assistant: assistant ask.")
    with Decoder() as decoder:
        if not camera:
            decoder.start()  # It gets ready while the models are loaded.
        look = _Look(settings, detector, as_json, decoder, asked)
        if camera:
            look.at_camera(seconds, copy)
            return
        failures = sum(not look.at(each, copy) for each in paths)
    if failures:
        ctx.exit(PictureError.exit_code)


class _Look:
    """Looks at one thing after another with the same settings."""

    def __init__(self, settings: Settings, detector: str | None, as_json: bool, decoder: Decoder, asked: Asked) -> None:
        self._settings = settings
        self._detector = detector
        self._as_json = as_json
        self._decoder = decoder
        self._asked = asked
        self._phrases = parts.make_phrases(settings)
        self._people = app.make_people()
        for fault in app.known_faults(self._people) if settings.context == "home" else []:
            click.echo(f"assistant: {self._phrases.text(Announcement((fault,)))}", err=True)
        self._still = self._pipeline(replace(settings, verbosity="normal"), settle_s=0, finely=True)

    def _pipeline(self, settings: Settings, settle_s: float | None = None, *, finely: bool = False) -> Pipeline:
        gallery = self._people.gallery
        return parts.make_pipeline(
            settings, detector=self._detector, settle_s=settle_s, gallery=lambda: gallery, finely=finely
        )

    def at(self, path: Path, copy: Path | None) -> bool:
        """Looks at a file or folder; what cannot be read is told on stderr and gives False."""
        try:
            _refuse_addresses(path)
            if is_there(path) and path.is_dir():
                return self._at_folder(path, copy)
            if copy:
                spare(path, copy)
            if holds_picture(path):
                self._at_picture(path, copy)
            elif self._asked.skill:
                raise PictureError(f"{shown(path)} is a video, and {self._asked.question} is asked of pictures.")
            else:
                self._at_video(ReplayCamera(path), shown(path), copy, until_s=float("inf"))
        except PictureError as error:
            click.echo(f"assistant: {error}", err=True)
            return False
        return True

    def at_camera(self, seconds: float, copy: Path | None) -> None:
        """Looks through the camera for a while."""
        if copy:
            spare(Path(self._settings.camera.source).expanduser(), copy)
        self._at_video(app.make_camera(self._settings), "camera", copy, seconds)

    def _at_folder(self, folder: Path, copy: Path | None) -> bool:
        if copy:
            raise PictureError("--annotate takes one picture or one video, not a folder.")
        for path in left_out_of(folder):
            why = "a folder" if path.is_dir() else "not called like a picture"
            click.echo(f"assistant: {shown(path)} is left out: it is {why}.", err=True)
        return sum(not self.at(picture, None) for picture in pictures_in(folder)) == 0

    def _at_picture(self, path: Path, copy: Path | None) -> None:
        picture = self._decoder.picture(path)
        if copy and copy.suffix.lower() not in PICTURES:
            raise PictureError(
                f"The copy of a picture must be a picture, not {shown(copy)}.", f"Known: {', '.join(PICTURES)}."
            )
        # Pictures have nothing to do with each other: each is shown an age after the one before.
        at = self._next_at()
        frame = Frame(picture.pixels, at)
        view = self._still.step(frame, at).view
        announcement, details = self._asked.answer(Look(frame, view), self._still.policy)
        says, source = self._phrases.text(announcement, "normal"), shown(path)
        if details is None:
            line = describe(source, picture.width, picture.height, view, says)
        else:
            line = {"source": source, "asked": self._asked.question, "says": says, **details}
        self._print(line, f"{source}: {says}", (picture.width, picture.height))
        if copy:
            with Copy(copy) as out:
                out.write(annotate(picture.pixels, view))

    def _next_at(self) -> float:
        at = self._still.view.at
        return at + 3600.0 if at > 0 else 3600.0

    def _at_video(self, camera: Camera, name: str, copy: Path | None, until_s: float) -> None:
        pipeline = self._pipeline(self._settings)
        at, told, people = 0.0, 0, set[int]()
        camera.open()
        try:
            with ExitStack() as stack:
                out = stack.enter_context(Copy(copy)) if copy else None
                for at, frame in _frames(camera, until_s):
                    thought = pipeline.step(frame, frame.at)
                    people.update(person.id for person in thought.view.people)
                    for item in thought.announcements:
                        if isinstance(item, Announcement):
                            told += 1
                            self._say(pipeline, item, name, at, frame.at)
                    if out:
                        out.write(annotate(frame.pixels, thought.view), frame.at)
        finally:
            camera.close()
            pipeline.close()
        if not told:
            self._close(name, at, len(people))

    def _say(self, pipeline: Pipeline, announcement: Announcement, name: str, at: float, now: float) -> None:
        """Prints what would have been said, and takes it for heard."""
        text = self._phrases.text(announcement, self._settings.verbosity)
        line = {"source": name, "at": round(at, 2), "message": announcement.message, "says": text}
        self._print(line, f"{name}, {at:.1f} s: {text}")
        pipeline.policy.outcome(announcement, Outcome.PLAYED, now)

    def _close(self, name: str, seconds: float, people: int) -> None:
        """Prints what is left to print when nothing would have been said."""
        what = announce("nothing_to_tell", {"count": people}) if people else announce("nobody_to_tell")
        text = self._phrases.text(what, "normal")
        line = {"source": name, "seconds": round(seconds, 2), "people": people, "message": what.message, "says": text}
        self._print(line, f"{name}, {seconds:.0f} s: {text}")

    def _print(self, line: Mapping[str, Any], words: str, size: tuple[int, int] = (1, 1)) -> None:
        if self._as_json:
            words = json.dumps(line, ensure_ascii=False, default=lambda box: in_pixels(box, *size))
        click.echo(words)


def _refuse_addresses(path: Path) -> None:
    """Addresses are for cameras: a file that is called so is not meant."""
    if ADDRESS.match(str(path)) and not is_there(path):
        raise PictureError(
            "An address is not a file.", "Put it into camera.source of the settings, and use look --camera."
        )


def _frames(camera: Camera, until_s: float) -> Iterator[tuple[float, Frame]]:
    """Frames with the seconds since the first one."""
    first: float | None = None
    while frame := camera.read():
        first = frame.at if first is None else first
        if frame.at - first > until_s:
            return
        yield frame.at - first, frame
