"""One step of thought: look, believe, decide. No thread and no clock of its own."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.policy import Policy
from assistant.domain.ports import Sense
from assistant.domain.scene import NOTHING_SEEN, Scene, SceneView
from assistant.domain.values import Announcement, Change, Cue, Frame, Percept
from assistant.errors import SenseFailed


@dataclass(frozen=True, slots=True)
class Thought:
    """All that came of one frame."""

    percepts: Sequence[Percept]
    changes: Sequence[Change]
    said: Sequence[Announcement | Cue]
    view: SceneView


class Pipeline:
    """Senses, scene and policy in a row; owned by one thread.

    Args:
        senses: What looks at each frame, in this order.
        scene: What is believed.
        policy: What is said of it.
    """

    def __init__(self, senses: Sequence[Sense], scene: Scene, policy: Policy) -> None:
        self._senses = senses
        self._scene = scene
        self.policy = policy
        self.view = NOTHING_SEEN
        """The newest beliefs; an immutable value that any thread may read."""

    def step(self, frame: Frame, now: float) -> Thought:
        """Thinks about one frame.

        Args:
            frame: The newest picture.
            now: Seconds, the clock by which announcements expire.

        Raises:
            SenseFailed: a sense raised; the scene is as before.
        """
        percepts = [percept for sense in self._senses for percept in _look(sense, frame)]
        height, width = frame.pixels.shape[:2]
        changes = self._scene.believe(percepts, frame.at, width / height)
        self.view = self._scene.view()
        return Thought(percepts, changes, self.policy.volunteer(changes, self.view, now), self.view)

    def close(self) -> None:
        """Lets the senses go."""
        for sense in self._senses:
            sense.close()


def _look(sense: Sense, frame: Frame) -> Sequence[Percept]:
    try:
        return sense.look(frame)
    except Exception as error:  # a sense may be anybody's plugin: whatever it raises is told by its name
        raise SenseFailed(sense.name) from error
