"""One real question to each skill of the booted service, before check_boot.py does harm to it."""

import re
import time
from collections.abc import Iterator, Mapping

import pytest
import yaml

from assistant import parts
from assistant.domain.commands import Command
from assistant.plugins import resolve
from assistant.weights import data_folder
from tests.boot.machine import HANG_S, Machine

pytestmark = [pytest.mark.timeout(900), pytest.mark.usefixtures("booted")]
ABOUT: Mapping[str, str] = {"thing": "cup"}
"""What is asked about, by the table of words that it is of."""
ROWS: list[Command] = [
    row for name in parts.SKILLS for row in resolve("skill", name, parts.SKILLS).commands if row.about in ("", *ABOUT)
]
"""All that the skills of the program are asked."""
FAULTS = [
    text
    for name in ("faults", "reading")
    for message, text in yaml.safe_load((data_folder("voices") / "en" / f"{name}.yaml").read_text("utf-8")).items()
    if name == "faults" or message.endswith("_failed")
]
TRIES = 3
"""So often a question is asked that fails, for on a busy machine its time may be over."""
APART_S = 2.0
"""What was said so long before does not belong to the answer (seconds); their age is told in whole seconds."""


def answered(machine: Machine, row: Command) -> tuple[str, int]:
    """Asks; gives the first sentence that is heard of the answer, and what the service took for it at most, MB.

    Nothing may be said unasked meanwhile.
    """
    machine.ask("stop")
    while any(each["seconds_ago"] <= APART_S for each in machine.ask("history")["history"]):
        time.sleep(0.2)
    asked, most = time.monotonic(), 0
    reply = machine.ask(row.verb, ABOUT.get(row.about, ""))
    assert reply["ok"], reply
    while time.monotonic() < asked + HANG_S:
        most = max(most, machine.memory_mb())
        since = time.monotonic() - asked + APART_S / 2
        heard = [each["text"] for each in machine.ask("history")["history"] if each["seconds_ago"] < since]
        if heard:
            return str(heard[0]), most
        time.sleep(0.1)
    raise AssertionError(f"nothing was said to {row.verb}")


def is_fault(sentence: str) -> bool:
    """Whether a sentence tells of something that does not work."""
    wordings = (re.sub(r"\\{\w+\\}", ".+", re.escape(fault)) for fault in FAULTS)
    return any(re.search(wording, sentence) for wording in wordings)


@pytest.fixture(scope="module")
def undisturbed(booted: Machine) -> Iterator[None]:
    """Nothing is said unasked."""
    booted.ask("snooze")
    yield
    booted.ask("snooze")


@pytest.mark.usefixtures("undisturbed")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.verb)
def test_a_question_to_each_skill_is_answered_within_its_limits(machine: Machine, row: Command) -> None:
    for _ in range(TRIES):
        said, most = answered(machine, row)
        if not is_fault(said):
            break
    print(f"\n{row.verb}: {said} ({most} MB at most)")
    assert not is_fault(said), said
    assert 0 < most < machine.limit_mb("MemoryHigh") < machine.limit_mb("MemoryMax")
    if row.verb == "read":
        assert "exit" in said.lower()
