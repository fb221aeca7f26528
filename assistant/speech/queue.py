"""The speech queue: holds meanings, puts them into words late, and throws away what is no longer true.

Any thread may put and stop; one thread serves. Which of the waiting is next, and what interrupts what, is decided in
`waiting.py`. While nothing can be heard the queue keeps the alerts, counts what is missed, tries again with growing
pauses, and tells when sound is back. Whatever goes wrong with one announcement is told and logged, and the next has its
turn; each that was put is reported with its outcome, once.
"""

import logging
from collections.abc import Callable, Sequence
from threading import Condition

from assistant.domain.ports import Voice
from assistant.domain.values import Announcement, Outcome, Urgency, Utterance
from assistant.errors import SpeechError
from assistant.speech.history import History, Spoken
from assistant.speech.outage import Outage
from assistant.speech.reports import Reports
from assistant.speech.turn import Turn
from assistant.speech.waiting import Item, Waiting, preempts

log = logging.getLogger(__name__)

LOOK_S = 0.1
"""How often the serving thread looks whether it was stopped, seconds."""


class SpeechQueue:
    """Says one announcement after the other.

    Args:
        voice: Used by the serving thread alone.
        words: Gives the sentences for an announcement.
        still_true: Asked when the turn of something other than an alert comes; False drops it.
        on_outcome: Is given every announcement with its sentences and what became of it, by whichever thread decided
            it, without any lock held.
        clock: Seconds, the clock of `Announcement.expires`.
        spelled: Gives a sentence letter by letter.
    """

    def __init__(
        self,
        voice: Voice,
        words: Callable[[Announcement], tuple[Utterance, ...]],
        still_true: Callable[[Announcement], bool],
        on_outcome: Callable[[Announcement, str, Outcome], None],
        clock: Callable[[], float],
        spelled: Callable[[Utterance], Utterance],
    ) -> None:
        self._spelled = spelled
        self._voice = voice
        self._words = words
        self._still_true = still_true
        self._reports = Reports(words, on_outcome)
        self._clock = clock
        self._changed = Condition()
        self._waiting = Waiting()
        self._turn: Turn | None = None
        self._outage: Outage | None = None
        self._history = History()
        self._progressed_at = clock()
        self._closed = False

    # -- from any thread --------------------------------------------------------------------------------------------

    def put(self, announcement: Announcement) -> None:
        """Lets an announcement wait for its turn; interrupts what it is more urgent than."""
        self._put(Item(announcement))

    def stop(self) -> None:
        """Silence now: ends what is being said and drops what waits; waiting alerts stay."""
        with self._changed:
            if self._turn:
                self._turn.end()
            dropped = self._waiting.clear()
            self._changed.notify_all()
        self._reports.dropped(dropped)

    def repeat(self) -> bool:
        """Says again what was last played to its end; asked once more, the one before.

        Returns:
            False when nothing has been played yet.
        """
        with self._changed:
            spoken = self._history.repeat(self._clock())
        if spoken is None:
            return False
        self._put(Item(spoken.as_answer(), again=spoken.utterances))
        return True

    def next(self) -> bool:
        """Goes on with the next sentence of what is being said; False when nothing is."""
        with self._changed:
            return self._turn is not None and self._turn.steer(1)

    def again(self) -> bool:
        """Begins the sentence that is being said anew; when nothing is, as `repeat`."""
        with self._changed:
            if self._turn is not None and self._turn.steer(0):
                return True
        return self.repeat()

    def spell(self) -> bool:
        """Spells the sentence that is being said, then goes on; when nothing is, the last one that was heard.

        Returns:
            False when nothing has been said yet.
        """
        with self._changed:
            if self._turn is not None and self._turn.spell(self._spelled):
                return True
            heard = self._history.all()
        if not heard:
            return False
        self._put(Item(heard[-1].as_answer(), again=(self._spelled(heard[-1].utterances[-1]),)))
        return True

    def history(self) -> list[Spoken]:
        """The last sentences that were heard, oldest first; those that were interrupted are marked."""
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
            if self._turn and self._turn.utterances:
                return self._turn.progressed_at(now)
            return self._progressed_at

    def wait_idle(self, timeout_s: float) -> bool:
        """Waits until everything was said and reported (or nothing can be heard); False when it took longer."""
        with self._changed:
            return self._changed.wait_for(
                lambda: self._turn is None and (self._outage is not None or not self._waiting), timeout_s
            )

    # -- the serving thread -----------------------------------------------------------------------------------------

    def serve(self, stopped: Callable[[], bool]) -> None:
        """Says what is put, until `stopped()`; looks at it at least every `LOOK_S`, and after each sentence.

        What waits at the end is dropped, and so is what is put afterwards.
        """
        while not stopped():
            with self._changed:
                self._progressed_at = self._clock()
                self._changed.wait_for(lambda: bool(self._waiting) and self._outage is None, LOOK_S)
            self.step()
        with self._changed:
            self._closed = True
            dropped = self._waiting.clear(below=Urgency.ALERT + 1)
        self._reports.dropped(dropped)

    def step(self) -> bool:
        """Says the next announcement, if there is one; returns whether there was."""
        turn = self._begin()
        if turn is None:
            return False
        try:
            outcome = self._say(turn)
        except SpeechError as error:
            log.log(logging.DEBUG if turn.probe else logging.WARNING, "not heard: %s", error)
            self._fail(turn)
        except BaseException:  # a damaged phrase, a voice that is anybody's plugin: the queue goes on
            log.exception("saying %s", turn.item.announcement.message)
            self._end(turn, Outcome.DROPPED)
            if fault := self._reports.fault(turn.item.announcement, self._clock()):
                self.put(fault)
        else:
            self._end(turn, outcome)
        return True

    def _say(self, turn: Turn) -> Outcome:
        """Speaks, if it is still wanted: one sentence after the other, wherever the user steers.

        Raises:
            SpeechError: it could not be made audible.
        """
        if not self._wanted(turn):
            return Outcome.DROPPED
        turn.utterances = turn.item.again or self._words(turn.item.announcement)
        going = True
        while going:
            self._voice.speak(turn.utterance, turn.cancelled)
            with self._changed:
                going = turn.goes_on(self._clock())
        return Outcome.INTERRUPTED if turn.cancelled.is_set() else Outcome.PLAYED

    def _put(self, item: Item) -> None:
        with self._changed:
            dropped = [item] if self._closed else self._waiting.put(item)
            if self._turn and preempts(item, self._turn.item):
                self._turn.end(by_alert=item.urgency is Urgency.ALERT)
            if self._outage:
                self._outage.hurried = self._outage.hurried or item.urgency is Urgency.ANSWER
            self._changed.notify_all()
        self._reports.dropped(dropped)

    def _begin(self) -> Turn | None:
        """Makes the next announcement the current one; while nothing can be heard, when it is time to try again."""
        with self._changed:
            now = self._clock()
            self._progressed_at = now
            if self._outage is None:
                item = self._waiting.take()
                self._turn = Turn(item, now, position=item.position) if item else None
            elif now >= self._outage.retry_at:
                self._turn = Turn(Item(self._outage.over), now, probe=True)
            return self._turn

    def _wanted(self, turn: Turn) -> bool:
        """Whether it is worth saying, now that its turn has come."""
        announcement = turn.item.announcement
        if announcement.urgency < Urgency.ALERT and not turn.item.again:
            stale = announcement.expires is not None and self._clock() > announcement.expires
            if stale or not self._still_true(announcement):
                return False
        return not turn.cancelled.is_set()

    def _end(self, turn: Turn, outcome: Outcome) -> None:
        announcement = turn.item.announcement
        goes_on = outcome is Outcome.INTERRUPTED and turn.preempted and announcement.resumes
        dropped: Sequence[Item] = ()
        with self._changed:
            now = self._clock()
            if goes_on:
                dropped = self._waiting.put_back(Item(announcement, turn.utterances, turn.position))
            elif turn.item.again:
                self._history.repeated(now)
            elif turn.utterances and outcome is not Outcome.DROPPED:
                self._history.add(Spoken(now, announcement, turn.utterances, outcome))
            if turn.probe:
                self._outage = None
        if not goes_on:
            self._reports.outcome(turn.item, turn.utterances, outcome)
        self._finish(dropped)

    def _fail(self, turn: Turn) -> None:
        """Nothing was heard: an alert is kept, anything else is missed."""
        dropped: Sequence[Item] = ()
        with self._changed:
            self._outage = self._outage or Outage()
            if turn.probe:
                dropped = self._waiting.clear()
            elif turn.item.urgency is Urgency.ALERT:
                dropped = self._waiting.put_back(turn.item)
            else:
                dropped = [turn.item]
            self._outage.failed(self._clock(), len(dropped))
        self._finish(dropped)

    def _finish(self, dropped: Sequence[Item]) -> None:
        """The turn is over once all that came of it is reported."""
        self._reports.dropped(dropped)
        with self._changed:
            self._turn = None
            self._changed.notify_all()
