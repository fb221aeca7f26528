"""Who is learnt, for the command line: asked of the running assistant where there is one, else of this user's file."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from assistant.app import make_people
from assistant.devices import control_client
from assistant.devices.single_instance import held, single_instance
from assistant.devices.socket_path import runtime_path
from assistant.domain import people as domain
from assistant.domain.people import Learnt
from assistant.errors import PeopleError
from assistant.store import people_requests
from assistant.store.people import People


class Known:
    """Who is learnt, by requests that are answered here or by the running assistant."""

    def __init__(self, own: People | None) -> None:
        self._own = own

    def ask(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """One request of `people_requests`, and its reply.

        Raises:
            PeopleError: it was refused.
        """
        text = json.dumps(request, ensure_ascii=False)
        if self._own is not None:
            reply = people_requests.serve(self._own, text)
        else:
            reply = control_client.ask(runtime_path(), {"ask": "people", "about": text})
        if not reply.get("ok"):
            raise PeopleError(str(reply.get("error", "It was not done.")))
        return reply

    @property
    def model(self) -> str:
        """The network in use, as "name@version"."""
        return str(self.ask({"do": "list"})["model"])

    def rows(self) -> list[dict[str, Any]]:
        """Everybody, as the replies have them."""
        return self._pages({"do": "list"}, "people")

    def everybody(self) -> list[Learnt]:
        """Everybody with their samples."""
        return [
            Learnt(
                row["name"],
                row["learnt_at"],
                tuple(map(people_requests.sample_of, self._pages({"do": "samples", "name": row["name"]}, "samples"))),
            )
            for row in self.rows()
        ]

    def gallery(self) -> domain.Gallery:
        """Everybody whom the network in use can recognise."""
        model = self.model
        everybody = self.everybody()
        return domain.gallery(model, {e.name: [s.vector for s in e.samples if s.model == model] for e in everybody})

    def add(self, learnt: list[Learnt]) -> None:
        """Adds people: at home all or none, through the running assistant sample by sample."""
        if self._own is not None:
            self._own.add(learnt)
            return
        for each in learnt:
            for sample in each.samples:
                row = people_requests.row_of(sample)
                self.ask({"do": "add", "name": each.name, "learnt_at": each.learnt_at, "sample": row})

    def _pages(self, request: Mapping[str, Any], what: str) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = []
        while True:
            reply = self.ask({**request, "from": len(rows)})
            rows += reply[what]
            if len(rows) >= reply["total"] or not reply[what]:
                return rows


@contextmanager
def opened() -> Iterator[Known]:
    """The running assistant, or the file of this user, held so that no assistant starts meanwhile."""
    if held(runtime_path()):
        yield Known(None)
        return
    with single_instance():
        yield Known(make_people())
