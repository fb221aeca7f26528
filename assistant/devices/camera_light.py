"""A light for bystanders: it is on exactly while the camera is open."""

from typing import Any

from assistant.domain.ports import Camera
from assistant.domain.values import Frame
from assistant.errors import CameraDenied


class LitCamera:
    """A camera with a lamp on a pin of a Raspberry Pi; without its light the camera is not opened.

    Args:
        camera: Gives the frames; opened, read and closed through this one only.
        pin: Number of the lamp's pin, as in "GPIO17".
        pin_factory: gpiozero's access to the pins; None for its own choice.
    """

    def __init__(self, camera: Camera, pin: int, pin_factory: Any = None) -> None:
        self._camera = camera
        self._pin = pin
        self._pin_factory = pin_factory
        self._lamp: Any = None
        self.name = camera.name
        self.live: bool = getattr(camera, "live", True)

    def open(self) -> None:
        """Lights the lamp, then opens the camera.

        Raises:
            CameraDenied: the lamp cannot be lit.
            CameraError, PictureError: as the camera does; the lamp is dark then.
        """
        self.close()
        self._lamp = self._lit()
        try:
            self._camera.open()
        except BaseException:  # whatever it was: no light without a camera, and on it goes
            self.close()
            raise
        self.name = self._camera.name

    def read(self) -> Frame | None:
        """The camera's next frame; raises what the camera raises."""
        return self._camera.read()

    def close(self) -> None:
        """Closes the camera, then puts the lamp out and lets its pin go."""
        self._camera.close()
        if self._lamp is not None:
            self._lamp.close()
            self._lamp = None

    def _lit(self) -> Any:
        try:
            from gpiozero import LED, GPIOZeroError
        except ImportError as error:
            raise CameraDenied(
                "The light of the camera needs the package gpiozero.", "Install: pip install gpiozero lgpio."
            ) from error
        try:
            return LED(self._pin, initial_value=True, pin_factory=self._pin_factory)
        except (GPIOZeroError, OSError) as error:
            raise CameraDenied(
                f"The light of the camera on pin {self._pin} cannot be lit: {error}.", "Correct camera.light_pin."
            ) from error
