"""A name in config.yaml -> the class behind it: a module of ours, or an installed entry point; imported lazily."""

from collections.abc import Mapping
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any

from assistant.errors import UnknownName


def resolve(kind: str, name: str, known: Mapping[str, str]) -> Any:
    """Gives what a name stands for.

    Args:
        kind: "camera", "sense", "detector", "speaker" or "trigger"; entry points are looked for in the group
            `assistant.<kind>s`.
        name: The word from the settings.
        known: Our own names, each with its "module:attribute".

    Raises:
        UnknownName: neither ours nor installed; lists what exists.
    """
    if name in known:
        module, attribute = known[name].split(":")
        return getattr(import_module(module), attribute)
    installed = {point.name: point for point in entry_points(group=f"assistant.{kind}s")}
    if name in installed:
        return installed[name].load()
    raise UnknownName(kind, name, sorted({*known, *installed}))
