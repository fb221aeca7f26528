"""One step of thought: look, believe, decide. No thread and no clock of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.beliefs import PRESENCE
from assistant.domain.policy import Policy
from assistant.domain.ports import Sense
from assistant.domain.scene import Scene
from assistant.domain.trust import TrustedSense
from assistant.domain.values import Announcement, Change, Cue, Frame, Percept
from assistant.domain.views import NOTHING_SEEN, SceneView
from assistant.errors import Unbelieved


@dataclass(frozen=True, slots=True)
class Thought:
    """All that came of one frame."""

    percepts: Sequence[Percept]
    changes: Sequence[Change]
    announcements: Sequence[Announcement | Cue]
    view: SceneView


class Pipeline:
    """Senses, scene and policy in a row; owned by one thread.

    Args:
        senses: What looks at each frame, in this order; one that fails is put aside alone (`trust.py`).
        scene: What is believed.
        policy: What is said of it.

    Raises:
        Unbelieved: a sense gives percepts of a kind that nothing is believed of.
    """

    def __init__(self, senses: Sequence[Sense], scene: Scene, policy: Policy) -> None:
        self._senses = [TrustedSense(sense, scene.values) for sense in senses]
        for sense in self._senses:
            unbelieved = set(sense.kinds) - scene.values.keys()
            if unbelieved:
                raise Unbelieved(sense.name, sorted(unbelieved), sorted(scene.values))
        self._scene = scene
        self.policy = policy
        self.view = NOTHING_SEEN
        """The newest beliefs; an immutable value that any thread may read."""
        self.looking: str | None = None
        """The sense that looks at this moment; any thread may read it."""

    def step(self, frame: Frame, now: float) -> Thought:
        """Thinks about one frame.

        Args:
            frame: The newest picture.
            now: Seconds, the clock by which announcements expire.
        """
        percepts: list[Percept] = []
        news: list[Announcement] = []
        searched = any(PRESENCE in sense.kinds for sense in self._senses)
        for sense in self._senses:
            self.looking = sense.name
            given = sense.look(frame, now)
            percepts += given or ()
            searched = searched and not (given is None and PRESENCE in sense.kinds)
            news += sense.news(now)
        self.looking = None
        height, width = frame.pixels.shape[:2]
        changes = self._scene.believe(percepts, frame.at, width / height, searched)
        self.view = self._scene.view()
        return Thought(percepts, changes, [*news, *self.policy.volunteer(changes, self.view, now)], self.view)

    def close(self) -> None:
        """Lets the senses go."""
        for sense in self._senses:
            sense.close()
