"""The speech queue: holds meanings, puts them into words late, and throws away what is no longer true.

Any thread may put and stop; one thread serves. Which of the waiting is next, and what cuts what, is decided in
`waiting.py`. While nothing can be heard the queue keeps the alerts, counts what is missed, tries again with growing
pauses, and tells when sound is back.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from threading import Condition, Event

from assistant.domain.ports import Voice
from assistant.domain.values import Announcement, Outcome, Urgency, Utterance
from assistant.errors import SpeechError
from assistant.speech.history import History, Spoken
from assistant.speech.waiting import Item, Waiting, cuts

log = logging.getLogger(__name__)

LOOK_S = 0.1
"""How often the serving thread looks whether it was stopped, seconds."""
RETRY_S = (1.0, 2.0, 4.0, 8.0, 15.0)
"""Pauses before sound is tried again, seconds; the last one stays. An answer does not wait for more than the first."""
PATIENCE_S = (10.0, 0.25)
"""A sentence still counts as progress for so many seconds, and so many more for each letter."""


@dataclass(slots=True)
class _Turn:
    """What is being said; made under the lock, with its token, so that a stop can never come too early."""

    item: Item
    began: float
    probe: bool = False
    cancelled: Event = field(default_factory=Event)
    utterance: Utterance | None = None


@dataclass(slots=True)
class _Outage:
    """Nothing can be heard at present."""

    missed: int = 0
    failures: int = 0
    tried_at: float = 0.0
    hurried: bool = False

    @property
    def retry_at(self) -> float:
        """When to try again, seconds on the queue's clock."""
        return self.tried_at + (RETRY_S[0] if self.hurried else RETRY_S[min(self.failures, len(RETRY_S)) - 1])


