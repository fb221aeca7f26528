"""What is made known of announcements: the outcome of each, and that something went wrong with one."""

import logging
from collections.abc import Callable, Iterable

from assistant.domain.values import Announcement, Outcome, Urgency, Utterance, announce
from assistant.speech.phrases import joined
from assistant.speech.waiting import Item

log = logging.getLogger(__name__)

FAULT = "fault"
"""Key of the sentence that tells of an error that nobody foresaw."""
FAULT_S = 60.0
"""Of what nobody asked for, such errors are told no more often, seconds."""


class Reports:
    """Hands on what became of each announcement; never called with a lock held.

    Args:
        words: Gives the sentences for an announcement.
        on_outcome: Is given every announcement with its sentences and what became of it.
    """

    def __init__(
        self,
        words: Callable[[Announcement], tuple[Utterance, ...]],
        on_outcome: Callable[[Announcement, str, Outcome], None],
    ) -> None:
        self._words = words
        self._on_outcome = on_outcome
        self._fault_at = float("-inf")

    def dropped(self, items: Iterable[Item]) -> None:
        """None of these was said."""
        for item in items:
            self.outcome(item, item.again, Outcome.DROPPED)

    def outcome(self, item: Item, utterances: tuple[Utterance, ...], outcome: Outcome) -> None:
        """This became of an announcement; where its words were never found, they are looked for now."""
        announcement = item.announcement
        text = joined(utterances) or self._text(item)
        try:
            self._on_outcome(announcement, text, outcome)
        except BaseException:  # whoever listens in does not silence the voice, nor the key that asked
            log.exception("reporting %s", announcement.message)

    def fault(self, announcement: Announcement, now: float) -> Announcement | None:
        """What tells that something went wrong with one; of what nobody asked for it is told once in a while only.

        Args:
            announcement: With which it went wrong.
            now: Seconds.
        """
        asked = announcement.urgency is Urgency.ANSWER
        if announcement.message == FAULT or not (asked or now - self._fault_at > FAULT_S):
            return None
        self._fault_at = now
        return announce(FAULT, urgency=Urgency.ALERT, topic=FAULT)

    def _text(self, item: Item) -> str:
        """The words of what was never said; none if they cannot be found."""
        try:
            return joined(item.again or self._words(item.announcement))
        except BaseException:
            log.debug("no words for %s", item.announcement.message, exc_info=True)
            return ""
