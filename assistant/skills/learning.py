"""Learning somebody from the camera, guided by voice: they are asked, the user confirms, and ten samples are taken."""

import time
from collections.abc import Callable, Iterator, Sequence

from assistant.domain import people as domain
from assistant.domain.commands import Command
from assistant.domain.people import Learnt, Sample
from assistant.domain.ports import Answer, FaceRecognizer, Look
from assistant.domain.values import Cue, Phrase, Query, Question, Verbatim
from assistant.errors import PeopleError
from assistant.senses.faces.sampling import Crowd, Sampler
from assistant.skills.spoken import say
from assistant.store.people import People

WANTED = 10
"""Samples that make somebody known well."""
LEAST = 4
"""With fewer nobody is learnt."""
APART_S = 1.0
"""Between two samples, so that they differ, seconds."""
LONGEST_S = 40.0
"""So long is tried, seconds of the camera's clock."""
HINT_S = 4.0
"""What is wrong is told once nothing could be taken for so long, and again after as long, seconds."""
TURNS = {4: "learn_left", 7: "learn_right"}
"""What the person is asked to do after so many samples."""
PICTURE = "picture"


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
            yield from self._learn(name, looks, *self._make())
        except PeopleError as error:
            yield say(error.phrase)

    def close(self) -> None:
        """Holds nothing: the networks go with each answer."""

    def _learn(self, name: str, looks: Iterator[Look], sampler: Sampler, network: FaceRecognizer) -> Answer:
        taken: list[Sample] = []
        yield say("learn_ahead")
        yield from self._take(taken, looks, sampler, network.model)
        odd = domain.strangers([sample.vector for sample in taken], network.matching)
        kept = [sample for number, sample in enumerate(taken) if number not in odd]
        if len(kept) < LEAST:
            yield say("learn_too_few")
            return
        known = self._people.gallery
        guesses = [domain.whose(sample.vector, known, network.matching) for sample in kept]
        self._people.add([Learnt(name, time.time(), tuple(kept))])
        done = "learn_done" if len(kept) >= WANTED - 2 else "learn_few"
        more = [Phrase("learn_left_out", {"count": len(odd)})] if odd else []
        other = next((likely for odds in guesses if (likely := max(odds, key=odds.__getitem__))), "")
        if other and domain.key(other) != domain.key(name):
            more.append(Phrase("learn_known_as", {"name": Verbatim(other)}))
        yield say(done, {"name": Verbatim(name)}, *more)

    def _take(self, taken: list[Sample], looks: Iterator[Look], sampler: Sampler, model: str) -> Answer:
        """Takes samples until there are enough, or it takes too long; says what is wrong meanwhile."""
        began = told = took = None
        for look in looks:
            at = look.frame.at
            if began is None or told is None or took is None:
                began = told = took = at
            if len(taken) >= WANTED or at - began > LONGEST_S:
                return
            if taken and at - took < APART_S:
                continue
            sampled = sampler.sample(look.frame.pixels)
            flat = look.view.pictures > 0 and not look.view.people
            if sampled.vector is not None and not flat:
                taken.append(Sample(model, sampled.vector, time.time()))
                told = took = at
                yield say(TURNS[len(taken)]) if len(taken) in TURNS else Cue("tick")
            elif at - told > HINT_S:
                told = at
                yield say("learn_hint", {"hint": PICTURE if flat else str(sampled.why or Crowd.NOBODY)})

    def _next_name(self) -> str:
        """The first of "Person 1", "Person 2", ... that is free."""
        taken = {domain.key(each.name) for each in self._people.everybody()}
        number = 1
        while domain.key(f"Person {number}") in taken:
            number += 1
        return f"Person {number}"
