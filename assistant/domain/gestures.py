"""From presses and releases of one button to what the user wants; pure, without clock or thread.

What each gesture means, and why:

- A press acts **at once**: it stops an answer that is being spoken, otherwise it asks for one.
- A second press within `DOUBLE_S` of the first turns into "repeat what was played before the first press". That holds
  when the first press stopped an answer as well: what was stopped is then said again.
- A press that asked and is held for `HELD_S` asks for more detail instead. A second press that is held turns the lens:
  what the next press asks about. Whoever presses to silence the voice and keeps the thumb down wants silence.
- Any press held for `CAMERA_S` switches the camera off or on. It works whatever the press meant before, because
  somebody who is asked to stop filming cannot wait for the voice to finish.
- A third quick press is a first one again: during the repetition it stops it.

What hardware does wrong: contacts bounce (edges within `BOUNCE_S` of each other are one movement), releases get lost (a
press while pressed begins anew), and a release may come without a press (it is ignored).
"""

from dataclasses import dataclass

DOUBLE_S = 0.4
"""Longest time between the beginnings of two presses that belong together, seconds."""
HELD_S = 1.0
"""How long a press is held to ask for more detail, a second one to turn the lens, seconds."""
CAMERA_S = 3.0
"""How long a press is held to switch the camera, seconds."""
BOUNCE_S = 0.03
"""Edges that follow each other faster than this are a bouncing contact, seconds."""


@dataclass(slots=True)
class _Press:
    """One press of the button, from its beginning until the next one."""

    began: float
    verb: str
    released: float | None = None
    held: str | None = None
    """The last verb that holding it has given."""


class Gestures:
    """The state of one button; owned by whoever passes its events on, in the order in which they happened.

    All times are seconds on one clock, whichever; one that runs backwards is taken as standing still. The verbs depend
    on the times of the events only, not on how late `due` is asked.
    """

    def __init__(self) -> None:
        self._press: _Press | None = None
        self._latest = float("-inf")

    def press(self, at: float, answering: bool) -> str | None:
        """The button went down.

        Args:
            at: When, in seconds.
            answering: True while an answer is being spoken (ambient speech is none: a press stops it and asks).

        Returns:
            What to do at once; None for a bouncing contact.
        """
        at = self._forward(at)
        before = self._press
        if before is not None and self._bounced(before, at):
            before.released = None
            return None
        if before is not None and before.verb != "repeat" and at - before.began <= DOUBLE_S:
            verb = "repeat"
        else:
            verb = "stop" if answering else "now"
        self._press = _Press(at, verb)
        return verb

    def release(self, at: float) -> None:
        """The button went up at `at`, in seconds; without a press before it nothing happens."""
        at = self._forward(at)
        if self._press is not None and self._press.released is None:
            self._press.released = at

    def due(self, at: float) -> str | None:
        """What holding the button has come to mean by `at` (seconds); each is given once.

        When it is asked so late that both are due, only the camera is switched.
        """
        at = self._forward(at)
        press = self._press
        if press is None:
            return None
        down = (at if press.released is None else press.released) - press.began
        for verb, after in reversed(self._ahead(press)):
            if down >= after:
                press.held = verb
                return verb
        return None

    @staticmethod
    def _ahead(press: _Press) -> list[tuple[str, float]]:
        """What holding this press can still become, with the seconds it takes, soonest first."""
        if press.held == "camera":
            return []
        grows = {"now": "detail", "repeat": "lens"}.get(press.verb)
        if press.held or grows is None:
            return [("camera", CAMERA_S)]
        return [(grows, HELD_S), ("camera", CAMERA_S)]

    @staticmethod
    def _bounced(press: _Press, at: float) -> bool:
        """Whether an edge at `at` still belongs to the last movement of this press."""
        return at - (press.began if press.released is None else press.released) < BOUNCE_S

    def _forward(self, at: float) -> float:
        """The same time, or the latest one seen if it lies before that."""
        self._latest = max(self._latest, at)
        return self._latest
