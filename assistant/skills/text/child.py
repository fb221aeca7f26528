"""Reads pictures for another process, and may die of it: `python -m assistant.skills.text.child FD`.

Each request comes with an open file of bare pixels. `{"read": [height, width]}` is answered by
`{"lines": [[text, certainty, corners], ...]}`, `{"codes": [height, width]}` by `{"codes": [[kind, text], ...]}`. What
cannot be read is answered by `{"error": sentence, "kind": why}`: "missing" (with "package"), "broken" (with "remedy")
or "failed", as where memory is not enough.
"""

import os
from typing import Any

import numpy as np

from assistant.devices.child_server import ChildServer, serve

MEMORY = 500 * 2**20
"""Bytes of memory of its own that this process may take; of these and its libraries 312 MB were resident at most."""
REQUEST_CPU_S = 25.0
"""Processor time for one picture, seconds: eight times what a page takes on two busy cores."""
NICE = 10
"""How far it steps back behind what sees and speaks, whoever starts it: as far as the answering thread."""


class _Reading:
    """Answers one request after another; the networks are loaded with the first that needs them."""

    def __init__(self, server: ChildServer) -> None:
        self._server = server
        self._engine: Any = None

    def answer(self, request: dict[str, Any], file: int | None) -> None:
        """Does what is asked, and tells what came of it or what went wrong."""
        from assistant.errors import ModelError, PartMissing

        try:
            ((what, shape),) = request.items()
            with os.fdopen(-1 if file is None else file, "rb") as opened:
                pixels = np.fromfile(opened, np.uint8).reshape(*shape, 3)
            self._server.tell({"lines": self._lines(pixels)} if what == "read" else {"codes": _codes(pixels)})
        except ModelError as error:
            kind = "missing" if isinstance(error, PartMissing) else "broken"
            told = {"error": error.message, "remedy": error.remedy, "kind": kind}
            self._server.tell(told | {"package": str(error.facts.get("package", ""))})
        except Exception as error:  # noqa: BLE001 - each of its libraries has an error of its own for too little memory
            self._server.tell({"error": f"{type(error).__name__}: {error}"[:1000], "kind": "failed"})

    def _lines(self, pixels: Any) -> list[Any]:
        from assistant.skills.text.engine import Engine

        self._engine = self._engine or Engine()
        return [[line.text, line.certainty, line.corners.tolist()] for line in self._engine.read(pixels)]


def _codes(pixels: Any) -> list[list[str]]:
    from assistant.skills.text.code_finder import codes

    return [list(code) for code in codes(pixels)]


if __name__ == "__main__":
    serve(lambda server: _Reading(server).answer, MEMORY, REQUEST_CPU_S, NICE)
