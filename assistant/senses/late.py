"""A sense that may be anybody's plugin: what keeps it from being made keeps only itself from looking."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence

from assistant.domain.beliefs import Belief
from assistant.domain.ports import Sense
from assistant.domain.values import Frame, Percept
from assistant.errors import UnknownName

log = logging.getLogger(__name__)


class LateSense:
    """Made at once if it can be, else when it is to look: who looks through it puts it aside and tries again.

    Args:
        name: By which it is told.
        make: Imports and makes it.

    Raises:
        UnknownName: there is no such sense, a mistake in the settings.
    """

    def __init__(self, name: str, make: Callable[[], Sense]) -> None:
        self.name = name
        self._make = make
        self._sense: Sense | None = None
        try:
            self._sense = make()
        except (UnknownName, KeyboardInterrupt):
            raise
        except BaseException:
            log.exception("the sense %s could not be made", name)
        self.kinds: Collection[str] = getattr(self._sense, "kinds", ())
        """What it gives, as far as it says so."""
        self.beliefs: Mapping[str, Belief] = getattr(self._sense, "beliefs", {})
        """What it brings for what only it sees."""

    def look(self, frame: Frame) -> Sequence[Percept]:
        """Its guesses; raises whatever it raises."""
        if self._sense is None:
            self._sense = self._make()
        return self._sense.look(frame)

    def close(self) -> None:
        """Lets it go, if it was made."""
        if self._sense is not None:
            self._sense.close()
