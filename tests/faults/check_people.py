"""The file of people, damaged, of somebody else, or where nothing can be written; and two who write into it."""

import os
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from threading import Thread

import pytest

from assistant.errors import StoreError
from assistant.store.choices import state_folder
from assistant.store.people import FILE, People
from tests.e2e.program import assistant
from tests.faults.check_places import NOBODY, answers, root_only
from tests.faults.conftest import Start, Watch, small_disk, until
from tests.faults.stand_in import StandIn
from tests.faults.table import fault
from tests.store.test_people import learnt

UNKEPT = "The people I have learnt cannot be read or kept."


def people(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Runs `assistant people`; never a traceback."""
    done = assistant("people", *words, folder=folder, XDG_RUNTIME_DIR=str(folder / "run"))
    assert "Traceback" not in done.stderr, done.stderr
    return done


def learn() -> Path:
    """Two people, of no network in particular; gives their file."""
    People(state_folder(), "").add([learnt("Ana", model=""), learnt("Tom", [4], model="")])
    return state_folder() / FILE


def _overwrite(path: Path) -> None:
    path.write_bytes(b"no database" * 1000)


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5000])


def _replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _replace_by_link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to("elsewhere")


def _give_away(path: Path) -> None:
    if os.geteuid():
        pytest.skip("needs root")
    os.chown(path, NOBODY, NOBODY)


@pytest.mark.parametrize("spoil", [_overwrite, _cut, _replace_by_folder, _replace_by_link, _give_away])
@fault(
    "The file of people cannot be used",
    how="it is overwritten, cut off, a folder, a link, or belongs to another user, in turn; all else goes on, and "
    "the file is left as it is",
    said="people_unkept",
    told_s=20,
)
def test_a_file_of_people_that_cannot_be_used(
    spoil: Callable[[Path], None], start: Start, camera: StandIn, folder: Path, watch: Watch
) -> None:
    path = learn()
    spoil(path)
    found = path.lstat()
    watch.begin()
    with start(camera={"source": camera.url}) as house:
        watch.told(lambda: any(UNKEPT in text for text in house.texts("ready")), house.events)
        until(lambda: answers(house))
        done = people(folder, "list")
        assert (done.returncode, done.stdout) == (StoreError.exit_code, "")
        assert str(path) in done.stderr
    assert (path.lstat().st_ino, path.lstat().st_size) == (found.st_ino, found.st_size)


@fault(
    "The file of people is damaged, and everybody is forgotten",
    how="it is overwritten while nothing runs; `people forget --all`, then it is used again",
)
def test_a_damaged_file_of_people_is_begun_anew(start: Start, camera: StandIn, folder: Path) -> None:
    path = learn()
    _overwrite(path)
    assert people(folder, "forget", "--all").returncode == 0
    assert not path.exists()
    learn()
    with start(camera={"source": camera.url}):
        assert people(folder, "list").stdout.splitlines()[0].startswith("Ana: ")


def _fill(state: Path) -> None:
    with suppress(OSError), (state / "filler").open("wb", buffering=0) as filler:
        while True:
            filler.write(bytes(512))


def _close(state: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", state], check=True)


def _empty(state: Path) -> None:
    (state / "filler").unlink()


def _open(state: Path) -> None:
    subprocess.run(["mount", "-o", "remount,rw", state], check=True)


@root_only
@pytest.mark.parametrize(("spoil", "mend"), [(_fill, _empty), (_close, _open)])
@fault(
    "What is changed about people cannot be written",
    how="the state folder is a file system of 64 KB, full or read-only, in turn, while it runs; `people rename` and "
    "`people forget`: refused, and nothing is lost",
    said=("There is no room left for FILE.", "This user may not write FILE."),
    told_s=20,
    well_s=20,
)
def test_people_that_cannot_be_written(
    spoil: Callable[[Path], None],
    mend: Callable[[Path], None],
    start: Start,
    camera: StandIn,
    folder: Path,
    watch: Watch,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with small_disk(folder) as state:
        monkeypatch.setenv("XDG_STATE_HOME", str(state))
        path = learn()
        with start(camera={"source": camera.url}):
            spoil(state)
            told = watch.row.said[spoil is _close].replace("FILE", str(path))
            watch.begin()
            watch.told(lambda: told in people(folder, "rename", "Ana", "Eva").stderr)
            assert told in people(folder, "forget", "Tom").stderr
            assert [line.split(":")[0] for line in people(folder, "list").stdout.splitlines()] == ["Ana", "Tom"]
            mend(state)
            watch.begin()
            watch.well(lambda: people(folder, "rename", "Ana", "Eva").stdout == "Ana is called Eva now.\n")


@fault(
    "Another program writes people",
    how="it holds the file while `people rename` asks the running assistant; refused, and done once it has let go",
    said="Another program is writing into FILE.",
    told_s=20,
    well_s=20,
)
def test_another_program_writes_people(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    path = learn()
    with start(camera={"source": camera.url}), closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        told = watch.row.said[0].replace("FILE", str(path))
        watch.begin()
        watch.told(lambda: told in people(folder, "rename", "Ana", "Eva").stderr)
        other.execute("ROLLBACK")
        watch.begin()
        watch.well(lambda: people(folder, "rename", "Ana", "Eva").returncode == 0)


@fault(
    "Two change people at the same time",
    how="two command lines rename one person each, to and fro, through the running assistant; nothing is lost",
)
def test_two_change_people(start: Start, camera: StandIn, folder: Path) -> None:
    learn()
    codes: list[int] = []

    def to_and_fro(name: str, other: str) -> None:
        for old, new in ((name, other), (other, name), (name, other)):
            codes.append(people(folder, "rename", old, new).returncode)

    with start(camera={"source": camera.url}):
        threads = [Thread(target=to_and_fro, args=names) for names in (("Ana", "Eva"), ("Tom", "Tim"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rows = [line.split(":")[0] for line in people(folder, "list").stdout.splitlines()]
    assert (codes, rows) == ([0] * 6, ["Eva", "Tim"])
