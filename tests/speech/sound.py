"""A sound server without a sound card, and what is heard from its loudspeaker."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

RATE = 16000
"""Samples a second of the recording."""
LOUD = 300
"""Amplitude of what is no silence."""
HANG_S = 30.0

_ALSA = """</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
"""
_RECORD = ("parec", "--device=speaker.monitor", "--format=s16le", "--channels=2", "--latency-msec=10", "--raw")
_TOOLS = ("pulseaudio", "parec")


class Loudspeaker:
    """PulseAudio with a null sink, whose monitor is recorded.

    Args:
        folder: Where its socket lies; a short path.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._record = folder / "heard.raw"
        self._processes: list[subprocess.Popen[bytes]] = []
        self._begin = 0
        (folder / "alsa.conf").write_text(_ALSA)
        self.environment = {
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_RUNTIME_PATH": str(folder),
            "PULSE_SERVER": f"unix:{folder}/native",
            "ALSA_CONFIG_PATH": str(folder / "alsa.conf"),
        }

    def start(self) -> None:
        """Starts the server and the recording; both run when it returns."""
        (self.folder / "native").unlink(missing_ok=True)
        server = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"]
        modules = [
            "module-null-sink sink_name=speaker rate=48000 channels=2",
            f"module-native-protocol-unix auth-anonymous=1 socket={self.folder}/native",
        ]
        self._run([*server, *(part for module in modules for part in ("-L", module))])
        _wait((self.folder / "native").exists)
        before = self._size()
        with self._record.open("ab") as record:
            self._run([*_RECORD, f"--rate={RATE}"], record.fileno())
        _wait(lambda: self._size() > before)

    def stop(self) -> None:
        """Kills the server, as when it crashes; the recording ends with it."""
        while self._processes:
            process = self._processes.pop()
            process.kill()
            process.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """A server that hangs for a while: it accepts and answers nothing."""
        self._processes[0].send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._processes[0].send_signal(signal.SIGCONT)

    @property
    def running(self) -> bool:
        """Whether server and recording are up."""
        return bool(self._processes) and all(process.poll() is None for process in self._processes)

    def listen(self) -> None:
        """Forgets what was heard so far."""
        self._begin = self._size() // 4 * 4

    @property
    def now(self) -> float:
        """Seconds of recording so far."""
        return (self._size() - self._begin) / (4 * RATE)

    def heard(self, since: float = 0.0) -> NDArray[np.int16]:
        """The recording so far, from a moment on: int16 (n, 2)."""
        samples = np.fromfile(self._record, np.int16, offset=self._begin + round(since * RATE) * 4)
        return samples[: len(samples) // 2 * 2].reshape(-1, 2)

    def sounds(self, since: float = 0.0) -> list[tuple[float, float]]:
        """Beginning and end of each sound in the recording, from a moment on, seconds."""
        return [(since + begin, since + end) for begin, end in sounds(self.heard(since), RATE)]

    def last_sound(self, since: float = 0.0) -> float:
        """When the last sound so far ended; `since` if there was none after it."""
        return max((end for _, end in self.sounds(since)), default=since)

    def pass_s(self, seconds: float) -> None:
        """Goes on listening for so long, by the clock of the recording, which may lag behind that of this machine."""
        end = self.now + seconds
        deadline = time.monotonic() + HANG_S
        while self.now < end:
            assert time.monotonic() < deadline, "the recording stands still"
            time.sleep(0.01)

    def wait_for_sound(self) -> None:
        """Waits until something is heard."""
        deadline = time.monotonic() + HANG_S
        while not self.sounds():
            assert time.monotonic() < deadline, "nothing is heard"
            time.sleep(0.01)

    def _size(self) -> int:
        return self._record.stat().st_size if self._record.exists() else 0

    def _run(self, command: list[str], output: int = subprocess.DEVNULL) -> None:
        environment = os.environ | self.environment
        self._processes.append(subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, env=environment))


def sounds(samples: NDArray[np.int16], rate: int, pause_s: float = 0.3) -> list[tuple[float, float]]:
    """Beginning and end of each sound, seconds.

    Args:
        samples: (n, channels).
        rate: Samples a second.
        pause_s: What is closer than this is one sound.
    """
    loud = np.flatnonzero(np.abs(samples.astype(np.int32)).max(1) > LOUD) / rate
    if not len(loud):
        return []
    gaps = np.flatnonzero(np.diff(loud) > pause_s)
    return list(zip(loud[[0, *(gaps + 1)]], loud[[*gaps, -1]], strict=True))


@contextmanager
def loudspeaker() -> Iterator[Loudspeaker]:
    """A running one; the test is skipped where there is no sound server."""
    missing = [tool for tool in _TOOLS if shutil.which(tool) is None]
    if missing:
        pytest.skip(f"no sound server can be started: {', '.join(missing)} is missing")
    with tempfile.TemporaryDirectory(prefix="ear-") as folder:
        speaker = Loudspeaker(Path(folder))
        try:
            speaker.start()
            yield speaker
        finally:
            speaker.stop()


def _wait(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + HANG_S
    while not condition():
        if time.monotonic() > end:
            pytest.skip("no sound server can be started here: it does not answer")
        time.sleep(0.01)
