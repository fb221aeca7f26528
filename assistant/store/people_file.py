"""People as one file that can be carried to another device: JSON with a checksum, in which numbers are written out."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant import files
from assistant.domain.people import Learnt
from assistant.errors import OtherModel, PeopleError
from assistant.store.people_requests import row_of, sample_of

FORMAT = "assistant people"
VERSION = 1
LARGEST = 200_000_000
"""A larger file is not read, bytes."""


def written(people: Sequence[Learnt]) -> bytes:
    """The file's content: every name with its samples, and the SHA-256 of what stands under "people"."""
    rows = [
        {"name": each.name, "learnt_at": each.learnt_at, "samples": [row_of(sample) for sample in each.samples]}
        for each in people
    ]
    whole = {"format": FORMAT, "version": VERSION, "sha256": _checksum(rows), "people": rows}
    return json.dumps(whole, ensure_ascii=False, indent=1).encode()


def read(path: Path) -> list[Learnt]:
    """Everybody in such a file.

    Raises:
        PeopleError: it cannot be read, was changed since, or a newer version wrote it.
    """
    try:
        whole = json.loads(files.read(path, LARGEST))
        if whole["format"] != FORMAT:
            raise ValueError
        if whole["version"] > VERSION:
            raise PeopleError(f"A newer version of the program wrote {path}.", "Use that version.")
        if whole["sha256"] != _checksum(whole["people"]):
            raise PeopleError(f"{path} was damaged or changed since it was written.", "It is not used.")
        return [_learnt(row) for row in whole["people"]]
    except OSError as error:
        raise PeopleError(f"{path} cannot be read: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise PeopleError(f"{path} is no file of people.", "Make one with: assistant people export.") from error


def usable(people: Sequence[Learnt], model: str) -> list[Learnt]:
    """Those of whom a network knows something, with what it knows.

    Raises:
        OtherModel: it knows nobody of them, though there is somebody.
    """
    known = [
        Learnt(each.name, each.learnt_at, tuple(sample for sample in each.samples if sample.model == model))
        for each in people
        if each.usable(model)
    ]
    if people and not known:
        raise OtherModel([each.name for each in people])
    return known


def _learnt(row: Any) -> Learnt:
    return Learnt(str(row["name"]), float(row["learnt_at"]), tuple(sample_of(each) for each in row["samples"]))


def _checksum(rows: Any) -> str:
    """SHA-256 of the rows as JSON in its shortest form, keys in order."""
    return hashlib.sha256(json.dumps(rows, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
