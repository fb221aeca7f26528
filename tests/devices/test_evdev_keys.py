"""Keys of the kernel's event devices: real events through FIFOs; a real keyboard only where there is one."""

import os
import struct
import time
from pathlib import Path

import pytest

pytest.importorskip("evdev", reason="evdev is not installed (extra: keys)")

from evdev import ecodes

from assistant.devices import evdev_keys
from assistant.devices.evdev_keys import EvdevKeys
from assistant.devices.key_devices import Keyboard, KeyboardFinder, RecordedKeys, code_of
from assistant.domain.commands import headset_keys
from assistant.errors import TriggerError
from tests.devices.recorder import served

SPACE = ("KEY_SPACE",)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """New devices are found sooner."""
    monkeypatch.setattr(evdev_keys, "RESCAN_S", 0.1)


@pytest.fixture
def fifo(tmp_path: Path) -> Path:
    path = tmp_path / "event0"
    os.mkfifo(path)
    return path


def event(name: str, value: int, kind: int = ecodes.EV_KEY) -> bytes:
    """One `struct input_event`."""
    code = code_of(name) if name.startswith("KEY") else ecodes.ecodes[name]
    return struct.pack("llHHi", 12, 34, kind, code, value)


SYN = event("SYN_REPORT", 0, ecodes.EV_SYN)
DROPPED = event("SYN_DROPPED", 0, ecodes.EV_SYN)


def test_a_gesture_key_is_pressed_and_released(fifo: Path) -> None:
    with served(EvdevKeys(SPACE, folder=fifo.parent)) as recorder, fifo.open("wb", 0) as keyboard:
        keyboard.write(event("KEY_SPACE", 1) + SYN + event("KEY_SPACE", 2) + event("KEY_A", 1))
        keyboard.write(event("KEY_A", 0) + event("KEY_SPACE", 0))
        recorder.wait_for("evdev down", "evdev up")


def test_headset_keys_are_verbs(fifo: Path) -> None:
    with served(EvdevKeys(paths=[fifo])) as recorder, fifo.open("wb", 0) as headset:
        for name in headset_keys():
            headset.write(event(name, 1) + SYN + event(name, 0) + SYN)
        recorder.wait_for(*(f"evdev {verb}" for verb in headset_keys().values()))


def test_a_key_that_is_both_works_by_gestures(fifo: Path) -> None:
    keys = EvdevKeys(["KEY_PLAYPAUSE"], {"KEY_PLAYPAUSE": "now", "KEY_NEXTSONG": "detail"}, paths=[fifo])
    with served(keys) as recorder, fifo.open("wb", 0) as headset:
        headset.write(event("KEY_PLAYPAUSE", 1) + event("KEY_PLAYPAUSE", 0) + event("KEY_NEXTSONG", 1))
        recorder.wait_for("evdev down", "evdev up", "evdev detail")


def test_unplugged_with_the_key_down_and_plugged_in_again(fifo: Path) -> None:
    with served(EvdevKeys(SPACE, paths=[fifo])) as recorder:
        with fifo.open("wb", 0) as keyboard:
            keyboard.write(event("KEY_SPACE", 1))
            recorder.wait_for("evdev down")
        recorder.wait_for("evdev down", "evdev up")
        with fifo.open("wb", 0) as keyboard:
            keyboard.write(event("KEY_SPACE", 1) + event("KEY_SPACE", 0))
            recorder.wait_for("evdev down", "evdev up", "evdev down", "evdev up")


def test_a_keyboard_that_comes_later(tmp_path: Path) -> None:
    with served(EvdevKeys(SPACE, folder=tmp_path)) as recorder:
        time.sleep(0.2)
        os.mkfifo(tmp_path / "event7")
        with (tmp_path / "event7").open("wb", 0) as keyboard:
            keyboard.write(event("KEY_SPACE", 1))
            recorder.wait_for("evdev down")


