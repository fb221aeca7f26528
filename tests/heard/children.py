"""The children of a process, as the kernel knows them."""

import time
from pathlib import Path

from tests.heard.listener import HANG_S


def only_child(pid: int, module: str) -> int:
    """Waits until a process has exactly one child that runs a module, and gives its number."""
    deadline = time.monotonic() + HANG_S
    while len(found := [child for child in _children(pid) if module in _command(child)]) != 1:
        assert time.monotonic() < deadline, f"{len(found)} children run {module}"
        time.sleep(0.02)
    return found[0]


def group(leader: int) -> list[int]:
    """The processes of a group that a child leads or led, those that ended left out."""
    fields = (_fields(int(path.name)) for path in Path("/proc").glob("[0-9]*"))
    return [number for number, state, leads in fields if leads == leader and state not in "ZX"]


def _fields(pid: int) -> tuple[int, str, int]:
    """Number, state and process group."""
    try:
        state, _, leader = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[:3]
    except (FileNotFoundError, ProcessLookupError):
        return pid, "X", 0
    return pid, state, int(leader)


def _children(pid: int) -> list[int]:
    """Of all its threads."""
    lists = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(number) for path in lists for number in path.read_text().split()]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except (FileNotFoundError, ProcessLookupError):
        return ""
