"""What the doctor says of people who are learnt: which network recognises them, how many, and who may read it."""

import json
import stat
from contextlib import suppress
from typing import Any

from assistant import weights
from assistant.devices.control_client import ask
from assistant.devices.socket_path import runtime_path
from assistant.errors import PeopleError
from assistant.senses.faces.recognizers import installed, model_in_use
from assistant.settings import Settings
from assistant.store.choices import state_folder
from assistant.store.people import FILE, People

HASH = 12
"""So many hexadecimal digits of a hash are told."""


def examine(settings: Settings, running: bool) -> str:
    """One sentence or two.

    Args:
        settings: What the user chose.
        running: Whether an assistant runs, which is asked then: its file may be another user's.

    Raises:
        AssistantError: nobody can be named, though somebody is learnt.
    """
    if settings.context != "home":
        return "names are switched off in the settings, by context."
    network = _network()
    learnt, usable, closed = _asked() if running else _read()
    if not learnt:
        return f"nobody is learnt; {network}."
    if not installed() and not running:
        raise PeopleError(f"{_people(learnt)} learnt, but {network}.", '"assistant models list" names one; install it.')
    if not usable:
        raise PeopleError(f"{_people(learnt)} learnt, but by another network.", "They must be learnt again.")
    again = f" {learnt - usable} of them must be learnt again." if usable < learnt else ""
    return f"{_people(learnt)} learnt; {network}.{again}{closed}"


def _people(count: int) -> str:
    return f"{count} person is" if count == 1 else f"{count} people are"


def _network() -> str:
    """The network that is used, with its version and the beginning of its hash.

    Raises:
        ModelBroken: its file is another one.
    """
    name = installed()
    if name is None:
        return "no network that recognises people is installed"
    weights.locate(name)
    return f"{model_in_use()} recognises them (SHA-256 {weights.manifest(name).file.sha256[:HASH]})"


def _read() -> tuple[int, int, str]:
    """How many are learnt and can be recognised, and who may read the file, which is closed to others by reading it."""
    path, mode = state_folder() / FILE, 0
    with suppress(OSError):
        mode = stat.S_IMODE(path.stat().st_mode)
    learnt = People(state_folder(), model_in_use()).load()
    usable = sum(each.usable(model_in_use()) > 0 for each in learnt)
    left_open = " Others could read the file until now; it is closed to them." if mode & 0o077 else ""
    return len(learnt), usable, left_open or f" Only this user may read {path} (mode 600)."


def _asked() -> tuple[int, int, str]:
    """The same, of the running assistant."""
    rows: list[Any] = []
    total = 1
    while len(rows) < total:
        reply = ask(runtime_path(), {"ask": "people", "about": json.dumps({"do": "list", "from": len(rows)})})
        if not reply.get("ok"):
            raise PeopleError(str(reply.get("error")))
        total = reply["total"]
        rows += reply["people"]
        if not reply["people"]:
            break
    return total, sum(bool(row["usable"]) for row in rows), " The running assistant keeps them."
