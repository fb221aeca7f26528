"""Learning somebody from the camera, guided by voice: they are asked, the user confirms, and ten looks are taken."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from assistant.domain import people as domain
from assistant.domain.commands import Command
from assistant.domain.enrolment import Enrolment, Refusal, View
from assistant.domain.people import Learnt, Sample
from assistant.domain.ports import Answer, FaceRecognizer, Look
from assistant.domain.values import Announcement, Cue, Fact, Listing, Phrase, Query, Question, Verbatim, Word
from assistant.errors import PeopleError
from assistant.senses.faces.sampling import Crowd, Sampler
from assistant.skills.spoken import say
from assistant.store.people import People

GOOD = 8
"""So many samples make somebody known well, where no view is missing."""
LEAST = 4
"""With fewer nobody is learnt."""
APART_S = 0.8
"""Between two samples, so that they differ, seconds."""
LONGEST_S = 40.0
"""So long is tried, seconds of the camera's clock."""
HINT_S = 4.0
"""What is wrong is told once nothing could be taken for so long, and again after as long, seconds."""
PATIENCE_S = 10.0
"""A view of which nothing came for so long is done without, seconds."""
PICTURE = "picture"
ASKED = {View.AHEAD: "learn_ahead", View.LEFT: "learn_left", View.RIGHT: "learn_right"}
"""How the person is told to hold their head."""


class LearnSkill:
    """`learn NAME`, or `learn` for somebody who is named later.

    Args:
        people: Who is learnt; the one writer.
        make: Makes a sampler and the network of its embeddings; None where no network is installed.
    """

    name = "learn"
    lens = ""
    commands: Sequence[Command] = (Command("learn", "k", about="name"),)

    def __init__(self, people: People, make: Callable[[], tuple[Sampler, FaceRecognizer]] | None) -> None:
        self._people = people
        self._make = make

    def answer(self, query: Query, looks: Iterator[Look]) -> Answer:
        """Asks, takes samples, and says how good they are; whatever cannot be done is told."""
        if self._make is None:
            yield say("people_no_network")
            return
        try:
            name = domain.spelled(query.about or self._next_name())
            agreed = yield Question(say("learn_may_i", {"name": Verbatim(name)}))
            if not agreed:
                yield say("learn_not_agreed")
                return
            sampler, network = self._make()
            enrolment = Enrolment()
            yield from _Session(enrolment, sampler, network.model).take(looks)
            yield self._learn(name, enrolment, network)
        except PeopleError as error:
            yield say(error.phrase)

    def close(self) -> None:
        """Holds nothing: the networks go with each answer."""

    def _learn(self, name: str, enrolment: Enrolment, network: FaceRecognizer) -> Announcement:
        """Keeps what was taken; says how good it is and what is missing.

        Raises:
            PeopleError: it cannot be kept.
        """
        odd = domain.strangers([sample.vector for sample in enrolment.samples], network.matching)
        kept = [sample for number, sample in enumerate(enrolment.samples) if number not in odd]
        if len(kept) < LEAST:
            return say("learn_too_few")
        known = self._people.gallery
        guesses = [domain.whose(sample.vector, known, network.matching) for sample in kept]
        self._people.add([Learnt(name, time.time(), tuple(kept))])
        facts: dict[str, Fact] = {"name": Verbatim(name)}
        more = [Phrase("learn_left_out", {"count": len(odd)})] if odd else []
        other = next((likely for odds in guesses if (likely := max(odds, key=odds.__getitem__))), "")
        if other and domain.key(other) != domain.key(name):
            more.append(Phrase("learn_known_as", {"name": Verbatim(other)}))
        if missing := enrolment.missing(odd):
            views = Listing(tuple(Word("view", view) for view in missing))
            return say("learn_partly", {**facts, "views": views}, *more)
        return say("learn_done" if len(kept) >= GOOD else "learn_few", facts, *more)

    def _next_name(self) -> str:
        """The first of "Person 1", "Person 2", ... that is free."""
        taken = {domain.key(each.name) for each in self._people.everybody()}
        number = 1
        while domain.key(f"Person {number}") in taken:
            number += 1
        return f"Person {number}"


@dataclass
class _Times:
    """Moments of the camera's clock, seconds."""

    began: float
    told: float
    took: float


class _Session:
    """One time that somebody sits before the camera.

    Args:
        enrolment: What is taken goes there.
        sampler: Reads faces.
        model: The network that does, as "name@version".
    """

    def __init__(self, enrolment: Enrolment, sampler: Sampler, model: str) -> None:
        self._enrolment = enrolment
        self._sampler = sampler
        self._model = model

    def take(self, looks: Iterator[Look]) -> Answer:
        """Takes samples until there are enough, or it takes too long; says what to do and what is wrong meanwhile."""
        enrolment, times = self._enrolment, None
        yield say(ASKED[View.AHEAD])
        for look in looks:
            at = look.frame.at
            times = times or _Times(at, at, at)
            view = enrolment.wanted
            if view is None or at - times.began > LONGEST_S:
                return
            if enrolment.samples and at - times.took < APART_S:
                continue
            wrong = self._sample(look)
            if wrong is None or (at - times.took > PATIENCE_S and enrolment.skip()):
                times.told = times.took = at
            elif at - times.told > HINT_S:
                times.told = at
                yield say(ASKED[view]) if wrong == Refusal.UNTURNED else say("learn_hint", {"hint": wrong})
            if enrolment.wanted not in (view, None):
                yield say(ASKED[enrolment.wanted])
            elif wrong is None:
                yield Cue("tick")

    def _sample(self, look: Look) -> str | None:
        """Takes a sample, or says why not, as a word of the table "hint"."""
        sampled = self._sampler.sample(look.frame.pixels)
        if sampled.vector is None or sampled.pose is None:
            return str(sampled.why or Crowd.NOBODY)
        if look.view.pictures:
            self._enrolment.restart()  # what was taken before that was seen was of the picture too
            return PICTURE
        if refusal := self._enrolment.refusal(sampled.vector, sampled.pose):
            return str(refusal)
        self._enrolment.add(Sample(self._model, sampled.vector, time.time()), sampled.pose)
        return None
