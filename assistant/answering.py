"""The answering thread: lets one skill at a time answer, slowly, while everything else goes on.

A mailbox with one place: the newest question counts, and the one before is cancelled. Cancelling sets a token; the
skill is asked for its next sentence no more and its looks end, so that it comes to its end by itself.
"""

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from threading import Condition, Event, get_native_id

from assistant.domain.ports import Look, Skill, Sounds
from assistant.domain.values import Announcement, Cue, Query, Question, Urgency, announce
from assistant.errors import CameraLost, SkillFailed

log = logging.getLogger(__name__)

TICK_AFTER_S = 0.7
"""After so long without a result a soft sound tells that the answer is being sought, seconds."""
TICK_EVERY_S = 2.0
"""It is repeated this often, seconds."""
IDLE_S = 600.0
"""A skill that was not asked for so long lets its models go, seconds."""
BLIND_S = 5.0
"""A skill that waits for a picture waits no longer than this, seconds."""
NICE = 10
"""How far this thread steps back behind those that see and speak, in steps of nice. On two cores with 18 busy processes
the faces kept 0.87 of their rate beside a search so (eight spells of 6 s), and 0.36 without."""
WAIT_S = 0.2
"""How long the thread waits before it looks whether it should end, seconds."""


@dataclass
class _Job:
    skill: Skill
    query: Query
    cancelled: Event = field(default_factory=Event)
    ticked_at: float | None = None
    agreed: bool | None = None
    """Whether the user agreed to what is asked; None while nothing is asked."""


