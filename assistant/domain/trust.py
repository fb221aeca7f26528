"""A sense that fails is put aside alone, told once, and tried again with growing pauses."""

import logging
from collections.abc import Collection, Mapping, Sequence
from math import isfinite

from assistant.domain.beliefs import PRESENCE
from assistant.domain.ports import Sense
from assistant.domain.values import Announcement, Frame, Percept, Urgency, announce
from assistant.errors import SenseFailed

log = logging.getLogger(__name__)

PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
"""How long a sense is left alone after each failure, seconds; the last one stays."""
WELL_S = 10.0
"""Without a failure for so long it is well again, seconds; twice as long after each relapse."""
LONGEST_WELL_S = 600.0
"""... up to this, so that one that fails now and then is not told now and then."""
LOGGED = 3
"""So many failures in a row are logged with their reason; after them only every so-manieth power of two."""
EVEN = 0.01
"""Probabilities may miss their sum of one by this much."""


class TrustedSense:
    """One sense, looked through while it can be trusted.

    Args:
        sense: Whatever it raises or gives is taken in here: it may be anybody's plugin.
        values: What may be guessed, by kind.
    """

    def __init__(self, sense: Sense, values: Mapping[str, Collection[str] | None]) -> None:
        self._sense = sense
        self._values = values
        self.name = sense.name
        self.kinds: Collection[str] = getattr(sense, "kinds", ())
        """What it gives; of one that does not say so nothing is expected, and anything that is believed is taken."""
        self._failures = 0
        self._told = False
        self._until = 0.0
        self._well_s = WELL_S
        self._tried_at: float | None = None

    def look(self, frame: Frame, now: float) -> Sequence[Percept] | None:
        """What it guesses about a frame; None while it is put aside, and when it failed.

        Args:
            frame: The newest picture.
            now: Seconds, the clock by which it rests.
        """
        if self._failures and now < self._until:
            return None
        if self._tried_at is None:
            self._tried_at = now
        try:
            return checked(self._sense.look(frame), self._values)
        except BaseException as error:  # noqa: BLE001 - whatever a plugin raises is told by its name
            self._fail(error, now)
            return None

    def news(self, now: float) -> list[Announcement]:
        """What is worth telling about it: once that it failed, and once that it is well again."""
        if not self._failures:
            return []
        if not self._told:
            self._told = True
            return [self._alert(SenseFailed.phrase)]
        if self._tried_at is None or now - self._tried_at < self._well_s:
            return []
        self._failures, self._told = 0, False
        self._well_s = min(2 * self._well_s, LONGEST_WELL_S)
        log.warning("the sense %s is well again", self.name)
        return [self._alert("sense_back")]

    def close(self) -> None:
        """Lets it go, whatever it does then."""
        try:
            self._sense.close()
        except BaseException:
            log.exception("the sense %s could not be closed", self.name)

    def _fail(self, error: BaseException, now: float) -> None:
        self._until = now + PAUSES_S[min(self._failures, len(PAUSES_S) - 1)]
        self._failures += 1
        self._tried_at = None
        if self._failures <= LOGGED or self._failures.bit_count() == 1:
            log.error("the sense %s failed, %d in all", self.name, self._failures, exc_info=error)

    def _alert(self, message: str) -> Announcement:
        return announce(message, {"sense": self.name}, urgency=Urgency.ALERT, topic=f"sense {self.name}")


def checked(given: object, values: Mapping[str, Collection[str] | None]) -> Sequence[Percept]:
    """What a sense gave, if it is what a sense gives.

    Raises:
        TypeError, ValueError: no sequence of percepts, of a kind that is believed, with probabilities for certainties.
    """
    if not isinstance(given, Sequence):
        raise TypeError(f"A sense gives a sequence of percepts, not {type(given).__name__}.")
    for percept in given:
        if not isinstance(percept, Percept):
            raise TypeError(f"A sense gives percepts, not {type(percept).__name__}.")
        known = values.get(percept.kind, ())
        if percept.kind == PRESENCE:  # any other word for somebody who is there means a person
            known = {*(known or ()), percept.value}
        if known is not None and not {percept.value, *percept.distribution} <= set(known):
            raise ValueError(f"Nothing is believed of {percept.kind} {percept.value}.")
        if not isinstance(percept.subject, int | None):
            raise TypeError(f"A face has a number, not {percept.subject}.")
        box = percept.box
        numbers = [percept.certainty, *percept.distribution.values()]
        if not all(0 <= number <= 1 + EVEN for number in numbers):  # false for NaN too
            raise ValueError(f"The certainties of {percept.kind} are no probabilities: {numbers}.")
        if box and not all(map(isfinite, (box.left, box.top, box.width, box.height))):
            raise ValueError(f"There is no place like {box}.")
    return given
