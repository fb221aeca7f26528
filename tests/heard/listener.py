"""What a person would hear: the recording of a loudspeaker, put into words. Moments are seconds of the recording."""

import time
from collections.abc import Callable

from tests.heard.grammar import PRONOUNCED, jsgf
from tests.hearing import Recogniser, Transcript
from tests.speech.sound import Loudspeaker

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
        self._recogniser = Recogniser(jsgf(), PRONOUNCED)
        self.begin()

    def begin(self) -> None:
        """Forgets what was heard so far; starts the sound server if it does not run."""
        if not self.speaker.running:
            self.speaker.stop()
            self.speaker.start()
        self.speaker.listen()
        self._transcript = Transcript(self.speaker, self._recogniser)

    def said(self, since: float = 0.0) -> str:
        """Everything that was said and is over, in words."""
        return " ".join(words for _, words in self._transcript.since(since) if words)

    def wait_for(self, sentence: str, since: float = 0.0) -> None:
        """Waits until a sentence is heard that began after `since`."""
        self.wait_until(lambda: sentence in self.said(since), lambda: f"not {sentence!r} but {self.said(since)!r}")

    def wait_for_speech(self, since: float, length_s: float = 1.0) -> None:
        """Waits until something was sounding for so long: in the middle of a sentence."""

        def speaking() -> bool:
            return any(end - begin > length_s for begin, end in self.speaker.sounds(since))

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
