"""Serves all keys, buttons and sockets: gestures become verbs, quick ones are done at once, slow ones go to a skill.

Runs in the thread of whoever asked, under one lock, and never waits for a camera, a skill or a sound device.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from threading import RLock

from assistant.acts import Acts, Reply
from assistant.answering import Answering
from assistant.devices.control_socket import SILENTLY
from assistant.domain.commands import COMMANDS, Command
from assistant.domain.gestures import Gestures
from assistant.domain.ports import Skill, Sounds
from assistant.domain.values import Cue, Query
from assistant.errors import AssistantError
from assistant.speech.queue import SpeechQueue
from assistant.store.choices import Choices

PRACTICE_S = 60.0
"""Practice ends by itself after so long without a press, seconds."""
PEOPLE = "people"
"""The lens through which "now" asks who is in front; the others are those of the skills."""


class Commands:
    """The port `Control`.

    Args:
        acts: What the quick commands do.
        skills: What answers the slow ones; their commands join the table.
        answering: Lets the skills answer.
        queue: Speaks.
        sounds: Beside it.
        choices: What can be turned by key.
        status: Figures about the running program.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        acts: Acts,
        skills: Sequence[Skill],
        answering: Answering,
        queue: SpeechQueue,
        sounds: Sounds,
        choices: Choices,
        status: Callable[[], Reply],
        clock: Callable[[], float],
    ) -> None:
        self._acts = acts
        self._answering = answering
        self._queue = queue
        self._sounds = sounds
        self._choices = choices
        self._status = status
        self._clock = clock
        self._skills = {command.verb: skill for skill in skills for command in skill.commands}
        self._rows = {row.verb: row for row in table(skills)}
        self._lenses = {PEOPLE: "now", **{skill.lens: skill.commands[0].verb for skill in skills if skill.lens}}
        self._gestures: defaultdict[str, Gestures] = defaultdict(Gestures)
        self._lock = RLock()
        self._practised_at: float | None = None
        self._holder: str | None = None  # Who holds the key for which an answer goes on.

    def press(self, source: str) -> None:
        """A key or button that reports its release went down; `source` names it."""
        self._sounds.play(Cue("click"))
        with self._lock:
            if self._agrees():
                return
            speaking = self._queue.answering or self._answering.busy
            verb = self._gestures[source].press(self._clock(), speaking)
            if verb is not None:
                self._do(verb)

    def release(self, source: str) -> None:
        """It went up, or the key of a verb that was held did."""
        with self._lock:
            self._gestures[source].release(self._clock())
            if source == self._holder:
                self._holder = None
                self._answering.cancel()

    def hold(self, verb: str, source: str) -> Reply:
        """The key of a verb is held down: what goes on for as long begins; `release` or any question ends it."""
        row = self._rows.get(verb)
        if row is None or not row.goes_on:
            return {"ok": False, "error": f"{verb} does not go on while it is held"}
        with self._lock:
            reply = self._do(verb, held=True)
            self._holder = source
            return reply

    def ask(self, verb: str, source: str, about: str = "") -> Reply:
        """Does what a direct verb says; gives the reply for the control socket."""
        if source == SILENTLY and verb == "status":
            return {"ok": True, **self._status()}
        row = self._rows.get(verb)
        if row is None:
            return {"ok": False, "error": f"known verbs: {', '.join(self._rows)}"}
        if bool(about) > bool(row.about):
            return {"ok": False, "error": f"{verb} takes no subject"}
        if row.data:
            return self._acts.people(about)
        self._sounds.play(Cue("click"))
        if verb == "now" and self._agrees():
            return {"ok": True}
        with self._lock:
            return self._do(verb, about)

    def tick(self) -> None:
        """Fires the gestures that are due while a key is held; called every tenth of a second or so."""
        with self._lock:
            now = self._clock()
            for verb in [gestures.due(now) for gestures in self._gestures.values()]:
                if verb is not None:
                    self._do(verb)

    def _do(self, verb: str, about: str = "", held: bool = False) -> Reply:
        row = self._rows[verb]
        if self._choices["sound"] == "off" and verb != "sound":
            self._choices.put("sound", "speech")
        if self._practising() and row.practised:
            self._practised_at = self._clock()
            return self._acts.say("practice_verb", {"verb": verb})
        if not row.beside:
            self._holder = None
            self._answering.cancel()
        if verb == "now":
            verb = self._lenses.get(self._choices["lens"], "now")
        return self._skill(verb, about, held) if verb in self._skills else self._quick(verb)

    def _agrees(self) -> bool:
        """Whether a press is the answer to a question, which counts once that was heard to its end."""
        return not self._queue.answering and self._answering.agree()

    def _quick(self, verb: str) -> Reply:
        if verb == "practice":
            return self._practise()
        if verb == "help":
            return self._acts.help(tuple(self._rows.values()))
        if verb == "lens":
            return self._turn_lens()
        return self._acts.table[verb]()

    def _skill(self, verb: str, about: str, held: bool) -> Reply:
        query = Query(verb, self._clock(), about, held=held)
        if blind := self._acts.blind(query):
            return self._acts.say(blind.message, blind.facts)
        self._queue.stop()
        self._answering.ask(self._skills[verb], query)
        return {"ok": True}

    def _practising(self) -> bool:
        return self._practised_at is not None and self._clock() - self._practised_at < PRACTICE_S

    def _practise(self) -> Reply:
        self._practised_at = None if self._practising() else self._clock()
        return self._acts.say("practice_begins" if self._practised_at is not None else "practice_ends")

    def _turn_lens(self) -> Reply:
        """What "now" asks about: the next of those that are there."""
        lenses = list(self._lenses)
        at = lenses.index(self._choices["lens"]) if self._choices["lens"] in lenses else 0
        return self._acts.say("lens_now", {"lens": self._choices.put("lens", lenses[(at + 1) % len(lenses)])})


def table(skills: Sequence[Skill]) -> tuple[Command, ...]:
    """The commands of the program and of its skills, in the order in which they are explained.

    Raises:
        AssistantError: two mean the same word or the same key.
    """
    rows = (*COMMANDS, *(command for skill in skills for command in skill.commands))
    for said in ([row.verb for row in rows], [row.key for row in rows if row.key]):
        twice = sorted({word for word in said if said.count(word) > 1})
        if twice:
            raise AssistantError(
                f"Two commands are called {', '.join(map(repr, twice))}.", "Leave one of the skills out."
            )
    return rows
