"""Settings files of every bad kind, saved while it runs and there when it starts."""

import os
import socket
from collections.abc import Callable
from pathlib import Path
from time import sleep

import pytest

from tests.e2e.program import Running
from tests.faults.conftest import Start, Watch, save, until, write
from tests.faults.stand_in import StandIn
from tests.faults.table import fault

HUGE = 100 << 20
PEAK_MB = 600
REPLY_S = 2.0
"""Longer is the program busy with something that it should not do."""


def _fifo(path: Path) -> None:
    os.mkfifo(path)


def _folder(path: Path) -> None:
    path.mkdir()


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _circle(path: Path) -> None:
    path.symlink_to(path.name)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


IRREGULAR: list[Callable[[Path], None]] = [_fifo, _folder, _device, _circle, _socket]
MISTAKES = {
    "a word that is no value": b"verbosity: loud\n",
    "a name that does not exist": b"senses: [telepathy]\n",
    "not YAML": b"camera: {source: [\n",
    "not UTF-8": b"language: \xff\xfe\n",
    "a NUL": b"language: en\0\n",
    "UTF-16": "language: en\n".encode("utf-16"),
    "one value": b"42\n",
    "a list": b"- camera\n",
    "a second document": b"verbosity: brief\n---\nverbosity: normal\n",
    "a key twice": b"verbosity: brief\nverbosity: normal\n",
    "brackets 10,000 deep": b"[" * 10_000,
    "aliases that grow": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(b"%c: &%c [%s]\n" % (c + 1, c + 1, b",".join([b"*%c" % c] * 9)) for c in range(97, 107)),
    "a tag of Python": b"language: !!python/object/apply:os.system ['true']\n",
    "a number without end": b"speech: {volume: " + b"9" * 5000 + b"}\n",
    "en-US": b"language: en-US\n",
    "no": b"language: no\n",
    "a source of 300 letters": b"camera: {source: " + b"x" * 300 + b"}\n",
    "a source with a NUL": b'camera: {source: "a\\0b"}\n',
    "an engine that does not exist": b"speech: {engine: parrot}\n",
}


def alerts(house: Running) -> int:
    return sum(event["urgency"] == "alert" for event in house.events())


def peak_mb(house: Running) -> float:
    text = Path(f"/proc/{house.process.pid}/status").read_text()
    return int(text.split("VmHWM:")[1].split()[0]) / 1024


def replaced(folder: Path, make: Callable[[Path], None]) -> None:
    """Something else in place of the settings file."""
    path = folder / "config.yaml"
    path.unlink()
    make(path)


def cleared(folder: Path) -> None:
    path = folder / "config.yaml"
    path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


@fault(
    "A settings file with a mistake",
    how=", ".join(MISTAKES) + ": saved in turn while it runs, the good ones at the end",
    said=("settings_bad", "settings_mended"),
    told_s=12,
    well_s=12,
)
def test_a_settings_file_with_a_mistake(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    good = {"camera": {"source": camera.url}}
    silent = []
    with start(**good) as house:
        for name, text in MISTAKES.items():
            before = alerts(house)
            save(folder, text)
            watch.begin()
            try:
                watch.told(lambda before=before: alerts(house) > before, lambda: house.errors()[-2000:])
            except AssertionError:
                silent.append(name)
            assert house.process.poll() is None, f"{name}: {house.errors()[-3000:]}"
            assert house.ask("now")["ok"], name
        assert not silent, house.events()
        write(folder, **good)
        watch.begin()
        watch.well(lambda: "settings_mended" in house.messages(), house.events)
        assert peak_mb(house) < PEAK_MB


@fault(
    "The settings file is no file",
    how="a FIFO, a folder, a link to /dev/zero, a link to itself, a socket in its place, in turn, while it runs",
    said="settings_unreadable",
    told_s=12,
)
def test_a_settings_file_that_is_none(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    good = {"camera": {"source": camera.url}}
    with start(**good) as house:
        house.patience_s = REPLY_S
        for make in IRREGULAR:
            before = alerts(house)
            replaced(folder, make)
            watch.begin()
            watch.told(
                lambda before=before: alerts(house) > before, lambda: f"{house.events()} {house.errors()[-2000:]}"
            )
            assert house.ask("now")["ok"]
            cleared(folder)
            write(folder, **good)
            sleep(2.2)


@fault(
    "The settings file is enormous",
    how="10 MB of settings, then 100 MB of nothing, while it runs",
    said="(that the settings cannot be used)",
    told_s=12,
)
def test_an_enormous_settings_file(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    with start(camera={"source": camera.url}) as house:
        house.patience_s = REPLY_S
        for text in (b"verbosity: brief\n" * 600_000, bytes(HUGE)):
            before = alerts(house)
            save(folder, text)
            watch.begin()
            watch.told(lambda before=before: alerts(house) > before, lambda: house.errors()[-2000:])
            assert house.ask("now")["ok"]
        assert peak_mb(house) < PEAK_MB


@fault(
    "The settings file is deleted",
    how="it is removed while it runs, and comes back",
    said=("settings_gone", "settings_mended"),
    told_s=12,
    well_s=12,
)
def test_a_settings_file_that_is_deleted(start: Start, camera: StandIn, folder: Path, watch: Watch) -> None:
    with start(camera={"source": camera.url}) as house:
        (folder / "config.yaml").unlink()
        watch.begin()
        watch.told(lambda: "settings_gone" in house.messages(), house.events)
        write(folder, camera={"source": camera.url})
        watch.begin()
        watch.well(lambda: "settings_mended" in house.messages(), house.events)


@pytest.mark.parametrize("kind", ["a FIFO", "a folder", "/dev/zero", "100 MB", *sorted(MISTAKES)[:3], "no", "not YAML"])
@fault(
    "A service starts with such a file",
    how="as a service, with files like these there from the start: it starts with the defaults, answers and ends well",
)
def test_a_service_with_a_bad_settings_file(
    kind: str, start: Start, camera: StandIn, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(folder / "nobody-listens"))
    makers = {"a FIFO": _fifo, "a folder": _folder, "/dev/zero": _device}
    options = ("--source", camera.url, "--engine", "silent")

    def bad(path: Path) -> None:
        path.unlink()
        makers[kind](path) if kind in makers else path.write_bytes(MISTAKES.get(kind, bytes(HUGE)))

    with start(*options, greeting="", spoilt=bad) as house:
        until(lambda: house.ask("now")["message"] == "nobody", house.errors)
        until(lambda: alerts(house) == 1, house.events)
        assert peak_mb(house) < PEAK_MB
