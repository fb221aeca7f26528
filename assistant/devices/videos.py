"""The frames of a video file at their own times, through FFmpeg in OpenCV."""

import logging
import math
import os
from collections.abc import Iterator
from functools import partial

import cv2

from assistant.devices.file_kinds import VIDEO
from assistant.devices.opencv_quiet import quiet
from assistant.devices.pictures import MAX_DECODED, to_rgb
from assistant.devices.shot import Shot
from assistant.domain.values import Pixels
from assistant.errors import PictureError

log = logging.getLogger(__name__)

LONGEST_GAP_S, JITTER_S = 60.0, 0.5
"""Times that go on by more than the one, or back by more than the other, are those of another recording joined on."""


def of_video(path: str, name: str, kind: str, interval: float) -> Iterator[Shot]:
    """The frames of a video; of one that is cut off, those before the cut.

    Args:
        path: Where FFmpeg opens it: text in UTF-8.
        name: How it is called in errors.
        kind: `VIDEO`, or the name of a stream without a container, which FFmpeg would otherwise have to guess.
        interval: Seconds between frames where the video does not tell.

    Raises:
        PictureError: not a video, too large, or cut off before its first frame.
    """
    quiet()
    # FFmpeg may open this file alone, nothing that its content names.
    stream = "" if kind == VIDEO else f"|input_format;{kind}"
    os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = f"protocol_whitelist;file{stream}"
    # FFmpeg alone: by default OpenCV would also take "clip01" for the first of numbered pictures.
    capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG)
    try:
        width, height = capture.get(cv2.CAP_PROP_FRAME_WIDTH), capture.get(cv2.CAP_PROP_FRAME_HEIGHT)
        if width * height > MAX_DECODED:
            raise PictureError(
                f"{name} is too large, {width:.0f} by {height:.0f} pixels.",
                f"Convert it to at most {MAX_DECODED // 1_000_000} megapixels.",
            )
        fps = capture.get(cv2.CAP_PROP_FPS)
        if math.isfinite(fps) and 0 < fps <= 1000:
            interval = 1 / fps
        at = None
        first = last = 0.0
        for at in _times(capture, interval):
            last = _told(capture)
            first = first if at else last
            yield Shot(at, partial(_retrieved, capture))
        if at is None:
            raise PictureError(f"{name} is cut off or is no video.", "Copy it again, or convert it to MP4.")
        joined = abs(last - first - at) > 1  # Its length is not known then.
        if not joined and capture.get(cv2.CAP_PROP_FRAME_COUNT) * interval > at + 1 + interval:
            log.warning("%s ends early, after %.1f seconds", name, at)
    finally:
        capture.release()


def _times(capture: cv2.VideoCapture, interval: float) -> Iterator[float]:
    """Grabs frame after frame, giving the media time of each."""

    def told() -> Iterator[float]:
        while capture.grab():
            yield _told(capture)

    return steady_times(told(), interval)


def _told(capture: cv2.VideoCapture) -> float:
    """The time that the file tells for the grabbed frame, seconds; anything."""
    return float(capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000


def steady_times(told: Iterator[float], interval: float) -> Iterator[float]:
    """Times that rise strictly from 0, whatever a file tells: they go on where it jumps, and where it tells none.

    Args:
        told: What the file says, frame by frame, seconds; anything.
        interval: Seconds between frames where the file does not tell.
    """
    at: float | None = None
    before = begun = 0.0
    for stamp in told:
        time = stamp if math.isfinite(stamp) else before + interval
        if at is None:
            at, begun = 0.0, time
        else:
            if not -JITTER_S <= time - before <= LONGEST_GAP_S:
                begun = time - at - interval
            at = time - begun if time - begun > at else at + interval
        before = time
        yield at


def _retrieved(capture: cv2.VideoCapture) -> Pixels | None:
    """The grabbed frame; None when it is damaged."""
    ok, pixels = capture.retrieve()
    return to_rgb(pixels) if ok else None