def test_two_keyboards(tmp_path: Path) -> None:
    paths = [tmp_path / "event0", tmp_path / "event1"]
    for path in paths:
        os.mkfifo(path)
    with (
        served(EvdevKeys(SPACE, folder=tmp_path)) as recorder,
        paths[0].open("wb", 0) as first,
        paths[1].open("wb", 0) as second,
    ):
        first.write(event("KEY_SPACE", 1))
        recorder.wait_for("evdev down")
        first.close()
        second.write(event("KEY_SPACE", 1))
        recorder.wait_for("evdev down", "evdev up", "evdev down")


def test_a_recording_is_played_once(tmp_path: Path) -> None:
    (tmp_path / "keys.bin").write_bytes(event("KEY_SPACE", 1) + event("KEY_SPACE", 0))
    with served(EvdevKeys(SPACE, paths=[tmp_path / "keys.bin"])) as recorder:
        recorder.wait_for("evdev down", "evdev up")
        time.sleep(0.5)
        recorder.wait_for("evdev down", "evdev up")


def test_events_cut_in_two(fifo: Path) -> None:
    keys = Keyboard(fifo, RecordedKeys(fifo), grab=True)
    whole = event("KEY_SPACE", 1)
    with fifo.open("wb", 0) as keyboard:
        keyboard.write(whole[:10])
        assert list(keys.changes()) == []
        keyboard.write(whole[10:])
        assert list(keys.changes()) == [(ecodes.KEY_SPACE, True)]
        assert list(keys.changes()) == []
        keys.grab_when_idle()
    keys.close()


def test_events_lost_by_the_kernel_let_go_of_the_key(fifo: Path) -> None:
    with served(EvdevKeys(SPACE, paths=[fifo])) as recorder, fifo.open("wb", 0) as keyboard:
        keyboard.write(event("KEY_SPACE", 1) + DROPPED + SYN)
        recorder.wait_for("evdev down", "evdev up")


def test_unknown_keys_are_named_with_the_nearest_right_name() -> None:
    with pytest.raises(TriggerError, match=r"no key called KEY_SPACEBAR\. Did you mean KEY_SPACE\?"):
        EvdevKeys(["KEY_SPACEBAR"]).open()
    with pytest.raises(TriggerError, match="no key called ~"):
        EvdevKeys(verbs={"~": "now"}).open()
    with pytest.raises(TriggerError, match="no key called EV_KEY"):
        EvdevKeys(["EV_KEY"]).open()


def test_a_device_is_opened_once_and_again_when_another_takes_its_place(tmp_path: Path) -> None:
    finder = KeyboardFinder((), tmp_path, {1}, grab=False)
    path = tmp_path / "event0"

    def found() -> int:
        keyboards = list(finder.new())
        for keyboard in keyboards:
            keyboard.close()
        return len(keyboards)

    assert found() == 0
    path.touch()
    assert [found(), found()] == [1, 0]
    path.rename(tmp_path / "old")
    path.touch()
    assert [found(), found()] == [1, 0]


def test_a_device_is_tried_again_when_its_rights_change(forbidden: Path) -> None:
    finder = KeyboardFinder([forbidden], forbidden.parent, {1}, grab=False)
    assert list(finder.new()) == []
    user = os.geteuid()
    os.seteuid(forbidden.stat().st_uid)
    forbidden.chmod(0o644)
    os.seteuid(user)
    keyboards = list(finder.new())
    assert len(keyboards) == 1
    keyboards[0].close()


def test_devices_without_the_keys_are_let_be() -> None:
    assert list(KeyboardFinder([Path("/dev/null")], Path("/dev"), {1}, grab=False).new()) == []


def test_a_real_keyboard_is_found() -> None:
    readable = [path for path in Path("/dev/input").glob("event*") if os.access(path, os.R_OK)]
    if not readable:
        pytest.skip("there is no readable device under /dev/input")
    for keyboard in KeyboardFinder(readable, Path("/dev/input"), {ecodes.KEY_SPACE}, grab=False).new():
        assert keyboard.path in readable
        keyboard.close()