class SpeechQueue:
    """Says one announcement after the other.

    Args:
        voice: Used by the serving thread alone.
        words: Gives the sentence for an announcement.
        still_true: Asked when the turn of something other than an alert comes; False drops it.
        on_outcome: Is given every announcement with its sentence and what became of it, by whichever thread decided
            it, without any lock held.
        clock: Seconds, the clock of `Announcement.expires`.
    """

    def __init__(
        self,
        voice: Voice,
        words: Callable[[Announcement], Utterance],
        still_true: Callable[[Announcement], bool],
        on_outcome: Callable[[Announcement, str, Outcome], None],
        clock: Callable[[], float],
    ) -> None:
        self._voice = voice
        self._words = words
        self._still_true = still_true
        self._on_outcome = on_outcome
        self._clock = clock
        self._changed = Condition()
        self._waiting = Waiting()
        self._turn: _Turn | None = None
        self._outage: _Outage | None = None
        self._history = History()
        self._progressed_at = clock()

    # -- from any thread --------------------------------------------------------------------------------------------

    def put(self, announcement: Announcement) -> None:
        """Lets an announcement wait for its turn; cuts what it is more urgent than."""
        self._put(Item(announcement))

    def stop(self) -> None:
        """Silence now: ends what is being said and drops what waits; waiting alerts stay."""
        with self._changed:
            if self._turn:
                self._turn.cancelled.set()
            dropped = self._waiting.clear()
            self._changed.notify_all()
        self._report_dropped(dropped)

    def repeat(self) -> bool:
        """Says again the last sentence that was played to its end; asked once more, the one before.

        Returns:
            False when nothing has been played yet.
        """
        with self._changed:
            spoken = self._history.repeat(self._clock())
        if spoken is None:
            return False
        announcement = replace(spoken.announcement, urgency=Urgency.ANSWER, topic="answer", expires=None)
        self._put(Item(announcement, again=spoken.utterance))
        return True

    def history(self) -> list[Spoken]:
        """The last sentences that were heard, oldest first; those that were cut are marked."""
        with self._changed:
            return self._history.all()

    @property
    def answering(self) -> bool:
        """Whether an answer is being said, or is about to be."""
        with self._changed:
            current = self._turn is not None and self._turn.item.urgency is Urgency.ANSWER
            return current or self._waiting.has(Urgency.ANSWER)

    @property
    def progressed_at(self) -> float:
        """When the serving thread was last seen at work, seconds on the queue's clock."""
        with self._changed:
            now = self._clock()
            if self._turn and self._turn.utterance:
                at_most = PATIENCE_S[0] + PATIENCE_S[1] * len(self._turn.utterance.text)
                return now if now - self._turn.began < at_most else self._turn.began
            return self._progressed_at

    def wait_idle(self, timeout_s: float) -> bool:
        """Waits until everything was said and reported (or nothing can be heard); False when it took longer."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._turn is None and (self._outage is not None or not self._waiting), timeout_s
            )

    # -- the serving thread -----------------------------------------------------------------------------------------

    def serve(self, stopped: Callable[[], bool]) -> None:
        """Says what is put, until `stopped()`; looks at it at least every `LOOK_S`, and after each sentence."""
        while not stopped():
            with self._changed:
                self._progressed_at = self._clock()
                self._changed.wait_for(lambda: bool(self._waiting) and self._outage is None, LOOK_S)
            self.step()

    def step(self) -> bool:
        """Says the next announcement, if there is one; returns whether there was."""
        turn = self._begin()
        if turn is None:
            return False
        announcement = turn.item.announcement
        if not self._wanted(turn):
            self._end(turn, Outcome.DROPPED)
            return True
        turn.utterance = turn.item.again or self._words(announcement)
        try:
            self._voice.speak(turn.utterance, turn.cancelled)
        except SpeechError as error:
            log.log(logging.DEBUG if turn.probe else logging.WARNING, "not heard: %s", error)
            self._fail(turn)
            return True
        self._end(turn, Outcome.CUT if turn.cancelled.is_set() else Outcome.PLAYED)
        return True

    def _put(self, item: Item) -> None:
        with self._changed:
            dropped = self._waiting.put(item)
            if self._turn and cuts(item, self._turn.item):
                self._turn.cancelled.set()
            if self._outage:
                self._outage.hurried = self._outage.hurried or item.urgency is Urgency.ANSWER
            self._changed.notify_all()
        self._report_dropped(dropped)

    def _begin(self) -> _Turn | None:
        """Makes the next announcement the current one; while nothing can be heard, when it is time to try again."""
        with self._changed:
            now = self._clock()
            self._progressed_at = now
            if self._outage is None:
                item = self._waiting.take()
                self._turn = _Turn(item, now) if item else None
            elif now >= self._outage.retry_at:
                self._turn = _Turn(Item(_sound_back(self._outage.missed)), now, probe=True)
            return self._turn

    def _wanted(self, turn: _Turn) -> bool:
        """Whether it is worth saying, now that its turn has come."""
        announcement = turn.item.announcement
        if announcement.urgency < Urgency.ALERT and not turn.item.again:
            stale = announcement.expires is not None and self._clock() > announcement.expires
            if stale or not self._still_true(announcement):
                return False
        return not turn.cancelled.is_set()

    def _end(self, turn: _Turn, outcome: Outcome) -> None:
        announcement = turn.item.announcement
        text = turn.utterance.text if turn.utterance else self._words(announcement).text
        with self._changed:
            now = self._clock()
            if turn.item.again:
                self._history.repeated(now)
            elif turn.utterance:
                self._history.add(Spoken(now, announcement, turn.utterance, outcome))
            if turn.probe:
                self._outage = None
        self._on_outcome(announcement, text, outcome)
        with self._changed:
            self._turn = None
            self._changed.notify_all()

    def _fail(self, turn: _Turn) -> None:
        """Nothing was heard: an alert is kept, anything else is missed."""
        dropped: Sequence[Item] = ()
        with self._changed:
            self._outage = self._outage or _Outage()
            if turn.probe:
                dropped = self._waiting.clear()
            elif turn.item.urgency is Urgency.ALERT:
                self._waiting.put_back(turn.item)
            else:
                dropped = [turn.item]
            self._outage.missed += len(dropped)
            self._outage.failures += 1
            self._outage.tried_at = self._clock()
            self._outage.hurried = False
        self._report_dropped(dropped)
        with self._changed:
            self._turn = None
            self._changed.notify_all()

    def _report_dropped(self, items: Sequence[Item]) -> None:
        for item in items:
            utterance = item.again or self._words(item.announcement)
            self._on_outcome(item.announcement, utterance.text, Outcome.DROPPED)


def _sound_back(missed: int) -> Announcement:
    if not missed:
        return Announcement("sound_back_complete", urgency=Urgency.ALERT)
    return Announcement("sound_back", {"missed": missed}, urgency=Urgency.ALERT)
