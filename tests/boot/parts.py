"""A package of somebody else's, made for the test: a camera that shows a portrait, and a sense that hangs when told to.

Both are found by the assistant through entry points, as any plugin is.
"""

import zipfile
from pathlib import Path

import cv2
import numpy as np
from skimage.data import astronaut

from assistant.devices.demo_camera import eyes_closed

NAME = "boot_parts"
HANG = Path("/var/lib/assistant/hang")
"""While there is this file, the sense hangs; it is removed by hanging, so that it hangs once."""
DEVICE = Path("/dev/zero")
"""What the camera holds as its device."""
MARKER = np.random.default_rng(2026).integers(0, 256, (8, 8, 3), np.uint8)
"""Pixels that are in every frame and nowhere else."""
EYES = ((296, 187), (339, 187))
"""Where they are in the scene, pixels."""
CODE = '''
import pathlib, time
import numpy as np
from assistant.domain.values import Frame

PORTRAIT = np.load(pathlib.Path(__file__).with_name("boot_parts.npy"))
HANG = pathlib.Path("{hang}")


class Portrait:
    """Shows a portrait that moves a little and blinks, for ever; holds a device as long as it is open."""

    name = "portrait"

    def __init__(self, width, height, fps):
        self._wait = 1 / fps
        self._device = None

    def open(self):
        self._device = open("{device}", "rb")

    def read(self):
        time.sleep(self._wait)
        now = time.monotonic()
        return Frame(np.roll(PORTRAIT[int(now % 2.7 < 0.2)], int(8 * np.sin(now * 2)), axis=1), now)

    def close(self):
        if self._device:
            self._device.close()
        self._device = None


class Hanging:
    """Sees nothing, and hangs when told to."""

    name = "hanging"

    def look(self, frame):
        if HANG.exists():
            HANG.unlink()
            time.sleep(3600)
        return []

    def close(self):
        pass
'''


def wheel(folder: Path) -> Path:
    """Makes the package."""
    portrait = folder / f"{NAME}.npy"
    open_eyed = scene()
    np.save(portrait, [open_eyed, eyes_closed(open_eyed, EYES)])
    info = f"{NAME}-1.dist-info"
    files = {
        f"{NAME}.py": CODE.format(hang=HANG, device=DEVICE),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: 1\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": "[assistant.cameras]\nportrait = boot_parts:Portrait\n"
        "[assistant.senses]\nhanging = boot_parts:Hanging\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{NAME}.npy", f"{info}/RECORD"])
    path = folder / f"{NAME}-1-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
        archive.write(portrait, f"{NAME}.npy")
    return path


def scene() -> np.ndarray:
    """A smiling astronaut in the middle of a plain wall with a word on it, and the marker: uint8 (480, 640, 3), RGB."""
    wall = np.full((480, 640, 3), 150, np.uint8)
    cv2.putText(wall, "EXIT", (15, 120), cv2.FONT_HERSHEY_SIMPLEX, 1.8, (20, 20, 20), 5, cv2.LINE_AA)
    wall[80:410, 170:470] = astronaut()[0:330, 75:375]
    wall[:8, 300:308] = MARKER
    return wall
