"""The program of an installed service: a virtual environment of its own, made from a wheel or from the source.

Each version gets a fresh folder and is tried before the link `current` turns to it, so that a machine that loses its
power, its network or its disk space in the middle of an upgrade goes on with the version that it had.
"""

import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path

from assistant.errors import AssistantError
from assistant.service.places import Places
from assistant.service.steps import Steps, run
from assistant.weights import data_folder

NOT_SOURCE = (".*", "__pycache__", "*.egg-info", "build", "dist", "tests", "benchmarks", "training", "runs")
"""What of a checkout is not needed for building."""


def source(named: Path | None) -> Path:
    """Where the program is installed from.

    Args:
        named: A wheel, an archive or a checkout; None for the checkout or the wheel that this program runs from.

    Raises:
        AssistantError: there is none.
    """
    if named is not None:
        if named.exists():
            return named.resolve()
        raise AssistantError(f"There is no {named}.", "Give --from the path of a wheel or of a checkout.")
    checkout = data_folder("models").parent
    if (checkout / "pyproject.toml").is_file():
        return checkout
    wheel = _origin()
    if wheel is not None and wheel.exists():
        return wheel
    raise AssistantError(
        "The wheel that this program came from is not there any more.", "Give --from the path of a wheel."
    )


def version(places: Places) -> str | None:
    """The installed version, e.g. "assistant 0.1.0"; None when there is none that works."""
    python = places.current / "bin" / "python"
    if not python.exists():
        return None
    try:
        return _version(places.current)
    except AssistantError:
        return None


def build(places: Places, origin: Path, wheels: Path | None, extras: Sequence[str], steps: Steps) -> Path:
    """Makes a virtual environment with the program and tries it; nothing uses it yet.

    Args:
        places: Where it is installed.
        origin: A wheel, an archive or a checkout.
        wheels: A folder with every wheel that is needed; None to ask pip's index.
        extras: The optional parts that it gets.
        steps: Carries it out.

    Raises:
        AssistantError: it cannot be made, or does not start.
    """
    folder = places.program / f"venv-{_number(places) + 1}"
    steps.remove(folder)
    shared = ["--system-site-packages"] if find_spec("picamera2") else []
    steps.command(f"Making a virtual environment: {folder}.", sys.executable, "-m", "venv", *shared, folder)
    with nullcontext(origin) if steps.dry_run else _buildable(origin) as path:
        wanted = f"{path}[{','.join(extras)}]" if extras else str(path)
        steps.command(f"Installing the program from {origin}; this may take minutes.", *_pip(folder, wheels), wanted)
    if not steps.dry_run:
        steps.say(f"It works: {_version(folder)}.")
    return folder


def add(places: Places, wheels: Path | None, extras: Sequence[str], steps: Steps) -> None:
    """Adds optional parts to the installed program, which stays the version that it is.

    Args:
        places: Where it is installed.
        wheels: As for `build`.
        extras: The parts.
        steps: Carries it out.

    Raises:
        AssistantError: they cannot be added.
    """
    said = f"Adding {' and '.join(extras)} to it; this may take minutes."
    steps.command(said, *_pip(places.current, wheels), f"assistant[{','.join(extras)}]")


def _pip(environment: Path, wheels: Path | None) -> list[str | Path]:
    """The command that installs into a virtual environment, from a folder of wheels alone where there is one."""
    index: tuple[str | Path, ...] = ("--no-index", "--find-links", wheels) if wheels else ()
    return [environment / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--no-input", "install", *index]


def outdated(places: Places, kept: Path) -> list[Path]:
    """The virtual environments beside the one that is kept."""
    return [folder for folder in sorted(places.program.glob("venv-*")) if folder != kept]


def _number(places: Places) -> int:
    """The number of the environment in use, 0 when there is none."""
    if not places.current.is_symlink():
        return 0
    return int(places.current.readlink().name.removeprefix("venv-"))


def _version(folder: Path) -> str:
    return run(folder / "bin" / "python", "-I", "-m", "assistant", "--version").strip()


def refuse_hidden_python(places: Places) -> None:
    """Refuses a Python in somebody's home folder: the service runs as another user and does not see it.

    Raises:
        AssistantError: it is one.
    """
    base = Path(sys.base_prefix).resolve()
    homes = (Path("/home"), Path("/root"), Path("/run/user"))
    if not places.user and any(base.is_relative_to(home) for home in homes):
        raise AssistantError(
            f"This Python lies in {base}, where the service may not read.",
            "Make the virtual environment with the system's own python3, and install from there.",
        )


@contextmanager
def _buildable(origin: Path) -> Iterator[Path]:
    """The path to give to pip: of a checkout a copy, so that building as root leaves nothing behind in it."""
    if not origin.is_dir():
        yield origin
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(shutil.copytree(origin, Path(folder) / "source", ignore=shutil.ignore_patterns(*NOT_SOURCE)))


def _origin() -> Path | None:
    """The file that this program was installed from, as pip noted it (PEP 610)."""
    try:
        noted = distribution("assistant").read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    address = str(json.loads(noted)["url"]) if noted else ""
    if not address.startswith("file:///"):
        return None
    path = re.sub(rb"%([0-9A-Fa-f]{2})", lambda code: bytes.fromhex(code[1].decode()), address[7:].encode())
    return Path(path.decode())
