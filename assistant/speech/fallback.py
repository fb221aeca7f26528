"""An ordered list of voices: when one fails, the next says the sentence; the last one never fails, but is not heard."""

import logging
from collections.abc import Callable, Sequence
from time import monotonic

from assistant.domain.ports import Cancelled, Voice
from assistant.domain.values import Announcement, Utterance
from assistant.errors import SpeechError

log = logging.getLogger(__name__)

RETRY_S = 60.0
"""A voice that failed is tried again after this time, seconds; sooner only if no other can be heard."""


class FallbackVoice:
    """Speaks with the first voice that can be heard, and tells once, with the next, which one failed.

    Args:
        engines: Voices that can be heard, best first.
        last: Keeps what none of them could say.
        words: Gives the sentence for an announcement.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        *,
        engines: Sequence[Voice],
        last: Voice,
        words: Callable[[Announcement], Utterance],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._engines = engines
        self._last = last
        self._words = words
        self._clock = clock
        self._failed_at: dict[str, float] = {}
        self._untold: list[str] = []
        self._use(engines[0])

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        """Speaks with the first voice that works.

        Raises:
            SpeechError: none can be heard.
        """
        errors: list[SpeechError] = []
        for engine in self._candidates():
            if self._try(engine, utterance, cancelled, errors):
                self._use(engine)
                self._failed_at.pop(engine.name, None)
                self._tell_failures(engine, cancelled)
                return
        self._untold.clear()
        self._use(self._last)
        self._last.speak(utterance, cancelled)
        raise SpeechError("No voice can be heard at present.", str(errors[0]))

    def close(self) -> None:
        """Silence; lets every voice go."""
        for engine in (*self._engines, self._last):
            engine.close()

    def _use(self, engine: Voice) -> None:
        self._current = engine
        self.name = engine.name

    def _candidates(self) -> list[Voice]:
        """The voices to try now; all of them when every one has failed."""
        now = self._clock()
        trusted = [engine for engine in self._engines if now - self._failed_at.get(engine.name, -RETRY_S) >= RETRY_S]
        return trusted + [engine for engine in self._engines if engine not in trusted]

    def _try(self, engine: Voice, utterance: Utterance, cancelled: Cancelled, errors: list[SpeechError]) -> bool:
        try:
            engine.speak(utterance, cancelled)
        except SpeechError as error:
            again = engine.name in self._failed_at
            log.log(logging.DEBUG if again else logging.WARNING, "voice %s failed: %s", engine.name, error)
            if not again:
                self._untold.append(engine.name)
            self._failed_at[engine.name] = self._clock()
            errors.append(error)
            return False
        return True

    def _tell_failures(self, engine: Voice, cancelled: Cancelled) -> None:
        while self._untold and not cancelled.is_set():
            failed = self._untold.pop(0)
            if failed != engine.name:
                self._try(engine, self._words(Announcement("engine_failed", {"engine": failed})), cancelled, [])
