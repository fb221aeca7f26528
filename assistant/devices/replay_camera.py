"""A camera that shows a picture, a folder of pictures, a video or frames made in memory; part of the product.

Demos, tests and `look` use it; nothing after it can tell it from a camera.
"""

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.devices.decoder import Decoder
from assistant.devices.file_kinds import shown
from assistant.devices.shot import Shot
from assistant.devices.shots import of_folder, of_frames
from assistant.domain.values import Frame, Pixels
from assistant.errors import PictureError

LATE_S = 0.5
"""Frames that are later than this are skipped in real time, as a camera would drop them, seconds."""
MAX_SKIPPED = 30
"""Most frames skipped in one read, so that a slow machine still sees some."""
MAX_WAIT_S = 0.5
"""Longest wait in one read, seconds; in a longer gap the last frame is shown again, as a camera would see it."""


class ReplayCamera:
    """Shows what it was given, from its beginning each time it is opened.

    Args:
        source: The path of a picture, a folder or a video; or frames, each uint8 (height, width, 3) RGB.
        realtime: True: frames come at their time, stamped on the monotonic clock. False: they come as fast as they are
            read, stamped with media time from 0 on.
        fps: Frames a second of a folder, of frames in memory, and of a video that does not tell its own; above 0.
        loop: Begin again at the end, the time going on.
    """

    name = "replay"
    live = False

    def __init__(
        self, source: str | Path | Sequence[Pixels], realtime: bool = False, fps: float = 15.0, loop: bool = False
    ) -> None:
        self._source = source
        self._realtime = realtime
        self._interval = 1 / fps
        self._loop = loop
        self._decoder = Decoder()
        self._frames: Iterator[Frame] = iter(())
        self._ahead: Frame | None = None
        self._shown: Pixels | None = None
        self._begun: float | None = None

    def open(self) -> None:
        """Reads up to the first frame.

        Raises:
            PictureError: missing, empty or unreadable; a folder without readable pictures; not a video.
        """
        self.close()
        self._frames = self._all_frames()
        try:
            self._ahead = next(self._frames, None)
        except PictureError:
            self.close()
            raise
        if self._ahead is None:
            self.close()
            called = shown(self._source) if isinstance(self._source, str | Path) else "The list of frames"
            raise PictureError(f"{called} holds no picture that can be read.")
        if self._realtime:
            self._begun = time.monotonic()

    def read(self) -> Frame | None:
        """The next frame, waited for in real time (at most `MAX_WAIT_S`); None at the end."""
        frame, self._ahead = self._ahead or next(self._frames, None), None
        if frame is None or self._begun is None:
            return frame
        at = self._begun + frame.at
        wait = at - time.monotonic()
        if wait > MAX_WAIT_S and self._shown is not None:
            self._ahead = frame
            time.sleep(MAX_WAIT_S)
            return Frame(self._shown, time.monotonic())
        if wait > 0:
            time.sleep(wait)
        self._shown = frame.pixels
        return Frame(frame.pixels, at)

    def close(self) -> None:
        """Lets the file go."""
        self._decoder.close()
        self._frames = iter(())
        self._ahead = self._shown = self._begun = None

    def _all_frames(self) -> Iterator[Frame]:
        """All frames in media time, again and again when looping."""
        passed = 0.0
        while True:
            last = None
            for shot, late in self._with_lateness(passed):
                pixels = None if late else shot.decode()
                if late or pixels is not None:
                    last = shot.at
                if pixels is not None:
                    yield Frame(pixels, passed + shot.at)
            if last is None or not self._loop:
                return
            passed += last + self._interval

    def _with_lateness(self, passed: float) -> Iterator[tuple[Shot, bool]]:
        """The shots of one round, each with whether it is too late; `passed`: media seconds before this round."""
        skipped = 0
        for shot in self._shots():
            late = self._begun is not None and time.monotonic() - (self._begun + passed + shot.at) > LATE_S
            late = late and skipped < MAX_SKIPPED
            skipped = skipped + 1 if late else 0
            yield shot, late

    def _shots(self) -> Iterator[Shot]:
        if not isinstance(self._source, str | Path):
            return of_frames(self._source, self._interval)
        path = Path(self._source).expanduser()
        if path.is_dir():
            return of_folder(path, self._interval, self._decoder)
        return self._decoder.shots(path, self._interval)
