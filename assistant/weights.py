"""Where models lie, and their weights, checked.

A manifest (`manifests.py`) comes with the program; weights are either beside it (ours) or were put into a folder of the
user's by `assistant models install` (foreign ones, which the manifest describes by address, size and hash). No weights
are ever handed out whose hash was not checked in this call.
"""

import hashlib
import os
import sys
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from assistant import files
from assistant.errors import ModelBroken, ModelMissing, PartMissing
from assistant.manifests import MANIFEST, File, Manifest, Package, read

SYSTEM = Path("/usr/local/share/assistant/models")
"""Weights for the whole machine; root's, so that nobody else can make root write somewhere else."""
FORMER = Path("/var/lib/assistant/models")
"""Where an earlier version kept them; the service's user may write there. Read still, with a check as everywhere."""


class Weights(NamedTuple):
    """The content of a file, as it was when its hash was checked: what happens to the file later happens to nobody."""

    path: Path
    """Where it was read, for messages."""
    content: bytes


def data_folder(kind: str) -> Path:
    """Where "models" or "voices" lie: in a checkout or editable install beside the package, in a wheel inside it."""
    package = Path(__file__).resolve().parent
    root = package.parent
    if (root / "models").is_dir() and (root / "pyproject.toml").is_file():
        return root / kind
    return package / "_data" / kind


def user_folders() -> list[Path]:
    """Where weights put in by the user are looked for, in order.

    `$ASSISTANT_MODELS`, then the user's own data folder, then that of the system.
    """
    folders = [Path(os.environ["ASSISTANT_MODELS"])] if os.environ.get("ASSISTANT_MODELS") else []
    data = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return [*folders, Path(data) / "assistant" / "models", SYSTEM]


def install_folder() -> Path:
    """Where `install` puts weights: `$ASSISTANT_MODELS`, for root the system's folder, else the user's own."""
    folders = user_folders()
    if not os.environ.get("ASSISTANT_MODELS") and sys.platform != "win32" and os.geteuid() == 0:
        return SYSTEM
    return folders[0]


def recommended() -> list[str]:
    """The models that a user who can fetch them should, in alphabetical order."""
    return [name for name in names() if manifest(name).recommended]


def names() -> list[str]:
    """Every model that is described, installed or not, in alphabetical order."""
    found: set[str] = set()
    for folder in (data_folder("models"), *user_folders()):
        with suppress(PermissionError):  # the system's folder may be closed to all but the service
            found |= {path.parent.name for path in folder.glob(f"*/{MANIFEST}")}
    return sorted(found)


def manifest(name: str) -> Manifest:
    """Reads the manifest of a model.

    Raises:
        ModelMissing: no model of this name is described.
        ModelBroken: the manifest cannot be read or lacks something; names the file and the key.
    """
    path = _manifest_path(name)
    model = read(path)
    if model.name != name:
        raise ModelBroken(f'The manifest {path} is that of a model called "{model.name}".')
    return model


def verified(path: Path, file: File) -> Weights:
    """Reads weights, once, and holds what was read against a manifest.

    Raises:
        ModelBroken: size or hash differ, or it cannot be read; names the file.
    """
    return Weights(path, _checked(path, file))


def present(name: str) -> Path | None:
    """The weights of a described model without a check of their hash; None when they are not installed.

    Raises:
        ModelMissing, ModelBroken: as `manifest`.
    """
    file = manifest(name).file
    if file.package:
        folders = _inside(file.package)
    else:
        folders = [folder / name for folder in (*user_folders(), FORMER, data_folder("models"))]
    return next((path for folder in folders if _is_file(path := folder / file.name)), None)


def _inside(package: Package) -> list[Path]:
    """Where a package that carries weights keeps them; empty where it is not installed. None of its code is run."""
    with suppress(ImportError, ValueError):
        spec = find_spec(package.module)
        return [Path(folder) / package.folder for folder in (spec and spec.submodule_search_locations) or ()]
    return []


def locate(name: str) -> Weights:
    """The verified weights of a model.

    Raises:
        ModelMissing: not described, or not installed; PartMissing where a package carries them.
        ModelBroken: size or hash differ from the manifest; names the file.
    """
    model = manifest(name)
    path = present(name)
    if path is None and model.file.package:
        raise PartMissing(model.file.package.name, model.file.package.extra)
    if path is None:
        raise ModelMissing(f'The weights of the model "{name}" are not installed.', remedy(name))
    return verified(path, model.file)


