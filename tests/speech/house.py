"""A speech queue with everything that it needs, for tests."""

from collections.abc import Callable

from assistant.domain.ports import Cancelled
from assistant.domain.values import Announcement, Outcome, Phrase, Urgency, Utterance, announce
from assistant.errors import SpeechError
from assistant.speech.phrases import Phrases
from assistant.speech.queue import SpeechQueue
from assistant.speech.silent import SilentVoice

AMBIENT, ANSWER, ALERT = Urgency.AMBIENT, Urgency.ANSWER, Urgency.ALERT
PLAYED, DROPPED, INTERRUPTED = Outcome.PLAYED, Outcome.DROPPED, Outcome.INTERRUPTED


class Moody(SilentVoice):
    """A voice that can be made to fail, and that does something while it speaks."""

    def __init__(self) -> None:
        super().__init__()
        self.heard = True
        self.meanwhile: Callable[[str], None] = lambda text: None

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        if not self.heard:
            raise SpeechError("No sound device.")
        super().speak(utterance, cancelled)
        self.meanwhile(utterance.text)


class House:
    """A queue with everything that it needs, and a clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 100.0
        self.voice = Moody()
        self.untrue: set[str] = set()
        self.outcomes: list[tuple[str, Outcome]] = []
        self.queue = SpeechQueue(
            voice=self.voice,
            words=lambda announcement: tuple(Utterance(f"{phrase.message}.", "en") for phrase in announcement.phrases),
            still_true=lambda announcement: announcement.message not in self.untrue,
            on_outcome=lambda announcement, text, outcome: self.outcomes.append((text, outcome)),
            clock=lambda: self.now,
            spelled=Phrases("en").spelled,
        )

    def put(self, message: str, urgency: Urgency = AMBIENT, topic: str = "", expires: float | None = None) -> None:
        self.queue.put(announce(message, urgency=urgency, topic=topic, expires=expires))

    def put_several(self, *messages: str, urgency: Urgency = ANSWER, resumes: bool = True) -> None:
        """Puts an announcement of several sentences."""
        self.queue.put(Announcement(tuple(map(Phrase, messages)), urgency, resumes=resumes))

    def run(self) -> list[str]:
        """Says everything that waits."""
        before = len(self.voice.said)
        while self.queue.step():
            pass
        return [utterance.text.rstrip(".") for utterance in self.voice.said[before:]]
