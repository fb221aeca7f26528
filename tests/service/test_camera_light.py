"""The light for bystanders, on gpiozero's own pins for machines without any."""

from collections.abc import Iterator

import numpy as np
import pytest
from gpiozero import LED
from gpiozero.pins.mock import MockFactory

from assistant.devices.camera_light import LitCamera
from assistant.devices.replay_camera import ReplayCamera
from assistant.domain.values import Frame
from assistant.errors import CameraDenied, CameraLost, PictureError

PIN = 17


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    factory = MockFactory()
    yield factory
    factory.close()


def lit(pins: MockFactory) -> bool:
    pin = pins.pin(PIN)
    return bool(pin.function == "output" and pin.state)


class Watched(ReplayCamera):
    """Notes whether the lamp was on whenever the camera was opened, read or closed."""

    def __init__(self, pins: MockFactory, frames: list[np.ndarray]) -> None:
        super().__init__(frames)
        self.pins = pins
        self.opened = False
        self.lit: list[bool] = []

    def open(self) -> None:
        super().open()
        self.opened = True
        self.lit.append(lit(self.pins))

    def read(self) -> Frame | None:
        self.lit.append(lit(self.pins))
        return super().read()

    def close(self) -> None:
        if self.opened:
            self.lit.append(lit(self.pins))
        self.opened = False
        super().close()


def test_it_is_lit_exactly_while_the_camera_is_open(pins: MockFactory) -> None:
    inner = Watched(pins, [np.zeros((8, 8, 3), np.uint8)])
    camera = LitCamera(inner, PIN, pins)
    for _ in range(2):
        assert not lit(pins)
        camera.open()
        assert lit(pins)
        assert camera.read() is not None
        camera.close()
        assert not lit(pins)
    assert len(inner.lit) == 6
    assert all(inner.lit)


def test_it_stays_dark_when_the_camera_cannot_be_opened(pins: MockFactory) -> None:
    camera = LitCamera(ReplayCamera([]), PIN, pins)
    with pytest.raises(PictureError):
        camera.open()
    assert not lit(pins)


def test_a_camera_that_is_opened_again_has_its_light(pins: MockFactory) -> None:
    camera = LitCamera(ReplayCamera([np.zeros((8, 8, 3), np.uint8)]), PIN, pins)
    camera.open()
    camera.open()
    assert lit(pins)
    camera.close()
    assert not lit(pins)


def test_it_is_lit_until_a_lost_camera_is_closed(pins: MockFactory) -> None:
    class Lost(ReplayCamera):
        def read(self) -> Frame | None:
            raise CameraLost("gone")

    camera = LitCamera(Lost([np.zeros((8, 8, 3), np.uint8)]), PIN, pins)
    camera.open()
    with pytest.raises(CameraLost):
        camera.read()
    assert lit(pins)
    camera.close()
    assert not lit(pins)


def test_without_its_light_the_camera_stays_closed(pins: MockFactory) -> None:
    inner = Watched(pins, [np.zeros((8, 8, 3), np.uint8)])
    with LED(PIN, pin_factory=pins), pytest.raises(CameraDenied, match="light"):
        LitCamera(inner, PIN, pins).open()
    assert not inner.opened
    assert inner.lit == []
