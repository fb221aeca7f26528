"""A piece of what a sound server without a card plays, on this machine's clock.

Positions in the recording are put on the clock by the quickest of many looks at its length; what the recorder itself
needs at least (it delivers 10 ms at a time) is part of every figure.
"""

from collections.abc import Callable
from threading import Event, Thread
from time import monotonic, sleep
from types import TracebackType

import numpy as np

from tests.speech.sound import LOUD, RATE, Loudspeaker

HANG_S = 60.0
SPOKEN_S = 0.4
"""How long a sentence is listened to before it is stopped, seconds."""
QUIET_S = 0.8
"""After so much silence a sentence is over, and a voice is ready for the next one, seconds."""


class Take:
    """A piece of the recording whose positions are known on the clock; it begins after some silence."""

    def __init__(self, speaker: Loudspeaker) -> None:
        self._speaker = speaker
        self._looks: list[tuple[float, float]] = []
        self._done = Event()
        self._looking = Thread(target=self._look)

    def __enter__(self) -> "Take":
        self._speaker.listen()
        self.wait_until(self._silent)
        self._looking.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._done.set()
        self._looking.join()

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Waits for something that is seen in the recording.

        Raises:
            TimeoutError: it does not come.
        """
        end = monotonic() + HANG_S
        while not condition():
            if monotonic() > end:
                raise TimeoutError("nothing is heard, or no end")
            sleep(0.005)

    def in_sentence(self) -> bool:
        """Whether sound began some time ago and is heard at this moment, not in a pause."""
        loud = self._loud()
        return len(loud) > 0 and loud[-1] - loud[0] >= SPOKEN_S and self._speaker.now - loud[-1] < 0.05

    def over(self) -> bool:
        """Whether there was sound, and is none any more."""
        loud = self._loud()
        return len(loud) > 0 and self._speaker.now - loud[-1] > QUIET_S

    def sound(self) -> tuple[float, float]:
        """Beginning and end of all sound, on the clock."""
        loud = self._loud()
        return self._begun_at() + loud[0], self._begun_at() + loud[-1]

    def _silent(self) -> bool:
        """Whether it was silent long enough; what is heard before is left out."""
        if len(self._loud()):
            self._speaker.listen()
        return self._speaker.now > QUIET_S

    def _begun_at(self) -> float:
        """When the recording's first sample was made, on the clock: by the look that came soonest after it."""
        return min(at - position for at, position in self._looks)

    def _loud(self) -> np.ndarray:
        """Positions of all samples that are no silence, seconds."""
        return np.flatnonzero(np.abs(self._speaker.heard().astype(np.int32)).max(1, initial=0) > LOUD) / RATE

    def _look(self) -> None:
        while not self._done.wait(0.001):
            position = self._speaker.now
            self._looks.append((monotonic(), position))