class Answering:
    """Asks skills, in a thread of its own.

    Args:
        look: Waits up to some seconds for a frame that is newer than a time; None when none came.
        put: Speaks an answer.
        sounds: Beside it.
        clock: Monotonic seconds.
        look_closely: Asks the camera for larger pictures, and waits for them; or no longer.
    """

    def __init__(
        self,
        look: Callable[[float, float], Look | None],
        put: Callable[[Announcement], None],
        sounds: Sounds,
        clock: Callable[[], float],
        look_closely: Callable[[bool], None],
    ) -> None:
        self._look = look
        self._put = put
        self._sounds = sounds
        self._clock = clock
        self._look_closely = look_closely
        self._changed = Condition()
        self._mailbox: _Job | None = None
        self._job: _Job | None = None
        self._asked: dict[str, tuple[Skill, float]] = {}

    @property
    def busy(self) -> bool:
        """Whether a question is being answered, or is about to be."""
        with self._changed:
            return any(job and not job.cancelled.is_set() for job in (self._job, self._mailbox))

    def ask(self, skill: Skill, query: Query) -> None:
        """Leaves a question, in place of the one before; returns at once."""
        with self._changed:
            self._cancel()
            self._mailbox = _Job(skill, query)
            self._changed.notify_all()

    def agree(self) -> bool:
        """The user agrees to what a skill asks; False where none asks anything."""
        with self._changed:
            if self._job is None or self._job.agreed is None or self._job.cancelled.is_set():
                return False
            self._job.agreed = True
            self._changed.notify_all()
            return True

    def cancel(self) -> None:
        """Nobody wants the answer any more."""
        with self._changed:
            self._cancel()

    def tick(self) -> None:
        """Lets be heard that an answer is being sought; called every tenth of a second or so."""
        now = self._clock()
        with self._changed:
            job = self._job
            if job is None or job.cancelled.is_set() or job.ticked_at is None or now < job.ticked_at:
                return
            job.ticked_at = now + TICK_EVERY_S
        self._sounds.play(Cue("tick"))

    def serve(self, stopped: Callable[[], bool]) -> None:
        """Answers what is asked, until `stopped()`; lets all skills go then."""
        step_back()
        while not stopped():
            with self._changed:
                self._changed.wait_for(lambda: self._mailbox is not None, WAIT_S)
                job = self._job = self._mailbox
                self._mailbox = None
            if job is not None:
                self._answer(job, stopped)
            self._let_go(IDLE_S)
        self._let_go(0.0)

    def _cancel(self) -> None:
        for job in (self._job, self._mailbox):
            if job is not None:
                job.cancelled.set()
        self._mailbox = None

    def _answer(self, job: _Job, stopped: Callable[[], bool]) -> None:
        self._asked[job.skill.name] = job.skill, self._clock()
        job.ticked_at = self._clock() + TICK_AFTER_S
        closely = bool(getattr(job.skill, "closely", False))
        try:
            if closely:
                self._look_closely(True)
            self._tell_all(job, stopped)
        except CameraLost:
            self._tell(job, announce("cannot_see", urgency=Urgency.ANSWER, topic="answer"))
        except BaseException:  # a skill may be anybody's plugin: whatever it raises is told by its name
            log.exception("skill %s", job.skill.name)
            self._tell(job, _failed(job.skill))
        finally:
            if closely:
                self._look_closely(False)
            with self._changed:
                self._job = None
            self._asked[job.skill.name] = job.skill, self._clock()

    def _tell_all(self, job: _Job, stopped: Callable[[], bool]) -> None:
        """Tells one result after the other, for as long as they are wanted.

        Raises:
            SkillFailed: it gave none, and silence is taken for a crash.
        """
        answer = job.skill.answer(job.query, self._looks(job, stopped))
        with closing(answer):
            item = next(answer, None)
            while item is not None:
                if job.cancelled.is_set() or stopped():
                    return
                job.ticked_at = None
                self._tell(job, item.asks if isinstance(item, Question) else item)
                agreed = self._wait_for_agreement(job, item, stopped) if isinstance(item, Question) else None
                try:
                    item = answer.send(agreed)
                except StopIteration:
                    item = None
        if job.ticked_at is not None and not (job.cancelled.is_set() or stopped()):
            raise SkillFailed(job.skill.name)

    def _tell(self, job: _Job, item: Announcement | Cue) -> None:
        """Says a result, unless it is no longer wanted: under the lock under which it would be cancelled."""
        with self._changed:
            if job.cancelled.is_set():
                return
            if isinstance(item, Cue):
                self._sounds.play(item)
            else:
                self._put(item)

    def _wait_for_agreement(self, job: _Job, question: Question, stopped: Callable[[], bool]) -> bool:
        """Whether the user presses to agree, in time."""
        until = self._clock() + question.within_s
        with self._changed:
            job.agreed = False
            while not (job.agreed or job.cancelled.is_set() or stopped() or self._clock() > until):
                self._changed.wait(WAIT_S)
            agreed, job.agreed = job.agreed, None
        return bool(agreed)

    def _looks(self, job: _Job, stopped: Callable[[], bool]) -> Iterator[Look]:
        """Newer and newer frames; ends when the question is cancelled.

        Raises:
            CameraLost: no frame came for a while.
        """
        at, seen_at = float("-inf"), self._clock()
        while not job.cancelled.is_set() and not stopped():
            look = self._look(at, WAIT_S)
            if look is not None:
                at = look.frame.at
                yield look
                seen_at = self._clock()
            elif self._clock() - seen_at > BLIND_S:
                raise CameraLost("No picture came while a skill waited for one.")

    def _let_go(self, idle_s: float) -> None:
        now = self._clock()
        for name, (skill, asked_at) in list(self._asked.items()):
            if now - asked_at >= idle_s:
                del self._asked[name]
                _close(skill)


def step_back() -> None:
    """Lets other threads go first; on Linux a thread has a priority of its own, elsewhere all stay alike."""
    with suppress(AttributeError, OSError):
        thread = get_native_id()
        os.setpriority(os.PRIO_PROCESS, thread, max(NICE, os.getpriority(os.PRIO_PROCESS, thread)))


def _close(skill: Skill) -> None:
    try:
        skill.close()
    except BaseException:  # of another package: the others are to be let go as well
        log.exception("the skill %s could not be closed", skill.name)


def _failed(skill: Skill) -> Announcement:
    error = SkillFailed(skill.name)
    return announce(error.phrase, error.facts, urgency=Urgency.ANSWER, topic="answer")
