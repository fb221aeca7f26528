"""What a person would hear: the recording of a loudspeaker, put into words. Moments are seconds of the recording."""

import time
from collections.abc import Callable
from functools import cache

from tests.heard.grammar import PRONOUNCED, jsgf
from tests.hearing import SENTENCE_S, Recogniser
from tests.speech.sound import RATE, Loudspeaker

HANG_S = 60.0
"""Nothing that is waited for takes nearly as long on a busy machine, unless it never comes (seconds)."""
_LOOK_S = 0.1


class Listener:
    """Listens to a loudspeaker.

    Args:
        speaker: It, running.
    """

    def __init__(self, speaker: Loudspeaker) -> None:
        self.speaker = speaker
        self._known: dict[tuple[float, float], str] = {}

    def begin(self) -> None:
        """Forgets what was heard so far; starts the sound server if it does not run."""
        if not self.speaker.running:
            self.speaker.stop()
            self.speaker.start()
        self.speaker.listen()
        self._known.clear()

    def said(self, since: float = 0.0) -> str:
        """Everything that was said and is over, in words."""
        return " ".join(filter(None, (self._words(*sound) for sound in self._over(since))))

    def wait_for(self, sentence: str, since: float = 0.0) -> None:
        """Waits until a sentence is heard that began after `since`."""
        self.wait_until(lambda: sentence in self.said(since), lambda: f"not {sentence!r} but {self.said(since)!r}")

    def wait_for_speech(self, since: float, length_s: float = 1.0) -> None:
        """Waits until something was sounding for so long: in the middle of a sentence."""

        def speaking() -> bool:
            return any(end - max(begin, since) > length_s for begin, end in self.speaker.sounds())

        self.wait_until(speaking, lambda: f"no speech but {self.said(since)!r}")

    def pass_s(self, seconds: float) -> None:
        """Goes on listening for so long, by the clock of the recording."""
        end = self.speaker.now + seconds
        self.wait_until(lambda: self.speaker.now > end, lambda: "the recording stands still")

    def wait_until(self, condition: Callable[[], bool], complaint: Callable[[], str] = lambda: "it hangs") -> None:
        """Waits until something has happened."""
        deadline = time.monotonic() + HANG_S
        while not condition():
            assert time.monotonic() < deadline, complaint()
            time.sleep(_LOOK_S)

    def _over(self, since: float) -> list[tuple[float, float]]:
        """Beginning and end of everything that may be sentences and is over."""
        now = self.speaker.now
        return [
            (max(begin, since), end)
            for begin, end in self.speaker.sounds()
            if end - max(begin, since) > SENTENCE_S and now - end > SENTENCE_S
        ]

    def _words(self, begin: float, end: float) -> str:
        if (begin, end) not in self._known:
            recording = self.speaker.heard()[round(begin * RATE) : round(end * RATE), 0]
            self._known[begin, end] = _recogniser().words(recording)
        return self._known[begin, end]


@cache
def _recogniser() -> Recogniser:
    return Recogniser(jsgf(), PRONOUNCED)
