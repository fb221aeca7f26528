"""A minimal Debian with systemd, made by debootstrap, and the program installed in it as docs/service.md says.

How to reach the mirror and the package index is taken from this machine. The plain system is kept between runs, outside
the tree; everything that a test changes lies in a copy of it.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

SUITE = "bookworm"
PACKAGES = (
    "alsa-utils",
    "dbus",
    "dbus-user-session",
    "libasound2-plugins",
    "libespeak-ng1",
    "libpam-systemd",
    "libportaudio2",
    "python3-venv",
    "systemd-sysv",
    "udev",
)
"""What docs/service.md asks for, systemd with sessions of users, and the way to the sound server of this machine."""
CARRIED = ("/etc/resolv.conf", "/etc/hosts", "/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")
"""Settings of this machine without which the network cannot be reached."""
PASSED = (
    "PIP_",
    "SSL_CERT_",
    "REQUESTS_CA_BUNDLE",
    "http_proxy",
    "https_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "no_proxy",
)


def mirror() -> str | None:
    """Where apt gets Debian from; None when it is not configured for Debian."""
    try:
        told = _output("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages")
    except (OSError, RuntimeError):
        return None
    return next((line for line in told.splitlines() if "/debian/" in line and "security" not in line), None)


def plain(source: str) -> Path:
    """The plain system, made the first time."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "/var/tmp") / "assistant-boot"
    kind = hashlib.sha256(repr((SUITE, PACKAGES)).encode()).hexdigest()[:8]
    root = cache / f"{SUITE}-{kind}"
    if root.exists():
        return root
    cache.mkdir(parents=True, exist_ok=True)
    making = cache / f"{root.name}.making"
    shutil.rmtree(making, ignore_errors=True)
    include = f"--include={','.join(PACKAGES)}"
    quickly = ("env", "DPKG_FORCE=unsafe-io")  # a system that breaks while it is made is made again
    _output(*quickly, "debootstrap", "--variant=minbase", include, SUITE, making, source)
    making.rename(root)
    return root


def copied(root: Path, target: Path) -> Path:
    """A copy to change, with this machine's way to the network."""
    subprocess.run(["cp", "--archive", "--reflink=auto", root, target], check=True)
    for name in CARRIED:
        if Path(name).exists():
            copy = target / name.removeprefix("/")
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(name, copy)
    (target / "etc" / "machine-id").write_text("")
    (target / "etc" / "hostname").write_text("tested\n")
    (target / "var" / "log" / "journal").mkdir(exist_ok=True)
    return target


def environment() -> list[str]:
    """What a command inside is told of its surroundings, as assignments: nothing of this machine but the network."""
    passed = [f"{name}={value}" for name, value in os.environ.items() if name.startswith(PASSED)]
    path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    return [path, "HOME=/root", "LANG=C.UTF-8", *passed]


def inside(root: Path, *command: str | Path) -> str:
    """Runs a command in a root that is not booted; gives what it wrote.

    Raises:
        RuntimeError: it failed; carries the end of what it wrote.
    """
    mounts = 'mount -t proc proc "$1/proc" && mount -t tmpfs -o mode=1777 tmpfs "$1/dev/shm" && exec chroot "$@"'
    whole = ["env", "-i", *environment(), *command]
    return _output("unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", mounts, "sh", root, *whole)


def wheel(project: Path, folder: Path) -> Path:
    """Builds the wheel of this project, from a copy of it."""
    copy = folder / "source"
    ignored = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "build", "dist", "runs")
    shutil.copytree(project, copy, ignore=ignored)
    options = ("--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", folder)
    _output(sys.executable, "-m", "pip", "wheel", *options, copy)
    (built,) = folder.glob("assistant-*.whl")
    return built


def _output(*command: str | Path) -> str:
    words: Sequence[str] = [str(word) for word in command]
    done = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise RuntimeError(f"{words[:3]} gave {done.returncode}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout
