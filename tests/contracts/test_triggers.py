"""What every trigger keeps to; one whose hardware or package is not here is skipped by name."""

import os
import pty
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.devices.control_client import ask
from assistant.devices.control_socket import ControlSocket
from assistant.devices.evdev_keys import EvdevKeys
from assistant.devices.gpio_button import GpioButton
from assistant.devices.terminal_keys import TerminalKeys
from assistant.domain.ports import Trigger
from assistant.errors import TriggerError
from tests.devices.recorder import HANG_S, Recorder, served


@dataclass
class Case:
    """A trigger, how somebody uses it, and what is heard then."""

    trigger: Trigger
    use: Callable[[], object]
    heard: list[str]


@pytest.fixture
def socket_case(tmp_path: Path) -> Case:
    path = tmp_path / "control.socket"
    return Case(ControlSocket(path), lambda: ask(path, {"ask": "now"}, HANG_S), ["socket now"])


@pytest.fixture
def terminal_case() -> Iterator[Case]:
    keyboard, program = pty.openpty()
    yield Case(TerminalKeys(program), lambda: os.write(keyboard, b" "), ["terminal now"])
    os.close(keyboard)
    os.close(program)


@pytest.fixture
def evdev_case(tmp_path: Path) -> Case:
    if find_spec("evdev") is None:
        pytest.skip("evdev is not installed (extra: keys)")
    os.mkfifo(tmp_path / "event0")

    def use() -> None:
        with (tmp_path / "event0").open("wb", 0) as keyboard:
            keyboard.write(struct.pack("llHHi", 0, 0, 1, 57, 1) + struct.pack("llHHi", 0, 0, 1, 57, 0))

    return Case(EvdevKeys(["KEY_SPACE"], folder=tmp_path), use, ["evdev down", "evdev up"])


@pytest.fixture
def gpio_case() -> Iterator[Case]:
    if find_spec("gpiozero") is None:
        pytest.skip("gpiozero is not installed (extra: gpio)")
    from gpiozero.pins.mock import MockFactory

    pins = MockFactory()
    yield Case(GpioButton(17, pin_factory=pins), lambda: pins.pin(17).drive_low(), ["gpio down"])
    pins.reset()


@pytest.fixture(params=["socket", "terminal", "evdev", "gpio"])
def case(request: pytest.FixtureRequest) -> Case:
    """One of them after the other."""
    found: Case = request.getfixturevalue(f"{request.param}_case")
    assert found.trigger.name == request.param
    return found


def test_it_is_a_trigger(case: Case) -> None:
    assert isinstance(case.trigger, Trigger)


def test_what_somebody_does_is_passed_on(case: Case) -> None:
    with served(case.trigger) as recorder:
        case.use()
        recorder.wait_for(*case.heard)


def test_it_can_be_used_again_after_it_was_closed(case: Case) -> None:
    with served(case.trigger):
        pass
    with served(case.trigger) as recorder:
        case.use()
        recorder.wait_for(*case.heard)


def test_serving_ends_soon_when_stopped(case: Case) -> None:
    case.trigger.open()
    begun = time.monotonic()
    case.trigger.serve(Recorder(), lambda: True)
    assert time.monotonic() - begun < HANG_S
    case.trigger.close()


def test_it_asks_whether_to_stop_again_and_again(case: Case) -> None:
    asked: list[float] = []

    def stopped() -> bool:
        asked.append(time.monotonic())
        return len(asked) > 5

    case.trigger.open()
    case.trigger.serve(Recorder(), stopped)
    case.trigger.close()
    assert len(asked) == 6


def test_closing_is_harmless_at_any_time(case: Case) -> None:
    case.trigger.close()
    case.trigger.open()
    case.trigger.close()
    case.trigger.close()


@pytest.mark.parametrize(
    "trigger",
    [TerminalKeys(-1), EvdevKeys(["KEY_NONSENSE"]), GpioButton(None), ControlSocket(Path(os.devnull) / "socket")],
    ids=lambda trigger: trigger.name,
)
def test_what_cannot_be_used_says_so_with_a_remedy(trigger: Trigger) -> None:
    with pytest.raises(TriggerError) as caught:
        trigger.open()
    assert caught.value.remedy
    trigger.close()
