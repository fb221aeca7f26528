"""A button on gpiozero's own pins without hardware."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("gpiozero", reason="gpiozero is not installed (extra: gpio)")

from gpiozero.pins.mock import MockFactory

from assistant.devices.gpio_button import GpioButton
from assistant.errors import TriggerError
from tests.devices.recorder import served


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    factory = MockFactory()
    yield factory
    factory.reset()


def test_press_and_release(pins: MockFactory) -> None:
    with served(GpioButton(17, bounce_s=0.01, pin_factory=pins)) as recorder:
        pins.pin(17).drive_low()
        recorder.wait_for("gpio down")
        time.sleep(0.05)
        pins.pin(17).drive_high()
        recorder.wait_for("gpio down", "gpio up")


def test_a_bouncing_contact_is_one_press(pins: MockFactory) -> None:
    with served(GpioButton(17, bounce_s=1.0, pin_factory=pins)) as recorder:
        for _ in range(5):
            pins.pin(17).drive_low()
            pins.pin(17).drive_high()
        pins.pin(17).drive_low()
        time.sleep(0.5)
        recorder.wait_for("gpio down")
        pins.pin(17).drive_high()
        recorder.wait_for("gpio down", "gpio up")


def test_a_tap_shorter_than_the_bouncing_is_pressed_and_released(pins: MockFactory) -> None:
    with served(GpioButton(17, bounce_s=0.2, pin_factory=pins)) as recorder:
        pins.pin(17).drive_low()
        pins.pin(17).drive_high()
        recorder.wait_for("gpio down", "gpio up")


def test_no_pin() -> None:
    with pytest.raises(TriggerError, match="No pin is set"):
        GpioButton().open()


def test_no_such_pin(pins: MockFactory) -> None:
    with pytest.raises(TriggerError, match="pin 99 cannot be used"):
        GpioButton(99, pin_factory=pins).open()


def test_a_pin_that_is_taken(pins: MockFactory) -> None:
    first = GpioButton(17, pin_factory=pins)
    first.open()
    with pytest.raises(TriggerError, match="cannot be used"):
        GpioButton(17, pin_factory=pins).open()
    first.close()
    first.close()


def test_a_machine_without_pins() -> None:
    if Path("/proc/device-tree/model").exists():
        pytest.skip("this board may have pins")
    with pytest.raises(TriggerError, match="pin 17 cannot be used") as caught:
        GpioButton(17).open()
    assert caught.value.remedy