def remedy(name: str) -> str:
    """One sentence on how to get the weights of a described model."""
    file = manifest(name).file
    if file.package:
        return PartMissing(file.package.name, file.package.extra).remedy
    if file.address:
        return f'Run "assistant models install {name}".'
    return f'Get {file.source or file.name} and run "assistant models install {name} --from FILE".'


def install(name: str, source: Path, into: Path | None = None) -> Path:
    """Puts weights in place: read once, checked, and what was checked is put there in one step.

    Args:
        name: A described model.
        source: The file, or a folder that holds it under the manifest's file name (or in a folder called `name`).
        into: The folder of weights; None for `install_folder()`.

    Returns:
        Where the weights are now.

    Raises:
        ModelMissing: not described, or nothing at `source`.
        ModelBroken: the file is another one, or cannot be read or written. What was installed before stays.
    """
    model = manifest(name)
    content = _checked(_origin(name, source, model.file), model.file)
    target = place(name, into) / model.file.name
    try:
        files.replace(target, content, mode=0o644)
    except OSError as error:
        raise ModelBroken(f"{target} could not be written: {error.strerror}.") from error
    return target


def place(name: str, into: Path | None = None) -> Path:
    """Makes the folder for the weights of a model.

    Args:
        name: The model.
        into: The folder of weights; None for `install_folder()`.

    Raises:
        ModelBroken: it cannot be made, is a link, or root would write into the folder of another user.
    """
    folder = (into or install_folder()) / name
    there = next(each for each in (folder, *folder.parents) if os.path.lexists(each))
    try:
        if sys.platform != "win32" and os.geteuid() == 0 and there.stat().st_uid != 0:
            raise ModelBroken(f"{there} belongs to another user.", "Do it as that user, without sudo.")
        _make_folder(folder)
        if folder.is_symlink():
            raise ModelBroken(f"{folder} is a link.", "Put a folder in its place.")
    except OSError as error:
        raise ModelBroken(f"{folder} could not be written: {error.strerror}.") from error
    return folder


def _make_folder(folder: Path) -> None:
    """Makes a folder that everybody may look into, whatever the umask says, and does not follow a link to one."""
    for each in (*reversed(folder.parents), folder):
        with suppress(FileExistsError):
            each.mkdir()
            each.chmod(0o755)


def _manifest_path(name: str) -> Path:
    known = names()
    if name not in known:
        raise ModelMissing(f'There is no model called "{name}".', f"Known: {', '.join(known)}.")
    folders = [data_folder("models"), *user_folders()]
    return next(path for folder in folders if _is_file(path := folder / name / MANIFEST))


def _is_file(path: Path) -> bool:
    """Whether there is such a file, as far as this user may look."""
    try:
        return path.is_file()
    except PermissionError:
        return False


def _origin(name: str, source: Path, file: File) -> Path:
    if source.is_file():
        return source
    for path in (source / file.name, source / name / file.name):
        if path.is_file():
            return path
    raise ModelMissing(f"{source} is neither the file {file.name} nor a folder that holds it.")


def _checked(path: Path, wanted: File) -> bytes:
    """The content of a file, read once and no further than it should go.

    Raises:
        ModelBroken: it is not what the manifest describes.
    """
    try:
        content = files.read(path, wanted.size)
    except files.TooLarge as error:
        raise ModelBroken(
            f"{path} is not the file that the manifest describes: it is larger than {wanted.size} bytes.",
            "It is not used; install it again.",
        ) from error
    except OSError as error:
        raise ModelBroken(f"The model file {path} cannot be read: {error.strerror}.") from error
    sha256 = hashlib.sha256(content).hexdigest()
    if len(content) != wanted.size or sha256 != wanted.sha256:
        raise ModelBroken(
            f"{path} is not the file that the manifest describes: {len(content)} bytes with SHA-256 {sha256[:12]}…, "
            f"expected {wanted.size} bytes with {wanted.sha256[:12]}….",
            "It is not used; install it again.",
        )
    return content
