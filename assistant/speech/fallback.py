"""An ordered list of voices: when one fails, the next says the sentence; the last one never fails, but is not heard."""

import logging
from collections.abc import Callable, Sequence
from time import monotonic

from assistant.domain.ports import Cancelled, Voice
from assistant.domain.values import Announcement, Utterance, announce
from assistant.errors import SpeechError

log = logging.getLogger(__name__)

RETRY_S = 60.0
"""A voice that failed is tried again after this time, seconds; sooner only if no other can be heard."""


class FallbackVoice:
    """Speaks with the first voice that can be heard, and tells once, with the next, which one failed.

    A voice may be anybody's plugin: whatever it raises, and an answer where none is expected, is a failure like any
    other.

    Args:
        engines: Voices that can be heard, best first.
        last: Keeps what none of them could say.
        words: Gives the sentences for an announcement.
        broken: Names of those that could not even be made, which is told as well.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        *,
        engines: Sequence[Voice],
        last: Voice,
        words: Callable[[Announcement], Sequence[Utterance]],
        broken: Sequence[str] = (),
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._engines = engines
        self._last = last
        self._words = words
        self._clock = clock
        self._failed_at: dict[str, float] = {}
        self._untold = list(broken)
        self.name = (*engines, last)[0].name
        """That of the voice in use."""

    def speak(self, utterance: Utterance, cancelled: Cancelled) -> None:
        """Speaks with the first voice that works.

        Raises:
            SpeechError: none can be heard.
        """
        reasons: list[str] = []
        for engine in self._candidates():
            reason = self._failure(engine, utterance, cancelled)
            if reason is None:
                self.name = engine.name
                self._failed_at.pop(engine.name, None)
                self._tell_failures(engine, cancelled)
                return
            reasons.append(reason)
        self._untold.clear()
        self.name = self._last.name
        self._last.speak(utterance, cancelled)
        raise SpeechError("No voice can be heard at present.", reasons[0] if reasons else "")

    def close(self) -> None:
        """Silence; lets every voice go."""
        for engine in (*self._engines, self._last):
            try:
                engine.close()
            except BaseException:  # a voice may be anybody's plugin; the others are to be let go as well
                log.exception("closing the voice %s", engine.name)

    def _candidates(self) -> list[Voice]:
        """The voices to try now; all of them when every one has failed."""
        now = self._clock()
        trusted = [engine for engine in self._engines if now - self._failed_at.get(engine.name, -RETRY_S) >= RETRY_S]
        return trusted + [engine for engine in self._engines if engine not in trusted]

    def _failure(self, engine: Voice, utterance: Utterance, cancelled: Cancelled) -> str | None:
        """Lets a voice speak; gives the reason if it could not, and remembers that this is to be told."""
        try:
            answer: object = engine.speak(utterance, cancelled)  # type: ignore[func-returns-value]
            if answer is None:
                return None
            reason = f"it answers {answer!r}"
        except SpeechError as error:
            reason = str(error)
        except BaseException as error:
            log.exception("voice %s", engine.name)
            reason = f"{type(error).__name__}: {error}"
        again = engine.name in self._failed_at
        log.log(logging.DEBUG if again else logging.WARNING, "voice %s failed: %s", engine.name, reason)
        if not again:
            self._untold.append(engine.name)
        self._failed_at[engine.name] = self._clock()
        return reason

    def _tell_failures(self, engine: Voice, cancelled: Cancelled) -> None:
        while self._untold and not cancelled.is_set():
            failed = self._untold.pop(0)
            if failed == engine.name:
                continue
            try:
                told = self._words(announce("engine_failed", {"engine": failed}))
            except BaseException:  # a damaged phrase does not make unsaid what was said
                log.exception("telling that the voice %s failed", failed)
            else:
                for utterance in told:
                    self._failure(engine, utterance, cancelled)
