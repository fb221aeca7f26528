"""Copies of pictures and videos with a box round each face, its points, its expression and how sure that is."""

from pathlib import Path
from types import TracebackType

import cv2
import numpy as np

from assistant.domain.scene import PersonView, SceneView
from assistant.domain.values import Pixels, Statement
from assistant.errors import PictureError

COLOURS = {
    Statement.SURE: (64, 220, 64),
    Statement.UNSURE: (255, 200, 0),
    Statement.CANNOT_TELL: (190, 190, 190),
}
"""RGB, by how firmly the expression may be said."""
PICTURES = (".png", ".jpg", ".jpeg")
VIDEOS = {".mp4": "mp4v", ".avi": "MJPG"}
"""Codec by ending."""


def annotate(pixels: Pixels, view: SceneView) -> Pixels:
    """A copy with every person's box and points, and above it the expression and its certainty in per cent.

    Args:
        pixels: uint8 (height, width, 3), RGB.
        view: What is believed about it.
    """
    drawn = pixels.copy()
    for person in view.people:
        _draw(drawn, person)
    return drawn


def _draw(pixels: Pixels, person: PersonView) -> None:
    height, width = pixels.shape[:2]
    unit = max(1, round(min(height, width) / 300))
    left, top = round(person.box.left * width), round(person.box.top * height)
    right = round((person.box.left + person.box.width) * width)
    bottom = round((person.box.top + person.box.height) * height)
    colour = COLOURS[person.statement]
    cv2.rectangle(pixels, (left, top), (right, bottom), colour, unit)
    for x, y in person.landmarks or ():
        cv2.circle(pixels, (round(x * width), round(y * height)), 2 * unit, colour, cv2.FILLED)
    words = f"{person.expression} {person.certainty:.0%}" if person.expression else "face"
    place = (max(0, left), max(12 * unit, top - 4 * unit))
    cv2.putText(pixels, words, place, cv2.FONT_HERSHEY_SIMPLEX, 0.45 * unit, (0, 0, 0), 3 * unit)
    cv2.putText(pixels, words, place, cv2.FONT_HERSHEY_SIMPLEX, 0.45 * unit, colour, unit)


class Copy:
    """Writes annotated frames to one file; a picture keeps the last frame, a video all of them.

    Args:
        path: Ends in .png, .jpg, .mp4 or .avi (Motion JPEG).

    Raises:
        PictureError: another ending.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._video: cv2.VideoWriter | None = None
        self._size = (0, 0)
        self._first: tuple[Pixels, float] | None = None
        if path.suffix.lower() not in (*PICTURES, *VIDEOS):
            raise PictureError(f"{path} has an unknown ending.", f"Known: {', '.join((*PICTURES, *VIDEOS))}.")

    def __enter__(self) -> "Copy":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._first is not None and kind is None:
            self._open(self._first[0], fps=1.0)
        if self._video is not None:
            self._video.release()

    def write(self, pixels: Pixels, at: float = 0.0) -> None:
        """Adds one frame.

        Args:
            pixels: uint8 (height, width, 3), RGB; a video keeps the size of its first.
            at: Its time, seconds; the first two tell a video how fast it is.

        Raises:
            PictureError: the file cannot be written.
        """
        if self._path.suffix.lower() in PICTURES:
            self._save(pixels)
        elif self._video is not None:
            self._add(pixels)
        elif self._first is None:
            self._first = pixels, at
        else:
            first, began = self._first
            self._first = None
            self._open(first, fps=min(60.0, max(1.0, 1 / max(at - began, 1e-3))))
            self._add(pixels)

    def _open(self, pixels: Pixels, fps: float) -> None:
        """Begins the video with its first frame."""
        self._size = (pixels.shape[1], pixels.shape[0])
        codec = cv2.VideoWriter.fourcc(*VIDEOS[self._path.suffix.lower()])
        self._video = cv2.VideoWriter(str(self._path), codec, fps, self._size)
        if not self._video.isOpened():
            raise PictureError(f"{self._path} cannot be written.", "Check that the folder exists and may be used.")
        self._add(pixels)

    def _add(self, pixels: Pixels) -> None:
        if self._video is not None:
            self._video.write(cv2.resize(_bgr(pixels), self._size))

    def _save(self, pixels: Pixels) -> None:
        _, data = cv2.imencode(self._path.suffix.lower(), _bgr(pixels))
        try:
            self._path.write_bytes(data.tobytes())
        except OSError as error:
            raise PictureError(f"{self._path} cannot be written: {error.strerror}.") from error


def _bgr(pixels: Pixels) -> Pixels:
    return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR), dtype=np.uint8)
