"""Turning and mirroring the picture of any camera, for one that hangs upside down or looks the other way."""

from typing import Literal

import numpy as np

from assistant.domain.ports import Camera, Resizable
from assistant.domain.values import Frame, Pixels

Degrees = Literal[0, 90, 180, 270]


def orient(pixels: Pixels, rotate: Degrees = 0, mirror: bool = False) -> Pixels:
    """Turns, then mirrors a picture.

    Args:
        pixels: uint8 (height, width, 3).
        rotate: Degrees clockwise.
        mirror: Whether left and right are swapped after the turn.

    Returns:
        uint8, contiguous; height and width are swapped by a quarter turn.
    """
    turned = np.rot90(pixels, -rotate // 90)
    return np.ascontiguousarray(turned[:, ::-1] if mirror else turned)


class Oriented:
    """A camera with its picture turned and mirrored.

    Args:
        camera: Gives the frames; opened, read and closed through this one only.
        rotate: Degrees clockwise.
        mirror: Whether left and right are swapped after the turn.
    """

    def __init__(self, camera: Camera, rotate: Degrees = 0, mirror: bool = False) -> None:
        self._camera = camera
        self._rotate = rotate
        self._mirror = mirror
        self.name = camera.name
        self.live: bool = getattr(camera, "live", True)

    def resize(self, least: tuple[int, int] | None) -> bool:
        """Asks the camera, if it can be asked, for pictures that have this size when they are turned."""
        turned = least[::-1] if least and self._rotate in (90, 270) else least
        return isinstance(self._camera, Resizable) and self._camera.resize(turned)

    def open(self) -> None:
        """Opens the camera; raises what it raises."""
        self._camera.open()
        self.name = self._camera.name

    def read(self) -> Frame | None:
        """The camera's next frame, turned; raises what the camera raises."""
        frame = self._camera.read()
        return frame and Frame(orient(frame.pixels, self._rotate, self._mirror), frame.at)

    def close(self) -> None:
        """Closes the camera."""
        self._camera.close()
