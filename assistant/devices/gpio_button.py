"""A button on a pin of a Raspberry Pi, through gpiozero."""

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any
from warnings import catch_warnings, simplefilter

from assistant.domain.ports import Control
from assistant.errors import TriggerError

WAIT_S = 0.1
"""How long is waited for the button before looking whether to stop, seconds."""


class GpioButton:
    """A button between a pin and ground.

    A press is passed on at its first contact, without waiting for the end of the bouncing.

    Args:
        pin: Number of the pin, as in "GPIO17"; None if there is no button.
        bounce_s: After a change, others are not looked at for this time; then the state counts. Seconds.
        pin_factory: gpiozero's access to the pins; None for its own choice.
    """

    name = "gpio"

    def __init__(self, pin: int | None = None, bounce_s: float = 0.05, pin_factory: Any = None) -> None:
        self._pin = pin
        self._bounce_s = bounce_s
        self._pin_factory = pin_factory
        self._button: Any = None
        self._states: SimpleQueue[bool] = SimpleQueue()

    def open(self) -> None:
        """Takes the pin.

        Raises:
            TriggerError: no pin is given, gpiozero is not installed, or the pin cannot be used.
        """
        if self._pin is None:
            raise TriggerError("No pin is set for the button.", "Set keys.gpio.pin.")
        try:
            from gpiozero import DigitalInputDevice, GPIOZeroError, PinFactoryFallback
        except ImportError as error:
            raise TriggerError("The package gpiozero is missing.", "Install: pip install gpiozero lgpio.") from error
        self._states = SimpleQueue()
        try:
            with catch_warnings():
                simplefilter("ignore", PinFactoryFallback)  # It tries one way after another; the error tells enough.
                # Not gpiozero's Button, which adds a thread for holding, and on closing waits for that.
                self._button = DigitalInputDevice(self._pin, pull_up=True, pin_factory=self._pin_factory)
        except (GPIOZeroError, OSError) as error:
            raise TriggerError(
                f"The button on pin {self._pin} cannot be used: {error}", "Check keys.gpio.pin."
            ) from error
        self._button.when_activated = lambda: self._states.put(True)
        self._button.when_deactivated = lambda: self._states.put(False)

    def serve(self, control: Control, stopped: Callable[[], bool]) -> None:
        """Passes presses and releases on until stopped."""
        pressed, quiet_until = False, 0.0
        while not stopped():
            state = self._next_state()
            if state != pressed and time.monotonic() >= quiet_until:
                pressed, quiet_until = state, time.monotonic() + self._bounce_s
                (control.press if pressed else control.release)(self.name)

    def close(self) -> None:
        """Lets the pin go."""
        if self._button is not None:
            self._button.close()
            self._button = None

    def _next_state(self) -> bool:
        """Waits a moment for a change; without one the state counts, which corrects what was lost in bouncing."""
        try:
            return self._states.get(timeout=WAIT_S)
        except Empty:
            return bool(self._button.is_active)
