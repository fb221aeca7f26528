"""The perceiving thread: takes the newest frame, thinks about it, and lets be heard what comes of it."""

from collections import deque
from collections.abc import Callable
from threading import Event

from assistant.capture import Slot
from assistant.domain.frame_throttle import FrameThrottle
from assistant.domain.ports import Look, Sounds
from assistant.domain.values import Announcement, Cue, Outcome
from assistant.domain.views import SceneView
from assistant.pipeline import Pipeline

FRAME_WAIT_S = 0.2
"""How long the perceiving thread waits for a frame before it looks whether it should end, seconds."""
FRESH_S = 1.0
"""Answers come from beliefs no older than this, where nothing explains that they are, seconds."""
SLOW_S = 3.0
"""A sense that looks at one frame for longer is told by its name, seconds."""


class Perceiving:
    """Owns senses, scene and the policy's memory; what other threads may read or hand in says so.

    Args:
        pipeline: What is thought of a frame.
        slot: Where the newest frame lies.
        ended: Set when no more frames will come.
        put: Takes announcements.
        sounds: Plays cues.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        slot: Slot,
        ended: Event,
        put: Callable[[Announcement], None],
        sounds: Sounds,
        clock: Callable[[], float],
    ) -> None:
        self._pipeline = pipeline
        self._slot = slot
        self._ended = ended
        self._put = put
        self._sounds = sounds
        self._clock = clock
        self._outcomes: deque[tuple[Announcement, Outcome, float]] = deque()
        self.all_seen = Event()
        """Set when every frame of a source that ends was thought about."""
        self.progressed_at = clock()
        """When it last turned to a frame, or looked for one; any thread may read it."""

    @property
    def view(self) -> SceneView:
        """The newest beliefs; any thread may read them."""
        return self._pipeline.view

    def outcome(self, announcement: Announcement, outcome: Outcome, at: float) -> None:
        """Takes in what became of an announcement, from any thread; the policy learns it before the next frame."""
        self._outcomes.append((announcement, outcome, at))

    def look(self, at: float, timeout_s: float) -> Look | None:
        """The newest frame, once it is newer than `at`, with what is believed; from any thread."""
        frame = self._slot.newer(at, timeout_s)
        return None if frame is None else Look(frame, self.view)

    def patience_s(self) -> float:
        """How old the beliefs may be from which an answer is given, seconds; a sense at work is waited for."""
        return SLOW_S if self._pipeline.looking else FRESH_S

    def slow_sense(self, seconds: float) -> str | None:
        """The sense that has looked at one frame for longer than so many seconds, if one has; from any thread."""
        looking = self._pipeline.looking
        return looking if self._clock() - self.progressed_at > seconds else None

    def run(self, stop: Event) -> None:
        """Thinks about frame after frame until it is stopped."""
        throttle = FrameThrottle()
        while not stop.is_set():
            self.progressed_at = self._clock()
            while self._outcomes:
                self._pipeline.policy.outcome(*self._outcomes.popleft())
            frame = self._slot.take(FRAME_WAIT_S)
            if frame is None:
                if self._ended.is_set():
                    self.all_seen.set()
                continue
            thought = self._pipeline.step(frame, self._clock())
            for item in thought.announcements:
                self._volunteer(item)
            self._slot.rest(throttle.pause(thought.percepts, frame.at), stop)

    def _volunteer(self, item: Announcement | Cue) -> None:
        """Lets what nobody asked for be heard."""
        if isinstance(item, Announcement):
            self._put(item)
        else:
            self._sounds.play(item)
