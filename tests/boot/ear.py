"""What a person would hear: the recording of a loudspeaker, and a recogniser of sentences.

The recogniser chooses among the sentences of a grammar; other sentences of the program and some nonsense are in it as
well, so that what was not said is not heard.
"""

import time
from collections.abc import Sequence
from pathlib import Path

from tests.hearing import Recogniser, Transcript
from tests.speech.sound import HANG_S, Loudspeaker

SENTENCES = (
    "assistant ready",
    "i failed and have been started again",
    "the assistant failed too often and was given up",
    "it needs help",
    "the person in front of you looks happy",
    "the person in front of you may be happy i am not sure",
    "i see a face but cannot tell the expression",
    "a person came into view in front of you",
    "a person came into view on your left",
    "a person left the view",
    "nobody in view",
    "the camera is off",
    "the camera is on",
    "the camera gives fourteen pictures a second",
    "the camera gives fifteen pictures a second",
    "the voice is e speak",
    "running for zero minutes",
    "running for one minute",
    "no camera is connected",
    "new settings taken",
    "the settings have a mistake in line one",
    "the settings have a mistake in line two",
    "the settings have a mistake in line three",
    "the settings have a mistake in line four",
    "the settings have a mistake in line five",
    "the settings have a mistake in line six",
    "the settings have a mistake in line seven",
    "i keep the old ones",
    "a model cannot be used",
    "this is an assistant for a person who cannot see",
    "its camera looks for faces and expressions and where people are",
    "it knows people by name who agreed to be remembered",
    "no picture is stored and nothing leaves the device",
    "one two three four five",
    "good bye",
)


class Ear(Loudspeaker):
    """Understands what the loudspeaker says; moments are seconds of the recording (`now`)."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._transcript = Transcript(self, _recogniser())

    def wait_for(self, wanted: Sequence[str], since: float, seconds: float) -> float:
        """Waits until one of some sentences is heard, and gives the moment at which it began.

        Args:
            wanted: Some of `SENTENCES`.
            since: What was heard before this moment does not count.
            seconds: How long it is waited for.
        """
        deadline = time.monotonic() + seconds
        while True:
            heard = self._transcript.since(since)
            for begin, words in heard:
                if any(sentence in words for sentence in wanted):
                    return begin
            assert time.monotonic() < deadline, f"none of {wanted} was heard in {seconds} s, but {heard}"
            time.sleep(0.2)

    def wait_for_quiet(self, seconds: float) -> None:
        """Waits until nothing was heard for so long: what is cut runs into what follows, and neither is understood.

        Args:
            seconds: Of silence, at least.
        """
        deadline = time.monotonic() + HANG_S
        begin = self.now
        while (last := self.last_sound(begin)) > self.now - seconds:
            assert time.monotonic() < deadline, f"it never falls silent: heard until {last} s, now {self.now} s"
            time.sleep(0.1)

    def first_sound(self, since: float) -> float | None:
        """The moment at which the first sound began; None if there was none yet."""
        return next((begin for begin, _ in self.sounds(since)), None)


def _recogniser() -> Recogniser:
    alternatives = " | ".join(f"({sentence})" for sentence in SENTENCES)
    return Recogniser(f"#JSGF V1.0; grammar said; <one> = {alternatives}; public <said> = <one>+;")
