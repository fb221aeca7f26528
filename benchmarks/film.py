"""A made film of one person."""

from pathlib import Path

import cv2
import numpy as np

from assistant.devices.demo_camera import FPS, HEIGHT, WIDTH, DemoCamera


def film(path: Path) -> None:
    """The demo's room with one person, swaying."""
    camera = DemoCamera()
    camera.open()
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (WIDTH, HEIGHT))
    for index in range(3 * FPS):  # one sway
        writer.write(np.asarray(cv2.cvtColor(camera.draw(3 + index / FPS), cv2.COLOR_RGB2BGR), dtype=np.uint8))
    writer.release()
