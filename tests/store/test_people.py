"""The file of people: what is kept, what becomes of a crash, and that what is forgotten is gone."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.domain.people import Learnt, Sample
from assistant.errors import (
    NameRefused,
    NameTaken,
    NotLearnt,
    OtherModel,
    PeopleError,
    StoreBusy,
    StoreClosed,
    StoreDamaged,
    StoreError,
    StoreFull,
)
from assistant.store import people_file, people_requests
from assistant.store.people import FILE, People
from assistant.store.people_tables import VERSION
from tests.faults.conftest import small_disk

MODEL = "toy@1"
NAMES = [
    "Ana", "Łukasz", "Ζωή", "Алёна", "محمد", "נועה", "陳大文", "さくら", "김민준", "अनन्या", "ኣበበ", "Nguyễn Thị Ánh",
    "O'Brien", 'Tom "the cat"', "Robert'); DROP TABLE people;--", "👩‍👩‍👧", "a" * 200, "x\u0308" * 100,
]  # fmt: skip


def vector(seed: int, numbers: int = 256) -> NDArray[float32]:
    made = np.random.default_rng(seed).normal(size=numbers).astype(float32)
    return np.asarray(made / np.linalg.norm(made), float32)


def learnt(name: str, seeds: Sequence[int] = (1, 2, 3), model: str = MODEL) -> Learnt:
    return Learnt(name, 1000.0, tuple(Sample(model, vector(seed), 1000.0 + seed) for seed in seeds))


def names(people: People) -> list[str]:
    return [each.name for each in people.everybody()]


def test_nothing_is_made_until_somebody_is_learnt(tmp_path: Path) -> None:
    people = People(tmp_path / "state", MODEL)
    assert people.load() == []
    assert people.forget_all() == 0
    assert not (tmp_path / "state").exists()


def test_who_is_learnt_is_there_after_a_restart(tmp_path: Path) -> None:
    People(tmp_path, MODEL).add([learnt("Ana"), learnt("Tom", [4])])
    again = People(tmp_path, MODEL)
    ana, tom = again.load()
    assert (ana.name, len(ana.samples), tom.name) == ("Ana", 3, "Tom")
    assert np.array_equal(ana.samples[0].vector, vector(1))
    assert again.gallery.names == ("Ana", "Tom")
    assert float(again.gallery.likeness(vector(4))[1]) == pytest.approx(1.0)
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


@pytest.mark.parametrize("name", NAMES)
def test_names_of_any_kind(tmp_path: Path, name: str) -> None:
    people = People(tmp_path, MODEL)
    people.add([learnt(name)])
    assert people.rename(name, "Somebody") == "Somebody"
    people.rename("Somebody", name)
    (kept,) = names(people)
    assert people.forget(kept) == kept
    assert names(people) == []


@pytest.mark.parametrize("name", ["", "  ", "\n", "\u200b", "a\0b", "a\x1bb", "a" * 201, "\ud800"])
def test_what_is_no_name(tmp_path: Path, name: str) -> None:
    people = People(tmp_path, MODEL)
    people.add([learnt("Ana")])
    with pytest.raises(NameRefused):
        people.add([learnt("Tom"), learnt(name)])
    with pytest.raises(NameRefused):
        people.rename("Ana", name)
    assert names(people) == ["Ana"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ana", "ANA"), ("Ana", " ana "), ("é", "e\u0301"), ("Straße", "STRASSE"), ("ﬁn", "fin"), ("Ana", "A\u200bna")],
)
def test_equal_but_for_case_or_form_is_the_same_name(tmp_path: Path, one: str, other: str) -> None:
    people = People(tmp_path, MODEL)
    people.add([learnt(one, [1])])
    people.add([learnt(other, [2])])
    people.add([learnt(other, [2])])
    (found,) = people.everybody()
    assert (found.name, len(found.samples)) == (one, 2)
    people.add([learnt("Tom", [3])])
    with pytest.raises(NameTaken):
        people.rename("Tom", other)
    people.rename(other, other)
    people.forget(one)
    assert names(people) == ["Tom"]
    with pytest.raises(NotLearnt):
        people.forget(one)


def test_what_is_forgotten_is_not_in_the_file(tmp_path: Path) -> None:
    people = People(tmp_path, MODEL)
    people.add([learnt(f"Somebody {number}", range(5 * number, 5 * number + 5)) for number in range(60)])
    order = np.random.default_rng(0).permutation(60).tolist()
    for number in order[:50]:
        secrets = [vector(seed).tobytes() for seed in range(5 * number, 5 * number + 5)]
        name = f"Somebody {number}"
        before = (tmp_path / FILE).read_bytes()
        assert all(secret[:64] in before for secret in secrets)
        people.forget(name)
        for path in tmp_path.iterdir():
            content = path.read_bytes()
            assert not any(secret[begin : begin + 64] in content for secret in secrets for begin in (0, 480, 960))
        assert name not in people.gallery.names
    gone = [f"somebody {number}".encode() for number in order[:50]]
    left = {f"somebody {number}".encode() for number in order[50:]}
    found = {name for name in gone if name in (tmp_path / FILE).read_bytes()}
    assert found <= {name for name in gone if any(name in longer for longer in left)}
    assert people.forget_all() == 10
    assert b"omebody" not in (tmp_path / FILE).read_bytes()


def test_faces_of_another_network_are_kept_and_not_compared(tmp_path: Path) -> None:
    People(tmp_path, "old@1").add([learnt("Ana", model="old@1")])
    people = People(tmp_path, MODEL)
    (ana,) = people.load()
    assert ana.usable(MODEL) == 0
    assert people.gallery.names == ()
    people.add([learnt("Tom")])
    assert people.gallery.names == ("Tom",)


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0" + bytes(100), b"no database" * 1000, None])
def test_a_damaged_file_is_told_and_left_as_it_is(tmp_path: Path, content: bytes | None) -> None:
    people = People(tmp_path, MODEL)
    people.add([learnt(f"Somebody {number}", range(10)) for number in range(20)])
    path = tmp_path / FILE
    whole = path.read_bytes()
    spoilt = whole[: len(whole) // 2] if content is None else content
    path.write_bytes(spoilt)
    if spoilt:
        with pytest.raises(StoreDamaged):
            people.load()
        with pytest.raises(StoreDamaged):
            people.add([learnt("Ana")])
        assert path.read_bytes() == spoilt
        assert people.gallery.names == ()
    people.forget_all()
    people.add([learnt("Ana")])
    assert names(people) == ["Ana"]


def test_a_damaged_vector_and_a_newer_version_are_told(tmp_path: Path) -> None:
    people = People(tmp_path, MODEL)
    people.add([learnt("Ana")])
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute("UPDATE samples SET vector = zeroblob(1024)")
    with pytest.raises(StoreDamaged):
        people.load()
    with sqlite3.connect(tmp_path / FILE) as database:
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
    with pytest.raises(StoreDamaged, match="newer version"):
        people.load()


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    People(tmp_path, MODEL).add([learnt("Ana")])
    (tmp_path / FILE).chmod(0o644)
    assert names(People(tmp_path, MODEL)) == ["Ana"]
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


def test_a_link_or_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"precious")
    for place in ("link", "folder"):
        (tmp_path / place).mkdir()
    (tmp_path / "link" / FILE).symlink_to(elsewhere)
    (tmp_path / "folder" / FILE).mkdir()
    for place in ("link", "folder"):
        people = People(tmp_path / place, MODEL)
        for act in (people.load, people.forget_all, lambda people=people: people.add([learnt("Ana")])):
            with pytest.raises(StoreClosed):
                act()
    assert elsewhere.read_bytes() == b"precious"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to give files away")
def test_a_file_of_another_user_is_refused(tmp_path: Path) -> None:
    People(tmp_path, MODEL).add([learnt("Ana")])
    os.chown(tmp_path / FILE, 12345, 12345)
    with pytest.raises(StoreClosed, match="another user"):
        People(tmp_path, MODEL).load()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root, to mount a small disk")
def test_a_disk_that_is_full_or_read_only_loses_nothing(tmp_path: Path) -> None:
    with small_disk(tmp_path) as state:
        people = People(state, MODEL)
        people.add([learnt("Ana")])
        with pytest.raises(StoreFull):
            people.add([learnt("Tom", range(100))])
        assert names(people) == ["Ana"]
        assert people.gallery.names == ("Ana",)
        subprocess.run(["mount", "-o", "remount,ro", state], check=True)
        assert names(People(state, MODEL)) == ["Ana"]
        with pytest.raises(StoreError):
            people.add([learnt("Tom", [9])])
        with pytest.raises(StoreError):
            people.forget("Ana")
        assert names(people) == ["Ana"]


def test_two_writers(tmp_path: Path) -> None:
    people = People(tmp_path, MODEL)
    people.add([learnt("Ana")])
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy):
        people.add([learnt("Tom")])
    assert names(people) == ["Ana"]
    other.execute("ROLLBACK")
    other.close()
    people.add([learnt("Tom")])
    assert names(people) == ["Ana", "Tom"]


CHANGES = """
import sys
from pathlib import Path
from tests.store.test_people import MODEL, People, learnt
people = People(Path(sys.argv[1]), MODEL)
people.add([learnt("Eva", range(40, 60))])
people.rename("Tom", "Thomas")
people.forget("Ana")
"""
STATES = [["Ana", "Tom"], ["Ana", "Tom", "Eva"], ["Ana", "Thomas", "Eva"], ["Thomas", "Eva"]]


@pytest.mark.skipif(not shutil.which("strace"), reason="needs strace, to end a program at each of its writes")
def test_a_crash_at_any_write_loses_nothing(tmp_path: Path) -> None:
    calls = "pwrite64,ftruncate,fsync,fdatasync,unlink,unlinkat"
    seen = []
    for number in range(1, 400, 2):
        state = tmp_path / str(number)
        People(state, MODEL).add([learnt("Ana"), learnt("Tom", range(10, 30))])
        inject = f"inject={calls}:signal=KILL:when={number}"
        strace = ["strace", "-qq", "-f", "-e", f"trace={calls}", "-e", inject, "-o", os.devnull]
        child = [sys.executable, "-c", CHANGES, str(state)]
        ended = subprocess.run([*strace, *child], check=False, cwd=Path(__file__).parents[2], capture_output=True)
        found = names(People(state, MODEL))
        assert found in STATES, (number, found)
        seen.append(STATES.index(found))
        if ended.returncode == 0:
            break
        assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert seen == sorted(seen)
    assert set(seen) == {0, 1, 2, 3}
    assert len(seen) > 10


def test_exported_and_imported(tmp_path: Path) -> None:
    people = People(tmp_path / "one", MODEL)
    people.add([learnt(name, [number, number + 100]) for number, name in enumerate(NAMES)])
    file = tmp_path / "people.json"
    file.write_bytes(people_file.written(people.everybody()))
    other = People(tmp_path / "other", MODEL)
    other.add(people_file.usable(people_file.read(file), MODEL))
    other.add(people_file.usable(people_file.read(file), MODEL))
    assert people_file.written(other.everybody()) == file.read_bytes()


def test_a_file_of_the_first_version_is_read() -> None:
    (ana,) = people_file.read(Path(__file__).with_name("people-1.json"))
    assert (ana.name, ana.samples[0].model) == ("Ana", "toy@1")
    assert ana.samples[0].vector.tolist() == pytest.approx([0.6, 0.8])


@pytest.mark.parametrize(
    "spoil",
    [
        lambda whole: {**whole, "version": 2},
        lambda whole: {**whole, "format": "other"},
        lambda whole: {**whole, "people": [{**whole["people"][0], "name": "Eva"}]},
        lambda whole: {**whole, "sha256": "0" * 64},
        lambda whole: [],
        lambda whole: {"people": None},
    ],
)
def test_a_file_that_was_changed_is_refused(tmp_path: Path, spoil) -> None:  # type: ignore[no-untyped-def]
    file = tmp_path / "people.json"
    file.write_text(json.dumps(spoil(json.loads(people_file.written([learnt("Ana")])))))
    with pytest.raises(PeopleError):
        people_file.read(file)
    file.write_bytes(b"\xff{")
    with pytest.raises(PeopleError):
        people_file.read(file)
    with pytest.raises(PeopleError):
        people_file.read(tmp_path / "none")


def test_faces_of_another_network_are_not_imported() -> None:
    with pytest.raises(OtherModel, match="learnt again"):
        people_file.usable([learnt("Ana", model="old@1")], MODEL)
    assert [each.name for each in people_file.usable([learnt("Ana", model="old@1"), learnt("Tom")], MODEL)] == ["Tom"]
    assert people_file.usable([], MODEL) == []


def test_requests(tmp_path: Path) -> None:
    people = People(tmp_path, MODEL)

    def ask(**request: object) -> dict[str, object]:
        return people_requests.serve(people, json.dumps(request))

    for number in range(45):
        row = people_requests.row_of(Sample(MODEL, vector(number), 1.0))
        assert ask(do="add", name=f"Somebody {number}", sample=row) == {"ok": True}
    assert people.gallery.names[0] == "Somebody 0"
    first, last = ask(do="list"), ask(do="list", **{"from": 40})
    assert (len(first["people"]), first["total"], len(last["people"])) == (20, 45, 5)  # type: ignore[arg-type]
    assert ask(do="rename", name="somebody 3", to="Ana") == {"ok": True, "name": "Ana"}
    assert ask(do="samples", name="Ana")["total"] == 1
    assert ask(do="forget", name="Ana") == {"ok": True, "name": "Ana"}
    assert ask(do="forget", name="Ana")["message"] == "people_unknown"
    other = people_requests.row_of(Sample("old@1", vector(1), 1.0))
    assert ask(do="add", name="Eva", sample=other)["message"] == "people_other_model"
    assert ask(do="forget_all") == {"ok": True, "forgotten": 44}


@pytest.mark.parametrize(
    "request_",
    ["", "[]", "{}", '{"do": "other"}', '{"do": "add"}', '{"do": ["list"]}', '{"do":"add","name":"A","sample":{}}',
                     '{"do": "list", "from": "x"}', "[" * 5000, '{"do": "forget"}']
)  # fmt: skip
def test_requests_that_are_none(tmp_path: Path, request_: str) -> None:
    reply = people_requests.serve(People(tmp_path, MODEL), request_)
    assert not reply["ok"]
    assert reply["error"]
