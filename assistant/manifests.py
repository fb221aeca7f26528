"""What is known of a model: its file, terms, shapes, labels and thresholds, as models/<name>/manifest.yaml says."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import yaml

from assistant import files
from assistant.domain.people import Matching
from assistant.domain.values import Thresholds
from assistant.errors import ModelBroken

MANIFEST = "manifest.yaml"
LARGEST_MANIFEST = 1_000_000
"""A larger manifest is not read, bytes."""


class Package(msgspec.Struct, frozen=True):
    """A package of Python that carries weights; its files are read, its code is never run."""

    name: str
    """How its distribution is called."""
    module: str
    """How it is imported, by which its folder is found."""
    folder: str
    """Where in it the weights lie."""
    extra: str
    """The extra of this program that brings it."""


class File(msgspec.Struct, frozen=True):
    """The weights of a model."""

    name: str
    """File name, without any folder."""
    size: int
    """Bytes."""
    sha256: str
    """Lower-case hexadecimal."""
    source: str = ""
    """Where it comes from: the address of what is published by others, or how ours was made."""
    address: str = ""
    """The https address from which exactly these bytes can be fetched; empty where nobody publishes them."""
    package: Package | None = None
    """What carries it; None where it is got by itself."""

    def __post_init__(self) -> None:
        if Path(self.name).name != self.name or self.name.startswith("."):
            raise ValueError(f'"{self.name}" is no plain file name')


class Input(msgspec.Struct, frozen=True):
    """What goes into a network."""

    shape: tuple[int, ...] = ()
    """Dimensions; empty where the network takes any size."""
    dtype: str = "float32"
    colour: str = ""
    """"grey", "rgb" or "bgr" for pictures."""
    scaling: str = ""
    """How pixel values are handed over, in words."""


class Output(msgspec.Struct, frozen=True):
    """What comes out of a network."""

    labels: tuple[str, ...]
    """In the order of the numbers."""
    names: tuple[str, ...] = ()
    """Outputs of the network's signature, all alike."""
    shape: tuple[int, ...] = ()
    dtype: str = "float32"


class Manifest(msgspec.Struct, frozen=True):
    """The description of a model; keys that only people read are ignored here."""

    name: str
    version: str
    task: str
    file: File
    licence: Mapping[str, Any]
    """Terms of the weights and of the data they were trained on."""
    input: Input
    output: Output
    recommended: bool = False
    """Whether a user who can fetch it should: `assistant models install recommended`."""
    graph: File | None = None
    """A second file, beside the first, that tells the runtime how to read it."""
    temperature: float = 1.0
    """Already inside the network; told for the record."""
    thresholds: Mapping[str, Thresholds] = {}
    """By label: how firmly it may be said."""
    matching: Matching | None = None
    """Of networks that recognise people: how alike two faces of one person are."""
    metrics: Mapping[str, Any] = {}

    def naming(self) -> tuple[Matching, Thresholds]:
        """Of a network that recognises people: how alike two faces of one person are, how firmly a name may be said.

        Raises:
            ModelBroken: it does not say so.
        """
        if self.matching is None or "name" not in self.thresholds:
            raise ModelBroken(f'The manifest of "{self.name}" lacks "matching" or the threshold "name".')
        return self.matching, self.thresholds["name"]


def read(path: Path) -> Manifest:
    """Reads a manifest file, whatever model it is of.

    Raises:
        ModelBroken: it cannot be read or lacks something; names the file and the key.
    """
    try:
        return msgspec.convert(yaml.safe_load(files.read(path, LARGEST_MANIFEST).decode()), Manifest)
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError, msgspec.ValidationError) as error:
        raise ModelBroken(f"The manifest {path} cannot be used: {' '.join(str(error).split())}.") from error
