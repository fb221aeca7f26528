"""The tables of the file of people: how they are laid out, read, and told apart from what is damaged."""

import sqlite3
import time
from pathlib import Path

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.domain import people
from assistant.domain.people import Learnt
from assistant.errors import NotLearnt, StoreBusy, StoreClosed, StoreDamaged, StoreError, StoreFull

VERSION = 1
"""Of the tables; kept as the file's `user_version`."""
_TABLES = """
CREATE TABLE IF NOT EXISTS people (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, key TEXT NOT NULL UNIQUE, learnt_at REAL NOT NULL);
CREATE TABLE IF NOT EXISTS samples (
    id INTEGER PRIMARY KEY, person INTEGER NOT NULL REFERENCES people ON DELETE CASCADE,
    model TEXT NOT NULL, vector BLOB NOT NULL, taken_at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS samples_of ON samples (person);
"""
_FAULTS: dict[str, tuple[type[StoreError], str]] = {
    "SQLITE_FULL": (StoreFull, "There is no room left for"),
    "SQLITE_BUSY": (StoreBusy, "Another program is writing into"),
    "SQLITE_LOCKED": (StoreBusy, "Another program is writing into"),
    "SQLITE_READONLY": (StoreClosed, "This user may not write"),
    "SQLITE_CANTOPEN": (StoreClosed, "This user may not open"),
    "SQLITE_PERM": (StoreClosed, "This user may not open"),
    "SQLITE_AUTH": (StoreClosed, "This user may not open"),
    "SQLITE_IOERR": (StoreClosed, "The disk does not take or give"),
}
_REMEDY = "Restore it with: assistant people forget --all, and assistant people import FILE."


def prepare(database: sqlite3.Connection, path: Path) -> None:
    """Sets how it is written, makes its tables where it is new, and refuses what it should not be.

    Raises:
        StoreDamaged: it has other tables, or broken ones.
    """
    for pragma in ("foreign_keys = ON", "secure_delete = ON", "temp_store = MEMORY", "synchronous = EXTRA"):
        database.execute(f"PRAGMA {pragma}")
    database.execute("PRAGMA journal_mode = DELETE").fetchone()
    ((version,),) = database.execute("PRAGMA user_version")
    if version > VERSION:
        raise StoreDamaged(f"A newer version of the program made {path}.", "Use that version.")
    ((sound,),) = database.execute("PRAGMA quick_check(1)")
    if sound != "ok":
        raise StoreDamaged(f"{path} is damaged.", _REMEDY)
    if version < VERSION:
        database.executescript(f"BEGIN IMMEDIATE; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;")


def everybody(database: sqlite3.Connection) -> list[Learnt]:
    """Everybody with their samples.

    Raises:
        StoreDamaged: a vector is none.
    """
    learnt = []
    for person, name, learnt_at in database.execute("SELECT id, name, learnt_at FROM people ORDER BY id").fetchall():
        rows = database.execute("SELECT model, vector, taken_at FROM samples WHERE person = ? ORDER BY id", (person,))
        samples = [people.Sample(str(model), _vector(blob), float(taken_at)) for model, blob, taken_at in rows]
        learnt.append(Learnt(str(name), float(learnt_at), tuple(samples)))
    return learnt


def _vector(blob: bytes) -> NDArray[float32]:
    vector = np.frombuffer(blob, "<f4").astype(float32) if len(blob) % 4 == 0 else np.empty(0, float32)
    if not people.is_unit(vector):
        raise StoreDamaged("A face in the file of people is damaged.", _REMEDY)
    return vector


def added(database: sqlite3.Connection, learnt: Learnt) -> int:
    """The number of somebody, who is added if they are not there."""
    name = people.spelled(learnt.name)
    found = database.execute("SELECT id FROM people WHERE key = ?", (people.key(name),)).fetchone()
    if found:
        return int(found[0])
    row = (name, people.key(name), learnt.learnt_at or time.time())
    return int(database.execute("INSERT INTO people (name, key, learnt_at) VALUES (?, ?, ?)", row).lastrowid or 0)


def number(database: sqlite3.Connection, name: str) -> int:
    """The number of somebody.

    Raises:
        NotLearnt: there is nobody of this name.
    """
    try:
        found = database.execute("SELECT id FROM people WHERE key = ?", (people.key(name),)).fetchone()
    except UnicodeEncodeError:  # bytes of a command line that are no letters
        found = None
    if not found:
        raise NotLearnt(name)
    return int(found[0])


def told(error: sqlite3.Error, path: Path) -> StoreError:
    """An error of SQLite's as one of ours, in words for a person."""
    name = getattr(error, "sqlite_errorname", "")
    for begin, (kind, words) in _FAULTS.items():
        if name.startswith(begin):
            return kind(f"{words} {path}.")
    return StoreDamaged(f"{path} is damaged.", _REMEDY)
