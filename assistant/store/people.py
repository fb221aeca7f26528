"""The people who were learnt: their names and embeddings in one SQLite file of the state directory; never a picture.

Every change is one transaction with the journal on the disk before the file is touched, so that whatever ends the
program leaves the state before or the state after. What is deleted is overwritten (`secure_delete`), and the journal is
deleted with every commit, for a write-ahead log would keep what is to be forgotten. A file that cannot be used is left
as it is and told.
"""

import logging
import os
import sqlite3
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Lock

from assistant.domain import people
from assistant.domain.people import Gallery, Learnt
from assistant.errors import NameTaken, NotLearnt, StoreClosed, StoreDamaged
from assistant.store import people_tables

log = logging.getLogger(__name__)

FILE = "people.sqlite"
WAIT_S = 1.0
"""How long another writer is waited for, seconds."""


class People:
    """The file of people; any thread may call, one at a time writes.

    Args:
        folder: The state directory; it need not exist until somebody is learnt.
        model: The network in use, as "name@version": only its samples make up the gallery.
    """

    def __init__(self, folder: Path, model: str) -> None:
        self._path = folder / FILE
        self._writing = Lock()
        self.gallery = Gallery(model)
        """Everybody whom the network in use can recognise; a new value after every change."""

    def load(self) -> list[Learnt]:
        """Reads everybody, and publishes the gallery.

        Raises:
            StoreError: it cannot be read; the gallery is empty then.
        """
        self.gallery = Gallery(self.gallery.model)
        learnt = self.everybody()
        self._publish(learnt)
        return learnt

    def everybody(self) -> list[Learnt]:
        """Everybody, in the order in which they were learnt.

        Raises:
            StoreError: it cannot be read.
        """
        if not os.path.lexists(self._path):
            return []
        with self._open() as database:
            return people_tables.everybody(database)

    def add(self, learnt: Sequence[Learnt]) -> None:
        """Adds people, and samples to those who are there; a sample that is there already is not added again.

        Raises:
            NameRefused: of one of them; nobody is added.
            StoreError: it cannot be written.
        """
        with self._change() as database:
            for each in learnt:
                person = people_tables.added(database, each)
                for sample in each.samples:
                    row = (person, sample.model, sample.vector.astype("<f4").tobytes(), sample.taken_at)
                    there = "SELECT 1 FROM samples WHERE person = ? AND model = ? AND vector = ?"
                    if not database.execute(there, row[:3]).fetchone():
                        database.execute(
                            "INSERT INTO samples (person, model, vector, taken_at) VALUES (?, ?, ?, ?)", row
                        )

    def rename(self, name: str, new: str) -> str:
        """Calls somebody otherwise; gives the new name as it is kept.

        Raises:
            NotLearnt, NameTaken, NameRefused: nothing is changed.
            StoreError: it cannot be written.
        """
        new = people.spelled(new)
        self._need(name)
        with self._change() as database:
            person = people_tables.number(database, name)
            taken = database.execute("SELECT name FROM people WHERE key = ? AND id != ?", (people.key(new), person))
            if other := taken.fetchone():
                raise NameTaken(other[0])
            database.execute("UPDATE people SET name = ?, key = ? WHERE id = ?", (new, people.key(new), person))
        return new

    def forget(self, name: str) -> str:
        """Deletes somebody and overwrites what was kept of them, before it returns; gives the name as it was kept.

        Raises:
            NotLearnt: there is nobody of this name.
            StoreError: it cannot be written.
        """
        self._need(name)
        with self._change() as database:
            person = people_tables.number(database, name)
            ((kept,),) = database.execute("SELECT name FROM people WHERE id = ?", (person,))
            database.execute("DELETE FROM people WHERE id = ?", (person,))
        return str(kept)

    def forget_all(self) -> int:
        """Deletes everybody, a damaged file too; gives how many they were, as far as that could be read.

        Raises:
            StoreError: it cannot be written.
        """
        if not os.path.lexists(self._path):
            return 0
        try:
            with self._change() as database:
                return int(database.execute("DELETE FROM people").rowcount)
        except StoreDamaged:
            self._wipe()
            self.gallery = Gallery(self.gallery.model)
            return 0

    def _need(self, name: str) -> None:
        """Makes no file only to find that nobody is in it."""
        if not os.path.lexists(self._path):
            raise NotLearnt(name)

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """One transaction; what it changed is published when it is on the disk."""
        with self._writing:
            self._make()
            with self._open() as database:
                database.execute("BEGIN IMMEDIATE")
                try:
                    yield database
                    database.execute("COMMIT")
                except BaseException:
                    if database.in_transaction:
                        database.execute("ROLLBACK")
                    raise
                self._publish(people_tables.everybody(database))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """The file, checked.

        Raises:
            StoreError: it cannot be used.
        """
        self._look()
        try:
            address = f"{self._path.absolute().as_uri()}?mode=rw"
            database = sqlite3.connect(address, timeout=WAIT_S, isolation_level=None, uri=True)
            try:
                people_tables.prepare(database, self._path)
                yield database
            finally:
                database.close()
        except sqlite3.Error as error:
            raise people_tables.told(error, self._path) from error

    def _make(self) -> None:
        """Makes an empty file that only this user can read, and its folder, where there is none."""
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            with suppress(FileExistsError):
                os.close(os.open(self._path, flags, 0o600))
        except OSError as error:
            raise StoreClosed(f"{self._path} cannot be made: {error.strerror}.") from error

    def _look(self) -> None:
        """Refuses what is no ordinary file of this user's; nobody else may read it afterwards."""
        try:
            found = self._path.lstat()
            if not stat.S_ISREG(found.st_mode):
                raise StoreClosed(f"{self._path} is no ordinary file.", "Move it away.")
            if found.st_uid != os.geteuid():
                raise StoreClosed(f"{self._path} belongs to another user.", "Use the account that made it.")
            if found.st_mode & 0o077:
                self._path.chmod(0o600)
        except OSError as error:
            raise StoreClosed(f"{self._path} cannot be used: {error.strerror}.") from error

    def _wipe(self) -> None:
        """Overwrites and removes a file that is damaged, and its journal."""
        for path in (self._path, self._path.with_name(f"{FILE}-journal")):
            try:
                with path.open("r+b") as file:
                    file.write(bytes(path.stat().st_size))
                    file.flush()
                    os.fsync(file.fileno())
                path.unlink()
            except FileNotFoundError:
                continue
            except OSError as error:
                raise StoreClosed(f"{path} cannot be removed: {error.strerror}.") from error

    def _publish(self, learnt: Sequence[Learnt]) -> None:
        model = self.gallery.model
        usable = {each.name: [sample.vector for sample in each.samples if sample.model == model] for each in learnt}
        self.gallery = people.gallery(model, usable)
