"""The whole program as a process: how soon it can answer, how much it needs, how quickly it ends."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import cv2
import numpy as np

from assistant.devices.control_client import ask
from assistant.devices.demo_camera import DemoCamera
from assistant.devices.socket_path import SOCKET
from assistant.domain.values import Pixels
from assistant.errors import NotRunning
from benchmarks.rows import Row, row

STARTS = 5
WATCHED_S = 8.0
"""How long the CPU is watched, seconds."""
FPS = 15
SETTINGS = """\
camera: {{source: "{video}", loop: true}}
triggers: [socket]
speech: {{engine: silent}}
"""


def measure() -> Iterator[Row]:
    """Start, memory, end, and CPU for an empty room and for one person."""
    camera = DemoCamera()
    camera.open()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        empty, person = folder / "empty.avi", folder / "person.avi"
        _film(empty, [camera.draw(index / FPS / 2) for index in range(FPS * 2)])
        _film(person, [camera.draw(3 + index / FPS) for index in range(FPS * 2)])
        ready, memory, shutdown = [], [], []
        for _ in range(STARTS):
            with _running(person, folder) as (process, seconds):
                ready.append(seconds)
                sleep(2.0)
                memory.append(_resident_mb(process.pid))
                began = monotonic()
                process.send_signal(signal.SIGTERM)
                if process.wait(30) != 0:
                    raise RuntimeError(f"it ended with {process.returncode}")
                shutdown.append(monotonic() - began)
        yield row("ready: process start to first answer possible", "s", ready, 2.0)
        yield row("memory: resident, running", "MB", memory, 200)
        yield row("shutdown: SIGTERM to exit 0", "s", shutdown, 1.0)
        yield row("empty room: CPU seconds a second", "", [_cpu_share(empty, folder)], 0.10)
        yield row("one person: CPU seconds a second", "", [_cpu_share(person, folder)])


def _film(path: Path, frames: list[Pixels]) -> None:
    height, width = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), FPS, (width, height))
    for frame in frames:
        writer.write(np.asarray(cv2.cvtColor(frame, cv2.COLOR_RGB2BGR), dtype=np.uint8))
    writer.release()


@contextmanager
def _running(video: Path, folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """The program on a video that it sees again and again, and after how many seconds it could answer."""
    config = folder / "config.yaml"
    config.write_text(SETTINGS.format(video=video), encoding="utf-8")
    command = [sys.executable, "-m", "assistant", "run", "--config", str(config)]
    began = monotonic()
    process = subprocess.Popen(command, env=os.environ | {"RUNTIME_DIRECTORY": str(folder / "run")})
    try:
        while monotonic() - began < 60:
            try:
                if ask(folder / "run" / SOCKET, {"ask": "now"})["message"] != "cannot_see":
                    break
            except NotRunning:
                pass
            sleep(0.01)
        yield process, monotonic() - began
    finally:
        process.kill()
        process.wait()


def _cpu_share(video: Path, folder: Path) -> float:
    with _running(video, folder) as (process, _):
        sleep(3.0)
        before, began = _cpu_s(process.pid), monotonic()
        sleep(WATCHED_S)
        return (_cpu_s(process.pid) - before) / (monotonic() - began)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mb(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise RuntimeError("no VmRSS")
